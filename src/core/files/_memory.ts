/** Files in memory: `BytesIO` and `StringIO`, as Python's `io` has them. @module */
import { OSError, ValueError } from "../exceptions.ts";
import { as_buffer } from "../../utils/_codecs.ts";

const LF = 0x0a;

/** What both have: a position, and lines that end with LF. */
abstract class MemoryFile<Data extends string | Buffer> {
  /** Whether `close` was called; nothing else works then. */
  closed = false;
  protected position = 0;

  protected abstract length(): number;
  protected abstract part(start: number, end: number): Data;
  protected abstract end_of_line(start: number): number;
  protected abstract cut(size: number): void;
  abstract write(data: string | Uint8Array): number;

  /** At most `size` bytes or characters; without it, or if it is negative, all there is. */
  read(size?: number | null): Data {
    this.check();
    return this.take(this.length(), size);
  }

  /** The next line with its line end, or `size` bytes or characters of it. */
  readline(size?: number | null): Data {
    this.check();
    return this.take(this.end_of_line(this.position), size);
  }

  protected take(end: number, size: number | null | undefined): Data {
    const start = Math.min(this.position, this.length());
    const limit = size === undefined || size === null || size < 0 ? Infinity : start + size;
    const part = this.part(start, Math.max(start, Math.min(end, limit)));
    this.position += Math.max(0, Math.min(end, limit) - start);
    return part;
  }

  /** All lines from here on. */
  readlines(): Data[] {
    return [...this];
  }

  /** @throws ValueError for a position before the start. */
  seek(offset: number, whence: 0 | 1 | 2 = 0): number {
    this.check();
    const from = whence === 1 ? this.position : whence === 2 ? this.length() : 0;
    if (whence === 0 && offset < 0)
      throw new ValueError(`A position is at least 0; ${offset} is not.`);
    this.position = Math.max(0, from + offset);
    return this.position;
  }

  tell(): number {
    this.check();
    return this.position;
  }

  /** Cuts what follows `size`, or the position; the size. */
  truncate(size: number | null | undefined = this.position): number {
    this.check();
    const wanted = size ?? this.position;
    if (wanted < 0) throw new ValueError(`A size is at least 0; ${wanted} is not.`);
    this.cut(wanted);
    return wanted;
  }

  writelines(lines: Iterable<string | Uint8Array>): void {
    for (const line of lines) this.write(line);
  }

  flush(): void {
    this.check();
  }

  close(): void {
    this.closed = true;
  }

  readable(): boolean {
    this.check();
    return true;
  }

  writable(): boolean {
    this.check();
    return true;
  }

  seekable(): boolean {
    this.check();
    return true;
  }

  isatty(): boolean {
    this.check();
    return false;
  }

  /** @throws OSError always: there is no descriptor. */
  fileno(): number {
    throw new OSError("A file in memory has no descriptor.");
  }

  protected check(): void {
    if (this.closed) throw new ValueError("The file is closed.");
  }

  /** Over the lines from here on. */
  *[Symbol.iterator](): Generator<Data, void, undefined> {
    for (let line = this.readline(); line.length > 0; line = this.readline()) yield line;
  }
}

/** Bytes as a file (Python: `io.BytesIO`). */
export class BytesIO extends MemoryFile<Buffer> {
  #bytes: Buffer;
  #length: number;

  constructor(initial_bytes: Uint8Array | ArrayBuffer = Buffer.alloc(0)) {
    super();
    // a copy: what is written must not appear in the caller's bytes
    this.#bytes = Buffer.from(
      initial_bytes instanceof ArrayBuffer ? new Uint8Array(initial_bytes) : initial_bytes,
    );
    this.#length = this.#bytes.length;
  }

  /** The bytes as a whole; not to be changed. */
  getvalue(): Buffer {
    this.check();
    return this.#bytes.subarray(0, this.#length);
  }

  /** Fills the buffer from here on; how many bytes there were. */
  readinto(buffer: Uint8Array): number {
    const bytes = this.read(buffer.length);
    buffer.set(bytes);
    return bytes.length;
  }

  /** @throws TypeError for text. */
  override write(data: string | Uint8Array): number {
    this.check();
    if (typeof data === "string")
      throw new TypeError("A BytesIO takes bytes; encode the text first: Buffer.from(text).");
    if (data.length === 0) return 0; // nothing is filled up for nothing
    const end = this.position + data.length;
    this.#reserve(end);
    this.#bytes.set(data, this.position);
    this.#length = Math.max(this.#length, end);
    this.position = end;
    return data.length;
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const bytes = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }

  protected override length(): number {
    return this.#length;
  }

  protected override part(start: number, end: number): Buffer {
    return as_buffer(this.#bytes.subarray(start, end));
  }

  protected override end_of_line(start: number): number {
    const at = this.#bytes.subarray(0, this.#length).indexOf(LF, start);
    return at < 0 ? this.#length : at + 1;
  }

  protected override cut(size: number): void {
    if (size >= this.#length) return;
    this.#bytes.fill(0, size, this.#length); // what a later write past the end leaves is zeros
    this.#length = size;
  }
}

/** Text as a file (Python: `io.StringIO`). Positions count characters, a surrogate pair as one. */
export class StringIO extends MemoryFile<string> {
  #characters: string[];

  constructor(initial_value = "") {
    super();
    this.#characters = Array.from(initial_value);
  }

  /** The text as a whole. */
  getvalue(): string {
    this.check();
    return this.#characters.join("");
  }

  /** @throws TypeError for bytes. */
  override write(data: string | Uint8Array): number {
    this.check();
    if (typeof data !== "string") throw new TypeError("A StringIO takes text, not bytes.");
    if (data === "") return 0;
    const added = Array.from(data);
    while (this.#characters.length < this.position) this.#characters.push("\0");
    const rest = this.#characters.slice(this.position + added.length);
    this.#characters = [...this.#characters.slice(0, this.position), ...added, ...rest];
    this.position += added.length;
    return added.length;
  }

  protected override length(): number {
    return this.#characters.length;
  }

  protected override part(start: number, end: number): string {
    return this.#characters.slice(start, end).join("");
  }

  protected override end_of_line(start: number): number {
    const at = this.#characters.indexOf("\n", start);
    return at < 0 ? this.#characters.length : at + 1;
  }

  protected override cut(size: number): void {
    if (size < this.#characters.length) this.#characters.length = size;
  }
}
