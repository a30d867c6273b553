/** `Router`: endpoints below a prefix, with a layer of their own (docs/api.md, "Declaring and mounting"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { operation_label, RouteTable } from "./_routes.ts";
import { type ControllerClass, controller_handler, controller_methods } from "./controller.ts";
import { type Endpoint, is_endpoint, make_endpoint } from "./endpoint.ts";
import type { AnyHandler, Exact, Handler, Kwargs, Layer, Spec } from "./spec.ts";

/**
 * Registers a handler for one method: `router.get(route, spec, handler)`. The handler is given what the route captures and
 * the parts that the spec declares; what it returns must be what `response` declares.
 * @throws ImproperlyConfigured for a declaration that contradicts itself, and after the URLs were read.
 */
export interface Verb<Prefix> {
  /** An endpoint made elsewhere, with its own spec. */
  (route: string, endpoint: Endpoint): Endpoint;
  /** Without a spec nothing is checked: the handler may return anything. */
  <const Route extends string>(
    route: Route,
    handler: NoInfer<Handler<{}, Kwargs<Route, Prefix>>>,
  ): Endpoint;
  <const Route extends string, const S extends Spec>(
    route: Route,
    spec: S & Exact<S>,
    handler: NoInfer<Handler<S, Kwargs<Route, Prefix>>>,
  ): Endpoint;
}

/** Options of `Router.view`. */
export interface RouterViewOptions {
  /** The URL name inside the namespace of the API, for all methods. */
  name?: string | undefined;
}

/** What follows the route: an endpoint, a handler, or a spec and a handler. */
type Declared = readonly [unknown, unknown?];

/**
 * Endpoints that share a layer. `Prefix` are the values that the routes around it give its handlers; `router()` knows
 * them, for one that is included later they may be named: `new Router<{ org: number }>()`.
 */
export class Router<Prefix = unknown> extends RouteTable {
  /** Registers a handler of GET, and of HEAD where there is none. */
  declare readonly get: Verb<Prefix>;
  /** Registers a handler of POST. */
  declare readonly post: Verb<Prefix>;
  /** Registers a handler of PUT. */
  declare readonly put: Verb<Prefix>;
  /** Registers a handler of PATCH. */
  declare readonly patch: Verb<Prefix>;
  /** Registers a handler of DELETE. */
  declare readonly delete: Verb<Prefix>;
  /** Registers a handler of HEAD. */
  declare readonly head: Verb<Prefix>;
  /** Registers a handler of OPTIONS, in place of the list of methods. */
  declare readonly options: Verb<Prefix>;

  static {
    for (const name of ["get", "post", "put", "patch", "delete", "head", "options"]) {
      const methods = [name.toUpperCase()];
      Object.defineProperty(this.prototype, name, {
        value(this: Router, route: string, ...declared: Declared): Endpoint {
          return this.#register(methods, route, declared);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /** Registers one handler for several methods: `router.route(["PUT", "PATCH"], route, spec, handler)`. */
  route(methods: readonly string[], route: string, endpoint: Endpoint): Endpoint;
  route<const Route extends string>(
    methods: readonly string[],
    route: Route,
    handler: NoInfer<Handler<{}, Kwargs<Route, Prefix>>>,
  ): Endpoint;
  route<const Route extends string, const S extends Spec>(
    methods: readonly string[],
    route: Route,
    spec: S & Exact<S>,
    handler: NoInfer<Handler<S, Kwargs<Route, Prefix>>>,
  ): Endpoint;
  route(methods: readonly string[], route: string, ...declared: Declared): Endpoint {
    return this.#register(checked_methods(methods, route), route, declared);
  }

  #register(methods: readonly string[], route: string, declared: Declared): Endpoint {
    const made = endpoint_of(methods, route, declared);
    const { spec, handler } = made;
    this._register({ route, methods, spec, handler });
    return made;
  }

  /**
   * Registers the endpoints of a class.
   * @throws ImproperlyConfigured for a class without endpoints, or with a method that should be one.
   */
  view(route: string, controller: ControllerClass, options: RouterViewOptions = {}): void {
    const { layer } = controller;
    const handler = controller_handler(controller);
    const { name } = options;
    for (const { method, spec: own } of controller_methods(controller)) {
      const spec = name === undefined ? own : { ...own, name };
      this._register({ route, methods: [method], spec, handler, layer });
    }
  }

  /** A new router below a prefix, whose values its handlers are given: `api.router("orgs/<int:org>/")`. */
  router<const Below extends string>(
    prefix: Below,
    layer: Layer = {},
  ): Router<Kwargs<Below, Prefix>> {
    const made = new Router<Kwargs<Below, Prefix>>(layer);
    this._include(prefix, made);
    return made;
  }

  /**
   * Puts a router made elsewhere below a prefix. What is registered with it later is there as well.
   * @throws TypeError for anything else.
   */
  include(prefix: string, router: RouteTable): void {
    if (!((router as unknown) instanceof RouteTable))
      throw new TypeError(`${repr(prefix)} needs a Router; it has ${repr(router)}.`);
    this._include(prefix, router);
  }
}

/** What was declared, as an endpoint: making it finds what contradicts itself. */
function endpoint_of(methods: readonly string[], route: string, declared: Declared): Endpoint {
  const label = operation_label(methods, route);
  const [spec, handler] = parts_of(declared, label);
  if (typeof handler !== "function")
    throw new TypeError(`${label} needs a handler, a function; it has ${repr(handler)}.`);
  check_methods(spec.methods, methods, label);
  return make_endpoint({ spec, handler: handler as AnyHandler, methods, label }); // the overloads say what it takes
}

function parts_of([first, second]: Declared, label: string): [Spec, handler: unknown] {
  if (typeof first === "function" && second !== undefined)
    throw new TypeError(`${label} has something behind its handler: a spec goes before it.`);
  if (is_endpoint(first)) return [first.spec, first.handler];
  return typeof first === "function" ? [{}, first] : [(first ?? {}) as Spec, second];
}

/** @throws ImproperlyConfigured if the spec names other methods than it is registered for. */
function check_methods(
  own: readonly string[] | undefined,
  methods: readonly string[],
  label: string,
): void {
  const names = own?.map((name) => name.toUpperCase());
  if (names === undefined || methods.every((method) => names.includes(method))) return;
  throw new ImproperlyConfigured(
    `${label} has a spec for ${names.join(", ")}. Leave \`methods\` out of it: the registration says them.`,
  );
}

function checked_methods(methods: unknown, route: string): string[] {
  if (!is_strings(methods))
    throw new TypeError(
      `${repr(route)} needs a list of methods, such as ["PUT", "PATCH"]; it has ${repr(methods)}.`,
    );
  const names = methods.map((method) => method.toUpperCase());
  if (names.length === 0 || new Set(names).size < names.length)
    throw new ImproperlyConfigured(
      `${repr(route)} needs methods, each once; it is registered for ${repr(methods)}.`,
    );
  return names;
}

function is_strings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
