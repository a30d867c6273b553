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

/** A body that is there already, in one piece. */
export function one_chunk(body: Buffer): BodyChunks {
  let chunk: Buffer | undefined = body;
  return new BodyChunks(() => {
    const result: Result = chunk === undefined ? DONE : { value: chunk, done: false };
    chunk = undefined;
    return Promise.resolve(result);
  });
}

/** What a multipart parser reads from the wire: chunks, and how many bytes they will be. */
export class WireInput implements AsyncIterable<Uint8Array> {
  readonly length: number | undefined;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterator<Buffer>, length: number | undefined) {
    this.#chunks = chunks;
    this.length = length;
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return this.#chunks;
  }
}
