/** What becomes of an error: an answer of the layers, one of ours, or it goes on to the whole chain (docs/api.md, "Errors"). @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { Maybe } from "../utils/_promise.ts";
import { find_handler, type FoundHandler } from "./_exception_handlers.ts";
import type { Plans } from "./_plans.ts";
import { error_response, own_error_response, status_of } from "./errors.ts";

/** The errors of one endpoint. */
export class Failures {
  /** What answers the errors that went on to the chain: `request.error_response`. */
  readonly hook: NonNullable<HttpRequest["error_response"]>;
  readonly #plans: Plans;
  // The error of a request that nothing here answers, on its way through the decorators.
  readonly #passed = new WeakMap<HttpRequest, { readonly error: unknown }>();

  constructor(plans: Plans) {
    this.#plans = plans;
    this.hook = (request, _status, exception) =>
      error_response(request, exception, status_of(exception), plans.now.effective);
  }

  /** The response for an error, or the error again, for the middleware and the handler of the whole chain. */
  answer(request: HttpRequest, error: unknown): Maybe<HttpResponseBase> {
    const passed = this.#passed.get(request);
    if (passed !== undefined && Object.is(passed.error, error)) throw error;
    request.error_response ??= this.hook; // of a method that is not allowed
    return this.#offered(request, error, 0);
  }

  /** What the exception handlers make of an error, beginning with those of this layer. */
  #offered(request: HttpRequest, error: unknown, from: number): Maybe<HttpResponseBase> {
    const { exception_handlers, response_error_status } = this.#plans.now.effective;
    const status = status_of(error, response_error_status);
    const found = find_handler(exception_handlers, error, status, from);
    return found === undefined
      ? this.#own_error(request, error)
      : this.#handled_error(request, error, found, status);
  }

  async #handled_error(
    request: HttpRequest,
    error: unknown,
    { handler, next: outer }: FoundHandler,
    status: number,
  ): Promise<HttpResponseBase> {
    let next: unknown;
    try {
      const value: unknown = await handler(request, error);
      return await this.#plans.now.answers.error_response(value, status, request);
    } catch (thrown) {
      next = thrown;
    }
    return this.#offered(request, next, outer);
  }

  /** @throws the error itself, if it is not the endpoint's to answer. */
  #own_error(request: HttpRequest, error: unknown): Maybe<HttpResponseBase> {
    const response = own_error_response(request, error, this.#plans.now.effective);
    if (response !== undefined) return response;
    this.#passed.set(request, { error });
    throw error;
  }
}
