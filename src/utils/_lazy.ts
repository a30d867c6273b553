/** The mark of lazy values: what `lazy()` makes, and what `force_str` and the like tell apart. @module */

/** Set on every lazy value. */
export const LAZY: unique symbol = Symbol("nuages.lazy");

/** Whether the value was made by `lazy()` and is worked out at each use. */
export function is_lazy(value: unknown): boolean {
  return typeof value === "object" && value !== null && LAZY in value;
}
