/** `HttpResponseBase`: status, headers and cookies, whatever the content is. @module */
import type { IncomingMessage, ServerResponse } from "node:http";
import { KeyError, OSError, ValueError } from "../core/exceptions.ts";
import { request_finished } from "../core/signals.ts";
import { as_buffer, encode } from "../utils/_codecs.ts";
import { parse_int } from "../utils/_number.ts";
import { define_repr, repr, str } from "../utils/_python.ts";
import type { Policy } from "../utils/csp.ts";
import { type BackgroundWork, start_background, type WhenSent } from "./_background.ts";
import { charset_of, content_type_header, get_default_charset } from "./_content_type.ts";
import { BadHeaderError } from "./_header_text.ts";
import {
  delete_header,
  fill_headers,
  find_header,
  get_header,
  header_items,
  type HeaderList,
  type HeadersInit,
  ResponseHeaders,
  set_header,
} from "./_headers.ts";
import {
  type CookieOptions,
  delete_cookie,
  type DeleteCookieOptions,
  set_cookie,
  set_signed_cookie,
  type SignedCookieOptions,
} from "./_response_cookies.ts";
import { reason_phrase } from "./_status.ts";
import { SimpleCookie } from "./cookie.ts";

/** What every response constructor takes. */
export interface HttpResponseOptions {
  /** Default `text/html; charset=` and the charset. */
  content_type?: string | null | undefined;
  /** From 100 to 599, as a number or in digits. Default: the class's `status_code`. */
  status?: number | string | null | undefined;
  /** The reason phrase. Default: the registered one of the status. */
  reason?: string | null | undefined;
  /** The charset of text in the content. Default: the one in the Content-Type, else `settings.DEFAULT_CHARSET`. */
  charset?: string | null | undefined;
  /** Headers to set; values that are not text are turned into text. */
  headers?: HeadersInit;
}

const NO_OPTIONS: HttpResponseOptions = {};

/**
 * What all responses have (Django docs: Request and response objects). Not to be used by itself: make an
 * `HttpResponse` or a `StreamingHttpResponse`.
 */
export class HttpResponseBase {
  /** 200 unless the class or the `status` option says otherwise. Any number may be assigned. */
  declare status_code: number;
  /** Whether `close` has run. */
  declare closed: boolean;
  /** The sender of `request_finished`: the class of the handler. @internal */
  declare _handler_class: unknown;
  /** Set by the decorator of that name: no `X-Frame-Options` for this response. */
  declare xframe_options_exempt?: boolean;
  /** In place of `SECURE_CSP`; set by the decorator `csp_override`. @internal */
  declare _csp_config?: Policy;
  /** In place of `SECURE_CSP_REPORT_ONLY`; set by the decorator `csp_report_only_override`. @internal */
  declare _csp_ro_config?: Policy;
  /** `GZipMiddleware` leaves this response as it is. */
  declare no_compress?: boolean | undefined;
  /** Work to begin when the response has been sent, or the client has gone; see `BackgroundWork`. */
  declare background?: BackgroundWork | null | undefined;
  /** Calls back when the last byte is out, or nobody is left to take it; set by a door, for `background`. @internal */
  declare _when_sent?: WhenSent;
  /** Fulfilled when the work of `background` is over; there once it has been begun. @internal */
  declare _background_done?: Promise<void>;
  /** Whether a response that has a `render()` needs it no more: it goes on without template-response middleware. @internal */
  declare _is_settled?: boolean;
  /**
   * Answers in the place of this response where there is a `node:http` connection. The headers of the response are on
   * `res` by then. Other doors send the response itself, without content. Not for responses with content. @internal
   */
  declare _take_over?: (req: IncomingMessage, res: ServerResponse) => unknown;
  /** What the class sends unless `content_type` is given; `undefined`: the default. On the prototype. @internal */
  declare _own_content_type: string | undefined;
  /** Set once a log record has told of this response. @internal */
  declare _has_been_logged?: boolean;

  #list: HeaderList;
  #headers: ResponseHeaders | undefined;
  #cookies: SimpleCookie | undefined;
  #charset: string | null;
  #reason: string | null;
  #closers: (() => unknown)[] | undefined;

  static {
    this.prototype.status_code = 200;
    this.prototype._own_content_type = undefined;
    define_repr(this.prototype);
  }

  /**
   * @throws ValueError for a Content-Type in `headers` beside `content_type`, or a status out of range.
   * @throws TypeError for a status that is no integer; BadHeaderError for a header or reason that cannot be sent.
   */
  constructor(options: HttpResponseOptions = NO_OPTIONS) {
    const { charset = null, status, reason = null } = options;
    const { content_type = this._own_content_type } = options;
    this.#list = first_headers(content_type, charset, options.headers);
    this.#headers = undefined;
    this.#cookies = undefined;
    this.#charset = charset;
    this.#reason = reason === null ? null : checked_reason(reason);
    this.#closers = undefined;
    this._handler_class = undefined;
    this.closed = false;
    this.status_code =
      status === undefined || status === null ? this.status_code : checked_status(status);
  }

  /** What `close` calls, in this order. @internal */
  get _resource_closers(): (() => unknown)[] {
    return (this.#closers ??= []);
  }

  /** Whether the content is read from `streaming_content` while it is sent. */
  get streaming(): boolean {
    return false;
  }

  /** The phrase of the status line; computed from the status unless one was set. `null` undoes setting. */
  get reason_phrase(): string {
    return this.#reason ?? reason_phrase(this.status_code);
  }

  /** @throws BadHeaderError for a control character. */
  set reason_phrase(value: string | null | undefined) {
    this.#reason = value === null || value === undefined ? null : checked_reason(value);
  }

  /** The charset of text in the content; `null` undoes setting. Setting it leaves the Content-Type as it is. */
  get charset(): string {
    if (this.#charset !== null) return this.#charset;
    const content_type = get_header(this.#list, "Content-Type");
    const charset = content_type === undefined ? undefined : charset_of(content_type);
    return charset ?? get_default_charset();
  }

  set charset(value: string | null | undefined) {
    this.#charset = value ?? null;
  }

  /** All headers but Set-Cookie, which `cookies` makes. */
  get headers(): ResponseHeaders {
    return (this.#headers ??= ResponseHeaders._over(this.#list));
  }

  set headers(value: ResponseHeaders) {
    this.#headers = value;
    this.#list = value._list;
  }

  /** The cookies to set; each becomes a Set-Cookie header, after all others. */
  get cookies(): SimpleCookie {
    return (this.#cookies ??= new SimpleCookie());
  }

  set cookies(value: SimpleCookie) {
    this.#cookies = value;
  }

  /** Whether there are cookies to set; unlike `cookies` it makes no container to find out. @internal */
  get _has_cookies(): boolean {
    return this.#cookies !== undefined && this.#cookies.size > 0;
  }

  /** @throws KeyError if the header is missing. */
  getitem(header: string): string {
    const value = get_header(this.#list, header);
    if (value === undefined) throw new KeyError(header);
    return value;
  }

  /** Sets a header. @throws BadHeaderError for a name or value that would break the response apart. */
  set(header: string, value: unknown): void {
    set_header(this.#list, header, value);
  }

  /** Takes a header out; a missing one is no error. */
  delete(header: string): void {
    delete_header(this.#list, header);
  }

  /** Whether the header is set. */
  has(header: string): boolean {
    return find_header(this.#list, header) >= 0;
  }

  /** The same as `has`. */
  has_header(header: string): boolean {
    return find_header(this.#list, header) >= 0;
  }

  /** The header's value, or `alternate`. */
  get(header: string): string | undefined;
  get<T>(header: string, alternate: T): string | T;
  get(header: string, alternate?: unknown): unknown {
    return get_header(this.#list, header) ?? alternate;
  }

  /** Pairs of name and value, the names spelled as they were last set. */
  items(): IterableIterator<[string, string]> {
    return header_items(this.#list);
  }

  /** Sets the header unless it is set already. */
  setdefault(key: string, value: unknown): void {
    if (find_header(this.#list, key) < 0) set_header(this.#list, key, value);
  }

  /**
   * Sets a cookie (RFC 6265). A second call for the same name keeps the flags that the first one set.
   * @param value Turned into text, and quoted where it must be.
   * @throws ValueError for `max_age` together with a date in `expires`, or an unknown `samesite`.
   */
  set_cookie(key: string, value: unknown = "", options: CookieOptions = {}): void {
    set_cookie(this.cookies, key, value, options);
  }

  /** Sets a cookie that `request.get_signed_cookie` reads, and nobody can change. Its value stays readable. */
  set_signed_cookie(key: string, value: unknown, options: SignedCookieOptions = {}): void {
    set_signed_cookie(this.cookies, key, value, options);
  }

  /** Makes the browser forget the cookie; `path` and `domain` must be those it was set with. */
  delete_cookie(key: string, options: DeleteCookieOptions = {}): void {
    delete_cookie(this.cookies, key, options);
  }

  /**
   * The bytes to send for a piece of content: text in the response's charset, anything else by its text.
   * @throws UnicodeEncodeError for characters that the charset lacks; LookupError for an unknown charset.
   */
  make_bytes(value: unknown): Buffer {
    if (typeof value === "string") return encode(value, this.charset);
    return bytes_of(value) ?? encode(str(value), this.charset);
  }

  /** The header lines without the last line break, and without cookies. */
  serialize_headers(): Buffer {
    const lines: string[] = [];
    for (const [name, value] of header_items(this.#list)) lines.push(`${name}: ${value}`);
    return Buffer.from(lines.join("\r\n"), "latin1");
  }

  /**
   * Names and values in turn, as `http.ServerResponse.writeHead` takes them: headers, then cookies.
   * @throws ValueError if the response was sent before: the cookies of one client are not for the next. @internal
   */
  _wire_headers(): string[] {
    if (this.closed)
      throw new ValueError(
        `${article(this)} can be sent once: this one was. Make one for every request.`,
      );
    const wire = this.#list.slice();
    if (this.#cookies !== undefined) {
      for (const morsel of this.#cookies.values()) wire.push("Set-Cookie", morsel.OutputString());
    }
    return wire;
  }

  /**
   * Frees what the response holds, sends `request_finished`, and has the work of `background` begin. The server calls it
   * when the response is sent.
   */
  close(): void {
    const was_closed = this.closed;
    this._close_resources();
    this.closed = true;
    request_finished.send(this._handler_class);
    if (this.background && !was_closed)
      this._background_done = start_background(this.background, this._when_sent);
  }

  /** Closes files and ends generators; for a response that another one takes the place of. @internal */
  _close_resources(): void {
    const closers = this.#closers;
    if (closers === undefined) return;
    this.#closers = undefined;
    for (const closer of closers) quietly(closer);
  }

  /** @throws OSError: only `HttpResponse` can be written to. */
  write(_content: unknown): void {
    throw new OSError(`${article(this)} cannot be written to; only an HttpResponse can.`);
  }

  /** Does nothing; files have it. */
  flush(): void {}

  /** @throws OSError: only `HttpResponse` has a position. */
  tell(): number {
    throw new OSError(`${article(this)} has no position; only an HttpResponse has.`);
  }

  /** False: a response is written, never read. */
  readable(): boolean {
    return false;
  }

  /** False. */
  seekable(): boolean {
    return false;
  }

  /** Whether `write` can be called. */
  writable(): boolean {
    return false;
  }

  /** @throws OSError: only `HttpResponse` can be written to. */
  writelines(_lines: Iterable<unknown>): void {
    throw new OSError(`${article(this)} cannot be written to; only an HttpResponse can.`);
  }

  /** Django's repr, which `console.log` prints too: `<HttpResponse status_code=200, "text/html; charset=utf-8">`. */
  toString(): string {
    return `<${this.constructor.name} ${this._repr_status()}>`;
  }

  /** Status and Content-Type, as every repr has them. @internal */
  _repr_status(): string {
    const content_type = get_header(this.#list, "Content-Type");
    const type = content_type === undefined ? "" : `, "${content_type}"`;
    return `status_code=${this.status_code}${type}`;
  }
}

function first_headers(
  content_type: string | null | undefined,
  charset: string | null,
  headers: HeadersInit,
): HeaderList {
  if (headers === undefined || headers === null)
    return ["Content-Type", content_type_header(content_type, charset)];
  const list: HeaderList = [];
  fill_headers(list, headers);
  if (find_header(list, "Content-Type") < 0) {
    list.push("Content-Type", content_type_header(content_type, charset));
  } else if (content_type) {
    throw new ValueError(
      "The Content-Type was given twice: in headers and as content_type. Leave one of them out.",
    );
  }
  return list;
}

function checked_status(status: number | string): number {
  const code = typeof status === "string" ? parse_int(status) : Number(status);
  if (code === undefined || !Number.isInteger(code))
    throw new TypeError(`The status of a response is an integer: ${repr(status)} is not.`);
  if (code < 100 || code > 599)
    throw new ValueError(`The status of a response is from 100 to 599: ${code} is not.`);
  return code;
}

// oxlint-disable-next-line no-control-regex -- the control characters are what it looks for
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

function checked_reason(reason: string): string {
  if (CONTROL.test(reason))
    throw new BadHeaderError(
      `A reason phrase holds no control characters: ${repr(reason)} does. Remove them.`,
    );
  return reason;
}

/** Bytes in any of their forms, not copied; `undefined` for everything else. */
export function bytes_of(value: unknown): Buffer | undefined {
  if (value instanceof Uint8Array) return as_buffer(value);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return Buffer.from(value);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

/** Runs a closer; whatever it throws, now or later, is nobody's business any more. */
function quietly(closer: () => unknown): void {
  try {
    const result = closer();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // as in Django: a file that cannot be closed must not keep the next one open
  }
}

function article(response: object): string {
  return `A ${response.constructor.name}`;
}
