/** The chunks of a `node:http` request, one when one is wanted. @module */
import type { IncomingMessage } from "node:http";

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

/** An iterator over the events of the request. While nobody waits for a chunk, at most one is here: the client is slowed down. */
export class BodyReader implements AsyncIterableIterator<Buffer> {
  readonly #req: IncomingMessage;
  readonly #timeout: number;
  readonly #errors: BodyErrors;
  #chunks: Buffer[];
  #waiter: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  #error: Error | undefined;

  /** @param chunks What was read of the body before. */
  constructor(req: IncomingMessage, chunks: Buffer[], timeout: number, errors: BodyErrors) {
    this.#req = req;
    this.#chunks = chunks;
    this.#timeout = timeout;
    this.#errors = errors;
    req
      .on("data", this.#data)
      .on("end", this.#end)
      .on("error", this.#fail)
      .on("close", this.#closed);
    if (chunks.length > 0) req.pause();
  }

  next(): Promise<IteratorResult<Buffer, undefined>> {
    const value = this.#chunks.shift();
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
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#chunks.push(value);
      this.#req.pause();
    } else {
      this.#waiter = undefined;
      waiter.resolve({ value, done: false });
    }
  };

  readonly #end = (): void => {
    this.#stop();
    this.#waiter?.resolve(DONE);
    this.#waiter = undefined;
  };

  readonly #fail = (cause: Error): void => {
    if (!this.#ended) this.fail(this.#errors.failed(cause));
  };

  readonly #closed = (): void => this.#fail(new Error("the client closed the connection"));

  /** Ends it with an error. What is here already can still be read. */
  fail(error: Error): void {
    this.#stop();
    this.#error = error;
    this.#waiter?.reject(error);
    this.#waiter = undefined;
  }

  #stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
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
