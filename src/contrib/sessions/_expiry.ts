/** When a session ends: the value kept under `_session_expiry`, a number of seconds or a time as Python writes it. @module */
import { settings } from "../../conf/index.ts";
import { ValueError } from "../../core/exceptions.ts";
import { time } from "../../utils/_clock.ts";
import { repr } from "../../utils/_python.ts";
import { localtime } from "../../utils/timezone.ts";

/** Options of `get_expiry_age` and `get_expiry_date`. */
export interface ExpiryOptions {
  /** When the session was changed. Default: now. */
  modification?: Date | undefined;
  /** When it ends, in place of what the session says: a date, seconds, or `null` for `SESSION_COOKIE_AGE`. */
  expiry?: Date | number | string | null | undefined;
}

// The end of the year 9999, where Python's dates end.
const LAST_MOMENT = Date.UTC(10000, 0, 1) - 1;

/**
 * The value of `set_expiry` as it is kept.
 * @throws TypeError for anything but a number or a date; ValueError for one that is not finite or after the year 9999.
 */
export function kept_expiry(value: unknown): number | string {
  if (value instanceof Date) return iso_text(value);
  if (typeof value !== "number")
    throw new TypeError(`A session ends after seconds, or at a Date: ${repr(value)} is neither.`);
  const end = (time() + value) * 1000;
  if (!Number.isFinite(value) || Math.abs(end) > LAST_MOMENT)
    throw new ValueError(`A session cannot end after ${value} seconds.`);
  return value;
}

function iso_text(date: Date): string {
  const instant = date.getTime();
  if (Number.isNaN(instant) || Math.abs(instant) > LAST_MOMENT)
    throw new ValueError("A session cannot end at an invalid Date, or after the year 9999.");
  const timezone = settings.USE_TZ ? "UTC" : settings.TIME_ZONE;
  const text = String(localtime(date, { timezone })).replace(" ", "T");
  return settings.USE_TZ ? text : text.replace(/[+-]\d\d:\d\d(?::\d\d)?$/, ""); // as a Django without zones reads it
}

const ISO =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:[.,]\d{1,6})?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** @throws ValueError for text that is no time in ISO 8601. */
function from_iso(text: string): Date {
  const match = ISO.exec(text);
  const instant = match === null ? NaN : instant_of(text, match[1]);
  if (Number.isNaN(instant)) throw new ValueError(`${repr(text)} is no time in ISO 8601.`);
  return new Date(instant);
}

function instant_of(text: string, zone: string | undefined): number {
  const clock = zone === undefined ? text : text.slice(0, -zone.length);
  const full = clock.length === 10 ? `${clock}T00:00` : clock.length === 13 ? `${clock}:00` : clock;
  const offset = zone?.length === 3 ? `${zone}:00` : zone?.replace(/^(...)(..)$/, "$1:$2");
  const normal = full.replace(" ", "T").replace(",", ".");
  if (offset !== undefined) return Date.parse(normal + offset);
  const shown = Date.parse(`${normal}Z`);
  return Number.isNaN(shown) ? NaN : shown - offset_of_zone(shown) * 1000;
}

/** How far the clocks of `TIME_ZONE` are ahead of UTC when they show this. */
function offset_of_zone(shown: number): number {
  const timezone = settings.TIME_ZONE;
  const guess = localtime(new Date(shown), { timezone }).utcoffset;
  return localtime(new Date(shown - guess * 1000), { timezone }).utcoffset;
}

/** Seconds until the session ends, whole ones for a date; `null`, 0 and "" stand for the cookie's age. */
export function age_of(
  expiry: unknown,
  modification: Date | undefined,
  cookie_age: number,
): number {
  if (!expiry) return cookie_age;
  if (typeof expiry === "number") return expiry;
  const since = modification?.getTime() ?? time() * 1000;
  return Math.floor((date_in(expiry).getTime() - since) / 1000);
}

/** When the session ends. */
export function date_of(expiry: unknown, modification: Date | undefined, cookie_age: number): Date {
  if (expiry && typeof expiry !== "number") return date_in(expiry);
  const since = modification?.getTime() ?? Math.round(time() * 1000);
  return new Date(since + (Number(expiry) || cookie_age) * 1000);
}

function date_in(expiry: unknown): Date {
  if (expiry instanceof Date) return expiry;
  if (typeof expiry === "string") return from_iso(expiry);
  throw new TypeError(`A session ends after seconds, or at a Date: ${repr(expiry)} is neither.`);
}
