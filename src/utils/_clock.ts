/** The one clock of the framework: cookies, signatures, dates and caches all ask it. @module */

let frozen: number | undefined;

/** Seconds since the epoch, with fractions, as Python's `time.time()`. */
export function time(): number {
  return frozen ?? Date.now() / 1000;
}

/** Stops the clock at `seconds` since the epoch; `undefined` lets it run again. */
export function freeze(seconds: number | undefined): void {
  frozen = seconds;
}
