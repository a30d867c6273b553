/** Decorators made of functions and of middleware classes (Django docs: `django.utils.decorators`). @module */
import { ValueError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { and_then, is_promise, type Maybe } from "./_promise.ts";
import { is_plain_object, repr } from "./_python.ts";
import {
  type AnyView,
  callable,
  type CallableView,
  type ViewDecorator,
  wraps,
} from "./_wrap_view.ts";

export type { AnyView, ViewDecorator } from "./_wrap_view.ts";

type AnyFunction = (this: never, ...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => object;

/** A decorator of functions, or several, the first outermost. */
export type FunctionDecorator = ViewDecorator | ((fn: never) => unknown);

/** Options of `method_decorator`. */
export interface MethodDecoratorOptions {
  /** The method to decorate, when a class is decorated. */
  name?: string | undefined;
}

/**
 * Makes a decorator of functions one of methods: `@method_decorator(never_cache)` before a method, or
 * `@method_decorator(never_cache, { name: "dispatch" })` before a class. The function it wraps has no `this` to care for.
 * @throws ValueError for a class without `name`, or without that method; TypeError if it is no method.
 */
export function method_decorator(
  decorator: FunctionDecorator | readonly FunctionDecorator[],
  options: MethodDecoratorOptions = {},
): <T extends AnyFunction | AnyClass>(target: T, context?: unknown) => T {
  const decorators = (Array.isArray(decorator) ? decorator : [decorator]) as Decorator[]; // see Decorator
  const decorate = <T extends AnyFunction | AnyClass>(target: T): T => {
    if (!is_class(target))
      return multi_decorate(decorators, target as unknown as Method) as unknown as T; // as it was
    decorate_in_class(decorators, target, options.name);
    return target;
  };
  const names = decorators.map((each) => each.name || "<anonymous>").join(", ");
  Object.defineProperty(decorate, "name", { value: `method_decorator(${names})` });
  return decorate;
}

// Whatever they are declared to take, decorators are given a function and give one.
type Method = (this: unknown, ...args: unknown[]) => unknown;
type Decorator = (fn: Method) => Method;

function is_class(target: AnyFunction | AnyClass): target is AnyClass {
  return /^class\b/.test(Function.prototype.toString.call(target));
}

function decorate_in_class(
  decorators: readonly Decorator[],
  target: AnyClass,
  name: string | undefined,
): void {
  const prototype = target.prototype as Record<string, unknown>; // a class has one
  if (!name || !(name in prototype))
    throw new ValueError(
      `method_decorator() on the class ${target.name} needs the name of one of its methods, not ${repr(name ?? "")}.`,
    );
  const method = prototype[name];
  if (typeof method !== "function")
    throw new TypeError(`${target.name}.${name} is no method, so it cannot be decorated.`);
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: multi_decorate(decorators, method as Method), // a function, as just seen
  });
}

function multi_decorate(decorators: readonly Decorator[], method: Method): Method {
  const apply = (fn: Method): Method => decorators.reduceRight((inner, outer) => outer(inner), fn);
  function decorated(this: unknown, ...args: unknown[]): unknown {
    const bound: Method = (...given) => Reflect.apply(method, this, given);
    return apply(Object.assign(bound, method))(...args);
  }
  // what the decorators set on a function must show on the method, and so on what as_view() makes of it
  for (const decorator of decorators)
    Object.assign(
      decorated,
      decorator(() => undefined),
    );
  Object.assign(decorated, method);
  Object.defineProperty(decorated, "name", { value: method.name, configurable: true });
  return decorated;
}

/** A middleware class as these decorators use it: made with the view in place of the rest of the chain. */
export type MiddlewareClass<A extends unknown[] = never[]> = new (
  get_response: never,
  ...args: A
) => object;

/** The hooks that such a class may have. */
interface Hooks {
  process_request?(request: HttpRequest): Maybe<HttpResponseBase | null | undefined | void>;
  process_view?(
    request: HttpRequest,
    view_func: CallableView,
    view_args: unknown[],
    view_kwargs: Record<string, unknown>,
  ): Maybe<HttpResponseBase | null | undefined | void>;
  process_exception?(
    request: HttpRequest,
    exception: unknown,
  ): Maybe<HttpResponseBase | null | undefined | void>;
  process_template_response?(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Maybe<HttpResponseBase>;
  process_response?(request: HttpRequest, response: HttpResponseBase): Maybe<HttpResponseBase>;
}

/** Makes a view decorator of a middleware class. The middleware is made with the first request. */
export function decorator_from_middleware(middleware_class: MiddlewareClass): ViewDecorator {
  return make_middleware_decorator(middleware_class)();
}

/** As `decorator_from_middleware`, for a class whose constructor takes more: `cache_page = …(CacheMiddleware)`. */
export function decorator_from_middleware_with_args<A extends unknown[]>(
  middleware_class: MiddlewareClass<A>,
): (...args: A) => ViewDecorator {
  return make_middleware_decorator(middleware_class);
}

/** What both are made of: a function from the further arguments of the class to a decorator. */
export function make_middleware_decorator<A extends unknown[]>(
  middleware_class: MiddlewareClass<A>,
): (...args: A) => ViewDecorator {
  return (...args) =>
    <V extends AnyView>(view_func: V): V => {
      const view = callable(view_func);
      let made: Hooks | undefined; // not before it is needed: a URLconf is loaded before settings are configured
      return wraps(view_func, function (this: unknown, request, ...rest) {
        const middleware = (made ??= new middleware_class(view as never, ...args) as Hooks); // see MiddlewareClass
        return and_then(before(middleware, view, request, rest), (early) => {
          if (early) return early;
          const response = guarded(middleware, request, () =>
            Reflect.apply(view, this, [request, ...rest]),
          );
          return response;
        });
      });
    };
}

/** The answer of the hooks before the view, if they have one. */
function before(
  middleware: Hooks,
  view: CallableView,
  request: HttpRequest,
  rest: readonly unknown[],
): Maybe<HttpResponseBase | null | undefined | void> {
  return and_then(middleware.process_request?.(request), (early) => {
    if (early || middleware.process_view === undefined) return early;
    const last = rest[rest.length - 1];
    const kwargs = is_plain_object(last) ? last : undefined;
    return middleware.process_view(
      request,
      view,
      kwargs === undefined ? [...rest] : rest.slice(0, -1),
      kwargs ?? {},
    );
  });
}

/** Asks the view. An error goes to `process_exception`, whose answer is final; a response to the hooks after the view. */
function guarded(
  middleware: Hooks,
  request: HttpRequest,
  ask: () => Maybe<HttpResponseBase>,
): Maybe<HttpResponseBase> {
  const recover = (error: unknown): Maybe<HttpResponseBase> =>
    and_then(middleware.process_exception?.(request, error), (answer) => {
      if (answer) return answer;
      throw error;
    });
  let response: Maybe<HttpResponseBase>;
  try {
    response = ask();
  } catch (error) {
    return recover(error);
  }
  if (!is_promise(response)) return after(middleware, request, response);
  return response.then((ready) => after(middleware, request, ready), recover);
}

/** A response that is still to be rendered. */
interface Deferred extends HttpResponseBase {
  render(): Maybe<HttpResponseBase>;
  add_post_render_callback(
    callback: (response: HttpResponseBase) => HttpResponseBase | undefined,
  ): void;
}

function is_deferred(response: HttpResponseBase): response is Deferred {
  if (response._is_settled === true) return false;
  return "add_post_render_callback" in response && "render" in response;
}

function after(
  middleware: Hooks,
  request: HttpRequest,
  response: HttpResponseBase,
): Maybe<HttpResponseBase> {
  const finish = (ready: HttpResponseBase): Maybe<HttpResponseBase> =>
    middleware.process_response?.(request, ready) ?? ready;
  if (!is_deferred(response)) return finish(response);
  return and_then(middleware.process_template_response?.(request, response) ?? response, (next) => {
    if (!is_deferred(next)) return finish(next);
    after_rendering(next, finish);
    return next;
  });
}

/** Calls `finish` when the response is rendered. Who renders waits for it, if it gives a promise. */
function after_rendering(
  response: Deferred,
  finish: (response: HttpResponseBase) => Maybe<HttpResponseBase>,
): void {
  let pending: Promise<HttpResponseBase> | undefined;
  response.add_post_render_callback((ready) => {
    const finished = finish(ready);
    if (!is_promise(finished)) return finished;
    pending = finished;
    return undefined;
  });
  const render = response.render.bind(response);
  response.render = () => {
    const rendered = render();
    return pending ?? rendered;
  };
}

/** A middleware function with the two marks that Django puts on one; here every middleware may wait. */
export function sync_and_async_middleware<F extends object>(func: F): F {
  return Object.assign(func, { sync_capable: true, async_capable: true });
}

/** As `sync_and_async_middleware`. */
export function sync_only_middleware<F extends object>(func: F): F {
  return Object.assign(func, { sync_capable: true, async_capable: false });
}

/** As `sync_and_async_middleware`. */
export function async_only_middleware<F extends object>(func: F): F {
  return Object.assign(func, { sync_capable: false, async_capable: true });
}
