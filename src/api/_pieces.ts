/** The pieces of a stream without the empty ones, which would look like its end on the wire. @module */

/** Over pieces that are there at once. */
export class Pieces implements IterableIterator<Buffer> {
  readonly #content: IterableIterator<Buffer>;

  constructor(content: IterableIterator<Buffer>) {
    this.#content = content;
  }

  next(): IteratorResult<Buffer, undefined> {
    for (;;) {
      const step = this.#content.next();
      if (step.done === true || step.value.length > 0) return step;
    }
  }

  return(): IteratorResult<Buffer, undefined> {
    this.#content.return?.();
    return DONE;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Over pieces that are waited for. */
export class AsyncPieces implements AsyncIterableIterator<Buffer> {
  readonly #content: AsyncIterableIterator<Buffer>;

  constructor(content: AsyncIterableIterator<Buffer>) {
    this.#content = content;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const step = await this.#content.next();
      if (step.done === true || step.value.length > 0) return step;
    }
  }

  async return(): Promise<IteratorResult<Buffer, undefined>> {
    await this.#content.return?.();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const DONE: IteratorResult<Buffer, undefined> = Object.freeze({ value: undefined, done: true });
