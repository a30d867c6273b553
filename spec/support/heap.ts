/** How much memory something keeps. @module */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** How many bytes of buffers and of the heap are held, when all that nobody holds is gone. */
export function held_memory(): { readonly buffers: number; readonly heap: number } {
  setFlagsFromString("--expose-gc");
  collect ??= runInNewContext("gc") as () => void; // what the flag adds to new contexts
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return { buffers: arrayBuffers, heap: heapUsed };
}

/** By how many bytes the heap is larger afterwards, when all that nobody holds is gone. */
export function heap_growth(run: () => unknown): number {
  run();
  const before = held_memory().heap;
  run();
  return held_memory().heap - before;
}

/** `heap_growth` of what gives a promise. */
export async function heap_growth_of(run: () => Promise<unknown>): Promise<number> {
  await run();
  const before = held_memory().heap;
  await run();
  return held_memory().heap - before;
}
