/** Instants as Django writes them: in UTC, or without `USE_TZ` as the clocks of `TIME_ZONE` show them. @module */
import { settings } from "../../conf/index.ts";
import { ValueError } from "../../core/exceptions.ts";
import { repr } from "../../utils/_python.ts";
import { localtime } from "../../utils/_timezone.ts";

/** The end of the year 9999, where Python's dates end. */
export const LAST_MOMENT: number = Date.UTC(10000, 0, 1) - 1;

const OFFSET = /[+-]\d\d:\d\d(?::\d\d)?$/;

/** What clocks show, without saying where: `2026-01-02 03:04:05`. @throws ValueError for an invalid Date. */
export function clock_text(date: Date): string {
  const instant = date.getTime();
  if (Number.isNaN(instant) || Math.abs(instant) > LAST_MOMENT)
    throw new ValueError("A session cannot end at an invalid Date, or after the year 9999.");
  const timezone = settings.USE_TZ ? "UTC" : settings.TIME_ZONE;
  return String(localtime(date, { timezone })).replace(OFFSET, "");
}

/** The instant of `clock_text`. @throws ValueError for other text. */
export function clock_time(text: string): Date {
  return from_iso(settings.USE_TZ ? `${text}Z` : text);
}

/** As Python's `isoformat()`. @throws ValueError for an invalid Date. */
export function iso_text(date: Date): string {
  return clock_text(date).replace(" ", "T") + (settings.USE_TZ ? "+00:00" : "");
}

const ISO =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:[.,]\d{1,6})?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** What Python's `fromisoformat` reads; without an offset, in `TIME_ZONE`. @throws ValueError for other text. */
export function from_iso(text: string): Date {
  const match = ISO.exec(text);
  const instant = match === null ? NaN : instant_of(text, match[1]);
  if (Number.isNaN(instant)) throw new ValueError(`${repr(text)} is no time in ISO 8601.`);
  return new Date(instant);
}

function instant_of(text: string, zone: string | undefined): number {
  const clock = zone === undefined ? text : text.slice(0, -zone.length);
  const full = clock.length === 10 ? `${clock}T00:00` : clock.length === 13 ? `${clock}:00` : clock;
  const normal = full.replace(" ", "T").replace(",", ".");
  if (zone === undefined) return local_instant(Date.parse(`${normal}Z`));
  const offset = zone.length === 3 ? `${zone}:00` : zone.replace(/^([+-]..)(..)$/, "$1:$2");
  return Date.parse(normal + offset);
}

/** When the clocks of `TIME_ZONE` show this. */
function local_instant(shown: number): number {
  if (Number.isNaN(shown)) return NaN;
  const timezone = settings.TIME_ZONE;
  const guess = localtime(new Date(shown), { timezone }).utcoffset;
  return shown - localtime(new Date(shown - guess * 1000), { timezone }).utcoffset * 1000;
}
