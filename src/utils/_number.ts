/** Numbers out of text, as Python's `int()` and `float()` read them: what headers and query strings hold. @module */
import { strip } from "./_whitespace.ts";

// Any script's digits count, and single underscores between digits; white space around is Unicode's and four control characters.
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;
const FLOAT =
  /^[+-]?(?:\p{Nd}+(?:_\p{Nd}+)*(?:\.(?:\p{Nd}+(?:_\p{Nd}+)*)?)?|\.\p{Nd}+(?:_\p{Nd}+)*)(?:[eE][+-]?\p{Nd}+(?:_\p{Nd}+)*)?$/u;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;
const ASCII = /^[\x21-\x7e]*$/;

/** The digit that a decimal character of any script stands for: Unicode keeps the ten of a script together. */
function ascii_digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** The text with ASCII digits and without underscores. */
export function ascii(text: string): string {
  const plain = ASCII.test(text) ? text : text.replace(/\p{Nd}/gu, ascii_digit);
  return plain.replaceAll("_", "");
}

/** `int(text)`, or `undefined` where Python throws. Above 2^53 the value is the nearest number. */
export function parse_int(text: string): number | undefined {
  const stripped = strip(text);
  return INTEGER.test(stripped) ? Number(ascii(stripped)) : undefined;
}

// Python's own limit: beyond it, reading and writing an integer takes too long.
const MAX_DIGITS = 4300;

/** `int(text)` in full, or `undefined` where Python throws: also above 4300 digits. */
export function parse_bigint(text: string): bigint | undefined {
  const stripped = strip(text);
  if (!INTEGER.test(stripped)) return undefined;
  const digits = ascii(stripped).replace("+", "");
  return digits.replace("-", "").length > MAX_DIGITS
    ? undefined
    : digits.startsWith("-")
      ? -BigInt(digits.slice(1))
      : BigInt(digits);
}

/** `float(text)`, or `undefined` where Python throws. */
export function parse_float(text: string): number | undefined {
  const stripped = strip(text);
  if (FLOAT.test(stripped)) return Number(ascii(stripped));
  const special = SPECIAL.exec(stripped);
  if (special === null) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === "-" ? -Infinity : Infinity;
}
