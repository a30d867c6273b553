/** Reading a `ReadableStream` so that it can be ended at any time. @module */

type Step = IteratorResult<unknown, unknown>;

/**
 * Over what a stream gives. Its own iterator ends it only when a chunk has come that is waited for: a silent one would
 * never learn that the client has gone.
 */
export class ReaderIterator implements AsyncIterator<unknown> {
  readonly #reader: ReadableStreamDefaultReader<unknown>;

  /** @throws TypeError for a stream that somebody else reads. */
  constructor(stream: ReadableStream<unknown>) {
    this.#reader = stream.getReader();
  }

  next(): Promise<Step> {
    return this.#reader.read();
  }

  /** Cancels the stream; who waits for a chunk is told that there is none. */
  async return(): Promise<Step> {
    await this.#reader.cancel();
    return DONE;
  }
}

const DONE: Step = Object.freeze({ value: undefined, done: true });
