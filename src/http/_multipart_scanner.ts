/** Splits the bytes of a multipart body at its boundary, however they come (RFC 2046 §5.1.1, as lax as Django). @module */

/** What the scanner found next. */
export type ScanEvent = "data" | "end_of_part" | "end" | "more";

const LF = 0x0a;
const CR = 0x0d;
const HYPHEN = 0x2d;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * What is before the first boundary, between two, and after the last are its parts. As in Django the boundary counts
 * wherever it stands, and one line end before it, or half of one, belongs to it. A part begins with its first byte: after a
 * boundary that ends the input there is none.
 */
export class MultipartScanner {
  readonly #delimiter: Buffer;
  #bytes: Buffer = NOTHING;
  #position = 0;
  #in_part = false;
  #finished = false;
  /** After `"data"`: bytes of the current part. */
  data: Buffer = NOTHING;

  constructor(boundary: Buffer) {
    this.#delimiter = Buffer.concat([Buffer.from("--"), boundary]);
  }

  /** The next bytes of the body, after `"more"`. */
  push(chunk: Buffer): void {
    const rest = this.#bytes.length - this.#position;
    this.#bytes = rest === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#position), chunk]);
    this.#position = 0;
  }

  /** The body has ended. */
  finish(): void {
    this.#finished = true;
  }

  /** `"more"`: it needs `push` or `finish`. */
  next(): ScanEvent {
    const bytes = this.#bytes;
    const start = this.#position;
    if (start === bytes.length) return this.#finished ? this.#end_part() : this.#wait();
    this.#in_part = true;
    const at = bytes.indexOf(this.#delimiter, start);
    if (at >= 0) return this.#up_to(at);
    const end = this.#finished ? bytes.length : this.#safe_end(start);
    if (end === start) return this.#wait();
    this.#position = end;
    this.data = bytes.subarray(start, end);
    return "data";
  }

  /**
   * Even with nothing left to scan the last chunk stays here until the next one comes: where a C library gives memory that
   * ends up free at its top back to the system (glibc does), the chunk in use there keeps it from giving back, and asking
   * for anew, all that the chunks before it took.
   */
  #wait(): ScanEvent {
    this.#bytes = this.#bytes.subarray(this.#position);
    this.#position = 0;
    this.data = NOTHING;
    return "more";
  }

  #end_part(): ScanEvent {
    if (!this.#in_part) return "end";
    this.#in_part = false;
    return "end_of_part";
  }

  #up_to(delimiter_at: number): ScanEvent {
    const bytes = this.#bytes;
    const start = this.#position;
    let end = delimiter_at;
    if (end > start && bytes[end - 1] === LF) end -= 1;
    if (end > start && bytes[end - 1] === CR) end -= 1;
    if (end > start) {
      this.data = bytes.subarray(start, end);
      this.#position = delimiter_at; // the boundary is found again at once, with nothing before it
      return "data";
    }
    this.#position = delimiter_at + this.#delimiter.length;
    this.#in_part = false;
    return "end_of_part";
  }

  /** Up to where nothing can belong to a boundary whose other half has still to come. */
  #safe_end(start: number): number {
    const bytes = this.#bytes;
    const first = Math.max(start, bytes.length - this.#delimiter.length - 1);
    for (let at = first; at < bytes.length; at++) {
      const byte = bytes[at];
      if ((byte === CR || byte === LF || byte === HYPHEN) && this.#may_begin(at)) return at;
    }
    return bytes.length;
  }

  #may_begin(at: number): boolean {
    const bytes = this.#bytes;
    let from = at;
    if (bytes[from] === CR) from += 1;
    if (bytes[from] === LF) from += 1;
    if (bytes.length - from >= this.#delimiter.length) return false;
    for (let i = from; i < bytes.length; i++)
      if (bytes[i] !== this.#delimiter[i - from]) return false;
    return true;
  }
}
