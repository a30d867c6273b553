/** What a returned value becomes: the kinds of values, and the status of success (docs/api.md, "What a handler returns"). @module */
import { ValueError } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import type { HttpRequest } from "../http/request.ts";
import { FileResponse, HttpResponse, HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { with_charset } from "./_content_types.ts";
import { described } from "./_encoder_errors.ts";
import { ask_fetch_app, from_fetch, is_fetch_app, is_fetch_response } from "./_foreign.ts";
import type { ResponseKind } from "./_kinds.ts";
import { is_bodiless, without_body } from "./_no_content.ts";
import { ContentType } from "./content_type.ts";
import type { Effective } from "./layers.ts";
import type { Choice } from "./negotiation.ts";
import { TextRenderer } from "./renderers.ts";
import { HTML, is_redirect, PlainText, Redirect, Reply } from "./responses.ts";
import { is_stream_value, Stream } from "./streaming.ts";

/** What decides over a value, beside the value. */
export interface ValueRules {
  /** What messages call the endpoint. */
  readonly label: string;
  readonly effective: Effective;
  /** The methods that are answered: without `status` they decide. */
  readonly methods: readonly string[];
  /** The status, if the value has none of its own. */
  readonly status?: number | undefined;
  /** The media type of what has none of its own. */
  readonly content_type?: string | undefined;
  /** What a value becomes that is no data. */
  readonly kind?: ResponseKind | undefined;
  /** The status of that, if the value has none of its own. */
  readonly kind_status?: number | undefined;
  /** Whether a value may be data although there is a `kind`. */
  readonly may_be_data: boolean;
  /** Whether text and bytes are data as any other. */
  readonly takes_text: boolean;
  /** Whether success has a schema, or else has no content: of a DELETE that decides. */
  readonly success: "schema" | "nothing" | undefined;
}

/** Makes responses of values. */
export class Values {
  readonly #rules: ValueRules;

  constructor(rules: ValueRules) {
    this.#rules = rules;
  }

  /** The response for a value, not yet rendered. @param choice What the client is to get data in. */
  to_response(value: unknown, request: HttpRequest, choice: Choice): Maybe<HttpResponseBase> {
    if (value instanceof HttpResponseBase) return this.#open_parts(value);
    if (this.#rules.kind === undefined && is_plain_data(value)) return this.#of_data(value);
    if (is_fetch_response(value)) return from_fetch(value);
    if (value === undefined || value === null) return this.#empty(value, request);
    if (this.#rules.kind !== undefined) {
      const response = this.#of_kind(this.#rules.kind, value);
      if (response !== undefined) return response;
    }
    if (typeof value === "string") return this.#of_text(value, choice);
    if (is_fetch_app(value)) return ask_fetch_app(value, request);
    if (value instanceof String) return this.#of_text(value.toString(), choice); // a safe one, or a translation
    return this.#of_bytes(value) ?? this.#of_stream(value) ?? this.#of_data(value);
  }

  /** A response that left its status or its media type open takes the endpoint's. */
  #open_parts(response: HttpResponseBase): HttpResponseBase {
    const { status, content_type, kind, kind_status } = this.#rules;
    if (response instanceof Reply) {
      if (!response._has_status) response.status_code = this.#data_status(response.data);
    } else if (response instanceof PlainText || response instanceof HTML) {
      if (!response._has_status) response.status_code = this.#data_status("");
      if (!response._has_type && content_type !== undefined)
        response.set("Content-Type", with_charset(content_type));
    } else if (response instanceof Redirect) {
      if (!response._has_status && status !== undefined && is_redirect(status))
        response.status_code = status;
    } else if (response instanceof Stream) {
      if (!response._has_status) response.status_code = status ?? 200;
      if (content_type !== undefined) response._take_type(content_type);
    } else if (kind !== undefined && response instanceof FileResponse) {
      const is_open = response._has_status === false;
      if (is_open && kind_status !== undefined) response.status_code = kind_status;
    }
    return response;
  }

  #of_kind(kind: ResponseKind, value: unknown): HttpResponseBase | undefined {
    const { effective, label, may_be_data, kind_status } = this.#rules;
    const { validate_responses, type_encoders } = effective;
    const response = kind.to_response(value, validate_responses, type_encoders);
    if (response !== undefined) response.status_code = kind_status ?? kind.status;
    else if (!may_be_data)
      throw new TypeError(
        `${label} declares a file or a stream, and returned ${described(value)}: return what send_file() gives, or an iterable.`,
      );
    return response;
  }

  #of_text(text: string, choice: Choice): HttpResponseBase {
    const { takes_text, content_type } = this.#rules;
    if (takes_text || choice.renderer instanceof TextRenderer) return this.#of_data(text);
    return new PlainText(text, { status: this.#data_status(text), content_type });
  }

  #of_bytes(value: unknown): Maybe<HttpResponseBase> | undefined {
    const { takes_text, content_type = ContentType.OCTET_STREAM } = this.#rules;
    if (takes_text) return undefined;
    const bytes = value instanceof Blob ? value.arrayBuffer() : bytes_of(value);
    if (bytes === undefined) return undefined;
    const options = { status: this.#data_status(value), content_type: with_charset(content_type) };
    return and_then<Uint8Array | ArrayBuffer, HttpResponseBase>(
      bytes,
      (content) => new HttpResponse(content, options),
    );
  }

  #of_stream(value: unknown): HttpResponseBase | undefined {
    if (!is_stream_value(value)) return undefined;
    const { status = 200, content_type } = this.#rules;
    return new Stream(value, { status, content_type });
  }

  #of_data(value: unknown): HttpResponseBase {
    const reply = new this.#rules.effective.response_class(value);
    if (!reply._has_status) reply.status_code = this.#data_status(value);
    return reply;
  }

  #empty(value: null | undefined, request: HttpRequest): HttpResponseBase {
    const { success, kind, label, methods, may_be_data } = this.#rules;
    const status = this.#data_status(value);
    const is_for_head = request.method === "HEAD" && methods.includes("HEAD");
    if (is_bodiless(status) || success === "nothing" || is_for_head)
      return without_body(new HttpResponse("", { status }));
    if (value === null && (kind === undefined || may_be_data)) return this.#of_data(value);
    throw new ValueError(
      `${label} returned ${String(value)}. Return a value, declare \`response: null\`, or a status without content.`,
    );
  }

  #data_status(value: unknown): number {
    const { status, methods, success } = this.#rules;
    if (status !== undefined) return status;
    const method = methods.length === 1 ? methods[0] : undefined;
    if (method === "POST") return 201;
    const is_nothing = value === undefined || value === null;
    return method === "DELETE" && success !== "schema" && is_nothing ? 204 : 200;
  }
}

/** What makes something else of an object than data. */
interface Marks {
  readonly fetch?: unknown;
  readonly next?: unknown;
  readonly [Symbol.asyncIterator]?: unknown;
  readonly [Symbol.toStringTag]?: unknown;
}

/** Whether it can only be data: most values can, and little is asked of them. */
function is_plain_data(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const object: Marks = value;
  return (
    typeof object.fetch !== "function" &&
    typeof object.next !== "function" &&
    object[Symbol.asyncIterator] === undefined &&
    object[Symbol.toStringTag] === undefined
  );
}
