/** When a session ends: the value kept under `_session_expiry`, a number of seconds or a time as Python writes it. @module */
import { ValueError } from "../../core/exceptions.ts";
import { time } from "../../utils/_clock.ts";
import { repr } from "../../utils/_python.ts";
import { from_iso, iso_text, LAST_MOMENT } from "./_iso_dates.ts";

/** Options of `get_expiry_age` and `get_expiry_date`. */
export interface ExpiryOptions {
  /** When the session was changed. Default: now. */
  modification?: Date | undefined;
  /** When it ends, in place of what the session says: a date, seconds, or `null` for `SESSION_COOKIE_AGE`. */
  expiry?: Date | number | string | null | undefined;
}

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
