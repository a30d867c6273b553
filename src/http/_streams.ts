/** Sources of bytes that can be read at once: memory, and anything with `read`. @module */
import { as_buffer } from "../utils/_codecs.ts";

/** A file-like source of bytes. A missing, null or negative size means: all there is. */
export interface ByteStream {
  read(size?: number | null): Uint8Array;
  /** One line with its `\n`; nothing at the end. */
  readline?(size?: number | null): Uint8Array;
}

const LINE_FEED = 0x0a;

/** Bytes in memory, read from the start to the end. What it gives shares their memory. */
export class MemoryStream implements ByteStream {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = as_buffer(bytes);
  }

  read(size?: number | null): Buffer {
    return this.#take(this.#bytes.length, size);
  }

  readline(size?: number | null): Buffer {
    const end = this.#bytes.indexOf(LINE_FEED, this.#position);
    return this.#take(end < 0 ? this.#bytes.length : end + 1, size);
  }

  /** Moves to `offset` from the start, from here (`whence` 1) or from the end (2); the new position. */
  seek(offset: number, whence: 0 | 1 | 2 = 0): number {
    const from = whence === 1 ? this.#position : whence === 2 ? this.#bytes.length : 0;
    this.#position = Math.max(0, Math.min(from + offset, this.#bytes.length));
    return this.#position;
  }

  tell(): number {
    return this.#position;
  }

  #take(end: number, size: number | null | undefined): Buffer {
    const start = this.#position;
    const limited = is_limit(size) ? Math.min(end, start + size) : end;
    this.#position = limited;
    return start === 0 && limited === this.#bytes.length
      ? this.#bytes
      : this.#bytes.subarray(start, limited);
  }
}

/** Whether the size of a read says how much: Python takes a negative one, like `None`, for everything. */
export function is_limit(size: number | null | undefined): size is number {
  return size !== null && size !== undefined && size >= 0;
}

/** A source without a byte: the body of a request that has none. */
export const EMPTY_STREAM: ByteStream = new MemoryStream(Buffer.alloc(0));
