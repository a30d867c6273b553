/** A file in pieces, and in lines. @module */
import { AttributeError, OSError } from "../exceptions.ts";

/** What a file must have to be read in pieces. */
export interface ReadableFile<Data> {
  read(size?: number): Data;
  aread(size?: number): Promise<Data>;
  seek(offset: number): number;
}

/** The pieces of a file from its start, once: by `for … of`, or by `for await … of` without blocking. */
export class Chunks<Data extends string | Buffer> implements IterableIterator<Data> {
  readonly #file: ReadableFile<Data>;
  readonly #size: number;
  #started = false;

  constructor(file: ReadableFile<Data>, size: number) {
    this.#file = file;
    this.#size = size;
  }

  next(): IteratorResult<Data, undefined> {
    this.#rewind();
    return result(this.#file.read(this.#size));
  }

  [Symbol.iterator](): this {
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Data, void, undefined> {
    this.#rewind();
    for (;;) {
      const piece = await this.#file.aread(this.#size);
      if (piece.length === 0) return;
      yield piece;
    }
  }

  #rewind(): void {
    if (this.#started) return;
    this.#started = true;
    try {
      this.#file.seek(0);
    } catch (error) {
      // a file that cannot be rewound is read from where it is
      if (!(error instanceof AttributeError || error instanceof OSError)) throw error;
    }
  }
}

function result<Data extends string | Buffer>(piece: Data): IteratorResult<Data, undefined> {
  return piece.length === 0 ? { value: undefined, done: true } : { value: piece, done: false };
}

const LF = 10;
const CR = 13;

function code_at(piece: string | Buffer, at: number): number | undefined {
  return typeof piece === "string" ? piece.charCodeAt(at) : piece[at];
}

function slice<Data extends string | Buffer>(piece: Data, start: number, end: number): Data {
  // slicing text gives text, and bytes bytes
  return (typeof piece === "string" ? piece.slice(start, end) : piece.subarray(start, end)) as Data;
}

function join<Data extends string | Buffer>(parts: Data[]): Data {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  // all parts are of one kind, as they come from one file
  return (typeof first === "string" ? parts.join("") : Buffer.concat(parts as Buffer[])) as Data;
}

/** The lines of the pieces, each with its line end: LF, CR LF or CR, also where a piece ends between the two. */
export function* lines_of<Data extends string | Buffer>(
  pieces: Iterable<Data>,
): Generator<Data, void, undefined> {
  let begun: Data[] = [];
  let ends_in_cr = false;
  for (const piece of pieces) {
    let start = 0;
    if (ends_in_cr) {
      if (code_at(piece, 0) === LF) begun.push(slice(piece, 0, (start = 1)));
      yield join(begun);
      begun = [];
      ends_in_cr = false;
    }
    for (let at = start; at < piece.length; at++) {
      const code = code_at(piece, at);
      if (code !== LF && code !== CR) continue;
      if (code === CR && at + 1 === piece.length) {
        ends_in_cr = true; // an LF may begin the next piece
        break;
      }
      if (code === CR && code_at(piece, at + 1) === LF) at++;
      begun.push(slice(piece, start, at + 1));
      yield join(begun);
      begun = [];
      start = at + 1;
    }
    if (start < piece.length) begun.push(slice(piece, start, piece.length));
  }
  if (begun.length > 0) yield join(begun);
}
