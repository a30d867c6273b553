/** Percent-encoding: one encoder for each set of characters that Django leaves as they are. @module */
import { encode } from "./_codecs.ts";

/** Encodes text (as UTF-8) or bytes for a URL. */
export type Quoter = (value: string | Uint8Array) => string;

const ALWAYS_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

const ESCAPES: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);

/**
 * An encoder that leaves letters, digits, `_.-~` and the characters of `safe`.
 * @param space What a space becomes, unless it is safe.
 */
function quoter(safe: string, space = "%20"): Quoter {
  const table = ESCAPES.slice();
  table[0x20] = space;
  for (const character of ALWAYS_SAFE + safe) {
    const code = character.charCodeAt(0);
    if (code < 0x80) table[code] = character;
  }
  const kept = table.filter((text) => text.length === 1 && text !== "+").join("");
  const unsafe = new RegExp(
    `[^${kept.replace(/[\\\]^-]/g, "\\$&")}${table[0x2b] === "+" ? "+" : ""}]+`,
    "g",
  );

  const quote_bytes = (bytes: Uint8Array): string => {
    let quoted = "";
    for (const byte of bytes) quoted += table[byte] ?? "";
    return quoted;
  };
  const quote_run = (run: string): string => {
    const code = run.charCodeAt(0);
    return run.length === 1 && code < 0x80 ? (table[code] ?? "") : quote_bytes(encode(run));
  };
  return (value) =>
    typeof value === "string" ? value.replace(unsafe, quote_run) : quote_bytes(value);
}

const by_safe = new Map<string, Quoter>();
const MAX_QUOTERS = 100; // `safe` may come from a template

/**
 * `quote(value, safe)` of Python: a space is `%20`. Text is encoded as UTF-8.
 * @param safe ASCII characters to leave as they are, besides letters, digits and `_.-~`.
 * @throws UnicodeEncodeError for a lone surrogate.
 */
export function quote(value: string | Uint8Array, safe = "/"): string {
  let quote_it = by_safe.get(safe);
  if (quote_it === undefined) {
    quote_it = quoter(safe);
    if (by_safe.size < MAX_QUOTERS) by_safe.set(safe, quote_it);
  }
  return quote_it(value);
}

/** For form data and query strings: a space is `+`, everything else that is not unreserved is escaped. */
export const quote_plus: Quoter = quoter("", "+");

/** For a whole URL, or its query (RFC 3987 §3.1): keeps what has a meaning in a URL, `%` included. */
export const quote_iri: Quoter = quoter("/#%[]=:;$&()+,!?*@'~");

/** For the path of a request: `%`, `;`, `=`, `?` and `#` are escaped. */
export const quote_path: Quoter = quoter("/:@&+$,!*'()");

/** For a path made by `reverse()`: keeps the sub-delimiters of RFC 3986, and `/:@`. */
export const quote_reverse: Quoter = quoter("!$&'()*+,;=/~:@");

/** For the path of a file. */
export const quote_file_path: Quoter = quoter("/!*()'");

const PERCENT_ESCAPE = /%([0-9a-fA-F]{2})/g;

/** Undoes percent-encoding, each byte becoming the character of that number (Latin-1). */
export function unquote_latin1(text: string): string {
  return text.replace(PERCENT_ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
