/** `Controller`: a class-based view whose methods are endpoints (docs/api.md, "Declaring and mounting"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { View, type ViewFunction } from "../views/generic/_view.ts";
import { Dispatcher } from "./_dispatch.ts";
import { Operation } from "./_operation.ts";
import { operation_label } from "./_routes.ts";
import { method_spec } from "./endpoint.ts";
import type { AnyHandler, Layer, Spec } from "./spec.ts";

/** A class of endpoints. */
export type ControllerClass = typeof Controller;

/** One method of a controller. */
interface ControllerMethod {
  /** The HTTP method, in upper case. */
  readonly method: string;
  readonly spec: Spec;
}

/**
 * A class with a method for each HTTP method, marked with `@endpoint(spec)`. For every request an instance is made, so it
 * may keep what it likes. `this.kwargs` is what the method is given. It is mounted with `router.view(route, UserView)`.
 */
export class Controller extends View {
  /** What it says for all of its methods. */
  static layer: Layer = {};

  /** @throws ImproperlyConfigured for a method that handles requests and is no endpoint, and if there is none. */
  static override as_view(
    this: ControllerClass,
    initkwargs: Record<string, unknown> = {},
  ): ViewFunction {
    const marks = super.as_view(initkwargs);
    const handler = controller_handler(this, initkwargs);
    const operations = controller_methods(this).map(({ method, spec }) => {
      const label = operation_label([method], this.name);
      return new Operation({ spec, handler, layers: [this.layer], methods: [method], label });
    });
    const { view } = new Dispatcher(operations);
    Object.defineProperty(view, "name", { value: this.name });
    return Object.assign(view, marks);
  }
}

/**
 * The endpoints of a class.
 * @throws TypeError for what is no such class; ImproperlyConfigured for a method that handles requests and is no endpoint, and if there is none.
 */
export function controller_methods(controller: ControllerClass): ControllerMethod[] {
  const { prototype } = controller;
  if (!((prototype as unknown) instanceof Controller))
    throw new TypeError(
      `A class that extends Controller is needed, the class itself: ${repr(controller)} is none.`,
    );
  const found: ControllerMethod[] = [];
  for (const name of prototype.http_method_names) {
    const method: unknown = Reflect.get(prototype, name);
    if (typeof method !== "function" || method === View.prototype.options) continue;
    const spec = method_spec(method);
    if (spec === undefined)
      throw new ImproperlyConfigured(
        `${controller.name}.${name}() is no endpoint. Write @endpoint(spec) before it, the first of its decorators.`,
      );
    found.push({ method: name.toUpperCase(), spec });
  }
  if (found.length > 0) return found;
  throw new ImproperlyConfigured(
    `${controller.name} has no endpoint. Write @endpoint(spec) before a method named get, post, ….`,
  );
}

/** A handler that makes an instance, and lets its `dispatch` call the method. */
export function controller_handler(
  controller: ControllerClass,
  initkwargs: Record<string, unknown> = {},
): AnyHandler {
  return (request, args) => {
    const self = new controller(initkwargs);
    Object.assign(self, initkwargs); // the fields of a subclass came after its base
    self.setup(request, args);
    return self.dispatch(request, args);
  };
}
