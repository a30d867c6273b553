/** How a filter treats text that is safe. @module */
import { str } from "../utils/_python.ts";
import { mark_safe, SafeData } from "../utils/safestring.ts";
import type { Text } from "./_filter_values.ts";

/** What templates have to know of a filter; `Library.filter` sets it. */
export interface FilterFlags {
  /** It makes no text unsafe that was safe: what it makes of safe text is marked as safe. Default `false`. */
  is_safe?: boolean | undefined;
  /** It is told, as its last argument, whether the template escapes. Default `false`. */
  needs_autoescape?: boolean | undefined;
  /** It wants dates in the current time zone. Here every filter that shows a date does that by itself. */
  expects_localtime?: boolean | undefined;
}

/** A filter: a function of a value, and at most one argument. */
export type Filter = ((value: never, ...args: never[]) => unknown) & FilterFlags;

interface Wrapped extends FilterFlags {
  __wrapped__?: Wrapped | undefined;
}

/** Sets flags on a filter, and on the functions that it wraps. */
export function set_flags(filter: Filter, flags: FilterFlags): void {
  for (let fn: Wrapped | undefined = filter; fn !== undefined; fn = fn.__wrapped__)
    Object.assign(fn, flags);
}

/**
 * Makes a filter of a function on text: it is given the `str` of the value. What it makes of safe text is marked as safe if
 * it is registered with `is_safe`.
 */
export function stringfilter<A extends unknown[], R>(
  func: (value: string, ...args: A) => R,
): (value: unknown, ...args: A) => R | Text {
  const filter = (value: unknown, ...args: A): R | Text => {
    const result = func(str(value), ...args);
    const { is_safe } = func as FilterFlags; // a function, with or without flags
    return value instanceof SafeData && is_safe === true ? mark_safe(result) : result;
  };
  Object.defineProperty(filter, "name", { value: func.name });
  return Object.assign(filter, { __wrapped__: func });
}
