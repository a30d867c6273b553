/** Signed cookies: the salt that ties a signature to a cookie's name, and reading them. @module */
import { settings } from "../conf/index.ts";
import { KeyError } from "../core/exceptions.ts";
import { BadSignature, get_cookie_signer, SignatureExpired } from "../core/signing.ts";
import { repr } from "../utils/_python.ts";

/** The default of `get_signed_cookie`: throw the error. May be handed on. */
export const RAISE_ERROR: unique symbol = Symbol("RAISE_ERROR");

/** Options of `HttpRequest.get_signed_cookie`. */
export interface GetSignedCookieOptions<T = never> {
  /** What to give for a cookie that is missing, forged or too old. Without this key the error is thrown. */
  default?: T | typeof RAISE_ERROR;
  /** The salt that `set_signed_cookie` was given. Default `""`. */
  salt?: string | undefined;
  /** How old the signature may be, in seconds. Default: any age. */
  max_age?: number | null | undefined;
}

/** The signer's salt for a cookie. The length keeps name and salt apart, in characters as Python counts them. */
export function cookie_salt(name: string, salt: string): string {
  const length = salt === "" ? 0 : Array.from(salt).length;
  return `django.http.cookies.v2:${length}:${salt}${name}`;
}

function unsign(signed_value: string, name: string, salt: string, max_age?: number | null): string {
  try {
    return get_cookie_signer({ salt: cookie_salt(name, salt) }).unsign(signed_value, { max_age });
  } catch (error) {
    const is_other = !(error instanceof BadSignature) || error instanceof SignatureExpired;
    if (is_other || !settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK) throw error;
    return get_cookie_signer({ salt: name + salt }).unsign(signed_value, { max_age });
  }
}

/**
 * The value of a signed cookie.
 * @throws KeyError if it is missing, BadSignature if it is forged, SignatureExpired if it is too old.
 */
export function get_signed_cookie<T = never>(
  cookies: Readonly<Record<string, string>>,
  key: string,
  options: GetSignedCookieOptions<T> = {},
): string | T {
  const has_default = "default" in options && options.default !== RAISE_ERROR;
  try {
    const value = Object.hasOwn(cookies, key) ? cookies[key] : undefined;
    if (value === undefined) throw new KeyError(repr(key));
    return unsign(value, key, options.salt ?? "", options.max_age);
  } catch (error) {
    if (!has_default || !(error instanceof BadSignature || error instanceof KeyError)) throw error;
    return options.default as T; // it is there, and not RAISE_ERROR
  }
}
