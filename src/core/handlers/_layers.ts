/** The layers of the middleware chain: each a plain function that gives a response or the promise of one. @module */
import { HttpResponseBase } from "../../http/response.ts";
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { is_promise, is_thenable, type Maybe } from "../../utils/_promise.ts";
import {
  type GetResponse,
  type MiddlewareEntry,
  type MiddlewareInstance,
  MiddlewareMixin,
} from "../../utils/deprecation.ts";
import { ImproperlyConfigured, ValueError } from "../exceptions.ts";

/** A step of the chain. Unlike `GetResponse` it makes no promise where there is nothing to wait for. */
export type Layer = (request: HttpRequest) => Maybe<HttpResponseBase>;

/** The layer as middleware sees it: always a promise, so that `.then` and `await` both work. */
export function as_get_response(layer: Layer): GetResponse {
  return (request) => {
    const response = layer(request);
    return is_promise(response) ? response : Promise.resolve(response);
  };
}

type Factory = (get_response: GetResponse) => unknown;

/** How messages call an entry of `MIDDLEWARE`: by its name, or by its place if it has none. */
export function middleware_label(entry: unknown, at: number): string {
  return (typeof entry === "function" && entry.name) || `MIDDLEWARE[${at}]`;
}

/**
 * Makes the middleware of one entry: `new` for a class, a call for a function.
 * @throws ImproperlyConfigured if the entry, or what it makes, is no middleware.
 */
export function make_middleware(
  entry: MiddlewareEntry,
  label: string,
  get_response: GetResponse,
): MiddlewareInstance | Factory {
  const complaint = wrong_entry(entry, label);
  if (complaint !== undefined) throw new ImproperlyConfigured(complaint);
  const made: unknown = is_class(entry)
    ? new entry(get_response)
    : (entry as Factory)(get_response);
  if (typeof made === "function") return made as Factory;
  if (
    typeof made === "object" &&
    made !== null &&
    "call" in made &&
    typeof made.call === "function"
  ) {
    return made as MiddlewareInstance; // `call` is all the chain asks for; the hooks are optional
  }
  throw new ImproperlyConfigured(
    is_class(entry)
      ? `The middleware class ${label} has no call(request). Extend MiddlewareMixin, whose call() runs process_request and process_response.`
      : `The middleware ${label} gave ${made === undefined ? "nothing" : repr(made)} when it was given get_response. ` +
          "It must return a function from a request to a response, or an object with call(request).",
  );
}

function wrong_entry(entry: unknown, label: string): string | undefined {
  if (typeof entry !== "function")
    return `${label} is ${repr(entry)}, which is neither a middleware class nor a function: import it and put the thing itself in the list.`;
  if (entry.length < 2 || is_class(entry as MiddlewareEntry)) return undefined;
  return `The middleware ${label} takes ${entry.length} arguments, as one of Express does. Here it takes get_response and returns a function from a request to a response.`;
}

function is_class(
  entry: MiddlewareEntry,
): entry is new (get_response: GetResponse) => MiddlewareInstance {
  const prototype = entry.prototype as { call?: unknown } | undefined;
  if (prototype === undefined) return false;
  return (
    typeof prototype.call === "function" || /^class\b/.test(Function.prototype.toString.call(entry))
  );
}

/** The layer of a made middleware around the inner chain. */
export function middleware_layer(
  name: string,
  made: MiddlewareInstance | Factory,
  inner: Layer,
): Layer {
  if (typeof made === "function")
    return (request) => checked(name, (made as unknown as Layer)(request));
  if (made instanceof MiddlewareMixin && made.call === MiddlewareMixin.prototype.call)
    return mixin_layer(name, made, inner);
  return (request) => checked(name, made.call(request));
}

/** What `MiddlewareMixin.call` does, without a promise as long as no hook and no inner layer gives one. */
function mixin_layer(name: string, made: MiddlewareMixin, inner: Layer): Layer {
  const [before_name, after_name] = [`${name}.process_request`, `${name}.process_response`];
  const after = (request: HttpRequest, response: HttpResponseBase): Maybe<HttpResponseBase> =>
    made.process_response === undefined
      ? response
      : checked(after_name, made.process_response(request, response));
  const onward = (request: HttpRequest, early: unknown): Maybe<HttpResponseBase> => {
    const response = early ? checked(before_name, early) : inner(request);
    return is_promise(response)
      ? response.then((ready) => after(request, ready))
      : after(request, response);
  };
  return (request) => {
    if (made.process_request === undefined) return onward(request, undefined);
    const early = made.process_request(request);
    return is_promise(early)
      ? early.then((ready) => onward(request, ready))
      : onward(request, early);
  };
}

function checked(name: string, response: unknown): Maybe<HttpResponseBase> {
  if (response instanceof HttpResponseBase) return response;
  if (is_thenable(response)) return Promise.resolve(response).then((ready) => checked(name, ready));
  throw new ValueError(
    `The middleware ${name} gave ${response === undefined ? "nothing" : repr(response)} instead of a response. ` +
      (name.endsWith(".process_response")
        ? "It must return the response that it was given, or another."
        : "Does it return what get_response gave it?"),
  );
}
