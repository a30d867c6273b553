/** The body of a request: how it is read, and the form in it. @module */
import { settings, type UploadHandlerClass } from "../conf/index.ts";
import {
  AttributeError,
  BadRequest,
  RequestDataTooBig,
  RuntimeError,
  SynchronousOnlyOperation,
  TooManyFilesSent,
} from "../core/exceptions.ts";
import type { UploadedFile } from "../core/files/uploadedfile.ts";
import { type FileUploadHandler, load_handler } from "../core/files/uploadhandler.ts";
import { as_buffer } from "../utils/_codecs.ts";
import { parse_int } from "../utils/_number.ts";
import { and_then, is_promise, type Maybe } from "../utils/_promise.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import { type ByteStream, EMPTY_STREAM, is_limit, MemoryStream } from "./_streams.ts";
import {
  is_os_error,
  RawPostDataException,
  unreadable,
  UnreadablePostError,
  type Wire,
} from "./_wire.ts";
import { BodyChunks, one_chunk, WireInput } from "./_body_chunks.ts";
import { close_files } from "./_closing.ts";
import { MultiPartParser, MultiPartParserError } from "./multipartparser.ts";
import { QueryDict } from "./querydict.ts";
import type { HttpRequest } from "./request.ts";

export type { Wire } from "./_wire.ts";
export type { ByteStream } from "./_streams.ts";

/** A form: its fields, and its files. */
export type Form = [post: QueryDict, files: MultiValueDict<UploadedFile>];

type ChunkResult = IteratorResult<Buffer, undefined>;

const MULTIPART = "multipart/form-data";
const DONE: ChunkResult = Object.freeze({ value: undefined, done: true });

const NOT_LOADED =
  "The body of this request has not arrived yet. Before the view it is there of itself; a middleware that needs it " +
  "earlier, or a view marked with deferred_upload(), says `await request.load()` first.";

/** Everything about the body of one request. Made when somebody first asks for any of it. */
export class RequestBody {
  readonly #request: HttpRequest;
  readonly #wire: Wire | undefined;
  // What read() reads. Undefined as long as the body is on the wire.
  #stream: ByteStream | undefined;
  #body: Buffer | undefined;
  #read_started = false;
  #post: QueryDict | undefined;
  #files: MultiValueDict<UploadedFile> | undefined;
  // A form that came with another method than POST, once somebody asked for it.
  #other_form: Maybe<Form> | undefined;
  #other_files: MultiValueDict<UploadedFile> | undefined;
  #loading: Promise<void> | undefined;
  #loaded = false;
  // What went wrong while a form was parsed as it came: thrown when somebody first looks at the form, as in Django.
  #form_error: { readonly error: unknown } | undefined;
  #connection_error: UnreadablePostError | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #upload_handlers: FileUploadHandler[] = [];
  #parser_class: typeof MultiPartParser = MultiPartParser;

  constructor(request: HttpRequest, stream: ByteStream | undefined, wire: Wire | undefined) {
    this.#request = request;
    this.#wire = wire;
    this.#stream = wire === undefined ? (stream ?? EMPTY_STREAM) : undefined;
  }

  // --- reading at once ---

  /** The whole body; see `HttpRequest.body`. */
  get body(): Buffer {
    this.#body ??= this.#read_whole();
    return this.#body;
  }

  #read_whole(): Buffer {
    if (this.#connection_error !== undefined) throw this.#connection_error;
    if (this.#read_started) throw read_before();
    if (this.#wire === undefined)
      check_size(parse_int(this.#request._meta_value("CONTENT_LENGTH") ?? "") ?? 0);
    else if (this.#loaded && this.#stream === undefined) throw too_big();
    const body = as_buffer(this.read());
    this.#stream = new MemoryStream(body);
    return body;
  }

  read(size?: number | null): Uint8Array {
    const stream = this.#open();
    this.#read_started = true;
    return guarded(() => stream.read(size));
  }

  readline(size?: number | null): Uint8Array {
    const stream = this.#open();
    this.#read_started = true;
    return guarded(() =>
      stream.readline === undefined ? stream.read(size) : stream.readline(size),
    );
  }

  *lines(): Generator<Buffer, void, undefined> {
    for (;;) {
      const line = this.readline();
      if (line.length === 0) return;
      yield as_buffer(line);
    }
  }

  #open(): ByteStream {
    if (this.#connection_error !== undefined) throw this.#connection_error;
    if (this.#stream !== undefined) return this.#stream;
    throw this.#loaded ? too_big() : new SynchronousOnlyOperation(NOT_LOADED);
  }

  // --- reading as it comes ---

  /** What is still unread, in the pieces in which it comes. */
  chunks(): AsyncIterableIterator<Buffer> {
    return new BodyChunks(() => this.#next_chunk());
  }

  async aread(size?: number | null): Promise<Buffer> {
    if (this.#stream !== undefined) return as_buffer(this.read(size));
    if (this.#connection_error !== undefined) throw this.#connection_error;
    this.#read_started = true;
    const limit = is_limit(size) ? size : Infinity;
    const parts: Buffer[] = [];
    let length = 0;
    while (length < limit) {
      const { value: chunk } = await this.#next_chunk();
      if (chunk === undefined) break;
      parts.push(chunk);
      length += chunk.length;
    }
    const all = Buffer.concat(parts, length);
    if (length <= limit) return all;
    this.#rest = all.subarray(limit);
    return all.subarray(0, limit);
  }

  #next_chunk(): Promise<ChunkResult> {
    if (this.#connection_error !== undefined) return Promise.reject(this.#connection_error);
    this.#read_started = true;
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = Buffer.alloc(0);
      return Promise.resolve({ value: rest, done: false });
    }
    if (this.#stream !== undefined) return this.#rest_of_stream();
    this.#chunks ??= this.#wire?.[Symbol.asyncIterator]();
    if (this.#chunks === undefined) return Promise.resolve(DONE);
    return this.#chunks.next().then(
      (result) => (result.value?.length === 0 ? this.#next_chunk() : result),
      (error: unknown) => {
        this.#connection_error = unreadable(error);
        throw this.#connection_error;
      },
    );
  }

  async #rest_of_stream(): Promise<ChunkResult> {
    const value = as_buffer(this.read());
    return value.length === 0 ? DONE : { value, done: false };
  }

  // --- loading ---

  /** Whether `load()` has still to be waited for. */
  get needs_load(): boolean {
    return this.#wire !== undefined && !this.#loaded;
  }

  load(): Promise<void> {
    this.#loading ??= this.#start_loading();
    return this.#loading;
  }

  #start_loading(): Promise<void> {
    try {
      return this.#load();
    } catch (error) {
      this.#loaded = true;
      return Promise.reject(error as Error); // of a Content-Type that cannot be read
    }
  }

  // No async functions here: a form pays for each promise.
  #load(): Promise<void> {
    const wire = this.#wire;
    const is_streamed = this.#read_started && this.#body === undefined;
    if (!is_streamed && this.#is_multipart()) return this.#load_multipart();
    if (!is_streamed && wire !== undefined) return this.#collect(wire);
    this.#loaded = true;
    return Promise.resolve();
  }

  #collect(wire: Wire): Promise<void> {
    return wire.collect(settings.DATA_UPLOAD_MAX_MEMORY_SIZE).then(
      (body) => {
        this.#loaded = true;
        if (body !== undefined) this.#stream = new MemoryStream(body);
      },
      (error: unknown) => {
        this.#loaded = true;
        this.#connection_error = unreadable(error);
        throw this.#connection_error;
      },
    );
  }

  async #load_multipart(): Promise<void> {
    if (this.#files !== undefined) return;
    try {
      this.#set_form(await this.#parse(this.#input()));
      this.#close_with_connection(this.#files);
    } catch (error) {
      this.#form_error = { error };
      if (error instanceof UnreadablePostError) throw (this.#connection_error = error);
    } finally {
      this.#loaded = true;
      this.#stream ??= EMPTY_STREAM;
    }
  }

  /** A view that never answers would keep the files of a client that is long gone. */
  #close_with_connection(files: MultiValueDict<UploadedFile> | undefined): void {
    if (this.#wire === undefined || files === undefined || files.size === 0) return;
    const { signal } = this.#request;
    if (signal.aborted) this.close();
    else signal.addEventListener("abort", () => this.close(), { once: true });
  }

  // --- the form ---

  get post(): QueryDict {
    if (this.#post === undefined) this.#load_form();
    return this.#post ?? new QueryDict();
  }

  set post(post: QueryDict) {
    this.#post = post;
  }

  get files(): MultiValueDict<UploadedFile> {
    if (this.#files === undefined) this.#load_form();
    return this.#files ?? new MultiValueDict();
  }

  /** The fields are decoded again when they are next looked at. */
  forget_post(): void {
    this.#post = undefined;
  }

  /** An empty form instead of one that cannot be parsed: error pages may look at it. */
  mark_parse_error(): void {
    this.#set_form([new QueryDict(), new MultiValueDict()]);
  }

  #set_form([post, files]: Form): void {
    this.#post = post;
    this.#files = files;
  }

  #load_form(): void {
    const request = this.#request;
    if (request._query_string() === undefined) return this.#set_form(this.#form_by_hand());
    if (request.method !== "POST") return this.#set_form(this.#empty_form());
    if (this.#form_error !== undefined) {
      const { error } = this.#form_error;
      this.#form_error = undefined;
      this.mark_parse_error();
      throw error;
    }
    if (this.#read_started && this.#body === undefined) return this.mark_parse_error();
    if (this.#is_multipart()) return this.#parse_at_once();
    this.#set_form(this.#urlencoded_form());
  }

  #urlencoded_form(): Form {
    const { content_type, encoding } = this.#request;
    if (content_type !== "application/x-www-form-urlencoded") return this.#empty_form();
    if (encoding !== null && encoding.toLowerCase() !== "utf-8") {
      throw new BadRequest(
        `A form of type application/x-www-form-urlencoded is UTF-8 by definition, not ${encoding}; the client must send it so.`,
      );
    }
    return [new QueryDict(this.body, { encoding: "utf-8" }), new MultiValueDict()];
  }

  /**
   * The form of a request of any method: `POST` and `FILES` hold only that of a POST. Its files are closed with the
   * request.
   */
  form(): Maybe<Form> {
    const { method } = this.#request;
    if (method === "POST" || method === null) return [this.post, this.files];
    this.#other_form ??= this.#parse_other_form();
    return this.#other_form;
  }

  #parse_other_form(): Maybe<Form> {
    if (this.#request.content_type !== MULTIPART) return this.#urlencoded_form();
    if (this.#read_started && this.#body === undefined) throw read_before();
    return and_then(this.#parse(this.#other_input()), (form) => {
      [, this.#other_files] = form;
      this.#close_with_connection(this.#other_files);
      return form;
    });
  }

  /** Where handlers may wait they do, be the body there or not. */
  #other_input(): ByteStream | AsyncIterable<Uint8Array> {
    if (this.#wire === undefined) return this.#input();
    const body = this.#body;
    return body === undefined
      ? new WireInput(this.chunks(), this.#wire.length)
      : new WireInput(one_chunk(body), body.length);
  }

  /** The form of a multipart body that was parsed as it came: the bytes are gone. @throws What is wrong with it. */
  get parsed_form(): Maybe<Form> | undefined {
    if (this.#body !== undefined) return undefined;
    if (!this.#is_multipart()) return this.#other_form;
    return (this.#files ?? this.#form_error) === undefined ? undefined : [this.post, this.files];
  }

  #empty_form(): Form {
    return [
      new QueryDict("", { encoding: this.#request.encoding ?? undefined }),
      new MultiValueDict(),
    ];
  }

  /** A request that no server made has a form to be filled in. */
  #form_by_hand(): Form {
    return [this.#post ?? new QueryDict("", { mutable: true }), new MultiValueDict()];
  }

  #is_multipart(): boolean {
    return this.#request.method === "POST" && this.#request.content_type === MULTIPART;
  }

  #parse_at_once(): void {
    this.#open(); // says so if the body has still to come
    try {
      const form = this.#parse(this.#input());
      if (is_promise(form)) {
        form.catch(() => undefined); // nobody will wait for it
        throw new SynchronousOnlyOperation(
          "An upload handler of this request gives promises. Say `await request.load()` before looking at POST or FILES.",
        );
      }
      this.#set_form(form);
    } catch (error) {
      if (error instanceof MultiPartParserError || error instanceof TooManyFilesSent)
        this.mark_parse_error();
      throw error;
    }
  }

  #parse(input: ByteStream | AsyncIterable<Uint8Array>): Form | Promise<Form> {
    return this.#request.parse_file_upload(this.#request.META, input);
  }

  #input(): ByteStream | AsyncIterable<Uint8Array> {
    const wire = this.#wire;
    if (this.#body !== undefined) return new MemoryStream(this.#body);
    if (this.#stream !== undefined || wire === undefined) return this.#request;
    this.#read_started = true;
    this.#chunks ??= wire[Symbol.asyncIterator]();
    return new WireInput(this.#chunks, wire.length);
  }

  close(): void {
    const may_wait = this.#wire !== undefined;
    if (this.#files !== undefined) close_files(this.#files, may_wait);
    if (this.#other_files !== undefined) close_files(this.#other_files, may_wait);
  }

  // --- how a form is parsed ---

  get upload_handlers(): FileUploadHandler[] {
    if (this.#upload_handlers.length === 0) {
      this.#upload_handlers = settings.FILE_UPLOAD_HANDLERS.map((handler) =>
        load_handler(handler, this.#request),
      );
    }
    return this.#upload_handlers;
  }

  set upload_handlers(handlers: FileUploadHandler[]) {
    if (this.#files !== undefined) {
      throw new AttributeError(
        "The form is parsed already; set upload_handlers earlier, for a view with upload_handlers([...])(view).",
      );
    }
    this.#upload_handlers = handlers;
  }

  /** New handlers of these classes, which a view asks for. */
  use_handlers(classes: readonly UploadHandlerClass[]): void {
    this.upload_handlers = classes.map((handler) => load_handler(handler, this.#request));
  }

  get multipart_parser_class(): typeof MultiPartParser {
    return this.#parser_class;
  }

  set multipart_parser_class(parser_class: typeof MultiPartParser) {
    if (this.#files !== undefined) {
      throw new RuntimeError(
        "The form is parsed already; set multipart_parser_class before anybody looks at POST.",
      );
    }
    this.#parser_class = parser_class;
  }
}

function guarded(read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch (error) {
    throw is_os_error(error) ? unreadable(error) : error;
  }
}

function check_size(length: number): void {
  const limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
  if (limit !== null && length > limit) throw too_big();
}

function read_before(): RawPostDataException {
  return new RawPostDataException(
    "The body was read as a stream or a form before; request.body must be the first to read it.",
  );
}

function too_big(): RequestDataTooBig {
  return new RequestDataTooBig(
    `The body is over ${settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes (DATA_UPLOAD_MAX_MEMORY_SIZE). Stream it with ` +
      "`for await (const chunk of request)` or `await request.aread(size)`, or raise the limit.",
  );
}
