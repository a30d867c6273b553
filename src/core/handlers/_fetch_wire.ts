/** The body of a Fetch request while it is still a stream. @module */
import { UnreadablePostError, type Wire } from "../../http/_wire.ts";
import { error_text } from "../../utils/_error_text.ts";
import { Chunks } from "./_chunks.ts";
import { decimal } from "./_framing.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Reads the stream of a request's body, and gives up one that falls silent. */
export class FetchWire implements Wire {
  readonly length: number | undefined;
  /** 408 if the client fell silent, 400 if it went away or its stream broke. */
  client_error: 400 | 408 | undefined;
  readonly #request: Request;
  readonly #timeout: number;
  #reader: Reader | undefined;
  // What `collect` read before it found the body too long.
  #held: Chunks | undefined;
  #error: UnreadablePostError | undefined;
  #is_complete = false;

  /** @param announced The Content-Length field. @param timeout Milliseconds of silence; 0: any time. */
  constructor(request: Request, announced: string | null, timeout: number) {
    this.#request = request;
    this.#timeout = timeout;
    this.length =
      announced !== null && /^[0-9]{1,15}$/.test(announced) ? decimal(announced) : undefined;
  }

  get aborted(): boolean {
    return this.#request.signal.aborted;
  }

  async collect(limit: number | null): Promise<Buffer | undefined> {
    if (limit !== null && this.length !== undefined && this.length > limit) return undefined;
    const chunks = new Chunks();
    for (;;) {
      const chunk = await this.#read();
      if (chunk === undefined) break;
      chunks.add(chunk);
      if (limit === null || chunks.size <= limit) continue;
      this.#held = chunks;
      return undefined;
    }
    return chunks.joined();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk = this.#held?.take() ?? (await this.#read());
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** Gives up what nobody has read, so that the client need not send it. */
  abandon(): void {
    if (this.#is_complete || this.#error !== undefined) return;
    this.#error = new UnreadablePostError("The request is answered; its body is gone.");
    this.#cancel();
  }

  #cancel(): void {
    // whoever else reads it may go on; a broken stream is as good as a cancelled one
    const stream = this.#reader ?? (this.#request.bodyUsed ? null : this.#request.body);
    stream?.cancel().catch(() => undefined);
  }

  async #read(): Promise<Buffer | undefined> {
    if (this.#error !== undefined) throw this.#error;
    try {
      this.#reader ??= this.#open();
      const { value } = await this.#next(this.#reader);
      if (value !== undefined) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.#is_complete = true;
      return undefined;
    } catch (cause) {
      this.#error ??= new UnreadablePostError(
        `The body of the request could not be read: ${error_text(cause)}.`,
        { cause },
      );
      throw this.#error;
    }
  }

  #open(): Reader {
    const { body, bodyUsed } = this.#request;
    if (body === null || bodyUsed || body.locked)
      throw new Error("something else has read it already");
    return body.getReader() as Reader; // the chunks of a body are bytes (Fetch standard, "body")
  }

  #next(reader: Reader): Promise<{ readonly value?: Uint8Array | undefined }> {
    const read = reader.read().catch((error: unknown) => {
      this.client_error ??= 400;
      throw error;
    });
    if (this.#timeout === 0) return read;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.client_error = 408;
        reject(new Error(`no byte of it came for ${this.#timeout / 1000} s`));
        this.#cancel();
      }, this.#timeout);
      read.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
