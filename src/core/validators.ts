/**
 * Checks of single values (Django docs: Validators). Each throws a `ValidationError`; an object of a validator class is
 * called like a function: `new MaxLengthValidator(20)(name)`. @module
 */
export { DecimalValidator } from "./_decimal_validator.ts";
export {
  FileExtensionValidator,
  type FileExtensionValidatorOptions,
} from "./_file_extension_validator.ts";
export {
  BaseValidator,
  type Comparable,
  type Limit,
  type LimitOptions,
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
  StepValueValidator,
  type StepValueValidatorOptions,
} from "./_limit_validators.ts";
export {
  DomainNameValidator,
  type DomainNameValidatorOptions,
  EmailValidator,
  type EmailValidatorOptions,
  ip_address_validator_map,
  ip_address_validators,
  type IPProtocol,
  URLValidator,
  type URLValidatorOptions,
  validate_domain_name,
  validate_email,
  validate_ipv46_address,
  validate_ipv4_address,
  validate_ipv6_address,
} from "./_network_validators.ts";
export {
  int_list_validator,
  type IntListValidatorOptions,
  integer_validator,
  type MessageOptions,
  ProhibitNullCharactersValidator,
  RegexValidator,
  type RegexValidatorOptions,
  slug_re,
  slug_unicode_re,
  validate_comma_separated_integer_list,
  validate_integer,
  validate_slug,
  validate_unicode_slug,
} from "./_regex_validator.ts";
export { Validator } from "./_validator.ts";
