/** How long a computation takes, for specifications that input cannot make it take longer. @module */

/** The processor time of the fastest of some runs, in milliseconds: other work on the machine does not count. */
export function cpu_time(run: () => unknown, runs = 5): number {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
