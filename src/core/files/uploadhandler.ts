/** Upload handlers: they take the bytes of uploaded files as they come (Django docs: Uploaded Files and Upload Handlers). @module */
import { provide_default, settings, type UploadHandlerClass } from "../../conf/index.ts";
import type { ByteStream } from "../../http/_streams.ts";
import type { Form } from "../../http/_body.ts";
import type { HttpRequest, Meta } from "../../http/request.ts";
import { and_then, type Maybe } from "../../utils/_promise.ts";
import { Exception, NotImplementedError } from "../exceptions.ts";
import { BytesIO } from "./_memory.ts";
import {
  type ContentTypeExtra,
  InMemoryUploadedFile,
  TemporaryUploadedFile,
  type UploadedFile,
} from "./uploadedfile.ts";
import { file_attribute, file_method } from "./utils.ts";
import { WriteBehind } from "./_write_behind.ts";

/** What upload handlers throw to steer the upload. */
export class UploadFileException extends Exception {}

/** Options of `StopUpload`. */
export interface StopUploadOptions {
  /** Leave the rest of the request unread, so that the client sees a broken connection. Default `false`. */
  connection_reset?: boolean | undefined;
}

/** Ends the upload. The form keeps what was parsed so far, and nobody sees an error. */
export class StopUpload extends UploadFileException {
  readonly connection_reset: boolean;
  constructor(options: StopUploadOptions = {}) {
    const { connection_reset = false } = options;
    super(
      connection_reset
        ? "The upload ends here."
        : "The rest of the upload is read and thrown away.",
    );
    this.connection_reset = connection_reset;
  }
}

/** Skips this file. */
export class SkipFile extends UploadFileException {}
/** Thrown by `new_file`: the handlers that follow do not hear of this file. */
export class StopFutureHandlers extends UploadFileException {}

/** What a form is read from. */
export type UploadInput = ByteStream | AsyncIterable<Uint8Array>;

/**
 * Base of upload handlers, one instance for each request. A method may return a promise: the parser waits for it before it
 * reads on. (Such a form must be loaded with `await request.load()`, as the handler does before the view.)
 */
export class FileUploadHandler {
  /** How many bytes `receive_data_chunk` gets at most. The smallest of all handlers counts for all. Default 64 KiB. */
  declare chunk_size: number;
  static {
    this.prototype.chunk_size = 64 * 1024;
  }

  request: HttpRequest | null;
  /** The name of the field of the current file. */
  field_name: string | null = null;
  /** The cleaned name of the current file. */
  file_name: string | null = null;
  content_type: string | null = null;
  /** What the part says of its length; nobody has checked it. */
  content_length: number | null = null;
  charset: Buffer | null = null;
  content_type_extra: ContentTypeExtra | null = null;
  /** Whether the parser can wait for promises; set by it. @internal */
  _can_wait = false;

  constructor(request?: HttpRequest | null) {
    this.request = request ?? null;
  }

  /**
   * Called before anything is parsed. A handler that parses the body itself gives the form, and nothing else happens.
   * @param content_length `null` if the client did not say.
   */
  handle_raw_input(
    _input_data: UploadInput,
    _META: Meta,
    _content_length: number | null,
    _boundary: Buffer,
    _encoding?: string | null,
  ): Maybe<Form | null | undefined | void> {
    return undefined;
  }

  /** A file begins. An override that does not call this one must keep what it needs. */
  new_file(
    field_name: string,
    file_name: string,
    content_type: string,
    content_length: number | null,
    charset?: Buffer | null,
    content_type_extra?: ContentTypeExtra | null,
  ): Maybe<void> {
    this.field_name = field_name;
    this.file_name = file_name;
    this.content_type = content_type;
    this.content_length = content_length;
    this.charset = charset ?? null;
    this.content_type_extra = content_type_extra ?? null;
  }

  /**
   * Bytes of the file. What is returned goes to the next handler; nothing, and the next one does not get them. Bytes that
   * are kept must be copied if the method does not wait until it is done with them.
   * @param start How many bytes of the file this handler has seen before.
   */
  receive_data_chunk(_raw_data: Buffer, _start: number): Maybe<Buffer | null | undefined | void> {
    throw new NotImplementedError(`${this.constructor.name} has no receive_data_chunk().`);
  }

  /** The file has ended. The first handler that gives a file decides what is in `request.FILES`. */
  file_complete(_file_size: number): Maybe<UploadedFile | null | undefined | void> {
    throw new NotImplementedError(`${this.constructor.name} has no file_complete().`);
  }

  /** The form has ended. A true value keeps the handlers that follow from being told. */
  upload_complete(): unknown {
    return undefined;
  }

  /** The input ended in the middle of a file. */
  upload_interrupted(): Maybe<void> {
    return undefined;
  }
}

/** Writes files to `FILE_UPLOAD_TEMP_DIR`. While serving it does so without blocking. */
export class TemporaryFileUploadHandler extends FileUploadHandler {
  declare file?: TemporaryUploadedFile;
  #writer: WriteBehind | undefined;

  override new_file(
    field_name: string,
    file_name: string,
    content_type: string,
    content_length: number | null,
    charset?: Buffer | null,
    content_type_extra?: ContentTypeExtra | null,
  ): Maybe<void> {
    void super.new_file(
      field_name,
      file_name,
      content_type,
      content_length,
      charset,
      content_type_extra,
    );
    return and_then(temporary_file(this), (file) => {
      this.file = file;
      this.#writer = this._can_wait ? new WriteBehind(file.file) : undefined;
    });
  }

  override receive_data_chunk(raw_data: Buffer, _start: number): Maybe<null> {
    if (this.#writer !== undefined) return and_then(this.#writer.write(raw_data), () => null);
    this.file?.write(raw_data);
    return null;
  }

  override file_complete(file_size: number): Maybe<TemporaryUploadedFile | null> {
    const { file } = this;
    if (file === undefined) return null;
    return and_then(this.#writer?.finish(), () => {
      file.seek(0);
      file.size = file_size;
      return file;
    });
  }

  override upload_interrupted(): Maybe<void> {
    return this._can_wait ? this.file?.aclose() : this.file?.close();
  }
}

function temporary_file(handler: FileUploadHandler): Maybe<TemporaryUploadedFile> {
  const { file_name, content_type, charset, content_type_extra } = handler;
  const name = file_name ?? "";
  return handler._can_wait
    ? TemporaryUploadedFile._open(name, content_type, charset, content_type_extra)
    : new TemporaryUploadedFile(name, content_type, 0, charset, { content_type_extra });
}

function append(file: TemporaryUploadedFile, bytes: Buffer, can_wait: boolean): Maybe<unknown> {
  return can_wait ? file.awrite(bytes) : file.write(bytes);
}

/**
 * Keeps files in memory if the whole request is at most `FILE_UPLOAD_MAX_MEMORY_SIZE` bytes; otherwise leaves them to the
 * next handler. Should a request be longer than it said, its files become temporary ones.
 */
export class MemoryFileUploadHandler extends FileUploadHandler {
  /** Whether files are kept in memory; set by `handle_raw_input`. */
  declare activated: boolean;
  declare file?: BytesIO | TemporaryUploadedFile;
  #held = 0;

  override handle_raw_input(
    input_data: UploadInput,
    _META: Meta,
    content_length: number | null,
    _boundary: Buffer,
    _encoding?: string | null,
  ): null {
    const length = real_length(input_data) ?? content_length;
    this.activated = length !== null && length <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE;
    return null;
  }

  /** @throws StopFutureHandlers if files are kept in memory. */
  override new_file(
    field_name: string,
    file_name: string,
    content_type: string,
    content_length: number | null,
    charset?: Buffer | null,
    content_type_extra?: ContentTypeExtra | null,
  ): Maybe<void> {
    void super.new_file(
      field_name,
      file_name,
      content_type,
      content_length,
      charset,
      content_type_extra,
    );
    if (!this.activated) return;
    this.file = new BytesIO();
    throw new StopFutureHandlers("The file is kept in memory.");
  }

  override receive_data_chunk(raw_data: Buffer, _start: number): Maybe<Buffer | null> {
    const { file } = this;
    if (!this.activated || file === undefined) return raw_data;
    if (file instanceof TemporaryUploadedFile)
      return and_then(append(file, raw_data, this._can_wait), () => null);
    this.#held += raw_data.length;
    file.write(raw_data);
    return this.#held <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE ? null : this.#spill(file);
  }

  #spill(memory: BytesIO): Maybe<null> {
    return and_then(temporary_file(this), (file) => {
      this.file = file;
      return and_then(append(file, memory.getvalue(), this._can_wait), () => null);
    });
  }

  override file_complete(file_size: number): InMemoryUploadedFile | TemporaryUploadedFile | null {
    const { file } = this;
    if (!this.activated || file === undefined) return null;
    file.seek(0);
    if (file instanceof TemporaryUploadedFile) {
      file.size = file_size;
      return file;
    }
    const { field_name, file_name, content_type, charset, content_type_extra } = this;
    return new InMemoryUploadedFile(file, field_name, file_name, content_type, file_size, charset, {
      content_type_extra,
    });
  }

  override upload_interrupted(): Maybe<void> {
    return this.file?.close();
  }
}

/** The length of an input that can be rewound, whatever was announced. */
function real_length(input: UploadInput): number | undefined {
  const stream = file_attribute(input, "_stream") ?? input;
  const seek = file_method(stream, "seek");
  if (seek === undefined) return undefined;
  const length = Number(seek(0, 2));
  seek(0);
  return length;
}

/** Makes a handler of the class; Django takes a path to it here. */
export function load_handler(
  handler: UploadHandlerClass,
  ...args: ConstructorParameters<UploadHandlerClass>
): FileUploadHandler {
  return new handler(...args);
}

provide_default("FILE_UPLOAD_HANDLERS", [MemoryFileUploadHandler, TemporaryFileUploadHandler]);
