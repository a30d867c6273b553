/** Signs of life in a stream of events: comments when nothing else comes. @module */
import { clearTimeout, setTimeout } from "node:timers";
import { NO_MORE, type TextStep } from "./_texts.ts";

/** What clients ignore, and proxies take for traffic. */
const PING: TextStep = Object.freeze({ value: ": ping\n\n", done: false });
/** The longest time that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

interface Waiting {
  readonly resolve: (step: TextStep) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives what a source of texts gives, and a ping when a reader has waited for it too long. Without a reader nothing is
 * made, nor asked for: a client that does not read costs no memory.
 */
export class WithPings implements AsyncIterableIterator<string> {
  readonly #texts: AsyncIterableIterator<string, undefined>;
  readonly #milliseconds: number;
  #first: string;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Waiting | undefined;
  #is_asked = false;
  /** What came while nobody waited: behind a ping. */
  #early: Promise<TextStep> | undefined;
  #is_over = false;

  /**
   * @param first A text to begin with; may be empty.
   * @param interval Seconds until a ping; `null`: there are none.
   */
  constructor(
    texts: AsyncIterableIterator<string, undefined>,
    first: string,
    interval: number | null,
  ) {
    this.#texts = texts;
    this.#first = first;
    this.#milliseconds = interval === null ? 0 : Math.min(interval * 1000, LONGEST);
  }

  next(): Promise<TextStep> {
    const first = this.#first;
    if (first !== "" && !this.#is_over) {
      this.#first = "";
      return Promise.resolve({ value: first, done: false });
    }
    const early = this.#early;
    if (early !== undefined) {
      this.#early = undefined;
      return early;
    }
    if (this.#is_over) return Promise.resolve(NO_MORE);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#start_timer();
      if (!this.#is_asked) this.#ask();
    });
  }

  #ask(): void {
    this.#is_asked = true;
    this.#texts.next().then(this.#give, this.#fail);
  }

  readonly #give = (step: TextStep): void => {
    this.#is_asked = false;
    if (step.done === true) this.#stop();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting.resolve(step);
    else this.#early = Promise.resolve(step);
  };

  readonly #fail = (error: unknown): void => {
    this.#stop();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) return waiting.reject(error);
    this.#early = Promise.reject(error as Error); // as thrown
    this.#early.catch(() => {}); // whoever asks next learns of it
  };

  #start_timer(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else if (this.#milliseconds > 0)
      this.#timer = setTimeout(this.#ping, this.#milliseconds).unref();
  }

  readonly #ping = (): void => {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(PING);
  };

  #stop(): void {
    this.#is_over = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the source and the timer; who waits is told that nothing comes. */
  async return(): Promise<TextStep> {
    this.#stop();
    this.#early = undefined;
    this.#waiting?.resolve(NO_MORE);
    this.#waiting = undefined;
    await this.#texts.return?.();
    return NO_MORE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
