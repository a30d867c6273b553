/** A multipart body as a row of parts, read from what can be read at once or only waited for. @module */
import type { UploadInput } from "../core/files/uploadhandler.ts";
import { as_buffer } from "../utils/_codecs.ts";
import { is_promise, type Maybe } from "../utils/_promise.ts";
import { wait, type Work } from "../utils/_work.ts";
import { MultiPartParserError } from "./_multipart_errors.ts";
import { type PartHeaders, parse_part_headers, RAW_PART } from "./_multipart_headers.ts";
import { MultipartScanner, type ScanEvent } from "./_multipart_scanner.ts";
import type { ByteStream } from "./_streams.ts";

/** The longest header block of a part, its blank line included, in bytes. */
export const MAX_TOTAL_HEADER_SIZE = 1024;

const BLANK_LINE = Buffer.from("\r\n\r\n");
const NOTHING: Buffer = Buffer.alloc(0);

/** Whether the input can be read without waiting. */
export function is_stream(input: UploadInput): input is ByteStream {
  return typeof (input as Partial<ByteStream>).read === "function";
}

/** Where a parser is in a multipart body. Every method is work: it waits where the input or a handler does. */
export class MultipartReader {
  readonly #scanner: MultipartScanner;
  readonly #input: UploadInput;
  readonly #chunk_size: number;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  // Bytes of the part that were looked at and are still to be given.
  #rest: Buffer = NOTHING;
  // Bytes that were read beyond what one chunk may have.
  #unread: Buffer = NOTHING;
  #part_ended = true;
  // Whether the scanner has nothing left to scan.
  #starved = false;
  #input_ended = false;

  /** @param chunk_size How many bytes are read, and given, at most. */
  constructor(input: UploadInput, boundary: Buffer, chunk_size: number) {
    this.#input = input;
    this.#scanner = new MultipartScanner(boundary);
    this.#chunk_size = chunk_size;
  }

  /** Goes to the next part; false if there is none. */
  *next_part(): Work<boolean> {
    yield* this.skip();
    const event = yield* ready(() => this.#poll_event());
    if (event === "end") return false;
    this.#part_ended = event === "end_of_part";
    this.#rest = event === "data" ? this.#scanner.data : NOTHING;
    return true;
  }

  /** @throws MultiPartParserError if they do not end within `MAX_TOTAL_HEADER_SIZE`. */
  *headers(): Work<PartHeaders> {
    for (;;) {
      const head = this.#rest;
      const end = head.subarray(0, MAX_TOTAL_HEADER_SIZE).indexOf(BLANK_LINE);
      if (end >= 0) {
        const headers = parse_part_headers(head.subarray(0, end));
        this.#rest = head.subarray(end + BLANK_LINE.length);
        return headers;
      }
      if (head.length >= MAX_TOTAL_HEADER_SIZE) {
        throw new MultiPartParserError(
          `The headers of a part do not end within ${MAX_TOTAL_HEADER_SIZE} bytes.`,
        );
      }
      this.#rest = NOTHING;
      const more = yield* this.chunk();
      if (more === undefined) return RAW_PART;
      this.#rest = Buffer.concat([head, more]);
    }
  }

  /** The next bytes of the part, never none; `undefined` at its end. */
  chunk(): Work<Buffer | undefined> {
    return ready(() => this.poll());
  }

  /** Passes over what is left of the part. */
  *skip(): Work<void> {
    while ((yield* this.chunk()) !== undefined);
  }

  /** Reads what is left of the input and throws it away, so that the client gets to see the answer. */
  *drain(): Work<void> {
    while (!this.#input_ended) yield* wait(this.#read());
  }

  // No generators from here on: this is done for each chunk, and the client may choose how small they are. What was read
  // is not what the promise gives: each generator on the way would hold it while the next chunk is waited for.

  /** As `chunk`; a promise if more of the input must be read before: ask again when it is fulfilled. */
  poll(): Buffer | undefined | Promise<void> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = NOTHING;
      return rest;
    }
    if (this.#part_ended) return undefined;
    const event = this.#poll_event();
    if (event instanceof Promise) return event;
    if (event === "data") return this.#scanner.data;
    this.#part_ended = true;
    return undefined;
  }

  #poll_event(): FoundEvent | Promise<void> {
    for (;;) {
      if (this.#starved) {
        const fed = this.#feed();
        if (fed !== undefined) return fed;
      }
      const event = this.#scanner.next();
      if (event !== "more") return event;
      this.#starved = true;
    }
  }

  #feed(): Promise<void> | undefined {
    if (this.#unread.length === 0 && !this.#input_ended) {
      const read = this.#read();
      if (is_promise(read)) return read;
    }
    if (this.#input_ended) this.#scanner.finish();
    else this.#scanner.push(this.#next_chunk());
    this.#starved = false;
    return undefined;
  }

  #read(): Maybe<void> {
    if (is_stream(this.#input)) return this.#take({ value: this.#input.read(this.#chunk_size) });
    this.#chunks ??= this.#input[Symbol.asyncIterator]();
    return this.#chunks.next().then(this.#take);
  }

  readonly #take = (read: Read): void => {
    const at_once = this.#chunks === undefined;
    this.#input_ended = read.done === true || (at_once && read.value.length === 0);
    if (!this.#input_ended) this.#unread = as_buffer(read.value as Uint8Array); // not done: it has a value
  };

  #next_chunk(): Buffer {
    const all = this.#unread;
    const fits = all.length <= this.#chunk_size;
    this.#unread = fits ? NOTHING : all.subarray(this.#chunk_size);
    return fits ? all : all.subarray(0, this.#chunk_size);
  }
}

/** Asks again after each promise, until there is an answer. */
function* ready<T>(ask: () => T | Promise<void>): Work<T> {
  for (;;) {
    const answer = ask();
    if (!(answer instanceof Promise)) return answer;
    yield* wait(answer);
  }
}

type FoundEvent = Exclude<ScanEvent, "more">;

/** What came of reading once: as an iterator says it. */
type Read =
  | IteratorResult<Uint8Array, unknown>
  | { readonly value: Uint8Array; readonly done?: never };
