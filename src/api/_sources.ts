/** What can be streamed, in whatever form it comes: all forms as one. @module */
import { Readable } from "node:stream";
import { bytes_of } from "../http/_base.ts";
import { is_async_iterable, is_iterable } from "../http/_iterables.ts";
import { ReaderIterator } from "../http/_reader_iterator.ts";
import type { WireSource } from "../http/_streaming.ts";
import { is_thenable } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";

/** Something that gives items one after the other, at once or after waiting. */
export type ItemSource<T = unknown> =
  | Iterable<T>
  | AsyncIterable<T>
  | Iterator<T>
  | AsyncIterator<T>
  | ReadableStream<T>;

/** What a stream can be made of: a source of items, a function or class that gives one, or the only item, text or bytes. */
export type StreamSource<T = unknown> =
  | ItemSource<T>
  | (() => ItemSource<T> | PromiseLike<ItemSource<T>>)
  | (new () => ItemSource<T>)
  | string
  | ArrayBuffer
  | ArrayBufferView;

type Step = IteratorResult<unknown, unknown>;

const DONE: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });

/** A source that is being read. However often it is ended, what it comes from is ended once. */
export class OpenSource {
  /** Gives the items; not to be used once the source has been ended. */
  readonly iterator: WireSource;
  /** What is closed, if it is more than an iterator. */
  readonly owner: unknown;
  /** Whether the items have to be waited for. */
  readonly is_async: boolean;
  /** Whether nothing comes any more. */
  is_over = false;

  constructor(iterator: WireSource, owner: unknown, is_async: boolean) {
    this.iterator = iterator;
    this.owner = owner;
    this.is_async = is_async;
  }

  /** The source has ended by itself: there is nothing to close but a file or the like. */
  finish(): void {
    if (this.is_over) return;
    this.is_over = true;
    const { owner } = this;
    if (!(owner instanceof Readable) && has_close(owner)) owner.close();
  }

  /** Ends the source, so that the `finally` of a generator runs; what that gives is given back. */
  end(): unknown {
    if (this.is_over) return undefined;
    this.is_over = true;
    const { owner } = this;
    if (owner instanceof Readable) return owner.destroy();
    return has_close(owner) ? owner.close() : this.iterator.return?.();
  }
}

/**
 * Begins to read a source; nothing of a generator runs by that. A function or class is called.
 * @throws TypeError for what is no source.
 */
export function open_source(source: unknown): OpenSource {
  if (typeof source !== "function") return open(source);
  if (is_class(source)) return open(new source());
  const made: unknown = source();
  if (!is_thenable(made)) return open(made);
  const late = new LateSource(made);
  return new OpenSource(late, late, true);
}

function open(source: unknown): OpenSource {
  if (typeof source === "string" || bytes_of(source) !== undefined)
    return new OpenSource([source].values(), undefined, false);
  if (source instanceof ReadableStream)
    return new OpenSource(new ReaderIterator(source), undefined, true);
  if (source instanceof Readable) source.on("error", () => {}); // whoever reads it learns of it
  if (is_async_iterable(source))
    return new OpenSource(source[Symbol.asyncIterator](), source, true);
  if (is_iterable(source)) return new OpenSource(source[Symbol.iterator](), source, false);
  if (is_iterator(source)) return new OpenSource(source, source, true); // it may have to be waited for
  throw new TypeError(
    `A stream is made of an iterator or iterable, a ReadableStream or Readable, a function or class that gives one, ` +
      `or of text or bytes: ${repr(source)} is none of these.`,
  );
}

type SourceClass = new () => unknown;

/** Whether `new` is to be written before it: a class, or a function whose instances have items. */
function is_class(value: object): value is SourceClass {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  if (prototype === undefined) return false; // an arrow function, a method, an async function
  if (prototype.writable === false) return true;
  const made: unknown = prototype.value; // of a generator function too, which is no constructor of it
  if (typeof made !== "object" || made === null || !Object.hasOwn(made, "constructor"))
    return false;
  return is_iterator(made) || is_iterable(made) || is_async_iterable(made);
}

function is_iterator(value: unknown): value is Iterator<unknown> | AsyncIterator<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "next" in value &&
    typeof value.next === "function"
  );
}

function has_close(value: unknown): value is { close(): unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "close" in value &&
    typeof value.close === "function"
  );
}

/**
 * Whether a value is streamed rather than sent as data: an iterator or generator, an async iterable, a `ReadableStream`
 * or a Node `Readable`. Arrays, maps and sets are data.
 */
export function is_stream_value(value: unknown): value is ItemSource {
  if (typeof value !== "object" || value === null) return false;
  return is_iterator(value) || is_async_iterable(value) || value instanceof ReadableStream;
}

/** Whether `sse()` and `jsonl()` take it: any iterable, but text and bytes. */
export function is_item_source(value: unknown): value is ItemSource {
  if (is_stream_value(value)) return true;
  return typeof value === "object" && is_iterable(value) && bytes_of(value) === undefined;
}

/** The source that an asynchronous function gives, once it is there. */
class LateSource implements AsyncIterator<unknown> {
  readonly #opened: Promise<OpenSource>;
  #is_over = false;

  constructor(source: PromiseLike<unknown>) {
    this.#opened = Promise.resolve(source).then(open);
    this.#opened.catch(() => {}); // whoever reads it learns of it
  }

  async next(): Promise<Step> {
    const source = await this.#opened;
    if (this.#is_over) return DONE;
    const step = await source.iterator.next();
    if (step.done === true) source.finish();
    return step;
  }

  async return(): Promise<Step> {
    this.#is_over = true;
    const source = await this.#opened;
    await source.end();
    return DONE;
  }
}
