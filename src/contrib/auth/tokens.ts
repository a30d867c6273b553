/** Tokens for links that reset a password: good once, and not for long (Django docs: Password reset). @module */
import { settings } from "../../conf/index.ts";
import { ValueError } from "../../core/exceptions.ts";
import { str } from "../../utils/_python.ts";
import { type BytesOrText, constant_time_compare, salted_hmac } from "../../utils/crypto.ts";
import { base36_to_int, int_to_base36 } from "../../utils/http.ts";
import { LocalTime, now } from "../../utils/_timezone.ts";
import type { AuthUser } from "./_types.ts";
import { email_of } from "./_user_model.ts";

const START = Date.UTC(2001, 0, 1) / 1000;

/** Makes and checks tokens. One is void as soon as the user has another password, or has logged in. */
export class PasswordResetTokenGenerator {
  declare key_salt: string;
  /** A name of Python's `hashlib`. */
  declare algorithm: string;
  static {
    this.prototype.key_salt = "django.contrib.auth.tokens.PasswordResetTokenGenerator";
    this.prototype.algorithm = "sha256";
  }

  #secret: BytesOrText | undefined;
  #secret_fallbacks: readonly BytesOrText[] | undefined;

  /** What tokens are signed with. Default `SECRET_KEY`. */
  get secret(): BytesOrText {
    return this.#secret || settings.SECRET_KEY;
  }

  set secret(secret: BytesOrText) {
    this.#secret = secret;
  }

  /** What tokens may be signed with, too. Default `SECRET_KEY_FALLBACKS`. */
  get secret_fallbacks(): readonly BytesOrText[] {
    return this.#secret_fallbacks ?? settings.SECRET_KEY_FALLBACKS;
  }

  set secret_fallbacks(secrets: readonly BytesOrText[]) {
    this.#secret_fallbacks = secrets;
  }

  /** A token for the user. */
  make_token(user: AuthUser): string {
    return this._make_token_with_timestamp(user, this._num_seconds(this._now()), this.secret);
  }

  /** Whether it is a token of the user, and no older than `PASSWORD_RESET_TIMEOUT`. */
  check_token(user: AuthUser | null | undefined, token: string | null | undefined): boolean {
    if (!user || !token) return false;
    const timestamp = timestamp_in(token);
    if (timestamp === undefined) return false;
    const is_ours = [this.secret, ...this.secret_fallbacks].some((secret) =>
      constant_time_compare(this._make_token_with_timestamp(user, timestamp, secret), token),
    );
    const age = this._num_seconds(this._now()) - timestamp;
    return is_ours && age <= settings.PASSWORD_RESET_TIMEOUT;
  }

  /** @internal */
  _make_token_with_timestamp(user: AuthUser, timestamp: number, secret: BytesOrText): string {
    const { algorithm } = this;
    const value = this._make_hash_value(user, timestamp);
    const digits = salted_hmac(this.key_salt, value, { secret, algorithm }).hexdigest();
    return `${int_to_base36(timestamp)}-${digits.replace(/(.)./g, "$1")}`; // every other digit: a shorter link
  }

  /** What a token stands for; with what else a subclass adds it ends as soon as that changes. @internal */
  _make_hash_value(user: AuthUser, timestamp: number): string {
    return `${str(user.pk)}${str(user.password)}${login_text(user)}${timestamp}${email_of(user)}`;
  }

  /** Seconds since 2001 on the clocks of `TIME_ZONE`, as in Django. @internal */
  _num_seconds(date: Date): number {
    const { utcoffset } = new LocalTime(date, settings.TIME_ZONE);
    return Math.floor(date.getTime() / 1000) + utcoffset - START;
  }

  /** @internal */
  _now(): Date {
    return now();
  }
}

function timestamp_in(token: string): number | undefined {
  const [written = "", signature, ...more] = token.split("-");
  if (signature === undefined || more.length > 0) return undefined;
  try {
    return Number(base36_to_int(written));
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** The last login without fraction and zone, as Python writes it. */
function login_text({ last_login }: AuthUser): string {
  if (last_login === null || last_login === undefined) return "";
  const timezone = settings.USE_TZ ? "UTC" : settings.TIME_ZONE;
  return String(new LocalTime(last_login, timezone)).slice(0, "2001-01-01 00:00:00".length);
}

/** The generator for links that reset a password. */
export const default_token_generator: PasswordResetTokenGenerator =
  new PasswordResetTokenGenerator();
