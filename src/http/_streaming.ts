/** `StreamingHttpResponse`, whose content is read while it is sent. @module */
import { Readable } from "node:stream";
import { AttributeError } from "../core/exceptions.ts";
import { encode } from "../utils/_codecs.ts";
import { is_plain } from "../utils/_mapping.ts";
import { repr, str } from "../utils/_python.ts";
import { bytes_of, HttpResponseBase, type HttpResponseOptions } from "./_base.ts";
import { AsyncByteIterator, ByteIterator } from "./_byte_iterators.ts";
import { is_utf_8 } from "./_content_type.ts";
import type { FileSource } from "./_file_source.ts";
import { is_async_iterable, is_iterable } from "./_iterables.ts";
import { ReaderIterator } from "./_reader_iterator.ts";

/** What can be streamed: pieces of text or bytes, or a stream of Node or of the Fetch standard, which gives them. */
export type StreamingContent = Iterable<unknown> | AsyncIterable<unknown>;

/** Where the pieces of a stream come from, at once or after waiting. */
export type WireSource = Iterator<unknown> | AsyncIterator<unknown>;

/**
 * A response whose content is read, once, while it is sent (Django docs: StreamingHttpResponse objects). However long it
 * is, only one piece is in memory; when the client goes away, the source is ended and closed.
 */
export class StreamingHttpResponse extends HttpResponseBase {
  /** Whether `streaming_content` is to be read with `for await`. */
  declare is_async: boolean;
  /** Whether pieces that come without waiting may be sent as one. @internal */
  declare _is_gathered: boolean;
  #sync: Iterator<unknown> | undefined;
  #async: AsyncIterator<unknown> | undefined;
  #source: unknown;

  static {
    this.prototype._is_gathered = true;
  }

  /**
   * @param streaming_content Default: nothing. What can be read both ways counts as synchronous.
   * @throws TypeError for what is not iterable.
   */
  constructor(streaming_content: StreamingContent = [], options?: HttpResponseOptions) {
    super(options);
    this.is_async = false;
    this.#sync = undefined;
    this.#async = undefined;
    this.#source = undefined;
    this.#set_content(streaming_content); // not what a subclass makes of it: its fields are not there yet
  }

  override get streaming(): true {
    return true;
  }

  /** @throws AttributeError always: the content is not in memory. */
  get content(): never {
    throw new AttributeError(
      `The content of a ${this.constructor.name} is not in memory. Use streaming_content.`,
    );
  }

  /** @throws AttributeError always. */
  set content(_value: unknown) {
    throw new AttributeError(
      `The content of a ${this.constructor.name} cannot be set. Assign streaming_content.`,
    );
  }

  /** @throws AttributeError always: the content is not in memory. */
  get text(): never {
    throw new AttributeError(
      `The text of a ${this.constructor.name} is not in memory. Use streaming_content.`,
    );
  }

  /** What is left of the content, as bytes. Every reading shares the one source. */
  get streaming_content(): IterableIterator<Buffer> | AsyncIterableIterator<Buffer> {
    if (this.#async !== undefined) return new AsyncByteIterator(this.#async, this.#to_bytes());
    return new ByteIterator(this.#sync ?? [].values(), this.#to_bytes());
  }

  /** Replaces the content; the old one stays to be closed. Wrap it to change it: `r.streaming_content = f(r.streaming_content)`. */
  set streaming_content(value: StreamingContent) {
    this._set_streaming_content(value);
  }

  #to_bytes(): (piece: unknown) => Buffer {
    return (piece) => this.make_bytes(piece);
  }

  /** What setting `streaming_content` does. @internal */
  _set_streaming_content(value: unknown): void {
    this.#set_content(value);
  }

  #set_content(value: unknown): void {
    this.#source = value;
    if (is_iterable(value)) {
      this._set_sync(value instanceof Map ? value.keys() : value[Symbol.iterator](), value);
    } else if (value instanceof ReadableStream) {
      this._set_async(new ReaderIterator(value), undefined);
    } else if (is_async_iterable(value)) {
      this._set_async(value[Symbol.asyncIterator](), value);
    } else if (is_plain(value)) {
      this._set_sync(Object.keys(value).values(), value); // as Python iterates a dictionary
    } else {
      throw new TypeError(`The content of a stream must be iterable: ${repr(value)} is not.`);
    }
  }

  /** Takes a synchronous iterator as the content, and `owner` as what is to be closed. @internal */
  _set_sync(iterator: Iterator<unknown>, owner: unknown): void {
    this.#sync = iterator;
    this.#async = undefined;
    this.is_async = false;
    this.#close_later(iterator, owner);
  }

  /** The same for an asynchronous iterator. @internal */
  _set_async(iterator: AsyncIterator<unknown>, owner: unknown): void {
    this.#sync = undefined;
    this.#async = iterator;
    this.is_async = true;
    this.#close_later(iterator, owner);
  }

  #close_later(iterator: Iterator<unknown> | AsyncIterator<unknown>, owner: unknown): void {
    if (owner instanceof Readable) {
      owner.on("error", () => {}); // whoever reads it learns of it; without a listener the process would end
      this._resource_closers.push(() => owner.destroy());
    } else if (has_close(owner)) {
      this._resource_closers.push(() => owner.close());
    } else if (iterator.return !== undefined) {
      this._resource_closers.push(() => iterator.return?.());
    }
  }

  /** What the server sends: as `streaming_content`, but a source that can be read both ways is not waited for. @internal */
  _wire_chunks(): Iterable<Buffer> | AsyncIterable<Buffer> {
    if (!this.is_async && is_async_iterable(this.#source))
      return new AsyncByteIterator(this.#source[Symbol.asyncIterator](), this.#to_bytes());
    return this.streaming_content;
  }

  /**
   * What a door reads: the source, whose pieces `make_bytes` turns into bytes. One that can be read both ways is waited
   * for. @internal
   */
  _wire_source(): WireSource {
    if (this.is_async || !is_async_iterable(this.#source))
      return this.#async ?? this.#sync ?? [].values();
    const iterator = this.#source[Symbol.asyncIterator]();
    this._resource_closers.push(() => iterator.return?.());
    return iterator;
  }

  /** Whether text goes out as UTF-8, and nothing else is done to it: a door may leave the encoding to the system. @internal */
  get _sends_utf_8(): boolean {
    return this.make_bytes === StreamingHttpResponse.prototype.make_bytes && is_utf_8(this.charset);
  }

  /** The file on disk, if the content is one, for a server that can send it by itself. @internal */
  _file_source(): FileSource | undefined {
    return undefined;
  }

  /** All of the content, if it is in memory already and can be sent at once. @internal */
  _whole_content(): Buffer | undefined {
    return undefined;
  }

  /** As for any response, but half a character becomes U+FFFD: it is too late for an error page. */
  override make_bytes(value: unknown): Buffer {
    const bytes = typeof value === "string" ? undefined : bytes_of(value);
    if (bytes !== undefined) return bytes;
    const { charset } = this;
    const text = typeof value === "string" ? value : str(value);
    return is_utf_8(charset) ? Buffer.from(text) : encode(text, charset);
  }

  /** All that is left of the content. @throws TypeError for asynchronous content: `for await` reads that. */
  getvalue(): Buffer {
    const content = this.streaming_content;
    if (Symbol.asyncIterator in content)
      throw new TypeError("Asynchronous content can only be read with for await (… of response).");
    return Buffer.concat([...content]);
  }

  /** Over what is left, as bytes. Asynchronous content has no such iterator: only `for await` reads it. */
  get [Symbol.iterator](): () => IterableIterator<Buffer> {
    // absent as far as `for … of` can tell, which then says that the response is not iterable
    return (this.is_async ? undefined : read_sync) as () => IterableIterator<Buffer>;
  }

  /** Over what is left, as bytes, whatever the content is. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    yield* this.streaming_content;
  }
}

function read_sync(this: StreamingHttpResponse): IterableIterator<Buffer> {
  const content = this.streaming_content;
  if (Symbol.iterator in content) return content;
  throw new TypeError("The content is asynchronous: read it with for await.");
}

function has_close(value: unknown): value is { close(): unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "close" in value &&
    typeof value.close === "function"
  );
}
