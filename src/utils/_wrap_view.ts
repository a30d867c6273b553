/** What every decorator of a view needs: a wrapper that looks like the view. @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe } from "./_promise.ts";

/** Any view, whatever its URL gives it. */
export type AnyView = (request: HttpRequest, ...args: never[]) => Maybe<HttpResponseBase>;

/** A function that wraps a view and keeps its type. */
export type ViewDecorator = <V extends AnyView>(view_func: V) => V;

/** A view as a wrapper calls it. */
export type CallableView = (
  this: unknown,
  request: HttpRequest,
  ...args: unknown[]
) => Maybe<HttpResponseBase>;

/**
 * Makes `wrapper` look like `view`: its name, and everything that was set on it (`csrf_exempt`, `view_class`, …).
 * What it wraps is its `__wrapped__`.
 */
export function wraps<V extends AnyView>(view: V, wrapper: CallableView): V {
  Object.assign(wrapper, view);
  Object.defineProperty(wrapper, "name", { value: view.name, configurable: true });
  Object.defineProperty(wrapper, "__wrapped__", {
    value: view,
    configurable: true,
    writable: true,
  });
  // It takes what the view takes, because it hands everything on, and gives a response or a promise as the view does.
  return wrapper as unknown as V;
}

/** The view as something that can be called with whatever the wrapper was given. */
export function callable(view: AnyView): CallableView {
  return view as unknown as CallableView; // the arguments come from the caller of the wrapper, who has the view's type
}

/** Wraps a view so that `change` is told each response it gives. A view that gives no promise stays so. */
export function with_response<V extends AnyView>(
  view_func: V,
  change: (response: HttpResponseBase, request: HttpRequest) => void,
): V {
  const view = callable(view_func);
  const changed = (response: HttpResponseBase, request: HttpRequest): HttpResponseBase => {
    change(response, request);
    return response;
  };
  return wraps(view_func, function (this: unknown, request, ...args) {
    const response = Reflect.apply(view, this, [request, ...args]);
    return and_then(response, (ready) => changed(ready, request));
  });
}
