/** How long a computation takes, for specifications that input cannot make it take longer. @module */

/** The processor time of the fastest of some runs, in milliseconds: other work on the machine does not count. */
export function cpu_time(run: () => unknown, runs = 5): number {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    run();
    best = Math.min(best, since(before));
  }
  return best;
}

/** `cpu_time` of what gives a promise. */
export async function cpu_time_of(run: () => Promise<unknown>, runs = 5): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    await run();
    best = Math.min(best, since(before));
  }
  return best;
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
