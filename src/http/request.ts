/** `HttpRequest`: what a client asks for (Django docs: Request and response objects). @module */
import type { UploadHandlerClass } from "../conf/index.ts";
import type { BaseStorage } from "../contrib/messages/storage/base.ts";
import type { ResolverMatch } from "../urls/resolvers.ts";
import type { URLConf } from "../urls/_types.ts";
import type { UploadedFile } from "../core/files/uploadedfile.ts";
import type { FileUploadHandler } from "../core/files/uploadhandler.ts";
import { as_buffer } from "../utils/_codecs.ts";
import { define_repr, repr_text } from "../utils/_python.ts";
import type { LazyNonce } from "../utils/csp.ts";
import { ImmutableList, type MultiValueDict } from "../utils/datastructures.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import type { HttpResponseBase } from "./_base.ts";
import { type ByteStream, type Form, RequestBody, type Wire } from "./_body.ts";
import { RequestHead } from "./_request_head.ts";
import type { Meta } from "./_request_headers.ts";
import type { RequestSession, RequestSite, RequestUser } from "./_request_types.ts";
import type { MultiPartParser } from "./multipartparser.ts";
import type { QueryDict } from "./querydict.ts";

export type { Wire } from "./_body.ts";
export { host_validation_re, split_domain_port, validate_host } from "./_host.ts";
export { MediaType } from "./_media_type.ts";
export { type Dict, HttpHeaders, type Meta } from "./_request_headers.ts";
export type { FullPathOptions } from "./_request_head.ts";
export type { RequestSession, RequestSite, RequestUser } from "./_request_types.ts";
export { type GetSignedCookieOptions, RAISE_ERROR } from "./_signed_cookie.ts";
export { RawPostDataException, UnreadablePostError } from "./_wire.ts";
export { bytes_to_text, QueryDict } from "./querydict.ts";

/** The view's wishes about the body; see `views/decorators/upload`. @internal */
interface LoadingView {
  readonly _upload_handlers?: readonly UploadHandlerClass[];
}

/**
 * Answers an error that has left the view and the middleware inside of which it is set: `status` is 400, 403, 404, 408 or
 * 500, as the site's own page would have it. `undefined`: that page is sent after all, as it is when this fails. Signals
 * and logging do not depend on it.
 */
export type ErrorResponse = (
  request: HttpRequest,
  status: number,
  exception: unknown,
) => Awaitable<HttpResponseBase | undefined>;

/**
 * A request. Made by a server it is read on demand: nothing here is worked out before somebody looks. Made with
 * `new HttpRequest()` it is empty, and everything may be set.
 */
export class HttpRequest extends RequestHead {
  /** What the URL resolver found; `null` before it ran. */
  resolver_match: ResolverMatch | null = null;

  /** Set by `SessionMiddleware`. */
  declare session: RequestSession;
  /** What finds the user when it is first asked for; set by `AuthenticationMiddleware`. @internal */
  declare _find_user?: (request: HttpRequest) => RequestUser;
  /** @internal */
  declare _user?: RequestUser | undefined;
  /** @internal */
  declare _cached_user?: RequestUser;
  /** @internal */
  declare _acached_user?: RequestUser;
  /** Set by `AuthenticationMiddleware`: the user, loaded without blocking. */
  declare auser: () => Promise<RequestUser>;
  /** Set by `CurrentSiteMiddleware`. */
  declare site: RequestSite;
  /** Set by `LocaleMiddleware`. */
  declare LANGUAGE_CODE?: string;
  /** The URLconf to use instead of `ROOT_URLCONF`; set to `null`, it is that one again. */
  declare urlconf?: URLConf | null;
  /** The application namespace that the `url` tag prefers. */
  declare current_app?: string | null;
  /** The nonce of the Content-Security-Policy; set by `ContentSecurityPolicyMiddleware`, made when it is first read. */
  declare csp_nonce?: LazyNonce;
  /** Whether the page cache shall keep the response; set by the cache middleware. @internal */
  declare _cache_update_cache?: boolean;
  /** Set by the CSRF check, so that it runs once. */
  declare csrf_processing_done?: boolean;
  /** Hides values of a form from error reports; set by a decorator. */
  declare sensitive_post_parameters?: string[] | "__ALL__";
  /** Decides what an error report shows of this request. */
  declare exception_reporter_filter?: object;
  /** The class that writes the error report of this request. */
  declare exception_reporter_class?: unknown;
  /** The storage of messages. @internal */
  declare _messages?: BaseStorage;
  /** Answers errors in the place of the site's error handlers, and of the technical pages of DEBUG. */
  declare error_response?: ErrorResponse | undefined;
  /** Whether a response may have somebody else answer; see `_take_over` there. @internal */
  declare _hands_over?: boolean;
  /** What `signal` gives without a connection. @internal */
  declare _signal?: AbortSignal;
  /** Set by the test client: the CSRF check lets the request pass. @internal */
  declare _dont_enforce_csrf_checks?: boolean;

  /** The body that has still to come, if there is one; set by a door. @internal */
  _wire: Wire | undefined = undefined;
  /** The body, if it can be read at once. @internal */
  _stream: ByteStream | undefined = undefined;
  /** @internal */
  _content: RequestBody | undefined = undefined;

  /** Who sent the request; there from `AuthenticationMiddleware` on, and loaded when it is first looked at. */
  get user(): RequestUser {
    this._user ??= this._find_user?.(this);
    return this._user as RequestUser; // who reads it before the middleware ran finds nothing
  }

  set user(user: RequestUser) {
    this._user = user;
  }

  /** Whether there is a user, loaded or not. @internal */
  get _has_user(): boolean {
    return this._user !== undefined || this._find_user !== undefined;
  }

  override get encoding(): string | null {
    return super.encoding;
  }

  override set encoding(encoding: string | null | undefined) {
    super.encoding = encoding;
    this._content?.forget_post();
  }

  // --- the body; `_body.ts` does the work ---

  /** @internal */
  _opened(): RequestBody {
    this._content ??= new RequestBody(this, this._stream, this._wire);
    return this._content;
  }

  /** Whether there is a body, and so perhaps a file to close. @internal */
  get _may_hold_files(): boolean {
    return (
      this._wire !== undefined ||
      this._stream !== undefined ||
      this.close !== HttpRequest.prototype.close
    );
  }

  /** Whether the body must be waited for before anything below works. @internal */
  get _needs_load(): boolean {
    return this._wire !== undefined && (this._content === undefined || this._content.needs_load);
  }

  /**
   * Waits until the body is there, or the form is parsed. The handler does it before the view; only a middleware that
   * wants the body earlier, and a view marked with `deferred_upload`, do it themselves. Once done it costs nothing.
   * @throws UnreadablePostError if the connection fails. What is wrong with the form is thrown by `POST` and `FILES`.
   */
  load(): Promise<void> {
    return this._wire === undefined && this._stream === undefined ? LOADED : this._opened().load();
  }

  /** `load()`, with the upload handlers that the view asks for. @internal */
  _load_for(view: LoadingView): Promise<void> {
    if (view._upload_handlers !== undefined) this._opened().use_handlers(view._upload_handlers);
    return this.load();
  }

  /**
   * The whole body.
   * @throws RequestDataTooBig above `DATA_UPLOAD_MAX_MEMORY_SIZE`; RawPostDataException after the body was read in
   * another way, a multipart form included; SynchronousOnlyOperation before the body is loaded.
   */
  get body(): Buffer {
    return this._opened().body;
  }

  /**
   * The next bytes of the body, all of them without a size; nothing at the end.
   * @throws RequestDataTooBig for a body over `DATA_UPLOAD_MAX_MEMORY_SIZE` that is still on the wire.
   */
  read(size?: number | null): Buffer {
    return as_buffer(this._opened().read(size));
  }

  /** As `read`, for a body over the limit, which stays on the wire, and for one that is not loaded. */
  aread(size?: number | null): Promise<Buffer> {
    return this._opened().aread(size);
  }

  /** The next line with its line feed; nothing at the end. */
  readline(size?: number | null): Buffer {
    return as_buffer(this._opened().readline(size));
  }

  /** What is left of the body, as lines. */
  readlines(): Buffer[] {
    return [...this];
  }

  /** The lines of what is left of the body. */
  [Symbol.iterator](): Iterator<Buffer> {
    return this._opened().lines();
  }

  /** What is left of the body in chunks, not lines: as they come from the wire, however long the body is. */
  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return this._opened().chunks();
  }

  /**
   * The fields of the form, if the method is POST and the body a form; else it is empty.
   * @throws What `body` throws, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError, or BadRequest.
   */
  get POST(): QueryDict {
    return this._opened().post;
  }

  set POST(post: QueryDict) {
    this._opened().post = post;
  }

  /** The files of the form. An input left empty is not here, but in `POST` as `""`. */
  get FILES(): MultiValueDict<UploadedFile> {
    return this._opened().files;
  }

  /** @internal */
  _mark_post_parse_error(): void {
    this._opened().mark_parse_error();
  }

  /** The handlers that take the files. Setting them after the form is parsed throws AttributeError. */
  get upload_handlers(): FileUploadHandler[] {
    return this._opened().upload_handlers;
  }

  set upload_handlers(upload_handlers: FileUploadHandler[]) {
    this._opened().upload_handlers = upload_handlers;
  }

  /** The class that parses `multipart/form-data`. Setting it after the form is parsed throws RuntimeError. */
  get multipart_parser_class(): typeof MultiPartParser {
    return this._opened().multipart_parser_class;
  }

  set multipart_parser_class(multipart_parser_class: typeof MultiPartParser) {
    this._opened().multipart_parser_class = multipart_parser_class;
  }

  /** Parses a multipart form; a promise if the data or an upload handler makes it wait. The handlers are frozen first. */
  parse_file_upload(
    META: Meta,
    post_data: ByteStream | AsyncIterable<Uint8Array>,
  ): Form | Promise<Form> {
    this.upload_handlers = new ImmutableList(this.upload_handlers, {
      warning: "The form is being parsed: it is too late to change the upload handlers.",
    });
    const { encoding } = this;
    return new this.multipart_parser_class(META, post_data, this.upload_handlers, {
      encoding,
    }).parse();
  }

  /** Closes the uploaded files. The handler does it when the response is sent, or the client has gone away. */
  close(): void {
    this._content?.close();
  }

  /** Aborted when the client goes away before it has the whole answer. Without a connection it never is. */
  get signal(): AbortSignal {
    this._signal ??= new AbortController().signal;
    return this._signal;
  }

  static {
    define_repr(this.prototype);
  }

  override toString(): string {
    const path = this.method === null ? "" : this.get_full_path();
    const { name } = this.constructor;
    return path === "" ? `<${name}>` : `<${name}: ${this.method} ${repr_text(path)}>`;
  }
}

const LOADED = Promise.resolve();
