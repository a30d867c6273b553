/** `RegexValidator` and the validators that are one pattern. @module */
import { str } from "../utils/_python.ts";
import { WORD } from "../utils/_whitespace.ts";
import { escape, PythonPattern } from "../utils/regex_helper.ts";
import { ValidationError, type ValidationMessage } from "./_validation.ts";
import { Validator } from "./_validator.ts";

/** Options of the `RegexValidator` constructor. Without one, what the class says counts. */
export interface RegexValidatorOptions {
  /** What the text must contain; a text is a pattern in Python's syntax. Default: anything. */
  regex?: RegExp | string | null | undefined;
  /** What the error says; `%(value)s` in it is the value. */
  message?: ValidationMessage | null | undefined;
  /** The error's code. Default `"invalid"`. */
  code?: string | null | undefined;
  /** Refuse what has a match instead of what has none. Default `false`. */
  inverse_match?: boolean | null | undefined;
  /** Python's letters for the flags of a pattern that is a text: `"i"`, `"im"`. Default none. */
  flags?: string | null | undefined;
}

/** Refuses values whose text has no match of a pattern (Django docs: Validators, `RegexValidator`). */
export class RegexValidator extends Validator {
  /** What the text must contain. Anchor it at both ends, or more than it says is let through. */
  declare regex: RegExp;
  /** What the error says. */
  declare message: ValidationMessage;
  /** The error's code. */
  declare code: string;
  /** Whether a match is refused. */
  declare inverse_match: boolean;

  static {
    this.prototype.regex = /(?:)/;
    this.prototype.message = "This value is not valid.";
    this.prototype.code = "invalid";
    this.prototype.inverse_match = false;
  }

  /** @throws TypeError for flags of a pattern that has its own; ValueError for a text that is no pattern. */
  constructor(options: RegexValidatorOptions = {}) {
    super();
    const { regex, message, code, inverse_match, flags } = options;
    if (flags && typeof regex !== "string")
      throw new TypeError("Flags are for a pattern that is a text; a RegExp has its own.");
    if (regex !== undefined && regex !== null)
      this.regex = typeof regex === "string" ? compiled(regex, flags ?? "") : regex;
    if (message !== undefined && message !== null) this.message = message;
    if (code !== undefined && code !== null) this.code = code;
    if (inverse_match !== undefined && inverse_match !== null) this.inverse_match = inverse_match;
  }

  override call(value: unknown): void {
    // search() begins at the start, whatever the flags of the pattern and wherever it was used before
    const found = str(value).search(this.regex) >= 0;
    if (found === this.inverse_match) throw invalid(this, value);
  }
}

function compiled(pattern: string, flags: string): RegExp {
  return new PythonPattern(flags === "" ? pattern : `(?${flags})${pattern}`).regexp;
}

/** What a validator says of a value. */
export function invalid(
  validator: { readonly message: ValidationMessage; readonly code: string },
  value: unknown,
  params: Readonly<Record<string, unknown>> = {},
): ValidationError {
  return new ValidationError(validator.message, {
    code: validator.code,
    params: { ...params, value },
  });
}

/** Only an integer, in the digits of any script. */
export const integer_validator: RegexValidator = new RegexValidator({
  regex: /^-?\p{Nd}+$/u,
  message: "This value is not an integer.",
});

/** @throws ValidationError unless the value is an integer, or the text of one. */
export function validate_integer(value: unknown): void {
  integer_validator(value);
}

/** What `validate_slug` looks for. */
export const slug_re: RegExp = /^[-a-zA-Z0-9_]+$/;
/** What `validate_unicode_slug` looks for. */
export const slug_unicode_re: RegExp = new RegExp(`^[-${WORD}]+$`, "u");

/** Only ASCII letters, digits, `-` and `_`. */
export const validate_slug: RegexValidator = new RegexValidator({
  regex: slug_re,
  message: "This slug may have only the letters a to z, digits, underscores and hyphens.",
});

/** Only letters and digits of any script, `-` and `_`. */
export const validate_unicode_slug: RegexValidator = new RegexValidator({
  regex: slug_unicode_re,
  message: "This slug may have only letters, digits, underscores and hyphens.",
});

/** Options of `int_list_validator`. */
export interface IntListValidatorOptions {
  /** What separates the integers. Default `","`. */
  sep?: string | undefined;
  /** What the error says. Default as for `RegexValidator`. */
  message?: ValidationMessage | null | undefined;
  /** The error's code. Default `"invalid"`. */
  code?: string | undefined;
  /** Whether integers may have a minus. Default `false`. */
  allow_negative?: boolean | undefined;
}

/** A validator of lists of integers, as texts: `1,2,3`. */
export function int_list_validator(options: IntListValidatorOptions = {}): RegexValidator {
  const { sep = ",", message, code = "invalid", allow_negative = false } = options;
  const integer = allow_negative ? String.raw`-?\d+` : String.raw`\d+`;
  const regex = `^${integer}(?:${escape(sep)}${integer})*\\Z`;
  return new RegexValidator({ regex, message, code });
}

/** Only integers with commas between them: `1,2,3`. */
export const validate_comma_separated_integer_list: RegexValidator = int_list_validator({
  message: "This value is not a list of integers with commas between them.",
});

/** Options of validators with nothing else to choose. */
export interface MessageOptions {
  /** What the error says. */
  message?: ValidationMessage | null | undefined;
  /** The error's code. */
  code?: string | null | undefined;
}

/** Refuses values whose text has a NUL, which databases and file systems do not take. */
export class ProhibitNullCharactersValidator extends Validator {
  /** What the error says. */
  declare message: ValidationMessage;
  /** The error's code. */
  declare code: string;

  static {
    this.prototype.message = "This value has a null character, which is not allowed.";
    this.prototype.code = "null_characters_not_allowed";
  }

  constructor(options: MessageOptions = {}) {
    super();
    const { message, code } = options;
    if (message !== undefined && message !== null) this.message = message;
    if (code !== undefined && code !== null) this.code = code;
  }

  override call(value: unknown): void {
    if (str(value).includes("\0")) throw invalid(this, value);
  }
}
