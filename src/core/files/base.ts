/** `File`, the wrapper Django puts around every file, and `ContentFile`, one made of text or bytes. @module */
import { existsSync, statSync } from "node:fs";
import { AttributeError, ValueError } from "../exceptions.ts";
import { define_repr } from "../../utils/_python.ts";
import { Chunks, lines_of } from "./_chunks.ts";
import { open_file } from "./_disk.ts";
import { BytesIO, StringIO } from "./_memory.ts";
import { file_attribute, file_method, FileProxyMixin } from "./utils.ts";

/** Options of `File` and `ContentFile`. */
export interface FileOptions {
  /** Default: the name of the wrapped file. */
  name?: string | null | undefined;
}

/**
 * A file (Django docs: The File object): a thin wrapper around anything with Python's file methods. JavaScript has a
 * global of this name: import it. `Data` is what it reads: bytes, or text if the wrapped file is one of text.
 */
export class File<Data extends string | Buffer = Buffer> extends FileProxyMixin<Data> {
  /** The size of chunks where none is given, in bytes. */
  static DEFAULT_CHUNK_SIZE = 65536;

  declare name: string | null;
  /** The mode in which the wrapped file was opened, if it says. */
  declare mode?: string;
  #size: number | undefined;

  constructor(file: unknown, options: FileOptions = {}) {
    super();
    this.file = file;
    const own_name = file_attribute(file, "name");
    this.name = options.name ?? (typeof own_name === "string" ? own_name : null);
    const mode = file_attribute(file, "mode");
    if (typeof mode === "string") this.mode = mode;
    this.#size = undefined;
  }

  static {
    define_repr(this.prototype, (file) => `<${file.constructor.name}: ${file.name || "None"}>`);
  }

  /** The length in bytes (of text: in characters). Kept when it was found once. @throws AttributeError if nothing tells it. */
  get size(): number {
    return (this.#size ??= find_size(this.file));
  }

  /** `null` or `undefined`: to be found out again. */
  set size(value: number | null | undefined) {
    this.#size = value ?? undefined;
  }

  /** The file from its start in pieces; also `for await … of`, which does not block. */
  chunks(chunk_size?: number | null): IterableIterator<Data> & AsyncIterable<Data> {
    return new Chunks<Data>(this, chunk_size || this.#default_chunk_size());
  }

  /** Whether `chunks` would give more than one. */
  multiple_chunks(chunk_size?: number | null): boolean {
    return this.size > (chunk_size || this.#default_chunk_size());
  }

  #default_chunk_size(): number {
    const { DEFAULT_CHUNK_SIZE } = this.constructor as typeof File; // `new` made it
    return DEFAULT_CHUNK_SIZE;
  }

  /** Over the lines from the start, each with its line end: LF, CR LF or CR. */
  override [Symbol.iterator](): Generator<Data, void, undefined> {
    return lines_of(this.chunks());
  }

  /**
   * Rewinds an open file; opens a closed one again by its name, blocking.
   * @param mode As Python's `open()` takes it. Default: the mode it had.
   * @throws ValueError if there is no such file.
   */
  open(mode?: string | null): this {
    if (!this.closed) {
      this.seek(0);
    } else if (this.name && existsSync(this.name)) {
      this.file = open_file(this.name, mode ?? this.mode);
    } else {
      throw new ValueError(
        "The file cannot be opened again: there is no file of its name on disk.",
      );
    }
    return this;
  }

  /** Closes the wrapped file. */
  close(): void {
    file_method(this.file, "close")?.();
  }

  /** `close` without blocking. */
  async aclose(): Promise<void> {
    await (file_method(this.file, "aclose") ?? file_method(this.file, "close"))?.();
  }

  /** The name; empty without one. */
  override toString(): string {
    return this.name ?? "";
  }
}

function find_size(file: unknown): number {
  const size = file_attribute(file, "size");
  if (typeof size === "number") return size;
  const name = file_attribute(file, "name");
  const stat = typeof name === "string" ? statSync(name, { throwIfNoEntry: false }) : undefined;
  if (stat !== undefined) return stat.size;
  const tell = file_method(file, "tell");
  const seek = file_method(file, "seek");
  if (tell === undefined || seek === undefined)
    throw new AttributeError(
      "The size of the file is unknown: it has no size, no name and no seek().",
    );
  const position = tell();
  seek(0, 2);
  const end = Number(tell());
  seek(position);
  return end;
}

/** A file made of text or bytes in memory (Django docs: The ContentFile class). Closing it does nothing. */
export class ContentFile<Content extends string | Uint8Array = Uint8Array> extends File<
  Content extends string ? string : Buffer
> {
  /** @param content Text makes a file that reads text; its size is in characters. */
  constructor(content: Content, options: FileOptions = {}) {
    super(typeof content === "string" ? new StringIO(content) : new BytesIO(content), options);
    this.size = typeof content === "string" ? Array.from(content).length : content.length;
  }

  override open(_mode?: string | null): this {
    this.seek(0);
    return this;
  }

  override close(): void {}

  override write(data: string | Uint8Array): number {
    this.size = undefined; // to be measured again
    return super.write(data);
  }

  override toString(): string {
    return "Raw content";
  }
}
