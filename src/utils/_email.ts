/** Whether a text looks like an e-mail address (RFC 5321), and the pieces of a host name. @module */
import { isIP } from "node:net";

const LETTER = "a-z\\u00a1-\\uffff";
/** The first label of a host name, for a pattern with the flags `i` and `u`. */
export const HOSTNAME: string = `[${LETTER}0-9](?:[${LETTER}0-9\\-]{0,61}[${LETTER}0-9])?`;
/** Further labels. */
export const DOMAIN: string = `(?:\\.(?!-)[${LETTER}0-9\\-]{1,63}(?<!-))*`;
const TOP_LEVEL = `\\.(?!-)(?:[${LETTER}\\-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;

const DOT_ATOM = /^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*$/i;
// oxlint-disable-next-line no-control-regex -- RFC 5322 lets some of them into a quoted local part
const QUOTED = /^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"$/;
const HOST = new RegExp(`^${HOSTNAME}${DOMAIN}${TOP_LEVEL}$`, "iu");
const LITERAL = /^\[([A-F0-9:.]+)\]$/i;

// RFC 3696 §3
const LONGEST = 320;

/** Whether it is a local part, an `@`, and a domain or an address in brackets. */
export function looks_like_email(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || text.length > LONGEST) return false;
  const local = text.slice(0, at);
  if (!DOT_ATOM.test(local) && !QUOTED.test(local)) return false;
  const domain = text.slice(at + 1);
  return HOST.test(domain) || isIP(LITERAL.exec(domain)?.[1] ?? "") !== 0;
}
