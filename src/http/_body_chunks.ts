/** Iterating over a body as it comes, with as few objects for each chunk as there can be. @module */

type Result = IteratorResult<Buffer, undefined>;

const DONE: Result = Object.freeze({ value: undefined, done: true });

/** The unread rest of a body. What is not asked for stays where it is, for whoever reads next. */
export class BodyChunks implements AsyncIterableIterator<Buffer> {
  readonly #read: () => Promise<Result>;
  #waiting: Promise<Result> | undefined;
  #ended = false;

  /** @param read Gives the next chunk; it is called again only when that one is there. */
  constructor(read: () => Promise<Result>) {
    this.#read = read;
  }

  next(): Promise<Result> {
    if (this.#waiting !== undefined) return this.#waiting.then(this.#again, this.#again);
    if (this.#ended) return Promise.resolve(DONE);
    this.#waiting = this.#read().then(this.#arrived, this.#failed);
    return this.#waiting;
  }

  readonly #again = (): Promise<Result> => this.next();

  readonly #arrived = (result: Result): Result => {
    this.#waiting = undefined;
    if (result.done === true) this.#ended = true;
    return result;
  };

  readonly #failed = (error: unknown): never => {
    this.#waiting = undefined;
    this.#ended = true;
    throw error;
  };

  /** Reading stops here. */
  return(): Promise<Result> {
    this.#ended = true;
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
