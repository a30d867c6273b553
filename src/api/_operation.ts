/** One endpoint in its place: the order of a request, from the decorators to the rendered response (docs/api.md, "Layers"). @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { AnyView } from "../urls/_types.ts";
import { and_then, is_promise, is_thenable, type Maybe } from "../utils/_promise.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { Answers } from "./_answers.ts";
import { csrf_check } from "./_csrf.ts";
import { Effects, then_call } from "./_effects.ts";
import { Models } from "./_models.ts";
import { find_handler, type FoundHandler } from "./_exception_handlers.ts";
import { api_version } from "./_settings.ts";
import { chain_error_response, own_error_response } from "./errors.ts";
import { check_layers, type Effective, effective, layer_decorators } from "./layers.ts";
import type { Choice } from "./negotiation.ts";
import { Parameters } from "./parameters.ts";
import type { AnyHandler, Layer, Spec } from "./spec.ts";

/** What an operation is made of. */
export interface OperationInit {
  readonly spec: Spec;
  readonly handler: AnyHandler;
  /** The layers around the endpoint, outermost first, without the `API` setting and the spec. */
  readonly layers: readonly Layer[];
  /** The methods it answers. */
  readonly methods: readonly string[];
  /** What messages call it. */
  readonly label: string;
}

/** What follows from the layers; made anew when the `API` setting changes. */
interface Plan {
  readonly version: number;
  readonly effective: Effective;
  readonly answers: Answers;
  readonly effects: Effects;
}

type ErrorHook = NonNullable<HttpRequest["error_response"]>;
type View = (request: HttpRequest, kwargs: Record<string, unknown>) => Maybe<HttpResponseBase>;

/** An endpoint with the layers around it. */
export class Operation {
  readonly spec: Spec;
  readonly methods: readonly string[];
  readonly label: string;
  /** The endpoint as a view, inside the decorators of its layers. */
  readonly view: AnyView;
  readonly #handler: AnyHandler;
  readonly #layers: readonly Layer[];
  readonly #parameters: Parameters;
  readonly #error_hook: ErrorHook;
  readonly #models: Models;
  readonly #is_decorated: boolean;
  #known_plan: Plan | undefined;
  // Errors that were offered to the exception handlers, and go on through the decorators.
  readonly #passed = new WeakSet<object>();

  /** @throws ImproperlyConfigured for a spec or a layer that contradicts itself. */
  constructor({ spec, handler, layers, methods, label }: OperationInit) {
    this.spec = spec;
    this.methods = methods;
    this.label = label;
    this.#handler = handler;
    this.#layers = [...layers, spec];
    check_layers(this.#layers);
    this.#parameters = new Parameters(spec, label, methods);
    this.#models = new Models(spec, label);
    this.#error_hook = (request, _status, exception) =>
      chain_error_response(request, exception, this.effective.renderers);
    this.#is_decorated = layer_decorators(this.#layers).length > 0;
    this.view = this.#decorated();
  }

  /** The layers in one. */
  get effective(): Effective {
    return this.#plan.effective;
  }

  /** What follows from the settings, too: so it waits until it is needed. */
  get #plan(): Plan {
    const plan = this.#known_plan;
    return plan !== undefined && plan.version === api_version() ? plan : this.#make_plan();
  }

  #make_plan(): Plan {
    const merged = effective(this.#layers);
    this.#known_plan = {
      version: api_version(),
      effective: merged,
      answers: new Answers(this.spec, this.#models, merged, this.methods, this.label),
      effects: new Effects(merged),
    };
    return this.#known_plan;
  }

  #decorated(): AnyView {
    const inner: View = (request, kwargs) => {
      try {
        const response = this.#run(request, kwargs);
        return is_promise(response)
          ? response.catch((error: unknown) => this.failed(request, error))
          : response;
      } catch (error) {
        return this.failed(request, error);
      }
    };
    Object.defineProperty(inner, "name", { value: this.#handler.name || this.label });
    return layer_decorators(this.#layers)
      .toReversed()
      .reduce<AnyView>((view, decorator) => decorator(view), inner);
  }

  /** Answers a request for one of the methods. */
  respond(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    request.error_response = this.#error_hook;
    const view = this.view as View; // what decorators give is called as what they were given
    return this.#is_decorated
      ? this.#inside_decorators(view, request, kwargs)
      : view(request, kwargs);
  }

  /** A decorator, too, may throw what answers the request. */
  async #inside_decorators(
    view: View,
    request: HttpRequest,
    kwargs: Record<string, unknown>,
  ): Promise<HttpResponseBase> {
    try {
      return await view(request, kwargs);
    } catch (error) {
      return this.failed(request, error);
    }
  }

  #run(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    const { effective: layer } = this.#plan;
    const refused = csrf_check(request, this.view, layer.csrf);
    if (refused === undefined && layer.before_request === undefined)
      return this.#asked(request, kwargs);
    return and_then(refused, (error) => {
      if (error !== undefined) throw error;
      return and_then(layer.before_request?.(request), (early: unknown) =>
        early === undefined ? this.#asked(request, kwargs) : this.#early(request, early),
      );
    });
  }

  /** An answer of `before_request` goes the way of a handler's. */
  #early(request: HttpRequest, value: unknown): Maybe<HttpResponseBase> {
    return this.#answered(request, value, this.#plan.answers.offer.choose(request));
  }

  #asked(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    const { answers, effective: layer } = this.#plan;
    const choice = answers.offer.choose(request);
    if (this.#parameters.is_empty) return this.#handled(request, kwargs, choice);
    const args = this.#parameters.read(request, kwargs, layer.parsers);
    return is_promise(args)
      ? args.then((ready) => this.#handled(request, ready, choice))
      : this.#handled(request, args, choice);
  }

  #handled(
    request: HttpRequest,
    args: Record<string, unknown>,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const value = this.#handler(request, args);
    return is_thenable(value)
      ? Promise.resolve(value).then((ready: unknown) => this.#answered(request, ready, choice))
      : this.#answered(request, value, choice);
  }

  #answered(request: HttpRequest, value: unknown, choice: Choice): Maybe<HttpResponseBase> {
    const { answers, effective: layer } = this.#plan;
    const response = answers.to_response(value, request, choice);
    if (!is_promise(response) && layer.after_request === undefined)
      return this.#finished(request, response, choice);
    return and_then(response, (made) =>
      and_then(layer.after_request?.(made, request), (other) =>
        this.#finished(request, other ?? made, choice),
      ),
    );
  }

  #finished(
    request: HttpRequest,
    response: HttpResponseBase,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const settled = this.#plan.answers.settle(response, request);
    return is_promise(settled)
      ? settled.then((ready) => this.#rendered(request, ready, choice))
      : this.#rendered(request, settled, choice);
  }

  #rendered(
    request: HttpRequest,
    response: HttpResponseBase,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const { answers, effects } = this.#plan;
    effects.apply(response);
    const done = answers.finish(response, request, choice);
    return is_promise(done)
      ? done.then((ready) => this.#sent(request, ready))
      : this.#sent(request, done);
  }

  #sent(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const { answers, effective: layer } = this.#plan;
    if (answers.offer.varies) patch_vary_headers(response, ["Accept"]);
    if (this.spec.background !== undefined) response.background ??= this.spec.background;
    if (layer.after_response !== undefined) then_call(response, layer.after_response, request);
    return response;
  }

  /** The response for an error, or the error again, for the middleware and the handler of the whole chain. */
  failed(request: HttpRequest, error: unknown): Maybe<HttpResponseBase> {
    if (typeof error === "object" && error !== null) {
      if (this.#passed.has(error)) throw error;
      this.#passed.add(error);
    }
    const handler = find_handler(this.effective.exception_handlers, error);
    return handler === undefined
      ? this.#own_error(request, error)
      : this.#handled_error(request, error, handler);
  }

  async #handled_error(
    request: HttpRequest,
    error: unknown,
    handler: FoundHandler,
  ): Promise<HttpResponseBase> {
    try {
      const value: unknown = await handler(request, error);
      return await this.#plan.answers.error_response(value, request);
    } catch (next) {
      return this.#own_error(request, next);
    }
  }

  /** @throws the error itself, if it is not the endpoint's to answer. */
  #own_error(request: HttpRequest, error: unknown): Maybe<HttpResponseBase> {
    const { renderers, response_error_status } = this.effective;
    const response = own_error_response(request, error, renderers, response_error_status);
    if (response === undefined) throw error;
    return response;
  }
}
