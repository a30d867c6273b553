/** The body of a `node:http` request while it is still on the wire. @module */
import type { IncomingMessage } from "node:http";
import type { Wire } from "../../http/_body.ts";
import { UnreadablePostError } from "../../http/request.ts";

/** Milliseconds without a byte after which a body is given up. */
export const BODY_TIMEOUT = 60_000;

/** Reads the body of an `IncomingMessage` with its events: cheaper than a stream iterator for small bodies. */
export class NodeWire implements Wire {
  readonly length: number | undefined;
  readonly #req: IncomingMessage;
  // What `collect` read before it found the body too long.
  #held: Buffer[] = [];
  #error: Error | undefined;

  /** @param length The announced length. */
  constructor(req: IncomingMessage, length: number | undefined) {
    this.#req = req;
    this.length = length;
  }

  get aborted(): boolean {
    return this.#req.destroyed && !this.#req.complete;
  }

  collect(limit: number | null): Promise<Buffer | undefined> {
    if (limit !== null && this.length !== undefined && this.length > limit)
      return Promise.resolve(undefined);
    return new Promise((resolve, reject) => this.#collect(limit ?? Infinity, resolve, reject));
  }

  #collect(
    limit: number,
    resolve: (body: Buffer | undefined) => void,
    reject: (error: Error) => void,
  ): void {
    const req = this.#req;
    if (this.#consumed(reject)) return;
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => failed(new Error(`no byte of the body came for ${BODY_TIMEOUT / 1000} s`)),
      BODY_TIMEOUT,
    );
    const done = (): void => {
      clearTimeout(timer);
      req.off("data", data).off("end", end).off("error", failed).off("close", closed);
    };
    const data = (chunk: Buffer): void => {
      timer.refresh();
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      req.pause();
      done();
      this.#held = chunks;
      resolve(undefined);
    };
    const end = (): void => {
      done();
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size));
    };
    const failed = (error: Error): void => {
      done();
      reject(this.#unreadable(error));
    };
    const closed = (): void => failed(new Error("the client closed the connection"));
    req.on("data", data).on("end", end).on("error", failed).on("close", closed);
  }

  /** A body that another parser has read before us would never end. */
  #consumed(reject: (error: Error) => void): boolean {
    const { readableEnded, destroyed, complete } = this.#req;
    if (!readableEnded && !destroyed) return false;
    const why =
      destroyed && !complete
        ? "the client closed the connection"
        : "something else has read it already (a body parser before this application?)";
    reject(this.#unreadable(new Error(why)));
    return true;
  }

  #unreadable(cause: Error): UnreadablePostError {
    this.#error ??= new UnreadablePostError(
      `The body of the request could not be read: ${cause.message}.`,
      { cause },
    );
    return this.#error;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    if (this.#error !== undefined) throw this.#error;
    const held = this.#held;
    this.#held = [];
    yield* held;
    this.#consumed((error) => {
      throw error;
    });
    try {
      for await (const chunk of this.#req.iterator({ destroyOnReturn: false }))
        yield chunk as Buffer;
    } catch (error) {
      throw this.#unreadable(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.aborted) throw this.#unreadable(new Error("the client closed the connection"));
  }
}
