/** What filters make of the values they are given: Python's text, number, length and list of them. @module */
import { AttributeError, KeyError, ValueError } from "../core/exceptions.ts";
import { is_lazy } from "../utils/_lazy.ts";
import { parse_bigint, parse_float } from "../utils/_number.ts";
import { is_plain_object, repr, str } from "../utils/_python.ts";
import { SafeData, SafeString } from "../utils/safestring.ts";

/** What a filter on text gives. */
export type Text = string | SafeString;

/** What `center`, `ljust`, `floatformat` and the like make at most, in characters. */
export const MAX_SIZE = 1_000_000;

/** The text, marked as safe if the value is. */
export function as_safe_as(value: unknown, text: string): Text {
  return is_marked(value) ? new SafeString(text) : text;
}

/** Whether it is a text marked as safe; at once for those that are not, which most are. */
export function is_marked(value: unknown): boolean {
  return typeof value === "object" && value instanceof SafeData;
}

/** Whether it is a text, marked or not. */
export function is_text(value: unknown): value is Text {
  return typeof value === "string" || value instanceof String;
}

/** The text of bytes, texts and lazy texts, from which Python reads numbers. */
function text_with_number(value: unknown): string | undefined {
  if (is_text(value) || is_lazy(value)) return str(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : undefined;
}

/** `int(value)`. @throws ValueError for a text or number that is none, TypeError for anything else. */
export function to_int(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new ValueError(`${value} is no integer.`);
    return BigInt(Math.trunc(value));
  }
  const text = text_with_number(value);
  if (text === undefined) throw new TypeError(`${repr(value)} is no number.`);
  const number = parse_bigint(text);
  if (number === undefined) throw new ValueError(`${repr(text)} is no integer.`);
  return number;
}

/** `to_int` as a number, which beyond 2^53 is the nearest. */
export function to_number(value: unknown): number {
  return Number(to_int(value));
}

/** `to_int`, or `undefined` for a text that is no integer. @throws TypeError for what is neither text nor number. */
export function int_or_none(value: unknown): bigint | undefined {
  try {
    return to_int(value);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** The number, exact: a `bigint` beyond 2^53. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** `float(value)`. @throws ValueError for a text that is none, TypeError for anything else. */
export function to_float(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  const text = text_with_number(value);
  if (text === undefined) throw new TypeError(`${repr(value)} is no number.`);
  const number = parse_float(text);
  if (number === undefined) throw new ValueError(`${repr(text)} is no number.`);
  return number;
}

/** The width that a filter is asked for. @throws ValueError if it is no number, or above a million. */
export function to_size(filter: string, value: unknown): number {
  const size = to_number(value);
  if (size > MAX_SIZE)
    throw new ValueError(`${filter} would make ${size} characters; the limit is ${MAX_SIZE}.`);
  return size;
}

/** How many characters a text has, as Python counts: code points. */
export function count_characters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const code = text.charCodeAt(index);
    if (code < 0xd800 || code > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count--;
      index++;
    }
  }
  return count;
}

/** `len(value)`, or `undefined` for what has none. */
export function len(value: unknown): number | undefined {
  if (is_text(value)) return count_characters(str(value));
  if (typeof value !== "object" || value === null) return undefined;
  const { length, size } = value as { length?: unknown; size?: unknown };
  if (is_plain_object(value)) return Object.keys(value).length;
  if (typeof length === "number") return length;
  return typeof size === "number" && Symbol.iterator in value ? size : undefined;
}

/** What Python's `for` goes through, or `undefined`: characters, items, the keys of a plain object. */
export function list_of(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (is_text(value)) return Array.from(str(value));
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Map) return Array.from(value.keys());
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>);
  return is_plain_object(value) ? Object.keys(value) : undefined;
}

/** `list_of`. @throws TypeError for what cannot be gone through. */
export function to_list(value: unknown): unknown[] {
  const list = list_of(value);
  if (list === undefined) throw new TypeError(`${repr(value)} is no list.`);
  return list;
}

/**
 * What can be asked for an item by its number: texts and lists.
 * @throws KeyError for a dictionary, TypeError for what is no list either.
 */
export function to_sequence(value: unknown): unknown[] {
  if (value instanceof Map || is_plain_object(value))
    throw new KeyError(`${repr(value)} has keys; its items have no order.`);
  return to_list(value);
}

/** Whether a filter may stay silent about the error, as most do about values of the wrong type. */
export function is_silent(error: unknown): boolean {
  return (
    error instanceof ValueError || error instanceof TypeError || error instanceof AttributeError
  );
}
