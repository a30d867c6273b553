/** Parsing `multipart/form-data` (RFC 7578) into fields and, through upload handlers, files. @module */
import { settings } from "../conf/index.ts";
import { RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent } from "../core/exceptions.ts";
import { BytesIO } from "../core/files/index.ts";
import { UploadedFile } from "../core/files/uploadedfile.ts";
import {
  type FileUploadHandler,
  SkipFile,
  StopFutureHandlers,
  StopUpload,
  type UploadInput,
} from "../core/files/uploadhandler.ts";
import { decode } from "../utils/_codecs.ts";
import { unescape_html } from "../utils/_entities.ts";
import { parse_int } from "../utils/_number.ts";
import { is_thenable, type Maybe } from "../utils/_promise.ts";
import { repr, str, truthy } from "../utils/_python.ts";
import { repeat, run, wait, type Work } from "../utils/_work.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import { parse_header_parameters } from "../utils/http.ts";
import { Base64Decoder, decode_base64 } from "./_base64.ts";
import type { Form } from "./_body.ts";
import { close_file, close_files } from "./_closing.ts";
import { MultiPartParserError } from "./_multipart_errors.ts";
import { FIELD, FILE, type PartHeaders } from "./_multipart_headers.ts";
import { is_stream, MultipartReader } from "./_multipart_reader.ts";
import type { Meta } from "./_request_headers.ts";
import { QueryDict } from "./querydict.ts";

export { InputStreamExhausted, MultiPartParserError } from "./_multipart_errors.ts";
export { FIELD, FILE, RAW } from "./_multipart_headers.ts";
export { MAX_TOTAL_HEADER_SIZE } from "./_multipart_reader.ts";

/** Options of the `MultiPartParser` constructor. */
export interface MultiPartParserOptions {
  /** The charset of names and values. Default `DEFAULT_CHARSET`. */
  encoding?: string | null | undefined;
}

const MAX_CHUNK_SIZE = 2 ** 31 - 4;
// Characters that print nothing, or only space (Python: `str.isprintable`).
const NOT_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu;

/** Parses one form. What it reads can be a stream, or chunks to wait for; then, too, upload handlers may be waited for. */
export class MultiPartParser {
  /** What a boundary is: 1 to 201 printable ASCII characters, the last no space. */
  static readonly boundary_re: RegExp = /^[ -~]{0,200}[!-~]$/;

  readonly #meta: Meta;
  readonly #input: UploadInput;
  readonly #handlers: readonly FileUploadHandler[];
  readonly #encoding: string;
  readonly #boundary: Buffer;
  readonly #content_length: number | null;
  readonly #limits: Limits = new Limits();
  readonly #post: QueryDict;
  readonly #files: MultiValueDict<UploadedFile> = new MultiValueDict();
  // How many bytes of the file each handler has seen.
  #counters: number[] = [];
  // The field of the last file, until it is known that the file is complete: the next part says so.
  #unfinished_field: string | undefined;
  #interrupted = false;

  /**
   * @param META The type and length of the body are read from it.
   * @throws MultiPartParserError if the type is not multipart, or has no usable boundary; for a negative length.
   */
  constructor(
    META: Meta,
    input_data: UploadInput,
    upload_handlers: readonly FileUploadHandler[],
    options: MultiPartParserOptions = {},
  ) {
    this.#meta = META;
    this.#input = input_data;
    this.#handlers = upload_handlers;
    this.#encoding = options.encoding || settings.DEFAULT_CHARSET;
    this.#boundary = boundary_of(META.CONTENT_TYPE ?? "");
    this.#content_length = length_of(META, input_data);
    this.#post = new QueryDict("", { mutable: true });
  }

  /**
   * The fields and the files; a promise if anything had to be waited for. On an error the files are closed.
   * @throws MultiPartParserError for a form that cannot be parsed; TooManyFieldsSent, TooManyFilesSent or
   * RequestDataTooBig above the limits of the settings; what an upload handler throws.
   */
  parse(): Maybe<Form> {
    return run(this.#parse());
  }

  *#parse(): Work<Form> {
    if (this.#content_length === 0)
      return [new QueryDict("", { encoding: this.#encoding }), new MultiValueDict()];
    for (const handler of this.#handlers) handler._can_wait = !is_stream(this.#input);
    const form = yield* this.#ask_handlers();
    if (form !== undefined) return form;
    try {
      yield* this.#read_parts();
    } catch (error) {
      this.#close_files();
      close_files(this.#files, !is_stream(this.#input));
      throw error;
    }
    this.#post._mutable = false;
    return [this.#post, this.#files];
  }

  /** A handler may do the whole work itself. */
  *#ask_handlers(): Work<Form | undefined> {
    for (const handler of this.#handlers) {
      const form = yield* wait(
        handler.handle_raw_input(
          this.#input,
          this.#meta,
          this.#content_length,
          this.#boundary,
          this.#encoding,
        ),
      );
      if (form !== null && form !== undefined) return form;
    }
    return undefined;
  }

  *#read_parts(): Work<void> {
    const sizes = this.#handlers.map(({ chunk_size }) => chunk_size).filter((size) => size > 0);
    const chunk_size = Math.min(MAX_CHUNK_SIZE, ...sizes);
    const reader = new MultipartReader(this.#input, this.#boundary, chunk_size);
    if (yield* this.#read_until_stopped(reader)) {
      if (this.#interrupted) {
        for (const handler of this.#handlers) yield* wait(handler.upload_interrupted());
      }
      yield* reader.drain();
    }
    for (const handler of this.#handlers) if (truthy(yield* wait(handler.upload_complete()))) break;
  }

  /** Whether it came to the end, and no handler stopped the upload. */
  *#read_until_stopped(reader: MultipartReader): Work<boolean> {
    try {
      while (yield* reader.next_part()) yield* this.#read_part(reader);
      return true;
    } catch (error) {
      if (!(error instanceof StopUpload)) throw error;
      this.#close_files();
      if (!error.connection_reset) yield* reader.drain();
      return false;
    }
  }

  *#read_part(reader: MultipartReader): Work<void> {
    const headers = yield* reader.headers();
    yield* this.#finish_file();
    if (headers.kind !== FILE) this.#limits.count_field();
    if (headers.name === undefined) return;
    const name = this.#text(Buffer.from(headers.name));
    if (headers.kind === FIELD)
      this.#post.appendlist(name, yield* this.#read_field(reader, headers, name));
    if (headers.kind === FILE) yield* this.#read_file(reader, headers, name);
  }

  /** Bytes of the form as text. */
  #text(bytes: Buffer): string {
    return decode(bytes, this.#encoding, "replace");
  }

  *#read_field(reader: MultipartReader, headers: PartHeaders, name: string): Work<string> {
    let value = (yield* reader.chunk()) ?? Buffer.alloc(0);
    this.#limits.count_bytes(value.length);
    let collected: BytesIO | undefined; // however small the chunks are, they take no more room than the value
    for (let chunk = yield* reader.chunk(); chunk !== undefined; chunk = yield* reader.chunk()) {
      this.#limits.count_bytes(chunk.length);
      if (collected === undefined) (collected = new BytesIO()).write(value);
      collected.write(chunk);
    }
    if (collected !== undefined) value = collected.getvalue();
    this.#limits.count_bytes(Array.from(name).length + 2); // as much as `&name=` in the other kind of form
    const decoded = headers.is_base64 ? decode_base64(value.toString("latin1")) : undefined;
    return this.#text(decoded ?? value);
  }

  *#read_file(reader: MultipartReader, headers: PartHeaders, field_name: string): Work<void> {
    this.#limits.count_file();
    const file_name = this.sanitize_file_name(this.#text(Buffer.from(headers.filename ?? "")));
    if (file_name === undefined) return;
    this.#counters = this.#handlers.map(() => 0);
    this.#interrupted = true;
    try {
      yield* this.#announce(headers, field_name, file_name);
      yield* this.#read_content(reader, headers.is_base64);
      if (field_name === "") this.#close_files(); // without a name a file has no place
      else this.#unfinished_field = field_name;
    } catch (error) {
      if (!(error instanceof SkipFile)) throw error;
      this.#close_files();
    }
  }

  *#announce(headers: PartHeaders, field_name: string, file_name: string): Work<void> {
    const { content_type, content_length, content_type_extra } = headers;
    const charset = content_type_extra["charset"] ?? null;
    for (const handler of this.#handlers) {
      try {
        yield* wait(
          handler.new_file(
            field_name,
            file_name,
            content_type,
            content_length,
            charset,
            content_type_extra,
          ),
        );
      } catch (error) {
        if (error instanceof StopFutureHandlers) return;
        throw error;
      }
    }
  }

  *#read_content(reader: MultipartReader, is_base64: boolean): Work<void> {
    const decoder = is_base64 ? new Base64Decoder() : undefined;
    yield* wait(repeat(() => this.#pass_on(reader, decoder)));
    decoder?.finish();
  }

  // No generators in these two: this is done for each chunk.
  #pass_on(reader: MultipartReader, decoder: Base64Decoder | undefined): Maybe<boolean | void> {
    const chunk = reader.poll();
    if (chunk === undefined) return false;
    if (chunk instanceof Promise) return chunk;
    const bytes = decoder === undefined ? chunk : decoder.decode(chunk);
    return bytes.length > 0 ? this.#hand_on(bytes, 0) : undefined;
  }

  #hand_on(bytes: Buffer, first_handler: number): Maybe<void> {
    let chunk = bytes;
    for (let i = first_handler; i < this.#handlers.length; i++) {
      const seen = this.#counters[i] ?? 0;
      this.#counters[i] = seen + chunk.length;
      const passed = this.#handlers[i]?.receive_data_chunk(chunk, seen);
      if (is_thenable(passed))
        return Promise.resolve(passed).then((next) =>
          next === null || next === undefined ? undefined : this.#hand_on(next, i + 1),
        );
      if (passed === null || passed === undefined) return;
      chunk = passed;
    }
  }

  *#finish_file(): Work<void> {
    const field = this.#unfinished_field;
    if (field === undefined) return;
    this.#unfinished_field = undefined;
    this.#interrupted = false;
    yield* this.#file_complete(field, this.#counters);
  }

  /**
   * Tells the handlers that a file is complete; the first that gives one has it stored. It is called when the next part
   * begins.
   * @param counters How many bytes each handler has seen.
   */
  handle_file_complete(old_field_name: string, counters: readonly number[]): Maybe<void> {
    return run(this.#file_complete(old_field_name, counters));
  }

  *#file_complete(field: string, counters: readonly number[]): Work<void> {
    for (const [i, handler] of this.#handlers.entries()) {
      const file = yield* wait(handler.file_complete(counters[i] ?? 0));
      if (file === null || file === undefined || is_nameless(file)) continue;
      this.#files.appendlist(field, file);
      return;
    }
  }

  /**
   * The file name without directories and without characters that cannot be seen; `undefined` if nothing safe is left. HTML
   * entities are read first: a slash may hide in one.
   */
  sanitize_file_name(file_name: string): string | undefined {
    const name = unescape_html(file_name);
    const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
    const printable = base.replace(NOT_PRINTABLE, (character) => (character === " " ? " " : ""));
    return printable === "" || printable === "." || printable === ".." ? undefined : printable;
  }

  /** The former name of `sanitize_file_name`. */
  IE_sanitize(file_name: string): string | undefined {
    return this.sanitize_file_name(file_name);
  }

  /** What handlers have open, in `file`. */
  #close_files(): void {
    const may_wait = !is_stream(this.#input);
    for (const handler of this.#handlers)
      close_file((handler as { file?: unknown }).file, may_wait);
  }
}

/** Counts against the limits of the settings, as they are when the parsing begins. */
class Limits {
  readonly #fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS;
  readonly #files = settings.DATA_UPLOAD_MAX_NUMBER_FILES;
  readonly #bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
  #field_count = 0;
  #file_count = 0;
  #byte_count = 0;

  /** Two are spare: what is before the first boundary and after the last counts too. */
  count_field(): void {
    this.#field_count += 1;
    if (this.#fields !== null && this.#field_count > this.#fields + 2) {
      throw new TooManyFieldsSent(
        `The form has over ${this.#fields} fields (DATA_UPLOAD_MAX_NUMBER_FIELDS).`,
      );
    }
  }

  count_file(): void {
    this.#file_count += 1;
    if (this.#files !== null && this.#file_count > this.#files) {
      throw new TooManyFilesSent(
        `The form has over ${this.#files} files (DATA_UPLOAD_MAX_NUMBER_FILES).`,
      );
    }
  }

  count_bytes(length: number): void {
    this.#byte_count += length;
    if (this.#bytes !== null && this.#byte_count > this.#bytes) {
      throw new RequestDataTooBig(
        `The fields of the form are over ${this.#bytes} bytes together (DATA_UPLOAD_MAX_MEMORY_SIZE).`,
      );
    }
  }
}

/** A file without a name is false in Python, and so is no file. What else a handler gives counts. */
function is_nameless(file: UploadedFile): boolean {
  return file instanceof UploadedFile && !file.name;
}

function boundary_of(content_type: string): Buffer {
  if (!content_type.startsWith("multipart/")) {
    throw new MultiPartParserError(`The type ${repr(content_type)} is not multipart.`);
  }
  if (!/^[\0-\x7f]*$/.test(content_type)) {
    throw new MultiPartParserError(
      `The type ${repr(content_type)} holds characters outside ASCII.`,
    );
  }
  const { boundary } = parse_header_parameters(content_type)[1];
  if (boundary === undefined || !MultiPartParser.boundary_re.test(boundary)) {
    throw new MultiPartParserError(
      `The boundary ${repr(boundary)} of the form is not 1 to 201 printable ASCII characters.`,
    );
  }
  return Buffer.from(boundary, "latin1");
}

/** What was announced; of a body on the wire, what its server says: `null` if that is nothing. */
function length_of(META: Meta, input: UploadInput): number | null {
  if (!is_stream(input)) return (input as { length?: number }).length ?? null;
  const announced = META.CONTENT_LENGTH;
  const length =
    announced === undefined || announced === null ? 0 : (parse_int(str(announced)) ?? 0);
  if (length < 0) throw new MultiPartParserError(`The length ${length} of the body is negative.`);
  return length;
}

/** Reads a stream to its end, and throws away what it gives. */
export async function exhaust(stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
