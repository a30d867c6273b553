/** How much time lies between two dates, in words (Django docs: the filter `timesince`). @module */
import { settings } from "../conf/index.ts";
import { AttributeError, ValueError } from "../core/exceptions.ts";
import { repr } from "./_python.ts";
import { LocalTime, now as current } from "./_timezone.ts";

/** The units, the largest first. */
export type TimeUnit = "year" | "month" | "week" | "day" | "hour" | "minute";

/** The words for so many of each unit. */
export type TimeStrings = Readonly<Record<TimeUnit, (num: number) => string>>;

const UNITS: readonly TimeUnit[] = ["year", "month", "week", "day", "hour", "minute"];
const SECONDS = [604_800, 86_400, 3600, 60]; // of the last four
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function counted(unit: TimeUnit): (num: number) => string {
  return (num) => `${num} ${unit}${num === 1 ? "" : "s"}`;
}

/** `1 year`, `2 years` and so on. */
export const TIME_STRINGS: TimeStrings = {
  year: counted("year"),
  month: counted("month"),
  week: counted("week"),
  day: counted("day"),
  hour: counted("hour"),
  minute: counted("minute"),
};

/** The two dates as clocks of one zone show them: that of the first, and for a `Date` UTC. */
function on_one_clock(
  d: Date | LocalTime,
  now: Date | LocalTime | null | undefined,
): [LocalTime, LocalTime] {
  for (const value of [d, now ?? d])
    if (!(value instanceof Date || value instanceof LocalTime))
      throw new AttributeError(`${repr(value)} is no date.`);
  const naive = settings.USE_TZ ? "UTC" : settings.TIME_ZONE;
  const from = d instanceof LocalTime ? d : new LocalTime(d, naive);
  const to = now ?? current();
  return [from, new LocalTime(to instanceof LocalTime ? to.date : to, from.timezone)];
}

/** Milliseconds, as if the clocks were in UTC. */
function shown(time: LocalTime): number {
  return time.date.getTime() + time.utcoffset * 1000;
}

/**
 * The time from `d` to `now`: `1 year, 3 months`. Up to `depth` units that follow one another; seconds are left out. The
 * space before a unit does not break. A date that is still to come gives `0 minutes`.
 * @param now Default: now.
 * @param reversed Counts from `now` to `d`.
 * @throws ValueError for a depth below 1; AttributeError for what is no date.
 */
export function timesince(
  d: Date | LocalTime,
  now?: Date | LocalTime | null,
  reversed = false,
  time_strings: TimeStrings = TIME_STRINGS,
  depth = 2,
): string {
  if (depth <= 0) throw new ValueError(`A depth of ${depth} shows nothing; give 1 or more.`);
  const clocks = on_one_clock(d, now);
  const [from, to] = reversed ? clocks.reverse() : clocks;
  if (from === undefined || to === undefined) return "";
  const counts = Math.floor((shown(to) - shown(from)) / 1000) > 0 ? count_units(from, to) : [];
  const first = counts.findIndex((count) => count !== 0);
  if (first < 0) return without_break(time_strings.minute(0));
  const parts: string[] = [];
  for (const [index, count] of counts.entries()) {
    const unit = UNITS[index];
    if (index < first || unit === undefined) continue;
    if (count === 0 || parts.length >= depth) break;
    parts.push(without_break(time_strings[unit](count)));
  }
  return parts.join(", ");
}

/** The time from now, or `now`, to `d`. */
export function timeuntil(
  d: Date | LocalTime,
  now?: Date | LocalTime | null,
  time_strings: TimeStrings = TIME_STRINGS,
  depth = 2,
): string {
  return timesince(d, now, true, time_strings, depth);
}

function without_break(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

function count_units(from: LocalTime, to: LocalTime): number[] {
  const months = whole_months(from, to);
  const counts = [Math.floor(months / 12), months % 12];
  let rest = (shown(to) - (months === 0 ? shown(from) : pivot(from, months))) / 1000;
  for (const size of SECONDS) {
    const count = Math.floor(rest / size);
    counts.push(count);
    rest -= count * size;
  }
  return counts;
}

function whole_months(from: LocalTime, to: LocalTime): number {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const time_of_day = (time: LocalTime): number => shown(time) % 86_400_000;
  const later_that_day =
    from.day === to.day && positive(time_of_day(from)) > positive(time_of_day(to));
  return from.day > to.day || later_that_day ? months - 1 : months;
}

function positive(milliseconds: number): number {
  return (milliseconds + 86_400_000) % 86_400_000;
}

/** The date so many months later, or the last day of that month; without a fraction of a second. */
function pivot(from: LocalTime, months: number): number {
  const month = from.month - 1 + months;
  const date = new Date(0);
  date.setUTCFullYear(
    from.year + Math.floor(month / 12),
    month % 12,
    Math.min(MONTH_DAYS[month % 12] ?? 31, from.day),
  );
  return date.setUTCHours(from.hour, from.minute, from.second);
}
