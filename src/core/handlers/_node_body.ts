/** The chunks of a `node:http` request, one when one is wanted. @module */
import type { IncomingMessage } from "node:http";
import { Chunks, FEW, SMALL } from "./_chunks.ts";

/** What errors become: kept by the wire, so that every later reading fails alike. */
export interface BodyErrors {
  failed(error: Error): Error;
  silent(): Error;
}

interface Waiter {
  resolve(result: IteratorResult<Buffer, undefined>): void;
  reject(error: Error): void;
}

const DONE: IteratorResult<Buffer, undefined> = Object.freeze({ value: undefined, done: true });

/**
 * An iterator over the events of the request. While nobody waits for a chunk, one is here at most, and a few KiB if the
 * client sends less than that at a time: it is slowed down.
 */
export class BodyReader implements AsyncIterableIterator<Buffer> {
  readonly #req: IncomingMessage;
  readonly #timeout: number;
  readonly #errors: BodyErrors;
  readonly #chunks: Chunks;
  #waiter: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;
  // How many small chunks came one after another. After a few, each waits a turn for those that have come with it:
  // every chunk costs its reader a promise.
  #trickle = 0;
  #later: NodeJS.Immediate | undefined;
  #ended = false;
  #error: Error | undefined;

  /** @param chunks What was read of the body before. */
  constructor(
    req: IncomingMessage,
    chunks: Chunks | undefined,
    timeout: number,
    errors: BodyErrors,
  ) {
    this.#req = req;
    this.#chunks = chunks ?? new Chunks();
    this.#timeout = timeout;
    this.#errors = errors;
    req
      .on("data", this.#data)
      .on("end", this.#end)
      .on("error", this.#fail)
      .on("close", this.#closed);
    if (chunks !== undefined) req.pause();
  }

  next(): Promise<IteratorResult<Buffer, undefined>> {
    const value = this.#chunks.take();
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(DONE);
    if (this.#req.isPaused()) this.#req.resume();
    if (this.#timeout > 0) this.#watch();
    return new Promise((resolve, reject) => (this.#waiter = { resolve, reject }));
  }

  /** One timer for all chunks: it is set again for each, and means nothing while nobody waits. */
  #watch(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(this.#expired, this.#timeout);
  }

  readonly #expired = (): void => {
    if (this.#waiter !== undefined) this.#fail(this.#errors.silent());
  };

  readonly #data = (value: Buffer): void => {
    const has_waiter = this.#waiter !== undefined;
    this.#trickle = value.length < SMALL ? this.#trickle + 1 : 0;
    if (has_waiter && this.#trickle < FEW && this.#chunks.size === 0)
      return this.#answer({ value, done: false });
    this.#chunks.add(value);
    if (!has_waiter) {
      if (!this.#chunks.is_small) this.#req.pause();
    } else if (this.#chunks.is_small) this.#later ??= setImmediate(this.#give);
    else this.#give();
  };

  /** Gives what is here to whoever waits for it. */
  readonly #give = (): void => {
    this.#later = undefined;
    if (this.#waiter === undefined) return;
    const value = this.#chunks.take();
    if (value !== undefined) this.#answer({ value, done: false });
  };

  #answer(result: IteratorResult<Buffer, undefined>): void {
    this.#waiter?.resolve(result);
    this.#waiter = undefined;
  }

  readonly #end = (): void => {
    this.#stop();
    this.#give();
    this.#answer(DONE);
  };

  readonly #fail = (cause: Error): void => {
    if (!this.#ended) this.fail(this.#errors.failed(cause));
  };

  readonly #closed = (): void => this.#fail(new Error("the client closed the connection"));

  /** Ends it with an error. What is here already can still be read. */
  fail(error: Error): void {
    this.#stop();
    this.#give();
    this.#error = error;
    this.#waiter?.reject(error);
    this.#waiter = undefined;
  }

  #stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#later);
    const req = this.#req;
    req
      .off("data", this.#data)
      .off("end", this.#end)
      .off("error", this.#fail)
      .off("close", this.#closed);
  }

  /** Reading stops here, and may go on: the rest stays where it is. */
  return(): Promise<IteratorResult<Buffer, undefined>> {
    if (!this.#ended) this.#req.pause();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
