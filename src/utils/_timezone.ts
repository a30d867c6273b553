/** The current time zone of a task, and what clocks show in a zone. @module */
import { settings } from "../conf/index.ts";
import { KeyError, ValueError } from "../core/exceptions.ts";
import { time } from "./_clock.ts";
import { define_repr, repr } from "./_python.ts";
import { run_task, task, task_to_write, use_tasks } from "./_task.ts";

/** A time zone that the system does not know (Python's `zoneinfo`). */
export class ZoneInfoNotFoundError extends KeyError {}

/** The current instant. */
export function now(): Date {
  return new Date(Math.round(time() * 1000));
}

const OFFSET = /^([+-])(\d\d):?(\d\d)$/;

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}

/** A zone with a fixed offset from UTC, in minutes. */
export function get_fixed_timezone(offset: number): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
}

/** `settings.TIME_ZONE`. */
export function get_default_timezone(): string {
  return settings.TIME_ZONE;
}

/** The name of the default zone, which here is the zone itself. */
export function get_default_timezone_name(): string {
  return get_default_timezone();
}

/** The zone that was activated, else the default one. */
export function get_current_timezone(): string {
  return task().timezone ?? get_default_timezone();
}

/** The name of the current zone, which here is the zone itself. */
export function get_current_timezone_name(): string {
  return get_current_timezone();
}

/**
 * Makes a zone the current one, until the request ends or another takes its place.
 * @throws ZoneInfoNotFoundError for a zone the system does not know; ValueError for what is no text.
 */
export function activate(timezone: string): void {
  check(timezone);
  use_tasks();
  task_to_write().timezone = timezone;
}

/** Goes back to the default zone. */
export function deactivate(): void {
  delete task_to_write().timezone;
}

/**
 * Runs `fn`, and what it goes on to do, with another current zone; `null` is the default one.
 * @throws ZoneInfoNotFoundError for a zone the system does not know.
 */
export function override<T>(timezone: string | null, fn: () => T): T {
  if (timezone !== null) check(timezone);
  return run_task(fn, { timezone: timezone ?? undefined });
}

function check(timezone: unknown): void {
  if (typeof timezone !== "string")
    throw new ValueError(`A time zone is a name, such as "Europe/Rome", not ${repr(timezone)}.`);
  if (!OFFSET.test(timezone)) clock_of(timezone);
}

/** Always true: a `Date` names an instant. */
export function is_aware(_value: Date): true {
  return true;
}

/** Always false: a `Date` names an instant. */
export function is_naive(_value: Date): false {
  return false;
}

/** An instant as the clocks of a zone show it. Its text is ISO 8601, as Python's. */
export class LocalTime {
  static {
    define_repr(this.prototype);
  }

  /** The instant. */
  readonly date: Date;
  /** The zone. */
  readonly timezone: string;
  /** How far the clocks are ahead of UTC, in seconds. */
  readonly utcoffset: number;
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 0 for Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;

  constructor(date: Date, timezone: string) {
    this.date = date;
    this.timezone = timezone;
    this.utcoffset = offset_at(date, timezone);
    const shown = new Date(date.getTime() + this.utcoffset * 1000); // its UTC fields are what the clocks show
    this.year = shown.getUTCFullYear();
    this.month = shown.getUTCMonth() + 1;
    this.day = shown.getUTCDate();
    this.weekday = (shown.getUTCDay() + 6) % 7;
    this.hour = shown.getUTCHours();
    this.minute = shown.getUTCMinutes();
    this.second = shown.getUTCSeconds();
    this.millisecond = shown.getUTCMilliseconds();
  }

  /** The calendar date there: `2026-01-02`. */
  isodate(): string {
    return `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
  }

  toString(): string {
    const fraction = this.millisecond === 0 ? "" : `.${pad(this.millisecond, 3)}000`;
    const clock = `${pad(this.hour)}:${pad(this.minute)}:${pad(this.second)}${fraction}`;
    return `${this.isodate()} ${clock}${this.#offset()}`;
  }

  /** `+01:00`; with seconds before the zones were given whole minutes. */
  #offset(): string {
    const ahead = Math.abs(this.utcoffset);
    const parts = [Math.floor(ahead / 3600), Math.floor(ahead / 60) % 60, ahead % 60];
    if (ahead % 60 === 0) parts.pop();
    return (this.utcoffset < 0 ? "-" : "+") + parts.map((part) => pad(part)).join(":");
  }
}

// Making one is slow. There are some hundred zones, but each can be written in many mixtures of cases.
const MAX_CLOCKS = 1000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What knows the rules of a named zone. */
function clock_of(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  try {
    const clock = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      calendar: "gregory", // "iso8601" is Julian before 1582
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    if (clocks.size >= MAX_CLOCKS) clocks.clear();
    clocks.set(timezone, clock);
    return clock;
  } catch (cause) {
    throw new ZoneInfoNotFoundError(`There is no time zone ${repr(timezone)}.`, { cause });
  }
}

/** Seconds that the zone's clocks are ahead of UTC at that instant. */
function offset_at(date: Date, timezone: string): number {
  if (Number.isNaN(date.getTime())) throw new ValueError("An invalid Date has no local time.");
  const fixed = OFFSET.exec(timezone);
  if (fixed !== null) {
    const seconds = Number(fixed[2]) * 3600 + Number(fixed[3]) * 60;
    return fixed[1] === "-" ? -seconds : seconds;
  }
  if (timezone === "UTC") return 0;
  const fields = new Map<string, number>();
  for (const { type, value } of clock_of(timezone).formatToParts(date))
    fields.set(type, Number(value));
  const of = (type: string): number => fields.get(type) ?? 0;
  const shown = new Date(0);
  shown.setUTCFullYear(of("year"), of("month") - 1, of("day"));
  shown.setUTCHours(of("hour"), of("minute"), of("second"));
  return shown.getTime() / 1000 - Math.floor(date.getTime() / 1000);
}

/** Options of `localtime` and `localdate`. */
export interface LocaltimeOptions {
  /** Default: the current zone. */
  timezone?: string | null | undefined;
}

/**
 * What clocks show at that instant, by default now.
 * @throws ZoneInfoNotFoundError for a zone the system does not know.
 */
export function localtime(value?: Date | null, options: LocaltimeOptions = {}): LocalTime {
  return new LocalTime(value ?? now(), options.timezone ?? get_current_timezone());
}

/** The calendar date at that instant, by default now: `2026-01-02`. */
export function localdate(value?: Date | null, options: LocaltimeOptions = {}): string {
  return localtime(value, options).isodate();
}
