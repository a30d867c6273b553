/** A streaming response as a `ReadableStream`, which pulls from its source what the client can take. @module */
import type { UnderlyingSource } from "node:stream/web";
import { read_pieces } from "../../http/_file_source.ts";
import type { WireSource } from "../../http/_streaming.ts";
import type { HttpResponseBase, StreamingHttpResponse } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { and_then, is_promise, is_thenable, type Maybe } from "../../utils/_promise.ts";
import type { FetchRequest } from "./_fetch_request.ts";
import { wrong_length } from "./_framing.ts";

/** Bytes gathered for one chunk, as long as the source does not make us wait. */
const BATCH = 32_768;
/** How much of a file is read at a time. */
const PIECE = 262_144;
/** Milliseconds the first chunk is waited for before the headers go out by themselves: until then an error is still a 500. */
const FIRST_CHUNK = 500;

/** Deno's server prints the error of a stream whose client has left, though there is nobody any more to tell. */
const PRINTS_ERRORS = "Deno" in globalThis;

type Step = IteratorResult<unknown, unknown>;
type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Closes a response that the runtime was given. Work in its background begins in the next turn: until then it can send. */
export function close_given(response: HttpResponseBase, request: FetchRequest): void {
  if (response.background) response._when_sent = (begin) => void setTimeout(begin, 0);
  response.close();
  request._fetch_wire?.abandon();
}

/** What a `ReadableStream` pulls from. However it ends, the response is closed once. */
class StreamSource implements UnderlyingSource<Uint8Array> {
  readonly #response: StreamingHttpResponse;
  readonly #request: FetchRequest;
  readonly #source: WireSource;
  readonly #announced: number | undefined;
  readonly #ends_quietly: boolean;
  readonly #batch_size: number;
  #step: Maybe<Step> | undefined;
  #given = 0;
  #controller: Controller | undefined;
  #is_over = false;

  constructor(
    response: StreamingHttpResponse,
    request: FetchRequest,
    announced: number | undefined,
    is_served: boolean,
  ) {
    this.#response = response;
    this.#request = request;
    this.#announced = announced;
    this.#ends_quietly = is_served && PRINTS_ERRORS;
    this.#batch_size = response._is_gathered ? BATCH : 0;
    const file = response._file_source();
    this.#source = file === undefined ? response._wire_source() : read_pieces(file, PIECE);
  }

  /** Waits for the first chunk, unless it takes long. An error is thrown, and nothing has been closed. */
  prepare(): Maybe<void> {
    const step = this.#first();
    this.#step = step;
    if (!is_promise(step)) return undefined;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, FIRST_CHUNK);
      void step.then(() => resolve(), reject).finally(() => clearTimeout(timer));
    });
  }

  /** The first step with bytes: nothing is out before it, and an error is still a 500. */
  #first(): Maybe<Step> {
    for (;;) {
      const step = this.#next();
      if (is_promise(step)) return step.then((ready) => (is_empty(ready) ? this.#first() : ready));
      if (!is_empty(step)) return step;
    }
  }

  #next(): Maybe<Step> {
    const step = this.#source.next();
    return is_thenable(step) ? Promise.resolve(step) : step;
  }

  start(controller: Controller): void {
    this.#controller = controller;
    const { signal } = this.#request;
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort);
  }

  async pull(controller: Controller): Promise<void> {
    try {
      while (!this.#is_over) {
        const step = this.#step ?? this.#next();
        this.#step = undefined;
        const ready = is_promise(step) ? await step : step;
        if (this.#is_over) return;
        if (ready.done === true) return this.#finish(controller);
        const chunk = this.#bytes(ready.value);
        const batch = is_promise(step) ? chunk : this.#gathered(chunk);
        if (batch.length > 0) return controller.enqueue(batch);
      }
    } catch (error) {
      this.#break_off(controller, error);
    }
  }

  #bytes(piece: unknown): Buffer {
    const chunk = this.#response.make_bytes(piece);
    this.#given += chunk.length;
    if (this.#announced !== undefined && this.#given > this.#announced)
      throw wrong_length(this.#announced, this.#given);
    return chunk;
  }

  /** A chunk with those behind it that are there at once. */
  #gathered(first: Buffer): Buffer {
    const batch = [first];
    let size = first.length;
    while (size < this.#batch_size) {
      const step = this.#next();
      if (is_promise(step) || step.done === true) {
        this.#step = step;
        break;
      }
      const chunk = this.#bytes(step.value);
      batch.push(chunk);
      size += chunk.length;
    }
    return batch.length === 1 ? first : Buffer.concat(batch, size);
  }

  #finish(controller: Controller): void {
    if (this.#announced !== undefined && this.#given < this.#announced)
      throw wrong_length(this.#announced, this.#given);
    this.#close();
    controller.close();
  }

  #break_off(controller: Controller, error: unknown): void {
    if (this.#is_over) return;
    log("django.request", "error", `A streaming response broke off: ${error_text(error)}`, {
      error,
      request: this.#request,
    });
    this.#close();
    controller.error(error);
  }

  readonly #abort = (): void => {
    if (this.#is_over) return;
    this.#close();
    if (this.#ends_quietly) this.#controller?.close();
    else this.#controller?.error(this.#request.signal.reason);
  };

  cancel(): void {
    if (!this.#is_over) this.#close();
  }

  #close(): void {
    this.#is_over = true;
    this.#request.signal.removeEventListener("abort", this.#abort);
    close_given(this.#response, this.#request);
  }
}

function is_empty({ done, value }: Step): boolean {
  if (done === true) return false;
  return value === "" || (value instanceof Uint8Array && value.byteLength === 0);
}

/**
 * The stream of a response, when its first chunk is there.
 * @param is_served Whether the server of the runtime reads it.
 * @throws what the source throws before that.
 */
export function stream_body(
  response: StreamingHttpResponse,
  request: FetchRequest,
  announced: number | undefined,
  is_served: boolean,
): Maybe<ReadableStream<Uint8Array>> {
  const source = new StreamSource(response, request, announced, is_served);
  return and_then(source.prepare(), () => new ReadableStream(source, { highWaterMark: 0 }));
}
