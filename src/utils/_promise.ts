/** Working with what may or may not be a promise: the request path makes none of its own. @module */

/** A value, or the promise of one. */
export type Maybe<T> = T | Promise<T>;

/** Whether the value still has to be waited for. */
export function is_promise<T>(value: Maybe<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Whether the value is anything that can be awaited, native promise or not. */
export function is_thenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** What may be any thenable as what `and_then` waits for. */
export function when_there(value: unknown): Maybe<unknown> {
  return is_thenable(value) && !(value instanceof Promise) ? Promise.resolve(value) : value;
}

/** `fn(value)`: at once, or when the promise is fulfilled. */
export function and_then<T, R>(value: Maybe<T>, fn: (value: T) => Maybe<R>): Maybe<R> {
  return value instanceof Promise ? value.then(fn) : fn(value);
}
