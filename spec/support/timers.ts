/** Timers of ours that are running, for specs of what starts and stops them. @module */
import { createHook } from "node:async_hooks";

/** What is known of the timers that our own code has started meanwhile. */
export interface TimerWatch {
  /** The milliseconds of all that were started. */
  readonly delays: readonly number[];
  /** How many of them are neither cleared nor over. */
  readonly running: () => number;
}

/** Runs `fn` with a view of the timers that our own code starts meanwhile. */
export async function watching_timers<T>(fn: (watch: TimerWatch) => T | Promise<T>): Promise<T> {
  const delays: number[] = [];
  const running = new Set<number>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type !== "Timeout" || new Error().stack?.includes("/src/") !== true) return;
      running.add(id);
      delays.push((resource as { _idleTimeout: number })._idleTimeout); // Node's own name for it
    },
    destroy: (id) => void running.delete(id),
  }).enable();
  try {
    return await fn({ delays, running: () => running.size });
  } finally {
    hook.disable();
  }
}
