/** Filters that show a date in another time zone (Django docs: Time zones, "Template filters"). @module */
import { is_text } from "../template/_filter_values.ts";
import { str } from "../utils/_python.ts";
import {
  get_current_timezone,
  LocalTime,
  localtime as in_zone,
  ZoneInfoNotFoundError,
} from "../utils/_timezone.ts";

/** The date in a time zone: a name, or an offset such as `+0530`. What is no date, or no zone, gives `""`. */
export function timezone(value: unknown, arg: unknown): LocalTime | "" {
  const date = value instanceof LocalTime ? value.date : value;
  if (!(date instanceof Date) || Number.isNaN(date.getTime()) || !is_text(arg)) return "";
  try {
    return in_zone(date, { timezone: str(arg) });
  } catch (error) {
    if (error instanceof ZoneInfoNotFoundError) return "";
    throw error;
  }
}

/** The date in the current time zone. */
export function localtime(value: unknown): LocalTime | "" {
  return timezone(value, get_current_timezone());
}

/** The date in UTC. */
export function utc(value: unknown): LocalTime | "" {
  return timezone(value, "UTC");
}
