/** Dates in HTTP headers (RFC 9110 §5.6.7). @module */
import { ValueError } from "../core/exceptions.ts";
import { time } from "./_clock.ts";
import { repr } from "./_python.ts";
import { WORD } from "./_whitespace.ts";

/** The names of the months as the three formats abbreviate them, in lower case. */
export const MONTHS: readonly string[] = "jan feb mar apr may jun jul aug sep oct nov dec".split(
  " ",
);

const DAY = "(?<day>[0-9]{2})";
const MONTH = `(?<mon>[${WORD}]{3})`;
const TIME = "(?<hour>[0-9]{2}):(?<min>[0-9]{2}):(?<sec>[0-9]{2})";
const END = "\\n?$"; // Python's `$` allows a line break there

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the format to send. */
export const RFC1123_DATE: RegExp = new RegExp(
  `^[${WORD}]{3}, ${DAY} ${MONTH} (?<year>[0-9]{4}) ${TIME} GMT${END}`,
  "u",
);
/** `Sunday, 06-Nov-94 08:49:37 GMT`: obsolete. */
export const RFC850_DATE: RegExp = new RegExp(
  `^[${WORD}]{6,9}, ${DAY}-${MONTH}-(?<year>[0-9]{2}) ${TIME} GMT${END}`,
  "u",
);
/** `Sun Nov  6 08:49:37 1994`: the format of C's `asctime()`. */
export const ASCTIME_DATE: RegExp = new RegExp(
  `^[${WORD}]{3} ${MONTH} (?<day>[ 0-9][0-9]) ${TIME} (?<year>[0-9]{4})${END}`,
  "u",
);

const YEAR_1 = -62135596800; // seconds since the epoch
const YEAR_10000 = 253402300800;

// The responses of one second mostly say the same.
let last_written = NaN;
let last_text = "";

/**
 * The time as headers write it, `Sun, 06 Nov 1994 08:49:37 GMT`; fractions are cut off.
 * @param epoch_seconds Seconds since the epoch. Default: now.
 * @throws ValueError for a time outside the years 1 to 9999.
 */
export function http_date(epoch_seconds?: number | null): string {
  const seconds = Math.floor(Math.round((epoch_seconds ?? time()) * 1e6) / 1e6);
  if (!(seconds >= YEAR_1 && seconds < YEAR_10000))
    throw new ValueError(`${repr(epoch_seconds)} is not a time that a header can name.`);
  if (seconds !== last_written) {
    last_text = new Date(seconds * 1000).toUTCString();
    last_written = seconds;
  }
  return last_text;
}

/** The year that two digits mean: over 50 years ahead is the past century (RFC 9110 §5.6.7). */
function full_year(year: number): number {
  const this_year = new Date(time() * 1000).getUTCFullYear();
  const century = this_year - (this_year % 100);
  return year - (this_year % 100) > 50 ? year + century - 100 : year + century;
}

/**
 * The seconds since the epoch of a date in one of the three formats; the day of the week is not checked.
 * @throws ValueError for anything else, and for a date that does not exist.
 */
export function parse_http_date(date: string): number {
  const found = RFC1123_DATE.exec(date) ?? RFC850_DATE.exec(date) ?? ASCTIME_DATE.exec(date);
  if (found?.groups === undefined)
    throw new ValueError(`${repr(date)} is in none of the three formats of an HTTP date.`);
  const { groups } = found;
  const number = (name: string): number => Number(groups[name]);
  const year = number("year") < 100 ? full_year(number("year")) : number("year");
  const month = MONTHS.indexOf((groups.mon ?? "").toLowerCase());
  const day = number("day");
  const milliseconds = Date.UTC(year, month, day, number("hour"), number("min"), number("sec"));
  const exists =
    month >= 0 && day >= 1 && day <= new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  if (!exists || number("hour") > 23 || number("min") > 59 || number("sec") > 59)
    throw new ValueError(`${repr(date)} is a date that does not exist.`);
  return milliseconds / 1000;
}

/** As `parse_http_date`, but `undefined` for what is no date. */
export function parse_http_date_safe(date: string): number | undefined {
  try {
    return parse_http_date(date);
  } catch {
    return undefined;
  }
}
