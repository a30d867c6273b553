/** Waiting without sleeping: for turns of the event loop, for a condition, for a signal. @module */

/** Lets so many turns of the event loop pass. */
export async function turns(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits, for ten seconds unless told otherwise, until the condition holds. The spec says afterwards what must be so. */
export async function until(condition: () => boolean, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition() && performance.now() < end) await turns();
}

/** Something to wait for that somebody else opens. */
export interface Gate {
  readonly promise: Promise<void>;
  readonly open: () => void;
}

/** A closed gate. */
export function gate(): Gate {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Text without end, a piece in each turn; calls `on_end` when nobody reads on. */
export async function* ticks(on_end: () => void): AsyncGenerator<string> {
  try {
    for (;;) {
      yield "tick\n";
      await turns();
    }
  } finally {
    on_end();
  }
}
