/** Work that waits only where it must: written once as a generator, run at once or as a promise. @module */
import { is_promise, is_thenable, type Maybe } from "./_promise.ts";

/** A generator that yields promises and goes on with their values. */
export type Work<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** Inside work: the value, waited for if it is a promise. Use with `yield*`. */
export function* wait<T>(value: Maybe<T>): Work<T> {
  return is_thenable(value) ? ((yield value) as T) : value; // what comes back is what the promise gave
}

/** Does the work: at once, or as a promise from the first thing on that must be waited for. */
export function run<T>(work: Work<T>): Maybe<T> {
  const step = work.next();
  return step.done === true ? step.value : go_on(work, step.value);
}

async function go_on<T>(work: Work<T>, first: PromiseLike<unknown>): Promise<T> {
  let pending = first;
  for (;;) {
    let value: unknown;
    let failed = false;
    try {
      value = await pending;
    } catch (error) {
      value = error;
      failed = true;
    }
    const step = failed ? work.throw(value) : work.next(value);
    if (step.done === true) return step.value;
    pending = step.value;
  }
}

/** Does a step over and over until it gives `false`: at once, or with one promise for all the steps there are. */
export function repeat(step: () => Maybe<boolean | void>): Maybe<void> {
  for (;;) {
    const more = step();
    if (is_promise(more)) return repeat_after(more, step);
    if (more === false) return;
  }
}

function repeat_after(
  first: Promise<boolean | void>,
  step: () => Maybe<boolean | void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const go_on_with = (done: boolean | void): void => {
      try {
        for (let more: Maybe<boolean | void> = done; more !== false; more = step())
          if (is_promise(more)) return void more.then(go_on_with, reject);
        resolve();
      } catch (error) {
        reject(error as Error);
      }
    };
    first.then(go_on_with, reject);
  });
}
