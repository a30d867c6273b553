/** Whether a text looks like an e-mail address (RFC 5321), and the pieces of a host name. @module */
import { is_valid_ipv4_address, is_valid_ipv6_address } from "./ipv6.ts";
import { is_longer } from "./_utf8.ts";

// Letters beyond ASCII are those from U+00A1 to U+FFFF, as in Django, but for what is white space or ends a line.
const LETTER =
  "a-z\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\uffff";
/** The first label of a host name, for a pattern with the flags `i` and `u`. */
export const HOSTNAME: string = `[${LETTER}0-9](?:[${LETTER}0-9\\-]{0,61}[${LETTER}0-9])?`;
/** Further labels, of at most 63 characters each (RFC 1034 §3.1). */
export const DOMAIN: string = `(?:\\.(?!-)[${LETTER}0-9\\-]{1,63}(?<!-))*`;
/** The last label: no digits, unless it is encoded. */
export const TOP_LEVEL: string = `\\.(?!-)(?:[${LETTER}\\-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;

/** The part before the `@`: atoms with dots between them, or anything in quotes (RFC 5322 §3.4.1). */
export const LOCAL_PART: RegExp =
  // oxlint-disable-next-line no-control-regex -- RFC 5322 lets some of them into a quoted local part
  /^(?:[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*")$/i;
/** The part behind the `@`, if it is a name. */
export const HOST: RegExp = new RegExp(`^${HOSTNAME}${DOMAIN}${TOP_LEVEL}$`, "iu");
/** The part behind the `@`, if it is an address (RFC 5321 §4.1.3). */
export const LITERAL: RegExp = /^\[([A-F0-9:.]+)\]$/i;

/** The most characters of an address (RFC 3696 §3). */
export const MAX_EMAIL_LENGTH = 320;

/** Whether it is a local part, an `@`, and a domain or an address in brackets. */
export function looks_like_email(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || is_longer(text, MAX_EMAIL_LENGTH)) return false;
  if (!LOCAL_PART.test(text.slice(0, at))) return false;
  const domain = text.slice(at + 1);
  return HOST.test(domain) || is_address(LITERAL.exec(domain)?.[1]);
}

function is_address(text: string | undefined): boolean {
  return is_valid_ipv4_address(text) || is_valid_ipv6_address(text);
}
