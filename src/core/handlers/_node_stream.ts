/** Streaming a response to `node:http`: what comes without waiting is written together, and a slow client slows the source. @module */
import type { ServerResponse } from "node:http";
import type { StreamingHttpResponse } from "../../http/response.ts";
import { log } from "../../utils/_logger.ts";
import { str } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";

/** Bytes gathered before they are written, as long as the source does not make us wait. */
const BATCH = 32_768;

/** Collects chunks and writes them in batches; knows how much was announced. */
class Writer {
  readonly #res: ServerResponse;
  readonly #announced: number | undefined;
  #batch: Buffer[] = [];
  #size = 0;
  #written = 0;
  #scheduled = false;

  constructor(res: ServerResponse, announced: number | undefined) {
    this.#res = res;
    this.#announced = announced;
  }

  /** Takes a chunk; a promise if the client must catch up first. */
  add(chunk: Buffer): Promise<void> | undefined {
    this.#written += chunk.length;
    if (this.#announced !== undefined && this.#written > this.#announced) {
      throw new ValueError(
        `The stream is longer than its Content-Length of ${this.#announced} bytes.`,
      );
    }
    this.#batch.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= BATCH) return this.#flush() ? undefined : drained(this.#res);
    if (!this.#scheduled) this.#schedule();
    return undefined;
  }

  /** When the source makes us wait, what there is must go out. */
  #schedule(): void {
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      if (this.#size > 0) this.#flush();
    });
  }

  #flush(): boolean {
    const [only] = this.#batch;
    const all =
      this.#batch.length === 1 && only !== undefined
        ? only
        : Buffer.concat(this.#batch, this.#size);
    this.#batch = [];
    this.#size = 0;
    return this.#res.destroyed || this.#res.write(all);
  }

  end(): void {
    if (this.#announced !== undefined && this.#written < this.#announced) {
      throw new ValueError(
        `The stream ended after ${this.#written} of the ${this.#announced} bytes its Content-Length announces.`,
      );
    }
    if (this.#size > 0) this.#flush();
    this.#res.end();
  }
}

/** Fulfilled when the client has caught up, or is gone. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      res.off("drain", done).off("close", done);
      resolve();
    };
    res.once("drain", done).once("close", done);
  });
}

/**
 * Writes the stream to its end, or until the client leaves: then the source's `return()` runs. The response is closed in
 * any case. An error after the first byte destroys the connection, so that nobody takes the part for the whole.
 */
export async function write_stream(
  res: ServerResponse,
  response: StreamingHttpResponse,
  headers: string[],
  announced: number | undefined,
): Promise<void> {
  let gone = false;
  const left = (): void => {
    gone = true;
  };
  res.once("close", left);
  try {
    const writer = new Writer(res, announced);
    const source = response._wire_chunks();
    res.writeHead(response.status_code, response.reason_phrase, headers);
    for await (const chunk of source) {
      if (gone) break;
      const wait = writer.add(chunk);
      if (wait !== undefined) await wait;
      if (gone) break;
    }
    if (!gone) writer.end();
  } catch (error) {
    log("django.request", "error", `A streaming response broke off: ${str(error)}`, { error });
    res.destroy();
  } finally {
    res.off("close", left);
    response.close();
  }
}
