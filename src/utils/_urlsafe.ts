/** Numbers and bytes in the letters that need no escaping in a URL: base 36 and base64. @module */
import { ValueError } from "../core/exceptions.ts";
import { parse_int } from "./_number.ts";
import { repr } from "./_python.ts";
import { is_longer } from "./_utf8.ts";
import { strip } from "./_whitespace.ts";

const BASE36 = /^[+-]?[0-9a-z]+(?:_[0-9a-z]+)*$/i;

/**
 * The number that base-36 text stands for; a `bigint` above 2^53. Sign, space around and underscores between digits are
 * allowed, as in Python's `int(s, 36)`.
 * @throws ValueError for over 13 characters, and for anything that is no number.
 */
export function base36_to_int(s: string): number | bigint {
  if (is_longer(s, 13))
    throw new ValueError(`${repr(s.slice(0, 26))} is too long: 13 digits hold any 64-bit number.`);
  const text = strip(s).replace(/\p{Nd}/gu, (digit) => String(parse_int(digit))); // digits of any script
  if (!BASE36.test(text)) throw new ValueError(`${repr(s)} is no number in base 36.`);
  let value = 0n;
  for (const digit of text.replace(/[+_-]/g, "")) value = value * 36n + BigInt(parseInt(digit, 36));
  if (text.startsWith("-")) value = -value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/**
 * A number in base 36, in lower case.
 * @throws ValueError for a negative number; TypeError for a fraction.
 */
export function int_to_base36(i: number | bigint): string {
  if (typeof i === "number" && !Number.isInteger(i))
    throw new TypeError(`${repr(i)} is not a whole number.`);
  if (i < 0) throw new ValueError(`${repr(i)} is negative; base 36 is for numbers from 0.`);
  return i.toString(36);
}

/** Base64 with `-` and `_`, without padding (RFC 4648 §5). */
export function urlsafe_base64_encode(s: Uint8Array): string {
  return Buffer.from(s.buffer, s.byteOffset, s.byteLength).toString("base64url");
}

const PADDING = 61;
const NOT_IN_ALPHABET = /[^A-Za-z0-9+/_=-]/g;

/**
 * The bytes of base64 text. Padding may be missing; `+` and `/` are taken too, and characters outside the alphabet are
 * skipped.
 * @throws ValueError if a character is left over, or the padding is too short.
 */
export function urlsafe_base64_decode(s: string): Buffer {
  const length = Buffer.byteLength(s);
  const padded = s.replace(NOT_IN_ALPHABET, "") + "=".repeat(length % 4);
  let digits = 0;
  let padding = 0;
  let end = padded.length;
  for (let at = 0; at < padded.length; at++) {
    if (padded.charCodeAt(at) !== PADDING) {
      digits += 1;
      padding = 0;
    } else if (digits % 4 >= 2 && (digits % 4) + ++padding >= 4) {
      end = at; // a complete group: what follows does not count
      break;
    }
  }
  if (end === padded.length && digits % 4 !== 0)
    throw new ValueError(`${repr(s)} is not base64: it has ${digits} digits and no padding.`);
  return Buffer.from(padded.slice(0, end).replaceAll("=", ""), "base64url");
}
