/** A file on disk with Python's file methods, blocking, and as promises for use while serving. @module */
import * as fs from "node:fs";
import { promisify } from "node:util";
import { ValueError } from "../exceptions.ts";
import { repr } from "../../utils/_python.ts";

const read_async = promisify(fs.read);
const write_async = promisify(fs.write);
const close_async = promisify(fs.close);
const open_async = promisify(fs.open);

// O_NONBLOCK, which Windows has not: opening a named pipe would wait for somebody to write to it
const READ_ONLY = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** How many bytes of the pieces were written. (By hand: `promisify` of this one tells a number on Deno, an object on Node.) */
function writev_async(
  fd: number,
  pieces: readonly Uint8Array[],
  position: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.writev(fd, pieces, position, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}

const LF = 0x0a;
const LINE_BLOCK = 8192;

/** Node's flags for a mode of Python's `open()`; the mode is always binary here. */
function flags_of(mode: string): string {
  const kind = /[rwax]/.exec(mode)?.[0];
  if (kind === undefined)
    throw new ValueError(`A file mode has one of r, w, a, x: ${repr(mode)} does not.`);
  const plus = mode.includes("+") ? "+" : "";
  return kind === "x" ? `wx${plus}` : kind + plus;
}

/**
 * An open file that remembers its position. Bytes only. What blocks has a twin that does not: `aread`, `awrite`,
 * `aclose`; a seek moves the position and costs nothing.
 */
export class DiskFile {
  /** The path. */
  readonly name: string;
  /** As Python's `open()` takes it, such as `rb` or `w+b`. */
  readonly mode: string;
  /** Whether it was closed. */
  closed = false;
  /** Whether `close` removes it. */
  readonly delete: boolean;
  readonly #fd: number;
  readonly #append: boolean;
  #position = 0;
  #pending = 0;

  /** @internal Use `open_file`, or `NamedTemporaryFile`. */
  constructor(fd: number, name: string, mode: string, delete_on_close = false) {
    this.#fd = fd;
    this.name = name;
    this.mode = mode;
    this.delete = delete_on_close;
    this.#append = mode.includes("a");
  }

  /** At most `size` bytes from here on; without it, or if it is negative, all there is. */
  read(size?: number | null): Buffer {
    const bytes = this.#room(size);
    let length = 0;
    while (length < bytes.length) {
      const got = fs.readSync(this.#fd, bytes, length, bytes.length - length, this.#position);
      if (got === 0) break;
      length += got;
      this.#position += got;
    }
    return bytes.subarray(0, length);
  }

  /** `read` without blocking. */
  async aread(size?: number | null): Promise<Buffer> {
    const bytes = this.#room(size);
    let length = 0;
    while (length < bytes.length) {
      const got = await this.read_at(bytes.subarray(length), this.#position);
      if (got === 0) break;
      length += got;
      this.#position += got;
    }
    return bytes.subarray(0, length);
  }

  /** Fills as much of the buffer as there is at once from `position` on, without blocking; how many bytes. @internal */
  async read_at(buffer: Uint8Array, position: number): Promise<number> {
    this.#check();
    const { bytesRead } = await this.#during(
      read_async(this.#fd, buffer, 0, buffer.length, position),
    );
    return bytesRead;
  }

  /** Keeps the descriptor open while the system works with it: its number may be another file's after closing. */
  async #during<T>(work: Promise<T>): Promise<T> {
    this.#pending += 1;
    try {
      return await work;
    } finally {
      this.#pending -= 1;
      if (this.closed && this.#pending === 0) fs.closeSync(this.#fd);
    }
  }

  #room(size: number | null | undefined): Buffer {
    this.#check();
    if (size !== undefined && size !== null && size >= 0) return Buffer.allocUnsafe(size);
    return Buffer.allocUnsafe(Math.max(0, fs.fstatSync(this.#fd).size - this.#position));
  }

  /** The next line with its line end, or `size` bytes of it. */
  readline(size?: number | null): Buffer {
    const start = this.#position;
    const limit = size === undefined || size === null || size < 0 ? Infinity : size;
    const blocks: Buffer[] = [];
    let length = 0;
    while (length < limit) {
      const block = this.read(Math.min(LINE_BLOCK, limit - length));
      const at = block.indexOf(LF);
      const part = at < 0 ? block : block.subarray(0, at + 1);
      blocks.push(part);
      length += part.length;
      if (at >= 0 || block.length === 0) break;
    }
    this.#position = start + length;
    return Buffer.concat(blocks);
  }

  readlines(): Buffer[] {
    return [...this];
  }

  /** Fills the buffer from here on; how many bytes there were. */
  readinto(buffer: Uint8Array): number {
    const bytes = this.read(buffer.length);
    buffer.set(bytes);
    return bytes.length;
  }

  /** Moves to `offset` from the start, from here (`whence` 1) or from the end (2); the new position. */
  seek(offset: number, whence: 0 | 1 | 2 = 0): number {
    this.#check();
    const from = whence === 1 ? this.#position : whence === 2 ? fs.fstatSync(this.#fd).size : 0;
    if (from + offset < 0)
      throw new ValueError(`A position is at least 0; ${from + offset} is not.`);
    this.#position = from + offset;
    return this.#position;
  }

  tell(): number {
    this.#check();
    return this.#position;
  }

  truncate(size: number = this.#position): number {
    this.#check();
    fs.ftruncateSync(this.#fd, size);
    return size;
  }

  /** Writes all of it; text as UTF-8. */
  write(data: string | Uint8Array): number {
    this.#check();
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    let at = this.#where();
    for (let done = 0; done < bytes.length;) {
      const written = fs.writeSync(this.#fd, bytes, done, bytes.length - done, at);
      done += written;
      if (at !== null) at += written;
    }
    this.#wrote(bytes.length);
    return bytes.length;
  }

  /** `write` without blocking. Wait for it before the next one: the position moves when it is done. */
  async awrite(data: string | Uint8Array): Promise<number> {
    this.#check();
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    let at = this.#where();
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#during(
        write_async(this.#fd, bytes, done, bytes.length - done, at),
      );
      done += bytesWritten;
      if (at !== null) at += bytesWritten;
    }
    this.#wrote(bytes.length);
    return bytes.length;
  }

  /** `awrite` of several pieces at once. @internal */
  async awritev(pieces: readonly Uint8Array[]): Promise<void> {
    this.#check();
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const written = await this.#during(writev_async(this.#fd, pieces, this.#where()));
    this.#wrote(written);
    if (written < length) await this.awrite(Buffer.concat(pieces).subarray(written));
  }

  #where(): number | null {
    return this.#append ? null : this.#position; // null: where the system says, at the end
  }

  #wrote(length: number): void {
    this.#position = this.#append ? fs.fstatSync(this.#fd).size : this.#position + length;
  }

  writelines(lines: Iterable<string | Uint8Array>): void {
    for (const line of lines) this.write(line);
  }

  /** Does nothing: every write goes to the system at once. */
  flush(): void {
    this.#check();
  }

  fileno(): number {
    this.#check();
    return this.#fd;
  }

  isatty(): boolean {
    return false;
  }

  readable(): boolean {
    this.#check();
    return /[r+]/.test(this.mode);
  }

  writable(): boolean {
    this.#check();
    return /[wax+]/.test(this.mode);
  }

  seekable(): boolean {
    this.#check();
    return true;
  }

  /** Closes it, and removes a temporary one; a second time nothing happens. A file moved elsewhere is no error. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.#pending === 0) fs.closeSync(this.#fd);
    if (this.delete) fs.rmSync(this.name, { force: true });
  }

  /** `close` without blocking. */
  async aclose(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.#pending === 0) await close_async(this.#fd);
    if (this.delete) await fs.promises.rm(this.name, { force: true });
  }

  #check(): void {
    if (this.closed) throw new ValueError(`The file ${repr(this.name)} is closed.`);
  }

  /** Over the lines from here on. */
  *[Symbol.iterator](): Generator<Buffer, void, undefined> {
    for (let line = this.readline(); line.length > 0; line = this.readline()) yield line;
  }
}

/** Opens a file, blocking. @param mode As Python's `open()` takes it; always binary. */
export function open_file(path: string, mode = "rb"): DiskFile {
  return new DiskFile(fs.openSync(path, flags_of(mode)), path, mode);
}

/** `open_file` without blocking. A pipe that is to be read does not keep it waiting. @internal */
export async function open_file_async(path: string, mode = "rb"): Promise<DiskFile> {
  const flags = flags_of(mode);
  return new DiskFile(await open_async(path, flags === "r" ? READ_ONLY : flags), path, mode);
}

/** Makes a file that only its owner may read, and that `close` removes. @internal */
export function open_new(path: string, mode: string, delete_on_close: boolean): DiskFile {
  return new DiskFile(fs.openSync(path, "wx+", 0o600), path, mode, delete_on_close);
}

/** `open_new` without blocking. @internal */
export async function open_new_async(
  path: string,
  mode: string,
  delete_on_close: boolean,
): Promise<DiskFile> {
  return new DiskFile(await open_async(path, "wx+", 0o600), path, mode, delete_on_close);
}
