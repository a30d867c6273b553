/** `endpoint`: a declaration and a handler as a view (docs/api.md, "Endpoints"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import { Dispatcher } from "./_dispatch.ts";
import { Operation, type OperationInit } from "./_operation.ts";
import type { AnyHandler, Exact, FreeHandler, MethodArgs, Returns, Spec } from "./spec.ts";

/** An endpoint as a view: it goes into `path()`, takes decorators, and answers the test client. */
export interface Endpoint {
  (request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase>;
  /** What was declared. */
  readonly spec: Spec;
  /** What answers. */
  readonly handler: AnyHandler;
  /** The methods it answers. */
  readonly methods: readonly string[];
}

/** Whether a value was made by `endpoint()`. @internal */
export function is_endpoint(value: unknown): value is Endpoint {
  return typeof value === "function" && made.has(value);
}

const made = new WeakSet<object>();

type Method = (this: never, request: HttpRequest, args: never) => unknown;

/** What a method takes and gives, held against the spec: the compiler cannot push types into a method. */
type Checked<S, Value extends Method> = Value extends (
  request: HttpRequest,
  args: infer A,
) => infer R
  ? [MethodArgs<S, A>, R] extends [A, Awaitable<Returns<S>>]
    ? Value
    : (request: HttpRequest, args: MethodArgs<S, A>) => Awaitable<Returns<S>> // for the message
  : (request: HttpRequest) => Awaitable<Returns<S>>;

/** A decorator of a `Controller`'s method. */
export type EndpointDecorator<S> = <Value extends Method>(
  method: Value & Checked<S, Value>,
  context: ClassMethodDecoratorContext,
) => void;

const specs = new WeakMap<object, Spec>();

/** The spec that decorates a method of a `Controller`. @internal */
export function method_spec(method: object): Spec | undefined {
  return specs.get(method);
}

/**
 * A view of a spec and a handler; it answers GET unless `spec.methods` says otherwise. Its path values are typed by a
 * `path` schema, or as the handler says. With a spec alone it decorates a method of a `Controller`, which answers the HTTP
 * method it is named after.
 * @throws ImproperlyConfigured for a spec that contradicts itself.
 */
export function endpoint<const S extends Spec>(
  spec: S & Exact<S>,
  handler: NoInfer<FreeHandler<S>>,
): Endpoint;
export function endpoint<const S extends Spec>(spec: S & Exact<S>): EndpointDecorator<S>;
export function endpoint(spec: Spec, handler?: unknown): unknown {
  if (handler === undefined) return decorator_of(spec);
  return endpoint_of(spec, handler as AnyHandler); // the overloads say what it takes
}

function decorator_of(spec: Spec): EndpointDecorator<Spec> {
  return (method, context) => {
    if (typeof context !== "object")
      throw new ImproperlyConfigured(
        "@endpoint() is a decorator of JavaScript's own kind, and was called as one of TypeScript's older kind. " +
          "Take `experimentalDecorators` out of the tsconfig.",
      );
    const { name, static: is_static, private: is_private } = context;
    if (is_static || is_private)
      throw new ImproperlyConfigured(
        `@endpoint() decorates public methods of a Controller's instances: ${repr(String(name))} is none.`,
      );
    specs.set(method, spec);
  };
}

function endpoint_of(spec: Spec, handler: AnyHandler): Endpoint {
  const methods = (spec.methods ?? ["GET"]).map((method) => method.toUpperCase());
  const label = `${methods.join(", ")} ${handler.name || "endpoint()"}`;
  return make_endpoint({ spec, handler, methods, label });
}

/** An endpoint for these methods, whatever its spec says of them. @internal */
export function make_endpoint(init: Omit<OperationInit, "layers">): Endpoint {
  const { view } = new Dispatcher([new Operation({ ...init, layers: [] })]);
  const { spec, handler, methods } = init;
  const result = Object.assign(view, { spec, handler, methods });
  made.add(result);
  return result;
}
