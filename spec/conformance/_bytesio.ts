/** `$bytesio`: a binary file in memory, with the methods of Python's `BytesIO` that scripts use. @module */
import { OSError, ValueError } from "nuages/core/exceptions";

const LINE_FEED = 10;

/** A binary file in memory. */
export class BytesIO {
  closed = false;
  declare name?: string;
  readonly #content: Buffer;
  #position = 0;

  constructor(content: Buffer, name?: string) {
    this.#content = content;
    if (name !== undefined) this.name = name;
  }

  read(size?: number | null): Buffer {
    return this.#take(this.#content.length, size);
  }

  readline(size?: number | null): Buffer {
    this.#check_open();
    const end = this.#content.indexOf(LINE_FEED, this.#position);
    return this.#take(end < 0 ? this.#content.length : end + 1, size);
  }

  seek(offset: number, whence = 0): number {
    this.#check_open();
    const origin = [0, this.#position, this.#content.length][whence] ?? 0;
    if (whence === 0 && offset < 0) throw new ValueError(`A file has no position ${offset}.`);
    this.#position = Math.max(0, origin + offset);
    return this.#position;
  }

  tell(): number {
    this.#check_open();
    return this.#position;
  }

  close(): void {
    this.closed = true;
  }

  *[Symbol.iterator](): Generator<Buffer, void> {
    for (let line = this.readline(); line.length > 0; line = this.readline()) yield line;
  }

  #take(end: number, size: number | null | undefined): Buffer {
    this.#check_open();
    const limit = size === null || size === undefined || size < 0 ? end : this.#position + size;
    const start = Math.min(this.#position, this.#content.length);
    const bytes = this.#content.subarray(start, Math.min(end, limit));
    this.#position += bytes.length;
    return bytes;
  }

  #check_open(): void {
    if (this.closed) throw new ValueError("The file is closed.");
  }
}

/** A file that lacks some methods; without `close`, closing it throws. */
export function lesser_file(file: BytesIO, without: readonly string[]): BytesIO {
  const members = Object.getOwnPropertyDescriptors(BytesIO.prototype);
  const kept = Object.entries(members).filter(([name]) => !without.includes(name));
  const prototype: object = Object.defineProperties({}, Object.fromEntries(kept));
  Object.defineProperty(prototype, Symbol.iterator, { value: file[Symbol.iterator] });
  if (without.includes("close")) Object.defineProperty(prototype, "close", { value: refuse_close });
  return Object.setPrototypeOf(file, prototype);
}

function refuse_close(): never {
  throw new OSError("This file cannot be closed.");
}
