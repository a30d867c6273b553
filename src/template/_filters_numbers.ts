/** Filters on numbers (Django docs: Built-in filters). @module */
import { ValueError } from "../core/exceptions.ts";
import { type Decimal, fixed, parse_decimal, plain, round_float } from "../utils/_decimal.ts";
import { number_text, str } from "../utils/_python.ts";
import { number_format, type NumberOptions } from "../utils/formats.ts";
import { MAX_DIGITS } from "../utils/numberformat.ts";
import { SafeData, SafeString } from "../utils/safestring.ts";
import {
  as_safe_as,
  int_or_none,
  is_silent,
  is_text,
  len,
  MAX_SIZE,
  narrow,
  type Text,
  to_float,
  to_int,
} from "./_filter_values.ts";

/** The sum, of texts that are integers too; else the two texts, lists or bytes as one; else `""`. */
export function add(value: unknown, arg: unknown): unknown {
  try {
    return narrow(to_int(value) + to_int(arg));
  } catch (error) {
    if (is_silent(error)) return joined(value, arg);
    throw error;
  }
}

/** Python's `+` of what are no integers. A `Date` and a number of seconds are a later `Date`. */
function joined(value: unknown, arg: unknown): unknown {
  if (is_text(value) && is_text(arg)) {
    const text = str(value) + str(arg);
    return value instanceof SafeData && arg instanceof SafeData ? new SafeString(text) : text;
  }
  if (Array.isArray(value) && Array.isArray(arg))
    return [...(value as unknown[]), ...(arg as unknown[])];
  if (value instanceof Uint8Array && arg instanceof Uint8Array) return Buffer.concat([value, arg]);
  if (typeof value === "number" && typeof arg === "number") return value + arg; // infinity
  if (value instanceof Date && typeof arg === "number")
    return new Date(value.getTime() + arg * 1000);
  return "";
}

/** Whether `arg` divides the value. @throws ValueError for what is no integer, and for 0. */
export function divisibleby(value: unknown, arg: unknown): boolean {
  const divisor = to_int(arg);
  if (divisor === 0n) throw new ValueError("Nothing is divisible by 0.");
  return to_int(value) % divisor === 0n;
}

/** A digit of an integer; 1 is the last. A number or digit that is no integer leaves the value as it is. */
export function get_digit(value: unknown, arg: unknown): unknown {
  const position = int_or_none(arg);
  const number = position === undefined ? undefined : int_or_none(value);
  if (position === undefined || number === undefined) return value;
  if (position < 1n) return narrow(number);
  const text = number.toString();
  if (position > BigInt(text.length)) return 0;
  const digit = text.charAt(text.length - Number(position));
  if (digit === "-") throw new ValueError(`The sign of ${text} is no digit.`);
  return Number(digit);
}

const UNITS = ["KB", "MB", "GB", "TB", "PB"];

/** `13 KB`, `4.1 MB`, `102 bytes`: by 1024, with a space that does not break. What is no size has 0 bytes. */
export function filesizeformat(bytes_: unknown): string {
  const size = size_of(bytes_);
  const bytes = size < 0n ? -size : size;
  const sign = size < 0n ? "-" : "";
  if (bytes < 1024n) return `${sign}${bytes}\u00a0byte${bytes === 1n ? "" : "s"}`;
  let unit = 0;
  while (unit < UNITS.length - 1 && bytes >= 1n << BigInt(10 * (unit + 2))) unit++;
  const count = Number(bytes) / 2 ** (10 * (unit + 1));
  return `${sign}${number_format(round_float(count, 1), 1)}\u00a0${UNITS[unit]}`;
}

function size_of(bytes: unknown): bigint {
  try {
    const size = to_int(bytes);
    return Number.isFinite(Number(size)) ? size : 0n;
  } catch (error) {
    if (is_silent(error)) return 0n;
    throw error;
  }
}

/**
 * The number to so many places, rounded half up by its decimal text, not by its nearest double.
 * @param arg How many places; negative: only if the number has any. With `g` the digits are grouped, with `u` the settings
 * for separators do not count. Default -1.
 * @returns `""` for what is no number; the text as it is if that has more than 200 digits, written out.
 * @throws ValueError above a million places.
 */
export function floatformat(text: unknown, arg: unknown = -1): Text {
  const input = decimal_text(text);
  const number = parse_decimal(input) ?? decimal_of_float(text);
  if (number === undefined) return "";
  const { places, options } = read_argument(arg);
  if (places === undefined || number === "not finite") return as_safe_as(text, input);
  if (places > MAX_SIZE || places < -MAX_SIZE)
    throw new ValueError(`floatformat would make ${places} places; the limit is ${MAX_SIZE}.`);
  if (number.digits.length + Math.abs(number.exponent) > MAX_DIGITS) return as_safe_as(text, input);
  const count = Number(places < 0n ? -places : places);
  const shown =
    places <= 0n && is_whole(number)
      ? number_format(whole_text(number), 0, options)
      : number_format(fixed(number, count, "half up"), count, options);
  return new SafeString(shown);
}

/** The text that Python has of it; of a large number, that of a float. */
function decimal_text(value: unknown): string {
  if (typeof value !== "number" || Math.abs(value) < 1e21) return str(value);
  return Number.isFinite(value) ? String(value) : number_text(value);
}

function decimal_of_float(value: unknown): Decimal | "not finite" | undefined {
  try {
    return parse_decimal(number_text(to_float(value)));
  } catch (error) {
    if (is_silent(error)) return undefined;
    throw error;
  }
}

function read_argument(arg: unknown): { places: bigint | undefined; options: NumberOptions } {
  if (!is_text(arg)) return { places: int_or_none(arg), options: {} };
  const [, number = "", suffix = ""] = /^([^]*?)(gu|ug|g|u|)$/.exec(str(arg)) ?? [];
  return {
    places: number === "" && suffix !== "" ? -1n : int_or_none(number),
    options: { force_grouping: suffix.includes("g"), use_l10n: !suffix.includes("u") },
  };
}

function is_whole({ digits, exponent }: Decimal): boolean {
  return exponent >= 0 || /^0*$/.test(digits.slice(exponent));
}

function whole_text(number: Decimal): string {
  const text = plain(number).split(".")[0] ?? "";
  return /[1-9]/.test(text) ? text : "0";
}

/**
 * The ending of a plural: for every number but 1, every text but `"1"`, every list without exactly one item.
 * @param arg `"es"`, or `"y,ies"`. Default `s`.
 * @returns `""` for what is neither a number nor has a length.
 */
export function pluralize(value: unknown, arg: unknown = "s"): string {
  const endings = str(arg);
  const [singular = "", plural = "", ...more] = (
    endings.includes(",") ? endings : `,${endings}`
  ).split(",");
  if (more.length > 0) return "";
  const count = count_of(value);
  if (count === undefined) return "";
  return count === 1 ? singular : plural;
}

function count_of(value: unknown): number | undefined {
  try {
    return to_float(value);
  } catch (error) {
    if (error instanceof TypeError) return len(value);
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
