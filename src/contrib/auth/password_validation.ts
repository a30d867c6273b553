/** Whether a new password is good enough: `AUTH_PASSWORD_VALIDATORS` (Django docs: Password validation). @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured, ValidationError } from "../../core/exceptions.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { repr } from "../../utils/_python.ts";
import type { AuthUser } from "./_types.ts";

/** Says whether a password is good enough. */
export interface PasswordValidator {
  /** @throws ValidationError if it is not. */
  validate(password: string, user?: AuthUser | null): Maybe<void>;
  /** What it asks for, as a sentence for who chooses a password. */
  get_help_text?(): string;
  /** Is told of each new password. */
  password_changed?(password: string, user?: AuthUser | null): Maybe<void>;
}

/** An entry of `AUTH_PASSWORD_VALIDATORS`. */
export interface PasswordValidatorSettings {
  /** The class. */
  NAME: new (options: Record<string, unknown>) => PasswordValidator;
  /** What it is made with. */
  OPTIONS?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of `validate_password` and `password_changed`. */
export interface PasswordValidationOptions {
  /** Whose password it is to be. */
  user?: AuthUser | null | undefined;
  /** Default: those of `AUTH_PASSWORD_VALIDATORS`. */
  password_validators?: readonly PasswordValidator[] | null | undefined;
}

/** The validators of the site. @throws ImproperlyConfigured for an entry without a class as `NAME`. */
export function get_default_password_validators(): PasswordValidator[] {
  return get_password_validators(settings.AUTH_PASSWORD_VALIDATORS);
}

/** The validators of such a list. @throws ImproperlyConfigured for an entry without a class as `NAME`. */
export function get_password_validators(validator_config: readonly unknown[]): PasswordValidator[] {
  return validator_config.map((entry) => {
    const { NAME, OPTIONS } = (entry ?? {}) as Partial<PasswordValidatorSettings>; // looked at next
    if (typeof NAME === "function") return new NAME({ ...OPTIONS });
    throw new ImproperlyConfigured(
      `AUTH_PASSWORD_VALIDATORS has ${repr(entry)}: give { NAME: MinimumLengthValidator }, say, with the class itself.`,
    );
  });
}

/** @throws ValidationError with what is wrong with the password, according to all validators. */
export async function validate_password(
  password: string,
  options: PasswordValidationOptions = {},
): Promise<void> {
  const errors: ValidationError[] = [];
  for (const validator of options.password_validators ?? get_default_password_validators()) {
    try {
      await validator.validate(password, options.user);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new ValidationError(errors);
}

/** Tells the validators of a new password. Call it once the user is saved. */
export async function password_changed(
  password: string,
  options: PasswordValidationOptions = {},
): Promise<void> {
  for (const validator of options.password_validators ?? get_default_password_validators())
    await validator.password_changed?.(password, options.user);
}

/** What the validators ask for. */
export function password_validators_help_texts(
  password_validators: readonly PasswordValidator[] = get_default_password_validators(),
): string[] {
  return password_validators.flatMap((validator) => validator.get_help_text?.() ?? []);
}

/** The password is not too short. */
export class MinimumLengthValidator implements PasswordValidator {
  readonly min_length: number;

  /** @param options `min_length` in characters; default 8. */
  constructor(options: { min_length?: number | undefined } = {}) {
    this.min_length = options.min_length ?? 8;
  }

  validate(password: string, _user?: AuthUser | null): void {
    if (Array.from(password).length >= this.min_length) return;
    throw new ValidationError("At least %(min_length)d characters, please.", {
      code: "password_too_short",
      params: { min_length: this.min_length },
    });
  }

  get_help_text(): string {
    return `It has at least ${this.min_length} characters.`;
  }
}

/** The password is not all digits. */
export class NumericPasswordValidator implements PasswordValidator {
  validate(password: string, _user?: AuthUser | null): void {
    if (!/^\p{Nd}+$/u.test(password)) return;
    throw new ValidationError("Not only digits, please.", { code: "password_entirely_numeric" });
  }

  get_help_text(): string {
    return "It is not all digits.";
  }
}
