/** Files that came with a form (Django docs: Uploaded Files and Upload Handlers). @module */
import { settings } from "../../conf/index.ts";
import { define_repr } from "../../utils/_python.ts";
import { File } from "./base.ts";
import type { DiskFile } from "./_disk.ts";
import { BytesIO } from "./_memory.ts";
import { NamedTemporaryFile, type NamedTemporaryFileOptions, open_temporary_file } from "./temp.ts";
import { validate_file_name } from "./utils.ts";

/** Parameters of a part's Content-Type; the values are bytes, as the client sent them. */
export type ContentTypeExtra = Record<string, Buffer>;

/** Options of the `UploadedFile` constructor. */
export interface UploadedFileOptions {
  /** The name the client gave; directories are cut off. Default: the name of the file. */
  name?: string | null | undefined;
  /** The media type the client gave. Nobody has checked it. */
  content_type?: string | null | undefined;
  /** How many bytes came. Without it the file is measured. */
  size?: number | null | undefined;
  /** The charset parameter of the media type. */
  charset?: Buffer | string | null | undefined;
  /** All parameters of the media type. */
  content_type_extra?: ContentTypeExtra | null | undefined;
}

/** Options of the subclasses, which take the rest by position. */
export interface ContentTypeExtraOptions {
  /** All parameters of the media type. */
  content_type_extra?: ContentTypeExtra | null | undefined;
}

const MAX_NAME_LENGTH = 255;

/** A file that a client sent. */
export class UploadedFile extends File {
  /** The media type without parameters, as the client gave it; `""` if it gave none. */
  content_type: string | null;
  /** The charset parameter; bytes, if the file came with a form. */
  charset: Buffer | string | null;
  content_type_extra: ContentTypeExtra | null;
  /** @internal */
  declare _name: string | null;

  /** @throws SuspiciousFileOperation for a name such as `..`. */
  constructor(file?: unknown, options: UploadedFileOptions = {}) {
    super(file, { name: options.name });
    this.size = options.size;
    this.content_type = options.content_type ?? null;
    this.charset = options.charset ?? null;
    this.content_type_extra = options.content_type_extra ?? null;
  }

  static {
    define_repr(
      this.prototype,
      (file) =>
        `<${file.constructor.name}: ${file.name ?? "None"} (${file.content_type ?? "None"})>`,
    );
    // An accessor where the base class has a field: assigning a name cleans it, also in the base constructor.
    Object.defineProperty(this.prototype, "name", {
      configurable: true,
      get(this: UploadedFile): string | null {
        return this._name;
      },
      set(this: UploadedFile, name: string | null | undefined) {
        this._name = name === null || name === undefined ? null : clean_name(name);
      },
    });
  }
}

/** The last part of a path, at most 255 characters with as much of its extension as fits. */
function clean_name(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [root, extension] = split_extension(name).map((part) => Array.from(part)) as [
    string[],
    string[],
  ]; // two parts
  if (root.length + extension.length <= MAX_NAME_LENGTH) return validate_file_name(name);
  const kept = extension.slice(0, MAX_NAME_LENGTH);
  return validate_file_name([...root.slice(0, MAX_NAME_LENGTH - kept.length), ...kept].join(""));
}

/** Dots that begin a name begin no extension. */
function split_extension(name: string): [root: string, extension: string] {
  const dot = name.lastIndexOf(".");
  if (dot < 0 || /^\.*$/.test(name.slice(0, dot))) return [name, ""];
  return [name.slice(0, dot), name.slice(dot)];
}

/** A file that was written to the directory for temporary files as it came. Closing it removes it. */
export class TemporaryUploadedFile extends UploadedFile {
  declare file: DiskFile;

  /**
   * @param file A temporary file that is open already. Default: a new one in `FILE_UPLOAD_TEMP_DIR`, whose name ends in
   * `.upload` and the extension of `name`.
   */
  constructor(
    name: string,
    content_type: string | null | undefined,
    size: number | null | undefined,
    charset: Buffer | string | null | undefined,
    options: ContentTypeExtraOptions & { file?: DiskFile } = {},
  ) {
    const file = options.file ?? NamedTemporaryFile(temporary_file_options(name));
    super(file, {
      name,
      content_type,
      size,
      charset,
      content_type_extra: options.content_type_extra,
    });
  }

  /** A new one, its file opened without blocking. @internal */
  static async _open(
    name: string,
    content_type: string | null,
    charset: Buffer | string | null,
    content_type_extra: ContentTypeExtra | null,
  ): Promise<TemporaryUploadedFile> {
    const file = await open_temporary_file(temporary_file_options(name));
    return new TemporaryUploadedFile(name, content_type, 0, charset, { content_type_extra, file });
  }

  /** Where it is on disk. */
  temporary_file_path(): string {
    return this.file.name;
  }

  /** Closes and removes it. That it was moved away or removed before is no error. */
  override close(): void {
    this.file.close();
  }
}

const MAX_SUFFIX_LENGTH = 100; // file systems allow 255 bytes for the whole name

function temporary_file_options(name: string): NamedTemporaryFileOptions {
  const [, extension] = split_extension(name.slice(name.lastIndexOf("/") + 1));
  const suffix = Buffer.byteLength(extension) > MAX_SUFFIX_LENGTH ? "" : extension;
  return { suffix: `.upload${suffix}`, dir: settings.FILE_UPLOAD_TEMP_DIR };
}

/** A file that is held in memory. */
export class InMemoryUploadedFile extends UploadedFile {
  /** The field of the form it came in. */
  field_name: string | null;

  constructor(
    file: unknown,
    field_name: string | null | undefined,
    name: string | null | undefined,
    content_type: string | null | undefined,
    size: number | null | undefined,
    charset: Buffer | string | null | undefined,
    options: ContentTypeExtraOptions = {},
  ) {
    super(file, {
      name,
      content_type,
      size,
      charset,
      content_type_extra: options.content_type_extra,
    });
    this.field_name = field_name ?? null;
  }

  override open(_mode?: string | null): this {
    this.seek(0);
    return this;
  }

  /** All of it at once, whatever size is asked for. */
  override chunks(_chunk_size?: number | null): IterableIterator<Buffer> & AsyncIterable<Buffer> {
    return new Whole(this);
  }

  override multiple_chunks(_chunk_size?: number | null): boolean {
    return false;
  }
}

/** A file from its start as one piece, even if it is empty. */
class Whole implements IterableIterator<Buffer> {
  readonly #file: File;
  #done = false;

  constructor(file: File) {
    this.#file = file;
  }

  next(): IteratorResult<Buffer, undefined> {
    if (this.#done) return { value: undefined, done: true };
    this.#done = true;
    this.#file.seek(0);
    return { value: this.#file.read(), done: false };
  }

  [Symbol.iterator](): this {
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const { value } = this.next();
    if (value !== undefined) yield value;
  }
}

/** What `SimpleUploadedFile.from_dict` takes. */
export interface FileDict {
  /** The name. */
  filename: string;
  /** The bytes. */
  content: Uint8Array | string | null | undefined;
  /** The media type. Default `text/plain`. */
  "content-type"?: string | undefined;
}

/** Options of the `SimpleUploadedFile` constructor. */
export interface SimpleUploadedFileOptions {
  /** The media type. Default `text/plain`. */
  content_type?: string | null | undefined;
}

/** An uploaded file made by hand: for tests. */
export class SimpleUploadedFile extends InMemoryUploadedFile {
  constructor(
    name: string,
    content: Uint8Array | string | null | undefined,
    options: SimpleUploadedFileOptions = {},
  ) {
    const bytes = Buffer.from(content ?? "");
    const { content_type = "text/plain" } = options;
    super(new BytesIO(bytes), null, name, content_type, bytes.length, null);
  }

  static from_dict(file_dict: FileDict): SimpleUploadedFile {
    return new SimpleUploadedFile(file_dict.filename, file_dict.content, {
      content_type: file_dict["content-type"],
    });
  }
}
