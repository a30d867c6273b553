/** `HttpResponse`, a response whose content is in memory, and its subclasses by status. @module */
import { AttributeError } from "../core/exceptions.ts";
import { decode } from "../utils/_codecs.ts";
import { truthy } from "../utils/_python.ts";
import { bytes_of, HttpResponseBase, type HttpResponseOptions } from "./_base.ts";
import { is_utf_8 } from "./_content_type.ts";
import { python_iterable } from "./_iterables.ts";

/** ES2024; every Node from 20 on has it, the ES2023 library does not list it. */
interface MaybeWellFormed {
  isWellFormed(): boolean;
}

/**
 * A response with its content in memory (Django docs: HttpResponse objects). The content can be read, replaced, and
 * written to.
 */
export class HttpResponse extends HttpResponseBase {
  // One text in UTF-8, which is sent as it is, or the pieces that were written.
  #body: string | Buffer[];
  #text: string | undefined;

  /**
   * @param content Text, bytes, or an iterable of them, which is read and closed at once. A number is its digits, a plain
   * object its keys, `null` the text `None`: Django does just so.
   * @throws TypeError for an async iterable (use a `StreamingHttpResponse`) or a promise (await it).
   */
  constructor(content: unknown = "", options?: HttpResponseOptions) {
    super(options);
    this.#text = undefined;
    this.#body = this.#body_of(content);
  }

  override get streaming(): false {
    return false;
  }

  /** The content as bytes. Setting it replaces what was written. */
  get content(): Buffer {
    this._check_content();
    const pieces = this.#pieces();
    const [first] = pieces;
    if (first !== undefined && pieces.length === 1) return first;
    return Buffer.concat(pieces);
  }

  set content(value: unknown) {
    this._set_content(value);
  }

  /** What setting `content` does. @internal */
  _set_content(value: unknown): void {
    this.#body = this.#body_of(value);
    this.#text = undefined;
  }

  /** Sets text that is sent as UTF-8, whatever the charset is. @internal */
  _set_utf_8(text: string): void {
    const sendable = (text as unknown as MaybeWellFormed).isWellFormed();
    this.#body = sendable ? text : [Buffer.from(text)];
    this.#text = undefined;
  }

  /** Leaves not even an empty piece. @internal */
  _drop_content(): void {
    this.#body = [];
    this.#text = undefined;
  }

  /**
   * The content as text in the response's charset. Kept when it was read once: a later `write` is not seen.
   * @throws UnicodeDecodeError if the content is not text.
   */
  get text(): string {
    return (this.#text ??= this.#read_text());
  }

  #read_text(): string {
    this._check_content();
    const charset = this.charset || "utf-8";
    return typeof this.#body === "string" && is_utf_8(charset)
      ? this.#body
      : decode(this.content, charset);
  }

  /** Throws, in a subclass, while there is no content to read yet. @internal */
  _check_content(): void {}

  #body_of(content: unknown): string | Buffer[] {
    if (typeof content === "string") return this.#body_of_text(content);
    const bytes = bytes_of(content);
    if (bytes !== undefined) return [bytes];
    const iterable = python_iterable(content);
    if (iterable === undefined) return [this.make_bytes(content)];
    const pieces = Array.from(iterable, (piece) => this.make_bytes(piece));
    close_quietly(content);
    return [Buffer.concat(pieces)];
  }

  #body_of_text(text: string): string | Buffer[] {
    const sendable =
      // a String has the method wherever this runs: see MaybeWellFormed
      is_utf_8(this.charset) && (text as unknown as MaybeWellFormed).isWellFormed();
    return sendable ? text : [this.make_bytes(text)];
  }

  #pieces(): Buffer[] {
    if (typeof this.#body === "string") this.#body = [Buffer.from(this.#body)];
    return this.#body;
  }

  /** The content as it is to be sent: text stands for its UTF-8 bytes. @internal */
  _payload(): string | Buffer {
    this._check_content();
    return typeof this.#body === "string" ? this.#body : this.content;
  }

  /** Appends text, bytes, or the text of anything else. */
  override write(content: unknown): void {
    this.#pieces().push(this.make_bytes(content));
  }

  /** The length of the content in bytes. */
  override tell(): number {
    this._check_content();
    return typeof this.#body === "string" ? Buffer.byteLength(this.#body) : this.content.length;
  }

  /** The same as `content`. */
  getvalue(): Buffer {
    return this.content;
  }

  /** True. */
  override writable(): boolean {
    return true;
  }

  /** Writes one after the other; nothing is put between them. */
  override writelines(lines: Iterable<unknown>): void {
    for (const line of lines) this.write(line);
  }

  /** Header lines, an empty line, the content: Python's `bytes(response)`. */
  serialize(): Buffer {
    return Buffer.concat([this.serialize_headers(), Buffer.from("\r\n\r\n"), this.content]);
  }

  /** Over the pieces that were written, as often as one likes. */
  [Symbol.iterator](): IterableIterator<Buffer> {
    this._check_content();
    return this.#pieces().values();
  }
}

function close_quietly(content: unknown): void {
  if (typeof content !== "object" || content === null || !("close" in content)) return;
  const { close } = content;
  if (typeof close !== "function") return;
  try {
    close.call(content);
  } catch {
    // as in Django: what was read is what counts
  }
}

/** 304: no content, and no Content-Type. */
export class HttpResponseNotModified extends HttpResponse {
  static {
    this.prototype.status_code = 304;
  }

  /** @throws AttributeError for content that is not empty. */
  constructor(content: unknown = "", options?: HttpResponseOptions) {
    refuse(content);
    super("", options);
    this._drop_content();
    this.delete("Content-Type");
  }

  override _set_content(value: unknown): void {
    refuse(value);
    this._drop_content();
  }
}

function refuse(content: unknown): void {
  if (truthy(content))
    throw new AttributeError(
      "A 304 (Not Modified) response has no content. Use another class to send some.",
    );
}

/** 400: the request cannot be understood. */
export class HttpResponseBadRequest extends HttpResponse {
  static {
    this.prototype.status_code = 400;
  }
}

/** 404: there is nothing at this URL. */
export class HttpResponseNotFound extends HttpResponse {
  static {
    this.prototype.status_code = 404;
  }
}

/** 403: the user may not do this. */
export class HttpResponseForbidden extends HttpResponse {
  static {
    this.prototype.status_code = 403;
  }
}

/** 405: the URL exists, but not for this method. */
export class HttpResponseNotAllowed extends HttpResponse {
  static {
    this.prototype.status_code = 405;
  }

  /** @param permitted_methods What Allow lists (RFC 9110 §10.2.1), as they are. */
  constructor(
    permitted_methods: Iterable<string>,
    content: unknown = "",
    options?: HttpResponseOptions,
  ) {
    super(content, options);
    this.set("Allow", [...permitted_methods].join(", "));
  }

  override toString(): string {
    return `<${this.constructor.name} [${this.getitem("Allow")}] ${this._repr_status()}>`;
  }
}

/** 410: there was something, and it will not come back. */
export class HttpResponseGone extends HttpResponse {
  static {
    this.prototype.status_code = 410;
  }
}

/** 500: something went wrong here. */
export class HttpResponseServerError extends HttpResponse {
  static {
    this.prototype.status_code = 500;
  }
}
