/** Dates and times in letters: `jS F Y H:i` (Django docs: the filter `date`). @module */
import { settings } from "../conf/index.ts";
import { AttributeError } from "../core/exceptions.ts";
import { repr, str } from "./_python.ts";
import { get_current_timezone, LocalTime } from "./_timezone.ts";
import { is_ambiguous, is_saving, zone_name } from "./_timezone_names.ts";

/** The days of the week in English, Monday first. */
export const WEEKDAYS: readonly string[] = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];
/** The months in English, January first. */
export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
// The style of the Associated Press: short months stay whole.
const MONTHS_AP = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split(" ");

type Letters = ReadonlyMap<string, (time: LocalTime) => string | number>;

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}

function hour12(time: LocalTime): number {
  return time.hour % 12 || 12;
}

function short_clock(time: LocalTime): string {
  return time.minute === 0 ? String(hour12(time)) : `${hour12(time)}:${pad(time.minute)}`;
}

function half(time: LocalTime): string {
  return time.hour > 11 ? "p.m." : "a.m.";
}

function clock_in_words(time: LocalTime): string {
  if (time.minute === 0 && time.hour === 0) return "midnight";
  if (time.minute === 0 && time.hour === 12) return "noon";
  return `${short_clock(time)} ${half(time)}`;
}

/** What is said of the zone; nothing at a time that the clocks show twice. */
function of_zone(say: (time: LocalTime) => string): (time: LocalTime) => string {
  return (time) => (is_ambiguous(time) ? "" : say(time));
}

/** `+0200` */
function offset(time: LocalTime): string {
  const seconds = Math.abs(time.utcoffset);
  const sign = time.utcoffset < 0 ? "-" : "+";
  return sign + pad(Math.floor(seconds / 3600)) + pad(Math.floor(seconds / 60) % 60);
}

/** `+0200`, and seconds if the zone has any, as in the past. */
function full_offset(time: LocalTime): string {
  const seconds = Math.abs(time.utcoffset) % 60;
  return offset(time) + (seconds === 0 ? "" : pad(seconds));
}

const TIME_LETTERS: Letters = new Map<string, (time: LocalTime) => string | number>([
  ["a", half],
  ["A", (time) => (time.hour > 11 ? "PM" : "AM")],
  ["e", of_zone(zone_name)],
  ["f", short_clock],
  ["g", hour12],
  ["G", (time) => time.hour],
  ["h", (time) => pad(hour12(time))],
  ["H", (time) => pad(time.hour)],
  ["i", (time) => pad(time.minute)],
  ["O", of_zone(offset)],
  ["P", clock_in_words],
  ["s", (time) => pad(time.second)],
  ["T", of_zone(zone_name)],
  ["u", (time) => pad(time.millisecond * 1000, 6)],
  ["Z", of_zone((time) => String(time.utcoffset))],
]);

const DATE_LETTERS: Letters = new Map<string, (time: LocalTime) => string | number>([
  ...TIME_LETTERS,
  ["b", (time) => month_3(time).toLowerCase()],
  ["c", (time) => String(time).replace(" ", "T")],
  ["d", (time) => pad(time.day)],
  ["D", (time) => weekday_3(time)],
  ["E", (time) => MONTHS[time.month - 1] ?? ""],
  ["F", (time) => MONTHS[time.month - 1] ?? ""],
  ["I", of_zone((time) => (is_saving(time) ? "1" : "0"))],
  ["j", (time) => time.day],
  ["l", (time) => WEEKDAYS[time.weekday] ?? ""],
  ["L", (time) => (days_of_year(time.year) === 366 ? "True" : "False")],
  ["m", (time) => pad(time.month)],
  ["M", month_3],
  ["n", (time) => time.month],
  ["N", (time) => MONTHS_AP[time.month - 1] ?? ""],
  ["o", (time) => iso_week(time).year],
  ["r", rfc5322],
  ["S", ordinal_suffix],
  ["t", (time) => day_of_month(time.year, time.month + 1, 0)],
  ["U", (time) => Math.trunc(time.date.getTime() / 1000)],
  ["w", (time) => (time.weekday + 1) % 7],
  ["W", (time) => iso_week(time).week],
  ["y", (time) => pad(time.year % 100)],
  ["Y", (time) => pad(time.year, 4)],
  ["z", day_of_year],
]);

function month_3(time: LocalTime): string {
  return (MONTHS[time.month - 1] ?? "").slice(0, 3);
}

function weekday_3(time: LocalTime): string {
  return (WEEKDAYS[time.weekday] ?? "").slice(0, 3);
}

/** Days since the epoch, of a calendar date that may be beyond the end of its month. */
function day_number(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // not Date.UTC, which takes 99 for 1999
  return date.getTime() / 86_400_000;
}

function day_of_month(year: number, month: number, day: number): number {
  return new Date(day_number(year, month, day) * 86_400_000).getUTCDate();
}

function days_of_year(year: number): number {
  return day_number(year + 1, 1, 1) - day_number(year, 1, 1);
}

function day_of_year(time: LocalTime): number {
  return day_number(time.year, time.month, time.day) - day_number(time.year, 1, 1) + 1;
}

/** ISO 8601: the week belongs to the year in which its Thursday is. */
function iso_week(time: LocalTime): { year: number; week: number } {
  const thursday = day_of_year(time) + 3 - time.weekday;
  const before = days_of_year(time.year - 1);
  const own = days_of_year(time.year);
  if (thursday < 1) return { year: time.year - 1, week: Math.ceil((thursday + before) / 7) };
  if (thursday > own) return { year: time.year + 1, week: 1 };
  return { year: time.year, week: Math.ceil(thursday / 7) };
}

function rfc5322(time: LocalTime): string {
  const date = `${weekday_3(time)}, ${pad(time.day)} ${month_3(time)} ${pad(time.year, 4)}`;
  const clock = `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}`;
  return `${date} ${clock} ${full_offset(time)}`;
}

function ordinal_suffix({ day }: LocalTime): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

/** What clocks show at a `Date`: those of the current zone; without `USE_TZ`, those of `TIME_ZONE`. */
function shown(value: Date | LocalTime): LocalTime {
  if (value instanceof LocalTime) return value;
  if (!(value instanceof Date)) throw new AttributeError(`${repr(value)} is no date.`);
  return new LocalTime(value, settings.USE_TZ ? get_current_timezone() : settings.TIME_ZONE);
}

const LETTER = /(?<!\\)([aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ])/;
const ESCAPED = /\\(.)/g;

function fill_in(format_string: unknown, letters: Letters, time: LocalTime): string {
  let text = "";
  for (const [index, piece] of str(format_string).split(LETTER).entries()) {
    if (index % 2 === 0) {
      text += piece.replace(ESCAPED, "$1");
      continue;
    }
    const say = letters.get(piece);
    if (say === undefined)
      throw new AttributeError(`A time has no ${piece}: that stands for part of a date.`);
    text += say(time);
  }
  return text;
}

/** A time of day, in the letters that stand for parts of it. */
export class TimeFormat {
  readonly #time: LocalTime;

  /** @throws AttributeError for what is no date. */
  constructor(obj: Date | LocalTime) {
    this.#time = shown(obj);
  }

  /** @throws AttributeError for a letter that stands for part of a date. */
  format(formatstr: unknown): string {
    return fill_in(formatstr, TIME_LETTERS, this.#time);
  }
}

/** A date, in letters. A `Date` is shown in the current time zone, a `LocalTime` in its own. */
export class DateFormat {
  readonly #time: LocalTime;

  /** @throws AttributeError for what is no date. */
  constructor(obj: Date | LocalTime) {
    this.#time = shown(obj);
  }

  /** The letters are replaced; one after a backslash stays. */
  format(formatstr: unknown): string {
    return fill_in(formatstr, DATE_LETTERS, this.#time);
  }
}

/** The date in letters: `format(date, "jS F Y")`. */
export function format(value: Date | LocalTime, format_string: unknown): string {
  return new DateFormat(value).format(format_string);
}

/** The time in letters: `time_format(date, "H:i")`. */
export function time_format(value: Date | LocalTime, format_string: unknown): string {
  return new TimeFormat(value).format(format_string);
}
