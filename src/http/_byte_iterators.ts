/** One-shot iterators that turn what a stream yields into bytes on its way out. @module */

/** Turns a piece of content into bytes. */
export type ToBytes = (piece: unknown) => Buffer;

/** Python's `map(make_bytes, iterator)`: several of these over one iterator share what it has left. */
export class ByteIterator implements IterableIterator<Buffer> {
  readonly #iterator: Iterator<unknown>;
  readonly #to_bytes: ToBytes;

  constructor(iterator: Iterator<unknown>, to_bytes: ToBytes) {
    this.#iterator = iterator;
    this.#to_bytes = to_bytes;
  }

  next(): IteratorResult<Buffer, undefined> {
    const { done, value } = this.#iterator.next();
    return done === true ? DONE : { value: this.#to_bytes(value), done: false };
  }

  /** Reading stopped early: ends the source, too, so that the `finally` of a generator runs. */
  return(): IteratorResult<Buffer, undefined> {
    this.#iterator.return?.();
    return DONE;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** The same over an asynchronous iterator. */
export class AsyncByteIterator implements AsyncIterableIterator<Buffer> {
  readonly #iterator: AsyncIterator<unknown>;
  readonly #to_bytes: ToBytes;

  constructor(iterator: AsyncIterator<unknown>, to_bytes: ToBytes) {
    this.#iterator = iterator;
    this.#to_bytes = to_bytes;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    const { done, value } = await this.#iterator.next();
    return done === true ? DONE : { value: this.#to_bytes(value), done: false };
  }

  /** Reading stopped early: ends the source, too. */
  async return(): Promise<IteratorResult<Buffer, undefined>> {
    await this.#iterator.return?.();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const DONE: IteratorResult<Buffer, undefined> = Object.freeze({ value: undefined, done: true });
