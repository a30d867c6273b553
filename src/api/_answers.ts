/** From what a handler returns to the response: kinds of values, status, model, format (docs/api.md, "What a handler returns"). @module */
import { ImproperlyConfigured, ValueError } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import type { HttpRequest } from "../http/request.ts";
import { FileResponse, HttpResponse, HttpResponseBase } from "../http/response.ts";
import { log } from "../utils/_logger.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { ask_fetch_app, from_fetch, is_fetch_app } from "./_foreign.ts";
import { ResponseKind } from "./_kinds.ts";
import { Models } from "./_models.ts";
import { with_charset } from "./_content_types.ts";
import { ResponseValidationError } from "./exceptions.ts";
import { FileKind } from "./files.ts";
import type { Effective } from "./layers.ts";
import { type Choice, Offer } from "./negotiation.ts";
import { renderer_for, type Renderer, TextRenderer } from "./renderers.ts";
import { HTML, PlainText, Redirect, Reply } from "./responses.ts";
import { validated } from "./schema.ts";
import type { Spec } from "./spec.ts";
import { is_stream_value, Stream } from "./streaming.ts";

const OCTETS = "application/octet-stream";

/** Everything that is known of an endpoint's answers before a request comes. */
export class Answers {
  /** The media types a client may choose from. */
  readonly offer: Offer;
  // The renderers for what is no answer of the endpoint: nobody is refused for it.
  readonly #any_data: Offer;
  readonly #label: string;
  readonly #effective: Effective;
  readonly #models: Models;
  readonly #methods: readonly string[];
  readonly #status: number | undefined;
  readonly #content_type: string | undefined;
  readonly #takes_text: boolean;
  readonly #validates: boolean;

  constructor(
    spec: Spec,
    models: Models,
    effective: Effective,
    methods: readonly string[],
    label: string,
  ) {
    this.#label = label;
    this.#effective = effective;
    this.#methods = methods;
    this.#validates = effective.validate_responses;
    this.#models = models;
    this.#status = models.status;
    this.#content_type = spec.content_type;
    const is_data =
      spec.content_type !== undefined && renderer_for(spec.content_type, []) !== undefined;
    this.#takes_text = is_data || this.#models.success_schema !== undefined;
    this.offer = offer_of(spec, effective, this.#models.kind);
    this.#any_data = renderers_offer(effective.renderers, false);
  }

  /** The response for a value, not yet rendered. @param choice What the client is to get data in. */
  to_response(value: unknown, request: HttpRequest, choice: Choice): Maybe<HttpResponseBase> {
    const { kind } = this.#models;
    if (value instanceof HttpResponseBase)
      return kind?.to_response(value, this.#validates) ?? this.#open_parts(value);
    if (value instanceof Response) return from_fetch(value);
    if (value === undefined || value === null) return this.#empty(value, request);
    if (kind !== undefined) return this.#of_kind(kind, value);
    if (typeof value === "string") return this.#of_text(value, choice);
    if (is_fetch_app(value)) return ask_fetch_app(value, request);
    return this.#of_bytes(value) ?? this.#of_stream(value) ?? this.#of_data(value);
  }

  /** A response that left its status or its media type open takes the endpoint's. */
  #open_parts(response: HttpResponseBase): HttpResponseBase {
    if (response instanceof Reply) {
      if (!response._has_status) response.status_code = this.#data_status(response.data);
    } else if (response instanceof PlainText || response instanceof HTML) {
      if (!response._has_status) response.status_code = this.#data_status("");
      if (!response._has_type && this.#content_type !== undefined)
        response.set("Content-Type", with_charset(this.#content_type));
    } else if (response instanceof Redirect) {
      if (!response._has_status && is_redirect(this.#status)) response.status_code = this.#status;
    } else if (response instanceof Stream) {
      if (!response._has_status) response.status_code = this.#status ?? 200;
      if (this.#content_type !== undefined) response._take_type(this.#content_type);
    }
    return response;
  }

  #of_kind(kind: ResponseKind, value: unknown): HttpResponseBase {
    const { type_encoders } = this.#effective;
    const response = kind.to_response(value, this.#validates, type_encoders);
    if (response === undefined)
      throw new TypeError(
        `${this.#label} declares another response than ${repr(value)}: return what its response kind takes.`,
      );
    response.status_code = this.#status ?? kind.status;
    return response;
  }

  #of_text(text: string, choice: Choice): HttpResponseBase {
    if (this.#takes_text || choice.renderer instanceof TextRenderer) return this.#of_data(text);
    const status = this.#data_status(text);
    return new PlainText(text, { status, content_type: this.#content_type });
  }

  #of_bytes(value: unknown): Maybe<HttpResponseBase> | undefined {
    if (this.#takes_text) return undefined;
    const bytes = value instanceof Blob ? value.arrayBuffer() : bytes_of(value);
    if (bytes === undefined) return undefined;
    const options = {
      status: this.#data_status(value),
      content_type: this.#content_type ?? OCTETS,
    };
    return and_then(
      bytes,
      (content: Uint8Array | ArrayBuffer) => new HttpResponse(content, options),
    );
  }

  #of_stream(value: unknown): HttpResponseBase | undefined {
    if (!is_stream_value(value)) return undefined;
    const status = this.#status ?? 200;
    return new Stream(value, { status, content_type: this.#content_type });
  }

  #of_data(value: unknown): HttpResponseBase {
    const reply = new this.#effective.response_class(value);
    if (!reply._has_status) reply.status_code = this.#data_status(value);
    return reply;
  }

  #empty(value: null | undefined, request: HttpRequest): HttpResponseBase {
    const status = this.#data_status(value);
    const may_be_empty =
      is_bodiless(status) || this.#models.success === null || request.method === "HEAD";
    if (may_be_empty) return without_body(new HttpResponse("", { status }));
    if (value === null && this.#models.kind === undefined) return this.#of_data(value);
    throw new ValueError(
      `${this.#label} returned ${String(value)}. Return a value, declare \`response: null\`, or a status without content.`,
    );
  }

  #data_status(value: unknown): number {
    if (this.#status !== undefined) return this.#status;
    if (this.#methods.length > 1) return 200;
    switch (this.#methods[0]) {
      case "POST":
        return 201;
      case "DELETE":
        return this.#models.success_schema === undefined && (value ?? undefined) === undefined
          ? 204
          : 200;
      default:
        return 200;
    }
  }

  /**
   * Holds a file or a stream against its declaration, and answers the conditions and the range of the request with a file.
   * @throws ResponseValidationError for what was not declared; NotAcceptable for a file that the client does not take.
   */
  settle(response: HttpResponseBase, request: HttpRequest): Maybe<HttpResponseBase> {
    const { kind } = this.#models;
    if (kind !== undefined && this.#validates) kind.check(response);
    if (kind instanceof FileKind) kind.check_accepted(request, response);
    const settled = response instanceof FileResponse ? response._for_request : undefined;
    return settled === undefined ? response : settled(request);
  }

  /**
   * Checks data by their model and renders them.
   * @throws ResponseValidationError for what was not declared.
   */
  finish(
    response: HttpResponseBase,
    request: HttpRequest,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    if (response instanceof Reply)
      return response.is_rendered ? response : this.#render(response, request, choice);
    const is_ours = response instanceof PlainText || response instanceof HTML;
    return is_ours && is_bodiless(response.status_code) ? without_body(response) : response;
  }

  /**
   * The response for what an exception handler returned: as for a handler's value, but no model is asked, and the client
   * need not accept it.
   */
  error_response(value: unknown, request: HttpRequest): Maybe<HttpResponseBase> {
    const choice = this.#any_data.choose(request);
    return and_then(this.to_response(value, request, choice), (response) =>
      response instanceof Reply && !response.is_rendered
        ? this.#encode(response, response.data, request, choice)
        : response,
    );
  }

  #render(reply: Reply, request: HttpRequest, choice: Choice): Maybe<HttpResponseBase> {
    const { status_code } = reply;
    const model = this.#models.of(status_code);
    if (is_bodiless(status_code) || model === null) {
      reply._rendered_with("", "");
      return without_body(reply, reply.data);
    }
    if (model === undefined || !this.#validates)
      return this.#encode(reply, reply.data, request, choice);
    return and_then(validated(model, reply.data, ["response"]), ({ value, faults }) => {
      if (faults !== undefined) throw new ResponseValidationError(faults);
      return this.#encode(reply, value, request, choice);
    });
  }

  #encode(
    reply: Reply,
    data: unknown,
    request: HttpRequest,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const own_type = reply._given_type ?? this.#content_type;
    const content_type = own_type ?? choice.chosen;
    const renderer = own_type === undefined ? choice.renderer : this.#renderer_for(own_type, data);
    if (renderer === undefined) throw new ImproperlyConfigured(`${this.#label} has no renderer.`);
    const type_encoders = reply._all_encoders(this.#effective.type_encoders);
    const context = { request, content_type, type_encoders };
    return and_then(renderer.render(data, context), (content) =>
      reply._rendered_with(content, content_type),
    );
  }

  #renderer_for(content_type: string, data: unknown): Renderer {
    const renderer = renderer_for(content_type, this.#effective.renderers);
    if (renderer !== undefined) return renderer;
    if (typeof data === "string" || bytes_of(data) !== undefined) return AS_IT_IS;
    throw new ImproperlyConfigured(
      `${this.#label} says ${repr(content_type)}, which is text or bytes: it returned ${repr(data)}. ` +
        "Return text or bytes, or give the endpoint a renderer of this type.",
    );
  }
}

const AS_IT_IS = new TextRenderer();

/** RFC 9110 §6.4.1: these have no content. */
function is_bodiless(status: number): boolean {
  return status === 204 || status === 304 || status < 200;
}

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

function is_redirect(status: number | undefined): status is number {
  return REDIRECTS.has(status);
}

/** The response with neither content nor what would describe it. */
function without_body(response: HttpResponse, dropped?: unknown): HttpResponse {
  if ((dropped ?? undefined) !== undefined || response.tell() > 0)
    log(
      "nuages.api",
      "debug",
      `A response of status ${response.status_code} has no content: it was dropped.`,
      { status_code: response.status_code },
    );
  response.content = "";
  response.delete("Content-Type");
  response.delete("Content-Length");
  return response;
}

function offer_of(spec: Spec, effective: Effective, kind: ResponseKind | undefined): Offer {
  const is_declared =
    spec.response !== undefined || spec.content_type !== undefined || effective.declares_renderers;
  if (kind !== undefined)
    return new Offer(
      kind.content_types.map((content_type) => ({ content_type, renderer: undefined })),
      is_declared,
    );
  if (spec.content_type !== undefined)
    return new Offer([{ content_type: spec.content_type, renderer: undefined }], is_declared);
  return renderers_offer(effective.renderers, is_declared);
}

function renderers_offer(renderers: readonly Renderer[], is_declared: boolean): Offer {
  const types = renderers.map((renderer) => ({ content_type: renderer.content_type, renderer }));
  return new Offer(types, is_declared);
}
