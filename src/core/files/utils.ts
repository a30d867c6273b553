/** `FileProxyMixin`, which forwards file methods, and the check of file names. @module */
import { AttributeError, SuspiciousFileOperation } from "../exceptions.ts";
import { repr } from "../../utils/_python.ts";

/** Options of `validate_file_name`. */
export interface ValidateFileNameOptions {
  /** Allow directories, as long as the path stays below where it starts. Default `false`. */
  allow_relative_path?: boolean | undefined;
}

/**
 * Gives the name back if it is only a name, and cannot lead anywhere else.
 * @throws SuspiciousFileOperation for an empty name, `.`, `..`, and any directory that is not allowed.
 */
export function validate_file_name(name: string, options: ValidateFileNameOptions = {}): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (base === "" || base === "." || base === "..")
    throw new SuspiciousFileOperation(`${repr(name)} names no file.`);
  if (options.allow_relative_path) {
    const path = name.replaceAll("\\", "/"); // a backslash separates directories on Windows
    if (path.startsWith("/") || path.split("/").includes(".."))
      throw new SuspiciousFileOperation(`${repr(name)} leads out of its directory.`);
  } else if (name !== base) {
    throw new SuspiciousFileOperation(`${repr(name)} is a path; a file name was wanted.`);
  }
  return name;
}

type Method = (...args: unknown[]) => unknown;

/** The method of that name, bound to the object, if it has one. What a proxy lacks is what its file lacks. @internal */
export function file_method(file: unknown, name: string): Method | undefined {
  if (typeof file !== "object" || file === null) return undefined;
  if (file instanceof FileProxyMixin && !has_method(file.file, name)) return undefined;
  const method: unknown = (file as Record<string, unknown>)[name];
  return typeof method === "function" ? (method.bind(file) as Method) : undefined; // a function takes any arguments
}

function has_method(file: unknown, name: string): boolean {
  return file_method(file, name) !== undefined;
}

/** An attribute of whatever the proxy stands for; `undefined` without one. @internal */
export function file_attribute(file: unknown, name: string): unknown {
  return typeof file === "object" && file !== null
    ? (file as Record<string, unknown>)[name]
    : undefined;
}

/**
 * Forwards the methods of a file to `this.file` (Django docs: File objects). A method that the file lacks is an
 * `AttributeError`. `Data` is what `read` gives: bytes, or text if the file is one of text.
 */
export class FileProxyMixin<Data extends string | Buffer = Buffer> {
  /** The file that does the work. */
  declare file: unknown;

  #call(name: string, ...args: unknown[]): unknown {
    const method = file_method(this.file, name);
    if (method === undefined)
      throw new AttributeError(`The file of this ${this.constructor.name} has no ${name}().`);
    return method(...args);
  }

  /** At most `size` bytes; without it, all there is. Empty at the end. */
  read(size?: number): Data {
    return this.#call("read", size) as Data; // what the file gives: the class's type says which
  }

  /** `read` without blocking; a file in memory answers at once. */
  async aread(size?: number): Promise<Data> {
    return (await this.#call(this.#a_or("aread", "read"), size)) as Data; // as above
  }

  /** The next line with its line end; at most `size` bytes of it. */
  readline(size?: number): Data {
    return this.#call("readline", size) as Data; // as above
  }

  /** All lines from here on. */
  readlines(): Data[] {
    return this.#call("readlines") as Data[]; // as above
  }

  /** Fills the buffer; how many bytes there were. */
  readinto(buffer: Uint8Array): number {
    return Number(this.#call("readinto", buffer));
  }

  /** Moves to `offset` from the start, from here (`whence` 1) or from the end (2); the new position. */
  seek(offset: number, whence: 0 | 1 | 2 = 0): number {
    return Number(this.#call("seek", offset, whence));
  }

  /** The position. */
  tell(): number {
    return Number(this.#call("tell"));
  }

  /** Cuts the file at `size`, or at the position. */
  truncate(size?: number): number {
    return Number(this.#call("truncate", size));
  }

  /** Writes at the position; how much. */
  write(data: string | Uint8Array): number {
    return Number(this.#call("write", data));
  }

  /** `write` without blocking. */
  async awrite(data: string | Uint8Array): Promise<number> {
    return Number(await this.#call(this.#a_or("awrite", "write"), data));
  }

  /** Writes each; adds no line ends. */
  writelines(lines: Iterable<string | Uint8Array>): void {
    this.#call("writelines", lines);
  }

  /** Hands what was written to the system. */
  flush(): void {
    this.#call("flush");
  }

  /** The file descriptor. @throws OSError for a file in memory. */
  fileno(): number {
    return Number(this.#call("fileno"));
  }

  /** Whether the file is a terminal. */
  isatty(): boolean {
    return Boolean(this.#call("isatty"));
  }

  /** The charset of a text file. */
  get encoding(): unknown {
    return file_attribute(this.file, "encoding");
  }

  /** The line ends met so far, for a text file that translates them. */
  get newlines(): unknown {
    return file_attribute(this.file, "newlines");
  }

  /** Whether the file is closed, or there is none. */
  get closed(): boolean {
    return !this.file || Boolean(file_attribute(this.file, "closed"));
  }

  /** Whether it can be read; false once it is closed. */
  readable(): boolean {
    return !this.closed && (!has_method(this.file, "readable") || Boolean(this.#call("readable")));
  }

  /** Whether it can be written; false once it is closed. */
  writable(): boolean {
    if (this.closed) return false;
    if (has_method(this.file, "writable")) return Boolean(this.#call("writable"));
    return String(file_attribute(this.file, "mode") ?? "").includes("w");
  }

  /** Whether `seek` works; false once it is closed. */
  seekable(): boolean {
    return !this.closed && (!has_method(this.file, "seekable") || Boolean(this.#call("seekable")));
  }

  /** Over the file's lines, as the file itself sees them. */
  [Symbol.iterator](): Iterator<Data> {
    return (this.file as Iterable<Data>)[Symbol.iterator](); // Python too leaves it to the file
  }

  #a_or(name: string, sync_name: string): string {
    return has_method(this.file, name) ? name : sync_name;
  }
}
