/** What Python's `iter()` and `aiter()` would make of a value. @module */
import { is_plain } from "../utils/_mapping.ts";

/**
 * The value as an iterable, where Python would iterate it: a dictionary by its keys, text not at all.
 * `undefined` for what has no items, and for text and bytes.
 * @throws TypeError for an async iterable or a promise, whose items cannot be had at once.
 */
export function python_iterable(value: unknown): Iterable<unknown> | undefined {
  if (typeof value !== "object" || value === null || value instanceof String) return undefined;
  if (value instanceof Map) return value.keys();
  if (is_iterable(value)) return value;
  if (is_async_iterable(value))
    throw new TypeError(
      "The content of an HttpResponse cannot be an async iterable. Use a StreamingHttpResponse.",
    );
  if (value instanceof Promise)
    throw new TypeError("The content of a response cannot be a promise. Await it first.");
  return is_plain(value) ? Object.keys(value) : undefined;
}

/** Whether `for … of` takes it. */
export function is_iterable(value: unknown): value is Iterable<unknown> {
  return (
    value !== null &&
    value !== undefined &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function"
  );
}

/** Whether `for await … of` takes it, and `for … of` need not. */
export function is_async_iterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    value !== null &&
    value !== undefined &&
    typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function"
  );
}
