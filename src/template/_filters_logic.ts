/** Filters for values that may be missing, and for dates (Django docs: Built-in filters). @module */
import { AttributeError, ValueError } from "../core/exceptions.ts";
import { str, truthy } from "../utils/_python.ts";
import { date_format, time_format } from "../utils/formats.ts";
import { TIME_STRINGS, type TimeStrings, timesince as since } from "../utils/timesince.ts";
import { LocalTime } from "../utils/_timezone.ts";

/** The value, or `arg` in place of one that is false: nothing, 0, an empty text or list. */
export function default_(value: unknown, arg: unknown): unknown {
  return truthy(value) ? value : arg;
}

/** The value, or `arg` in place of `null` and `undefined`. */
export function default_if_none(value: unknown, arg: unknown): unknown {
  return value ?? arg;
}

/**
 * Words for true, false and `null`: `"yes,no,maybe"`, which is also the default. With two words, `null` is false.
 * @returns The value itself if there is but one word.
 */
export function yesno(value: unknown, arg?: unknown): unknown {
  const words = str(arg ?? "yes,no,maybe").split(",");
  const [yes, no] = words;
  if (no === undefined) return value;
  if (value === null || value === undefined) return words.length === 3 ? words[2] : no;
  return truthy(value) ? yes : no;
}

/** A `Date` that is one, or a time in a zone. */
function as_date(value: unknown): Date | LocalTime | undefined {
  if (value instanceof LocalTime) return value;
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
}

/**
 * The date in Django's letters: `"D d M Y"`; in the current time zone. What is no date gives `""`.
 * @param arg Letters, or the name of a setting for forms, such as `SHORT_DATE_FORMAT`; no other setting is looked up.
 * Default `DATE_FORMAT`.
 */
export function date(value: unknown, arg?: unknown): string {
  const given = as_date(value);
  return given === undefined ? "" : date_format(given, arg);
}

/**
 * The time of day in Django's letters: `"H:i"`; in the current time zone. What is no date gives `""`, and so do letters
 * that stand for parts of a date.
 * @param arg Letters, or the name of a setting for forms. Default `TIME_FORMAT`.
 */
export function time(value: unknown, arg?: unknown): string {
  const given = as_date(value);
  return given === undefined ? "" : silent(() => time_format(given, arg));
}

function silent(show: () => string): string {
  try {
    return show();
  } catch (error) {
    if (error instanceof AttributeError || error instanceof ValueError) return "";
    throw error;
  }
}

/** The time from a date to `now`, in words: `4 days, 6 hours`. What is no date gives `""`. */
export function timesince(
  d: unknown,
  now?: unknown,
  reversed = false,
  time_strings: TimeStrings = TIME_STRINGS,
  depth = 2,
): string {
  const from = as_date(d);
  const to = as_date(now);
  if (from === undefined || (truthy(now) && to === undefined)) return "";
  return silent(() => since(from, to, reversed, time_strings, depth));
}

/** The time from `now` to a date, in words. What is no date gives `""`. */
export function timeuntil(
  d: unknown,
  now?: unknown,
  time_strings: TimeStrings = TIME_STRINGS,
  depth = 2,
): string {
  return timesince(d, now, true, time_strings, depth);
}
