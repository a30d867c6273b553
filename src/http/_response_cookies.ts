/** What a response does with its cookies: `set_cookie`, `set_signed_cookie` and `delete_cookie`. @module */
import type { SameSite } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { get_cookie_signer } from "../core/signing.ts";
import { time } from "../utils/_clock.ts";
import { parse_int } from "../utils/_number.ts";
import { repr } from "../utils/_python.ts";
import { http_date } from "../utils/http.ts";
import type { Morsel } from "./_morsel.ts";
import { cookie_salt } from "./_signed_cookie.ts";
import type { SimpleCookie } from "./cookie.ts";

/** Options of `set_cookie`. */
export interface CookieOptions {
  /** Lifetime in seconds, fractions cut off. Without it and `expires`, the cookie ends with the browser session. */
  max_age?: number | null | undefined;
  /** When the cookie ends. A date also becomes a `Max-Age`; text is sent as it is. */
  expires?: Date | string | null | undefined;
  /** Default `/`; `null` leaves the attribute out. */
  path?: string | null | undefined;
  /** The domain whose hosts get the cookie. Default: only the host that set it. */
  domain?: string | null | undefined;
  /** Send the cookie over HTTPS only. Default `false`. */
  secure?: boolean | undefined;
  /** Hide the cookie from scripts. Default `false`. */
  httponly?: boolean | undefined;
  /** `Lax`, `Strict` or `None`, in any case. Default: the attribute is left out. */
  samesite?: SameSite | "lax" | "strict" | "none" | "" | undefined;
}

/** Options of `set_signed_cookie`. */
export interface SignedCookieOptions extends CookieOptions {
  /** Keeps cookies of one name but different uses apart. Default `""`. */
  salt?: string | undefined;
}

/** Options of `delete_cookie`; path and domain must be those the cookie was set with. */
export type DeleteCookieOptions = Pick<CookieOptions, "path" | "domain" | "samesite">;

const LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT";

/** Whole seconds from now to the date and one more, so that the time which passes until the cookie is read is not lost. */
function seconds_until(date: Date): number {
  const microseconds = date.getTime() * 1000 - Math.round(time() * 1e6);
  if (Number.isNaN(microseconds)) throw new ValueError("expires is an invalid Date.");
  return Math.max(0, Math.floor(microseconds / 1e6) + 1);
}

/** `int(max_age)`, which Python takes of text too; what it then does with that is an error either way. */
function whole_seconds(max_age: number): number {
  if (typeof max_age === "number" && Number.isFinite(max_age)) return Math.trunc(max_age);
  const message = `max_age is a number of seconds, not ${repr(max_age)}.`;
  throw parse_int(String(max_age)) === undefined ? new ValueError(message) : new TypeError(message);
}

function set_lifetime(morsel: Morsel, options: CookieOptions): void {
  let { expires, max_age } = options;
  if (expires instanceof Date) {
    if (max_age !== undefined && max_age !== null)
      throw new ValueError("Give the cookie a max_age or a date in expires, not both.");
    max_age = seconds_until(expires);
    expires = undefined;
  } else {
    morsel.set("expires", expires ?? "");
  }
  if (max_age === undefined || max_age === null) return;
  morsel.set("max-age", whole_seconds(max_age));
  if (!expires) morsel.set("expires", http_date(time() + max_age)); // for clients that know no Max-Age
}

/** See `HttpResponseBase.set_cookie`. After an error the cookie keeps what was set before it, as in Django. */
export function set_cookie(
  cookies: SimpleCookie,
  key: string,
  value: unknown,
  options: CookieOptions,
): void {
  cookies.set(key, value);
  const morsel = cookies.getitem(key);
  set_lifetime(morsel, options);
  const { domain, path = "/", samesite } = options;
  if (path !== null) morsel.set("path", path);
  if (domain !== undefined && domain !== null) morsel.set("domain", domain);
  if (options.secure) morsel.set("secure", true);
  if (options.httponly) morsel.set("httponly", true);
  if (!samesite) return;
  if (!/^(?:lax|none|strict)$/i.test(samesite))
    throw new ValueError(`samesite is Lax, None or Strict, not ${repr(samesite)}.`);
  morsel.set("samesite", samesite);
}

/** See `HttpResponseBase.set_signed_cookie`. */
export function set_signed_cookie(
  cookies: SimpleCookie,
  key: string,
  value: unknown,
  options: SignedCookieOptions,
): void {
  const { salt = "", ...rest } = options;
  const signed = get_cookie_signer({ salt: cookie_salt(key, salt) }).sign(value);
  set_cookie(cookies, key, signed, rest);
}

/** See `HttpResponseBase.delete_cookie`. Browsers ignore it without `Secure` where the name or SameSite asks for that. */
export function delete_cookie(
  cookies: SimpleCookie,
  key: string,
  options: DeleteCookieOptions,
): void {
  const { samesite } = options;
  const secure = /^__(?:Secure|Host)-/.test(key) || (samesite || "").toLowerCase() === "none";
  set_cookie(cookies, key, "", { ...options, max_age: 0, expires: LONG_AGO, secure });
}
