/** What is registered with routers, and the routes that an API makes of it (docs/api.md, "Declaring and mounting"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { RoutePattern, URLPattern } from "../urls/resolvers.ts";
import { repr } from "../utils/_python.ts";
import { Dispatcher, takes_uploads_its_way } from "./_dispatch.ts";
import { check_keys, LAYER_KEYS } from "./_keys.ts";
import { Operation } from "./_operation.ts";
import { HANDLER_PARTS } from "./_parts.ts";
import type { AnyHandler, Layer, Spec } from "./spec.ts";

/** A handler at a route. */
export interface Registration {
  /** Below the prefixes of the routers around. */
  readonly route: string;
  /** In upper case. */
  readonly methods: readonly string[];
  readonly spec: Spec;
  readonly handler: AnyHandler;
  /** The layer of the controller that it belongs to. */
  readonly layer?: Layer | undefined;
}

/** A router below a prefix. */
interface Inclusion {
  readonly prefix: string;
  readonly table: RouteTable;
}

/** One route of an API. */
export interface RouteEntry {
  /** The whole route, below the path at which the API is mounted. */
  readonly route: string;
  /** What answers its methods. */
  readonly operations: readonly Operation[];
}

/** What a router holds: handlers and routers, in the order in which they were registered. */
export class RouteTable {
  /** What the router says for all that it holds. */
  readonly layer: Layer;
  readonly #items: (Registration | Inclusion)[] = [];
  #is_closed = false;

  /** @throws ImproperlyConfigured for a key that no layer has. */
  constructor(layer: Layer = {}) {
    check_keys(layer, LAYER_KEYS, "The layer of a router");
    this.layer = layer;
  }

  /**
   * @throws ImproperlyConfigured for a route that is written wrongly or has a parameter named like a part of a request,
   * and after the URLs were read. @internal
   */
  _register(registration: Registration): void {
    this.#check(registration.route);
    this.#items.push(registration);
  }

  /** As `_register`. @internal */
  _include(prefix: string, table: RouteTable): void {
    this.#check(prefix);
    this.#items.push({ prefix, table });
  }

  #check(route: string): void {
    if (this.#is_closed)
      throw new ImproperlyConfigured(
        `${repr(route)} is registered too late: the URLs of the API have been read. Register it before the URLconf mounts api.urls.`,
      );
    for (const name of Object.keys(new RoutePattern(route).converters)) {
      if (HANDLER_PARTS.has(name))
        throw new ImproperlyConfigured(
          `The route ${repr(route)} has a parameter named ${repr(name)}, as a part of the request is: name it otherwise.`,
        );
    }
  }

  /** All that is registered here and below, with its whole route and the layers around it. @internal */
  *_registrations(
    prefix = "",
    outer: readonly Layer[] = [],
    around: readonly RouteTable[] = [],
  ): Generator<[Registration, route: string, layers: readonly Layer[]]> {
    if (around.includes(this))
      throw new ImproperlyConfigured(
        `A router includes itself below ${repr(prefix)}: take one of the inclusions away.`,
      );
    const layers = [...outer, this.layer];
    for (const item of this.#items) {
      if ("table" in item) {
        yield* item.table._registrations(prefix + item.prefix, layers, [...around, this]);
      } else {
        const own = item.layer === undefined ? layers : [...layers, item.layer];
        yield [item, prefix + item.route, own];
      }
    }
  }

  /** Refuses what comes later, here and below. @internal */
  _close(): void {
    this.#is_closed = true;
    for (const item of this.#items) if ("table" in item) item.table._close();
  }
}

/** How messages call an operation. */
export function operation_label(methods: readonly string[], route: string): string {
  return `${methods.join(", ")} ${route}`;
}

/** The routes of an API, each where it was first registered, with the operations of all registrations of it. */
export function route_entries(root: RouteTable): RouteEntry[] {
  const by_route = new Map<string, Operation[]>();
  for (const [{ methods, spec, handler }, route, layers] of root._registrations()) {
    const label = operation_label(methods, route);
    const operation = new Operation({ spec, handler, layers, methods, label });
    const others = by_route.get(route);
    if (others === undefined) by_route.set(route, [operation]);
    else others.push(operation);
  }
  return [...by_route].map(([route, operations]) => ({ route, operations }));
}

/**
 * The URL patterns of routes. Where a route has several names, there is a pattern for each, with the same view: a path
 * always meets the first, and `reverse()` finds all.
 * @param owner The API.
 * @throws ImproperlyConfigured for two handlers of one method of a route.
 */
export function url_patterns(entries: readonly RouteEntry[], owner: object): URLPattern[] {
  const uploads = [...entries.entries()].filter(([, { operations }]) =>
    operations.some(takes_uploads_its_way),
  );
  return entries.flatMap(({ route, operations }, at) => {
    const may_pass_upload = uploads.some(
      ([index, later]) => index > at && may_overlap(route, later.route),
    );
    const { view } = new Dispatcher(operations, { owner, may_pass_upload });
    return names_of(operations).map((name) => {
      const pattern = new RoutePattern(route, { name, is_endpoint: true });
      return new URLPattern(pattern, view, { name });
    });
  });
}

/** The names of a route, each once; `null` if it has none. */
function names_of(operations: readonly Operation[]): (string | null)[] {
  const names = new Set(operations.flatMap(({ spec }) => spec.name ?? []));
  return names.size === 0 ? [null] : [...names];
}

/** Whether a path may match both routes, as far as the text before their parameters tells. */
function may_overlap(one: string, other: string): boolean {
  const [a = "", b = ""] = [one, other].map((route) => route.split("<", 1)[0]);
  return a.startsWith(b) || b.startsWith(a);
}
