/** What may stand in a response header: names in ASCII, values in latin-1 or as an RFC 2047 word. @module */
import { UnicodeDecodeError, UnicodeEncodeError, ValueError } from "../core/exceptions.ts";
import { as_buffer } from "../utils/_codecs.ts";
import { repr, str } from "../utils/_python.ts";

/** A header name, value or reason phrase that would break the response apart; thrown when it is set. */
export class BadHeaderError extends ValueError {}

// Header names come from code, so that a few dozen are met again and again; the limit guards against those that do not.
const MEMO_LIMIT = 512;
const lower_names = new Map<string, string>();
const checked_names = new Set<string>();

/** The name in lower case, under which headers are compared. */
export function lower_name(name: string): string {
  const known = lower_names.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lower_names.size < MEMO_LIMIT && name.length <= 64) lower_names.set(name, lower);
  return lower;
}

/**
 * The text of a header name.
 * @throws BadHeaderError for a control character.
 * @throws UnicodeEncodeError or UnicodeDecodeError for anything but ASCII.
 */
export function header_name(name: unknown): string {
  if (typeof name === "string" && checked_names.has(name)) return name;
  const text = as_text(name);
  if (/[\r\n]/.test(text)) throw split_error("name", name);
  if (!/^[\0-\x7f]*$/.test(text)) {
    const message = `A header name is ASCII text: ${repr(name)} is not.`;
    throw name instanceof Uint8Array
      ? new UnicodeDecodeError(message)
      : new UnicodeEncodeError(message);
  }
  if (CONTROL.test(text)) throw control_error("name", name);
  if (checked_names.size < MEMO_LIMIT && text.length <= 64) checked_names.add(text);
  return text;
}

// RFC 9110 §5.5: what a field value may hold, and the C1 controls, which Django and Node let pass
const UNUSUAL = /[^\t\x20-\x7e\x80-\xff]/;
// oxlint-disable-next-line no-control-regex -- the control characters are what it looks for
const CONTROL = /[\0-\x08\n-\x1f\x7f]/;
const BEYOND_LATIN_1 = /[^\0-\xff]/;

/**
 * The text of a header value: latin-1 as it is, anything beyond that as one RFC 2047 word.
 * @throws BadHeaderError for CR, LF or another control character. (Django lets the others pass; Node would refuse
 * them when the response is sent, too late for an error page.)
 */
export function header_value(value: unknown): string {
  const text = typeof value === "string" ? value : as_text(value);
  return UNUSUAL.test(text) ? unusual_value(text) : text;
}

function unusual_value(text: string): string {
  if (/[\r\n]/.test(text)) throw split_error("value", text);
  if (BEYOND_LATIN_1.test(text)) return encoded_word(text);
  throw control_error("value", text);
}

function as_text(value: unknown): string {
  if (value instanceof Uint8Array) return as_buffer(value).toString("latin1");
  return str(value);
}

function split_error(what: string, value: unknown): BadHeaderError {
  return new BadHeaderError(
    `A header ${what} is one line: ${repr(value)} holds a line break. Remove it, or encode the value.`,
  );
}

function control_error(what: string, value: unknown): BadHeaderError {
  return new BadHeaderError(
    `A header ${what} holds no control characters: ${repr(value)} does. Remove or encode them.`,
  );
}

const SAFE_IN_Q = /^[-!*+/A-Za-z0-9]$/;

/** One RFC 2047 word in UTF-8, however long: base64, or quoted-printable where that is not longer. */
function encoded_word(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.toString() !== text)
    throw new UnicodeEncodeError(`A header value cannot hold half a character: ${repr(text)}.`);
  let quoted = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === " ") quoted += "_";
    else if (SAFE_IN_Q.test(character)) quoted += character;
    else quoted += `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  const base64 = bytes.toString("base64");
  return base64.length < quoted.length ? `=?utf-8?b?${base64}?=` : `=?utf-8?q?${quoted}?=`;
}
