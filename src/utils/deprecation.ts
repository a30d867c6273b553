/** `MiddlewareMixin`, the base of middleware classes with hooks (Django docs: Middleware). @module */
import { ValueError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";

/** The rest of the chain, as a middleware sees it: a request in, a response promised. */
export type GetResponse = (request: HttpRequest) => Promise<HttpResponseBase>;

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** The positional and named arguments that the URL gave to a view. */
export interface ViewArguments {
  args: unknown[];
  kwargs: Record<string, unknown>;
}

/** What a middleware class has: `call`, and any of the hooks of Django's chain. */
export interface MiddlewareInstance {
  call(request: HttpRequest): Awaitable<HttpResponseBase>;
  process_view?(
    request: HttpRequest,
    view_func: (...args: never[]) => unknown,
    view_args: unknown[],
    view_kwargs: Record<string, unknown>,
  ): Awaitable<HttpResponseBase | null | undefined | void>;
  /**
   * Before the body is loaded, for what can be refused without it. Asked of the first middleware that has a
   * `process_view`: no other one could have answered before. @internal
   */
  _before_body?(
    request: HttpRequest,
    view_func: (...args: never[]) => unknown,
  ): Awaitable<HttpResponseBase | null | undefined | void>;
  process_exception?(
    request: HttpRequest,
    exception: unknown,
  ): Awaitable<HttpResponseBase | null | undefined | void>;
  process_template_response?(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Awaitable<HttpResponseBase>;
}

/** An entry of `MIDDLEWARE`: a class, made with `get_response`, or a function from `get_response` to a view. */
export type MiddlewareEntry =
  | (new (get_response: GetResponse) => MiddlewareInstance)
  | ((
      get_response: GetResponse,
    ) => ((request: HttpRequest) => Awaitable<HttpResponseBase>) | MiddlewareInstance);

/**
 * Gives a class with `process_request` and `process_response` the `call` that the chain wants. A `process_request`
 * that answers skips the inner chain, and its answer still goes through `process_response`.
 */
export class MiddlewareMixin implements MiddlewareInstance {
  readonly get_response: GetResponse;

  /** @throws ValueError without a `get_response`. */
  constructor(get_response: GetResponse) {
    if (typeof get_response !== "function")
      throw new ValueError(`${new.target.name} needs get_response, the rest of the chain.`);
    this.get_response = get_response;
  }

  /** Before the inner chain. A response ends it here. */
  process_request?(request: HttpRequest): Awaitable<HttpResponseBase | null | undefined | void>;

  /** After the inner chain: the response to go on with. */
  process_response?(request: HttpRequest, response: HttpResponseBase): Awaitable<HttpResponseBase>;

  async call(request: HttpRequest): Promise<HttpResponseBase> {
    const early = await this.process_request?.(request);
    const response = early ?? (await this.get_response(request));
    return this.process_response === undefined
      ? response
      : this.process_response(request, response);
  }
}
