/** From a response to what is sent: the declaration it must keep to, its model, its format (docs/api.md, "Response models"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import type { HttpRequest } from "../http/request.ts";
import { FileResponse, type HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { described } from "./_encoder_errors.ts";
import type { Models } from "./_models.ts";
import { is_bodiless, without_body } from "./_no_content.ts";
import { Values } from "./_values.ts";
import { ResponseValidationError } from "./exceptions.ts";
import type { Effective } from "./layers.ts";
import { type Choice, Offer, type OfferedType, types_of } from "./negotiation.ts";
import { JSON_RENDERER, renderer_for, type Renderer, TextRenderer } from "./renderers.ts";
import { Reply } from "./responses.ts";
import { validated } from "./schema.ts";
import type { Spec } from "./spec.ts";

/** Everything that is known of an endpoint's answers before a request comes. */
export class Answers {
  /** The media types a client may choose from. */
  readonly offer: Offer;
  /** Makes responses of what the handler returns. */
  readonly values: Values;
  // The same types for what is not refused: the answer that came before anybody looked at Accept.
  readonly #early_offer: Offer;
  // For data where files or streams are offered: the model of an error, say.
  readonly #data_offer: Offer;
  readonly #error_offer: Offer;
  readonly #label: string;
  readonly #effective: Effective;
  readonly #models: Models;
  readonly #content_type: string | undefined;
  readonly #validates: boolean;

  constructor(
    spec: Spec,
    models: Models,
    effective: Effective,
    methods: readonly string[],
    label: string,
  ) {
    const { response, content_type } = spec;
    const { renderers } = effective;
    this.#label = label;
    this.#effective = effective;
    this.#models = models;
    this.#content_type = content_type;
    this.#validates = effective.validate_responses;
    const types = offered_types(content_type, models, renderers);
    const is_declared =
      response !== undefined || content_type !== undefined || effective.declares_renderers;
    this.offer = new Offer(types, is_declared);
    this.#early_offer = new Offer(types, false);
    this.#data_offer = new Offer(types_of(renderers), false);
    this.#error_offer = new Offer(
      types_of([...renderers.filter(({ data }) => data), JSON_RENDERER]),
      false,
    );
    this.values = new Values({
      label,
      effective,
      methods,
      status: models.status,
      content_type,
      kind: models.kind,
      kind_status: models.kind_status,
      may_be_data: models.has_success_schema,
      takes_text: models.has_success_schema || is_data_type(content_type),
      success: success_of(models),
    });
  }

  /** The format of an answer that nobody is refused for. */
  early_choice(request: HttpRequest): Choice {
    return this.#early_offer.choose(request);
  }

  /**
   * Holds a file or a stream against its declaration, and answers the conditions and the range of the request with a file.
   * @throws ResponseValidationError for what was not declared; NotAcceptable for a file that the client does not take.
   */
  settle(response: HttpResponseBase, request: HttpRequest): Maybe<HttpResponseBase> {
    if (this.#models.has_kinds) this.#check_kind(response, request);
    const settled = response instanceof FileResponse ? response._for_request : undefined;
    return settled === undefined ? response : settled(request);
  }

  #check_kind(response: HttpResponseBase, request: HttpRequest): void {
    const kind = this.#models.kind_of(response.status_code);
    if (kind === undefined || (request.method === "HEAD" && !response.has("Content-Type"))) return; // it was left out
    if (this.#validates) kind.check(response);
    kind.check_accepted(request, response);
  }

  /**
   * Checks data by their model and renders them; takes the content away where the status allows none.
   * @throws ResponseValidationError for what was not declared.
   */
  finish(
    response: HttpResponseBase,
    request: HttpRequest,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    if (response instanceof Reply && !response.is_rendered)
      return this.#render(response, request, choice);
    return finished(response);
  }

  /**
   * The response for what an exception handler returned: as for a handler's value, but no model is asked, and the client
   * need not accept it.
   * @param status Of the error; data have it.
   */
  error_response(value: unknown, status: number, request: HttpRequest): Maybe<HttpResponseBase> {
    const values = new Values({
      label: `An exception handler of ${this.#label}`,
      effective: this.#effective,
      methods: [],
      status,
      may_be_data: true,
      takes_text: false,
      success: undefined,
    });
    const choice = this.#error_offer.choose(request);
    return and_then(values.to_response(value, request, choice), (response) => {
      if (this.offer.varies || this.#error_offer.varies) patch_vary_headers(response, ["Accept"]);
      return response instanceof Reply &&
        !response.is_rendered &&
        !is_bodiless(response.status_code)
        ? this.#encode(response, response.data, request, response._given_type, choice)
        : finished(response);
    });
  }

  #render(reply: Reply, request: HttpRequest, choice: Choice): Maybe<HttpResponseBase> {
    const { data, status_code } = reply;
    const model = this.#validates
      ? this.#models.of(status_code)
      : this.#models.null_of(status_code);
    if (is_bodiless(status_code) || model === null) {
      without_body(reply, data);
      return reply._rendered_with("", "");
    }
    const type = reply._given_type ?? this.#content_type;
    if (model === undefined) return this.#encode(reply, data, request, type, choice);
    return and_then(validated(model, data, ["response"]), ({ value, faults }) => {
      if (faults !== undefined) throw new ResponseValidationError(faults);
      return this.#encode(reply, value, request, type, choice);
    });
  }

  /** @param type The media type that was said; without one it is the client's choice. */
  #encode(
    reply: Reply,
    data: unknown,
    request: HttpRequest,
    type: string | undefined,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    if (type !== undefined)
      return this.#write(reply, data, request, type, this.#renderer_for(type, data));
    if (choice.renderer !== undefined)
      return this.#write(reply, data, request, choice.chosen, choice.renderer);
    if (this.#data_offer.varies) patch_vary_headers(reply, ["Accept"]);
    const { chosen, renderer = JSON_RENDERER } = this.#data_offer.choose(request);
    return this.#write(reply, data, request, chosen, renderer);
  }

  #write(
    reply: Reply,
    data: unknown,
    request: HttpRequest,
    content_type: string,
    renderer: Renderer,
  ): Maybe<HttpResponseBase> {
    const type_encoders = reply._all_encoders(this.#effective.type_encoders);
    const content = renderer.render(data, { request, content_type, type_encoders });
    return content instanceof Promise
      ? content.then((ready) => reply._rendered_with(ready, content_type))
      : reply._rendered_with(content, content_type);
  }

  #renderer_for(content_type: string, data: unknown): Renderer {
    const renderer = renderer_for(content_type, this.#effective.renderers);
    if (renderer !== undefined) return renderer;
    if (typeof data === "string" || data instanceof String || bytes_of(data) !== undefined)
      return AS_IT_IS;
    throw new ImproperlyConfigured(
      `${this.#label} says ${repr(content_type)}, which is text or bytes: it returned ${described(data)}. ` +
        "Return text or bytes, or give the endpoint a renderer of this type.",
    );
  }
}

const AS_IT_IS = new TextRenderer();

/** A response that needs no rendering here. */
function finished(response: HttpResponseBase): HttpResponseBase {
  if (response instanceof Reply) response._is_settled = true;
  return is_bodiless(response.status_code) ? without_body(response) : response;
}

function success_of(models: Models): "schema" | "nothing" | undefined {
  if (models.success === null) return "nothing";
  return models.success_schema === undefined ? undefined : "schema";
}

/** Whether text of this type is data, to be quoted. */
function is_data_type(content_type: string | undefined): boolean {
  return content_type !== undefined && renderer_for(content_type, []) !== undefined;
}

function offered_types(
  content_type: string | undefined,
  models: Models,
  renderers: readonly Renderer[],
): readonly OfferedType[] {
  if (models.kind === undefined)
    return content_type === undefined ? types_of(renderers) : [unrendered(content_type)];
  const types = models.kind.content_types.map(unrendered);
  return models.has_success_schema ? [...types, ...types_of(renderers)] : types;
}

function unrendered(content_type: string): OfferedType {
  return { content_type, renderer: undefined };
}
