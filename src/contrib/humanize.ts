/**
 * Numbers and dates in English as people say them (Django docs: django.contrib.humanize). An engine has these filters with
 * `OPTIONS: { libraries: [register] }`. @module
 */
import { parse_decimal, with_point } from "../utils/_decimal.ts";
import { str } from "../utils/_python.ts";
import { decimal_format, number_format } from "../utils/formats.ts";
import { group_digits } from "../utils/numberformat.ts";
import { SafeString } from "../utils/safestring.ts";
import { timesince, timeuntil } from "../utils/timesince.ts";
import { localdate, LocalTime, localtime, now } from "../utils/_timezone.ts";
import { is_text, narrow, to_int } from "../template/_filter_values.ts";
import { date, floatformat } from "../template/defaultfilters.ts";
import { Library } from "../template/library.ts";
import { ValueError } from "../core/exceptions.ts";

function int_of(value: unknown): bigint | undefined {
  try {
    return to_int(value);
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const ENDINGS = ["th", "st", "nd", "rd"];

/** `1st`, `22nd`, `113th`. What is no integer stays as it is; a negative one is its text. */
export function ordinal(value: unknown): unknown {
  const number = int_of(value);
  if (number === undefined) return value;
  if (number < 0n) return number.toString();
  const last = Number(number % 10n);
  const in_teens = number % 100n >= 11n && number % 100n <= 13n;
  return new SafeString(`${number}${in_teens ? "th" : (ENDINGS[last] ?? "th")}`);
}

/**
 * The number with a comma after every three digits: `4,500.25`; with the separators of the settings.
 * @param use_l10n `false`: always commas.
 */
export function intcomma(value: unknown, use_l10n = true): string {
  if (!use_l10n) return with_commas(str(value));
  const options = { force_grouping: true };
  if (typeof value === "number") return number_format(value, null, options);
  const text = typeof value === "boolean" ? String(Number(value)) : str(value);
  const is_number = is_text(value) || typeof value === "bigint" || typeof value === "boolean";
  const number = is_number || is_decimal(value) ? parse_decimal(text) : undefined;
  if (number === undefined) return with_commas(str(value));
  return number === "not finite" ? not_finite(text) : decimal_format(number, options);
}

/** Objects of libraries for decimal numbers, which have a `toFixed` as numbers do. */
function is_decimal(value: unknown): boolean {
  return typeof value === "object" && value !== null && "toFixed" in value;
}

function not_finite(text: string): string {
  if (/nan/i.test(text)) return "NaN";
  return text.trim().startsWith("-") ? "-Infinity" : "Infinity";
}

function with_commas(text: string): string {
  const [, sign = "", digits = "", rest = ""] = /^(-?)(\p{Nd}*)([^]*)$/u.exec(text) ?? [];
  return sign + group_digits(digits, [3], ",") + rest;
}

const LARGE: readonly (readonly [exponent: number, name: string])[] = [
  [6, "million"],
  [9, "billion"],
  [12, "trillion"],
  [15, "quadrillion"],
  [18, "quintillion"],
  [21, "sextillion"],
  [24, "septillion"],
  [27, "octillion"],
  [30, "nonillion"],
  [33, "decillion"],
  [100, "googol"],
];

/** `1.2 million`, `3.5 billion`, for integers from a million on. Others are integers again, what is none stays as it is. */
export function intword(value: unknown): unknown {
  const number = int_of(value);
  if (number === undefined) return value;
  const digits = (number < 0n ? -number : number).toString();
  const found = LARGE.find(([exponent]) => digits.length <= exponent + 3);
  if (digits.length < 7 || found === undefined) return narrow(number);
  const [exponent, name] = found;
  const count = Number(with_point(digits, exponent)) * (number < 0n ? -1 : 1);
  return `${String(floatformat(count, 1))} ${name}`;
}

const WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** The word for 1 to 9, in the style of the Associated Press; other integers as they are. */
export function apnumber(value: unknown): unknown {
  const number = int_of(value);
  if (number === undefined) return value;
  return (number > 0n ? WORDS[Number(number) - 1] : undefined) ?? narrow(number);
}

const DAY = 86_400_000;

/**
 * `today`, `tomorrow`, `yesterday`; other dates as the filter `date` shows them, what is no date as it is.
 * @param arg As of `date`.
 */
export function naturalday(value: unknown, arg?: unknown): unknown {
  if (!(value instanceof Date || value instanceof LocalTime)) return value;
  const shown = value instanceof Date ? localtime(value) : value;
  const today = localdate(now(), { timezone: shown.timezone });
  const days = (Date.parse(shown.isodate()) - Date.parse(today)) / DAY;
  const word = new Map([
    [0, "today"],
    [1, "tomorrow"],
    [-1, "yesterday"],
  ]).get(days);
  return word ?? date(shown, arg);
}

/** `3 minutes ago`, `an hour from now`, `2 days, 6 hours ago`; what is no date as it is. */
export function naturaltime(value: unknown): unknown {
  if (!(value instanceof Date || value instanceof LocalTime)) return value;
  const current = now();
  const instant = value instanceof Date ? value : value.date;
  const is_past = instant < current;
  const direction = is_past ? "ago" : "from now";
  const seconds = Math.floor(Math.abs(current.getTime() - instant.getTime()) / 1000);
  if (seconds === 0) return "now";
  if (seconds >= 86_400)
    return `${is_past ? timesince(value, current) : timeuntil(value, current)} ${direction}`;
  return `${rounded_down(seconds)} ${direction}`;
}

function rounded_down(seconds: number): string {
  if (seconds < 60) return counted(seconds, "a second");
  if (seconds < 3600) return counted(Math.floor(seconds / 60), "a minute");
  return counted(Math.floor(seconds / 3600), "an hour");
}

function counted(count: number, one: string): string {
  return count === 1 ? one : `${count}\u00a0${one.replace(/^an? /, "")}s`;
}

/** These filters, for `OPTIONS.libraries`. */
export const register: Library = new Library();
register.filter(apnumber, { is_safe: true });
register.filter("intcomma", (value: unknown) => intcomma(value), { is_safe: true });
register.filter(intword);
register.filter(naturalday, { expects_localtime: true });
register.filter(naturaltime);
register.filter(ordinal, { is_safe: true });
