/** Sending a file on disk to `node:http`: the next piece is read while the last one is being written. @module */
import type { ServerResponse } from "node:http";
import { OSError } from "../exceptions.ts";
import type { FileSource } from "../../http/_file_source.ts";
import { wrong_length } from "./_framing.ts";
import { finish, watch_progress } from "./_node_connection.ts";
import { break_off, close_sent, type Outgoing, write_head } from "./_outgoing.ts";

/** The first piece; a slow client gets no larger ones, so that many of them take little memory. */
const SMALLEST = 131_072;
/** The largest piece: it takes two for a client to be sent as fast as it can read. */
const LARGEST = 1_048_576;
/** Milliseconds of waiting for the client that make it a slow one. */
const SLOW = 100;

/** Writes pieces, each when the one before has left its buffer. */
class FileWriter {
  readonly #res: ServerResponse;
  readonly #timeout: number;
  /** Whether the client has gone. */
  gone = false;
  #size = SMALLEST;
  #writing: Promise<void> | undefined;
  #is_written = true;
  #is_watched = false;
  #wake: (() => void) | undefined;
  #buffers: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];

  constructor(res: ServerResponse, timeout: number) {
    this.#res = res;
    this.#timeout = timeout;
  }

  /** A buffer for at most `left` bytes that nothing is being written from. */
  buffer(left: number): Buffer {
    const size = Math.min(left, this.#size);
    const [spare, other] = this.#buffers;
    const fits = spare.length === size ? spare : Buffer.allocUnsafeSlow(size);
    this.#buffers = [other, fits];
    return fits;
  }

  /** Writes the piece as soon as the one before it is through. */
  async write(piece: Buffer): Promise<void> {
    if (this.#is_written) this.#size = Math.min(2 * this.#size, LARGEST);
    else await this.#caught_up();
    if (this.gone) return;
    this.#is_written = false;
    this.#writing = new Promise((resolve) => {
      this.#wake = resolve;
      this.#res.write(piece, this.#written);
    });
  }

  readonly #written = (): void => {
    this.#is_written = true;
    this.#wake?.();
  };

  async #caught_up(): Promise<void> {
    if (!this.#is_watched) {
      this.#is_watched = true;
      watch_progress(this.#res, this.#timeout);
    }
    const start = performance.now();
    await this.#writing;
    if (performance.now() - start > SLOW) this.#size = SMALLEST;
  }

  /** The client has gone: nothing is waited for any more. */
  leave(): void {
    this.gone = true;
    this.#wake?.();
  }
}

/** Sends the file and closes the response; as for a stream, an error before the first byte is thrown. */
export async function send_file(outgoing: Outgoing, source: FileSource): Promise<void> {
  const { res, response, framing, rest, limits } = outgoing;
  if (framing.length !== undefined && framing.length !== source.length)
    throw wrong_length(framing.length, source.length);
  const writer = new FileWriter(res, limits.send_timeout);
  const leave = (): void => {
    writer.leave();
    response.close();
  };
  res.once("close", leave);
  try {
    await copy(outgoing, source, writer);
    if (writer.gone) return;
    res.off("close", leave);
    finish(res, undefined, rest, limits);
    close_sent(res, response);
  } catch (error) {
    if (writer.gone) return; // a file closed under our hands
    res.off("close", leave);
    if (!res.headersSent) throw error;
    break_off(res, error, outgoing.request);
    close_sent(res, response);
  }
}

async function copy(outgoing: Outgoing, source: FileSource, writer: FileWriter): Promise<void> {
  const end = source.start + source.length;
  for (let at = source.start; at < end;) {
    const buffer = writer.buffer(end - at);
    const got = await source.file.read_at(buffer, at);
    if (writer.gone) return;
    if (got === 0)
      throw new OSError(`The file became shorter while it was sent, by ${end - at} bytes.`);
    if (at === source.start) write_head(outgoing);
    at += got;
    await writer.write(got === buffer.length ? buffer : buffer.subarray(0, got));
    if (writer.gone) return;
  }
}
