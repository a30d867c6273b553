/** How much memory something keeps. @module */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** By how many bytes the heap is larger afterwards, when all that nobody holds is gone. */
export function heap_growth(run: () => unknown): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // what the flag adds to new contexts
  run();
  collect();
  const before = process.memoryUsage().heapUsed;
  run();
  collect();
  return process.memoryUsage().heapUsed - before;
}
