/** Keeps password hashing from taking the whole thread pool, which also reads files and resolves names. @module */

function threads(): number {
  const wanted = Number.parseInt(process.env["UV_THREADPOOL_SIZE"] ?? "", 10);
  return wanted > 0 ? wanted : 4; // libuv's default
}

const MAX_RUNNING: number = Math.max(1, Math.floor(threads() / 2));
const waiting: (() => void)[] = [];
let running = 0;

/** Starts `job`, which works in the thread pool, as soon as half of the pool is not hashing. */
export async function in_turn<T>(job: () => Promise<T>): Promise<T> {
  if (running < MAX_RUNNING) running++;
  else await new Promise<void>((resolve) => void waiting.push(resolve)); // whoever ends hands its place on
  try {
    return await job();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
