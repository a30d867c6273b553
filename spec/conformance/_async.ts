/**
 * Steps that wait only if they must. A script runs inside views, hooks and key functions, some of which may not give
 * a promise; so each verb is a generator that yields what may be a promise and goes on with its value. @module
 */

/** A piece of work that yields what must be waited for, and gives a `T`. */
export type Work<T> = Generator<unknown, T, unknown>;

/** Whether a value can be awaited. */
export function is_thenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Runs the work: at once, or, from the first promise it meets, asynchronously. */
export function run<T>(work: Work<T>): T | Promise<T> {
  let next = work.next();
  while (!next.done) {
    if (is_thenable(next.value)) return run_from(work, next.value);
    next = work.next(next.value);
  }
  return next.value;
}

async function run_from<T>(work: Work<T>, first: unknown): Promise<T> {
  let pending = first;
  for (;;) {
    const next = await resume(work, pending);
    if (next.done) return next.value;
    pending = next.value;
  }
}

async function resume<T>(work: Work<T>, pending: unknown): Promise<IteratorResult<unknown, T>> {
  let value: unknown;
  try {
    value = await pending;
  } catch (error) {
    return work.throw(error);
  }
  return work.next(value);
}
