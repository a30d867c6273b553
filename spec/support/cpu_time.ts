/** How long a computation takes, for specifications that input cannot make it take longer. @module */

// A short run is repeated for so long, in milliseconds: the collector and the compiler have threads whose time counts, too.
const AT_LEAST = 100;
const AT_MOST_RUNS = 50;

/** The time of the fastest of some runs, in milliseconds; neither other programs nor the collector's threads count. */
export function cpu_time(run: () => unknown, runs = 5): number {
  const times = new Times(runs);
  while (times.is_open) {
    const before = now();
    run();
    times.add(before);
  }
  return times.best;
}

/** `cpu_time` of what gives a promise. */
export async function cpu_time_of(run: () => Promise<unknown>, runs = 5): Promise<number> {
  const times = new Times(runs);
  while (times.is_open) {
    const before = now();
    await run();
    times.add(before);
  }
  return times.best;
}

/** How many times as long the second takes as the first. They take turns: the machine is as fast for one as for the other. */
export async function cpu_ratio_of(
  first: () => unknown,
  second: () => unknown,
  rounds = 5,
): Promise<number> {
  const [of_first, of_second] = [new Times(rounds), new Times(rounds)];
  for (let round = 0; round < rounds; round++) {
    for (const [times, run] of [[of_first, first] as const, [of_second, second] as const]) {
      const before = now();
      await run();
      times.add(before);
    }
  }
  return of_second.best / of_first.best;
}

class Times {
  best = Infinity;
  readonly #runs: number;
  readonly #start = performance.now();
  #count = 0;

  constructor(runs: number) {
    this.#runs = runs;
  }

  /** Whether there should be one more. */
  get is_open(): boolean {
    if (this.#count < this.#runs) return true;
    return (
      this.#runs > 1 && this.#count < AT_MOST_RUNS && performance.now() - this.#start < AT_LEAST
    );
  }

  add(before: Moment): void {
    this.#count++;
    this.best = Math.min(this.best, since(before));
  }
}

/** By the clock, and in processor time of all threads. */
interface Moment {
  readonly clock: number;
  readonly cpu: NodeJS.CpuUsage;
}

function now(): Moment {
  return { clock: performance.now(), cpu: process.cpuUsage() };
}

/** What the program's own thread can have used at most: it waits for others by the clock, others work in processor time. */
function since({ clock, cpu }: Moment): number {
  const { user, system } = process.cpuUsage(cpu);
  return Math.min((user + system) / 1000, performance.now() - clock);
}
