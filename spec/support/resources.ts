/** What the process holds: descriptors, files in a directory, memory after a collection. @module */
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { until } from "./turns.ts";

/** A mebibyte, in bytes. */
export const MiB = 1_048_576;

const collect = collector();

/** Bun has a function of its own; elsewhere a flag of V8 puts one there. */
function collector(): () => void {
  const { Bun } = globalThis as { Bun?: { gc(is_blocking: boolean): void } };
  if (Bun !== undefined) return () => Bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void; // the flag puts it there
}

/** How many descriptors are open; `undefined` where the system does not tell. */
export function open_descriptors(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** Waits until no more descriptors are open than before; one that something earlier had left open may have been closed. */
export async function descriptors_closed(before: number | undefined): Promise<void> {
  if (before === undefined) return;
  await until(() => (open_descriptors() ?? 0) <= before);
  expect(open_descriptors()).to.be.at.most(before);
}

/** The size of what is alive in the heap, in bytes. */
export function live_heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Memory of the process after a collection, in bytes. */
export function resident(): number {
  collect();
  return process.memoryUsage.rss();
}
