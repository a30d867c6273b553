/** One endpoint in its place: the order of a request, from the decorators to the rendered response (docs/api.md, "Layers"). @module */
import type { HttpRequest } from "../http/request.ts";
import { HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";
import type { AnyView } from "../urls/_types.ts";
import { and_then, is_promise, is_thenable, type Maybe, when_there } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { csrf_check } from "./_csrf.ts";
import { then_call } from "./_effects.ts";
import { Failures } from "./_failures.ts";
import { check_keys, SPEC_KEYS } from "./_keys.ts";
import { Plans } from "./_plans.ts";
import { check_layers, check_values, type Effective, layer_decorators } from "./layers.ts";
import type { Choice } from "./negotiation.ts";
import { Parameters } from "./parameters.ts";
import type { AfterRequest, AnyHandler, Layer, Spec } from "./spec.ts";

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
  readonly #plans: Plans;
  readonly #failures: Failures;
  readonly #is_decorated: boolean;

  /** @throws ImproperlyConfigured for a spec or a layer that contradicts itself. */
  constructor({ spec, handler, layers, methods, label }: OperationInit) {
    this.spec = spec;
    this.methods = methods;
    this.label = label;
    this.#handler = handler;
    this.#layers = [...layers, spec];
    check_layers(layers, label);
    check_keys(spec, SPEC_KEYS, `The spec of ${label}`);
    check_values([spec]);
    this.#parameters = new Parameters(spec, label, methods);
    this.#plans = new Plans({ spec, layers: this.#layers, methods, label });
    this.#failures = new Failures(this.#plans);
    this.#is_decorated = layer_decorators(this.#layers).length > 0;
    this.view = this.#decorated();
  }

  /** Works out what follows from the layers and the settings. @throws ImproperlyConfigured for what contradicts itself. */
  check(): void {
    void this.#plans.now;
  }

  /** The layers in one. */
  get effective(): Effective {
    return this.#plans.now.effective;
  }

  #decorated(): AnyView {
    const run: View = (request, kwargs) => this.#run(request, kwargs);
    const inner: View = (request, kwargs) => this.#answering(run, request, kwargs);
    Object.defineProperty(inner, "name", { value: this.#handler.name || this.label });
    return layer_decorators(this.#layers)
      .toReversed()
      .reduce<AnyView>((view, decorator) => decorated(view, decorator, this.label), inner);
  }

  /** Answers a request for one of the methods. */
  respond(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    request.error_response = this.#failures.hook;
    const view = this.view as View; // what decorators give is called as what they were given
    return this.#is_decorated // a decorator, too, may throw what answers the request
      ? this.#answering(view, request, kwargs)
      : view(request, kwargs);
  }

  /** What the step gives; an error becomes a response, if it is one that is answered here. */
  #answering(
    step: View,
    request: HttpRequest,
    kwargs: Record<string, unknown>,
  ): Maybe<HttpResponseBase> {
    try {
      const response = step(request, kwargs);
      return is_thenable(response)
        ? Promise.resolve(response).catch((error: unknown) => this.failed(request, error))
        : response;
    } catch (error) {
      return this.failed(request, error);
    }
  }

  #run(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    const { effective: layer } = this.#plans.now;
    const refused = csrf_check(request, this.view, layer.csrf);
    if (refused === undefined && layer.before_request === undefined)
      return this.#asked(request, kwargs);
    return and_then(refused, (error) => {
      if (error !== undefined) throw error;
      return and_then(when_there(layer.before_request?.(request)), (early) =>
        early === undefined ? this.#asked(request, kwargs) : this.#early(request, early),
      );
    });
  }

  /** An answer of `before_request` goes the way of a handler's, but comes before anybody is refused by Accept. */
  #early(request: HttpRequest, value: unknown): Maybe<HttpResponseBase> {
    return this.#answered(request, value, this.#plans.now.answers.early_choice(request));
  }

  #asked(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    const { answers, effective: layer } = this.#plans.now;
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
    const { answers, effective: layer } = this.#plans.now;
    const response = answers.values.to_response(value, request, choice);
    const { after_request } = layer;
    if (after_request !== undefined)
      return and_then(response, (made) => this.#hooked(request, made, choice, after_request));
    return is_promise(response)
      ? response.then((made) => this.#finished(request, made, choice))
      : this.#finished(request, response, choice);
  }

  #hooked(
    request: HttpRequest,
    response: HttpResponseBase,
    choice: Choice,
    after_request: AfterRequest,
  ): Maybe<HttpResponseBase> {
    const hooked = or_close(response, () => when_there(after_request(response, request)));
    return and_then(hooked, (other) => {
      if (other === undefined || other === null || other === response)
        return this.#finished(request, response, choice);
      if (!(other instanceof HttpResponseBase)) {
        response._close_resources();
        throw new TypeError(
          `after_request of ${this.label} gave ${repr(other)}: it gives a response, or nothing.`,
        );
      }
      // a stream may read from the response that it takes the place of
      if (!(other instanceof StreamingHttpResponse)) response._close_resources();
      return this.#finished(request, other, choice);
    });
  }

  /** If anything fails from here on, nobody else closes the response. */
  #finished(
    request: HttpRequest,
    response: HttpResponseBase,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    try {
      const done = this.#settled(request, response, choice);
      return is_promise(done) ? done.catch((error: unknown) => close_for(response, error)) : done;
    } catch (error) {
      return close_for(response, error);
    }
  }

  #settled(
    request: HttpRequest,
    response: HttpResponseBase,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const { answers, effects } = this.#plans.now;
    effects.apply(response);
    const settled = answers.settle(response, request);
    if (is_promise(settled))
      return settled.then((ready) => this.#rendered(request, response, ready, choice));
    return this.#rendered(request, response, settled, choice);
  }

  /** @param before The response that has the headers and cookies of the layers. */
  #rendered(
    request: HttpRequest,
    before: HttpResponseBase,
    response: HttpResponseBase,
    choice: Choice,
  ): Maybe<HttpResponseBase> {
    const { answers, effects } = this.#plans.now;
    if (response !== before) effects.apply(response);
    const done = answers.finish(response, request, choice);
    return is_promise(done)
      ? done.then((ready) => this.#sent(request, response, ready))
      : this.#sent(request, response, done);
  }

  #sent(
    request: HttpRequest,
    before: HttpResponseBase,
    response: HttpResponseBase,
  ): HttpResponseBase {
    const { answers, effects, effective: layer } = this.#plans.now;
    if (response !== before) effects.apply(response); // a callback has put it in the place of the other
    if (answers.offer.varies) patch_vary_headers(response, ["Accept"]);
    if (this.spec.background !== undefined) response.background ??= this.spec.background;
    if (layer.after_response !== undefined) then_call(response, layer.after_response, request);
    return response;
  }

  /** The response for an error, or the error again, for the middleware and the handler of the whole chain. */
  failed(request: HttpRequest, error: unknown): Maybe<HttpResponseBase> {
    return this.#failures.answer(request, error);
  }
}

/** @throws TypeError if the decorator is none, or gives no view. */
function decorated(view: AnyView, decorator: unknown, label: string): AnyView {
  const result: unknown = typeof decorator === "function" ? decorator(view) : undefined;
  if (typeof result === "function") return result as AnyView; // what decorators give is called as what they were given
  const fault = typeof decorator === "function" ? `gave ${repr(result)}` : "is no function";
  throw new TypeError(
    `The decorator ${repr(decorator)} of ${label} ${fault}: a decorator takes a view and gives one.`,
  );
}

/** What the step gives; if it fails, the response is closed. */
function or_close<T>(response: HttpResponseBase, step: () => Maybe<T>): Maybe<T> {
  try {
    const result = step();
    return is_promise(result)
      ? result.catch((error: unknown) => close_for(response, error))
      : result;
  } catch (error) {
    return close_for(response, error);
  }
}

/** @throws the error, for which the response is thrown away. */
function close_for(response: HttpResponseBase, error: unknown): never {
  response._close_resources();
  throw error;
}
