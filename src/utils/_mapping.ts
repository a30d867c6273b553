/** What Python calls a mapping, in the forms JavaScript has for it. @module */

/** A mapping or its pairs, as the constructors of Django's containers take them. */
export type Pairs<V> =
  | Readonly<Record<string, V>>
  | ReadonlyMap<string, V>
  | Iterable<readonly [string, V]>
  | { items(): Iterable<readonly [string, V]> };

/** Whether the value is a plain object, as opposed to an instance of some class. */
export function is_plain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function has_items(value: object): value is { items(): Iterable<readonly [unknown, unknown]> } {
  return "items" in value && typeof value.items === "function";
}

/** The pairs of a mapping: a plain object, a `Map`, or an object with Python's `items()`. `undefined` for anything else. */
export function mapping_items(value: unknown): Iterable<readonly [unknown, unknown]> | undefined {
  if (is_plain(value)) return Object.entries(value);
  if (value instanceof Map) return value;
  return typeof value === "object" && value !== null && has_items(value)
    ? value.items()
    : undefined;
}

/** Whether `for … of` works on the value. */
export function is_iterable(value: unknown): value is Iterable<unknown> {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
