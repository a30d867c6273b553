/** Streaming a response to `node:http`: what comes without waiting is written together, and a slow client slows the source. @module */
import type { ServerResponse } from "node:http";
import type { WireSource } from "../../http/_streaming.ts";
import type { StreamingHttpResponse } from "../../http/response.ts";
import { is_thenable, type Maybe } from "../../utils/_promise.ts";
import { ValueError } from "../exceptions.ts";
import { finish, watch_progress } from "./_node_connection.ts";
import { break_off, close_sent, type Outgoing, write_head } from "./_outgoing.ts";

/** Bytes gathered before they are written, as long as the source does not make us wait. */
const BATCH = 32_768;
/** A longer chunk is written in pieces of this size. */
const PIECE = 1_048_576;
/** Bytes after which other connections get their turn, however fast this client is. */
const TURN = 4 * PIECE;
/** Milliseconds the first chunk is waited for before the headers go out by themselves: until then an error is still a 500. */
const FIRST_CHUNK = 500;

type Step = IteratorResult<unknown, unknown>;

/** Collects chunks and writes them in batches; knows how much was announced. */
class StreamWriter {
  readonly #res: ServerResponse;
  readonly #announced: number | undefined;
  readonly #timeout: number;
  /** Bytes that are gathered before they are written. */
  readonly #batch_size: number;
  /** Whether the client has gone. */
  gone = false;
  // What waits to be written: text, or else bytes.
  #text = "";
  #batch: Buffer[] = [];
  #size = 0;
  #taken = 0;
  #since_turn = 0;
  #is_scheduled = false;
  #is_watched = false;
  #wake: (() => void) | undefined;

  constructor({ res, framing, limits }: Outgoing, is_gathered: boolean) {
    this.#res = res;
    this.#announced = framing.length;
    this.#timeout = limits.send_timeout;
    this.#batch_size = is_gathered ? BATCH : 1;
    res.on("drain", this.#go_on);
  }

  /** Takes a chunk; a promise if the client must catch up first. */
  add(chunk: Buffer): Promise<void> | undefined {
    this.#taken += chunk.length;
    if (this.#announced !== undefined && this.#taken > this.#announced) throw this.#too_long();
    if (this.#text !== "") this.#push(Buffer.from(this.#take_text()));
    if (chunk.length > PIECE) return this.#add_pieces(chunk);
    this.#push(chunk);
    return this.#added();
  }

  /** The same for text that goes out as UTF-8, of which no length was announced: put together as text it costs least. */
  add_text(text: string): Promise<void> | undefined {
    if (this.#batch.length > 0 || text.length > PIECE) return this.add(Buffer.from(text));
    this.#text += text;
    this.#size += text.length;
    return this.#added();
  }

  #added(): Promise<void> | undefined {
    if (this.#size >= this.#batch_size) return this.flush() ? undefined : this.#drained();
    if (!this.#is_scheduled && this.#size > 0) this.#schedule();
    return undefined;
  }

  #push(chunk: Buffer): void {
    this.#batch.push(chunk);
    this.#size += chunk.length;
  }

  #take_text(): string {
    const text = this.#text;
    this.#text = "";
    this.#size = 0;
    return text;
  }

  #too_long(): ValueError {
    return new ValueError(
      `The stream is longer than its Content-Length of ${this.#announced} bytes.`,
    );
  }

  async #add_pieces(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length && !this.gone; at += PIECE) {
      this.#push(chunk.subarray(at, at + PIECE));
      if (!this.flush()) await this.#drained();
    }
  }

  /** When the source makes us wait, what there is must go out. */
  #schedule(): void {
    this.#is_scheduled = true;
    process.nextTick(this.#flush_scheduled);
  }

  readonly #flush_scheduled = (): void => {
    this.#is_scheduled = false;
    this.flush();
  };

  /** Writes what there is; false if the client must catch up. */
  flush(): boolean {
    this.#since_turn += this.#size;
    const content = this.#text === "" ? this.#take_bytes() : this.#take_text();
    return this.gone || content.length === 0 || this.#res.write(content);
  }

  #take_bytes(): Buffer {
    const batch = this.#batch;
    const size = this.#size;
    this.#batch = [];
    this.#size = 0;
    const [only] = batch;
    return batch.length === 1 && only !== undefined ? only : Buffer.concat(batch, size);
  }

  /** Fulfilled when the client has caught up, or is gone. */
  #drained(): Promise<void> {
    if (!this.#is_watched) {
      this.#is_watched = true;
      watch_progress(this.#res, this.#timeout);
    }
    return new Promise((resolve) => (this.#wake = resolve));
  }

  readonly #go_on = (): void => {
    const wake = this.#wake;
    if (wake === undefined) return;
    this.#wake = undefined;
    if (this.#since_turn < TURN) return wake();
    this.#since_turn = 0;
    setImmediate(wake);
  };

  /** The client has gone: nothing is waited for any more. */
  leave(): void {
    this.gone = true;
    this.#wake?.();
  }

  /** @throws ValueError if more was announced than came. */
  check_end(): void {
    if (this.#announced === undefined || this.#taken >= this.#announced) return;
    throw new ValueError(
      `The stream ended after ${this.#taken} of the ${this.#announced} bytes its Content-Length announces.`,
    );
  }
}

/** A source whose first chunk has come; `undefined` if it has none. */
interface Started {
  readonly source: WireSource;
  readonly first: string | Buffer | undefined;
  /** What is to be written for a piece of it. */
  readonly encode: (piece: unknown) => string | Buffer;
}

/** Asks for a chunk. If it takes long, the headers go out before it. */
function first_step(source: WireSource, outgoing: Outgoing): Maybe<Step> {
  const step = source.next();
  if (!is_thenable(step)) return step;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const { res } = outgoing;
      if (res.destroyed || res.headersSent) return;
      try {
        write_head(outgoing);
        res.flushHeaders();
      } catch (error) {
        reject(error as Error); // as thrown
      }
    }, FIRST_CHUNK);
    step.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function pump({ source, first, encode }: Started, writer: StreamWriter): Promise<void> {
  let chunk = first;
  while (chunk !== undefined) {
    const wait = typeof chunk === "string" ? writer.add_text(chunk) : writer.add(chunk);
    if (wait !== undefined) await wait;
    if (writer.gone) return;
    const next = source.next();
    const step = is_thenable(next) ? await next : next;
    if (writer.gone) return;
    chunk = step.done === true ? undefined : encode(step.value);
  }
}

/** Text stays text where nobody would see the difference: in UTF-8, if its bytes need not be counted. */
function encoder(
  { framing }: Outgoing,
  response: StreamingHttpResponse,
): (piece: unknown) => string | Buffer {
  const keeps_text = framing.length === undefined && !framing.wide && response._sends_utf_8;
  return (piece) => (keeps_text && typeof piece === "string" ? piece : response.make_bytes(piece));
}

/**
 * Writes the stream to its end, or until the client leaves: then its source is ended. An error before the first byte is
 * thrown, and the response still open; a later one breaks the connection off, so that nobody takes the part for the whole.
 */
export async function send_stream(
  outgoing: Outgoing,
  response: StreamingHttpResponse,
): Promise<void> {
  const { res, rest, limits } = outgoing;
  const writer = new StreamWriter(outgoing, response._is_gathered);
  const leave = (): void => {
    writer.leave();
    response.close();
  };
  res.once("close", leave);
  try {
    const source = response._wire_source();
    const encode = encoder(outgoing, response);
    let first: string | Buffer | undefined;
    do {
      const step = await first_step(source, outgoing);
      if (writer.gone) return;
      first = step.done === true ? undefined : encode(step.value);
    } while (first?.length === 0); // nothing is out yet: an error behind it is still a 500
    if (!res.headersSent) write_head(outgoing);
    await pump({ source, first, encode }, writer);
    if (writer.gone) return;
    writer.flush();
    writer.check_end();
    res.off("close", leave);
    finish(res, undefined, rest, limits);
    close_sent(res, response);
  } catch (error) {
    if (writer.gone) return; // nobody is left who could miss something
    res.off("close", leave);
    if (!res.headersSent) throw error;
    writer.flush();
    break_off(res, error, outgoing.request);
    close_sent(res, response);
  }
}
