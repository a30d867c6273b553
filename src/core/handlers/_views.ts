/** Calling a view, and telling its author what is wrong with what it gave. @module */
import { HttpResponseBase } from "../../http/response.ts";
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";

/** A view as the handler calls it: what the URL gave follows the request. */
export type Callback = (request: HttpRequest, ...rest: unknown[]) => unknown;

/** A response that is rendered only after the template-response middleware has seen it. */
export interface Deferred {
  render(): unknown;
}

/** Calls the view as the URLs say: named values in one object, unnamed ones in their order before it. */
export function call_view(
  view: Callback,
  request: HttpRequest,
  args: unknown[],
  kwargs: Record<string, unknown>,
): unknown {
  if (args.length === 0) return view(request, kwargs);
  for (const _ in kwargs) return view(request, ...args, kwargs);
  return view(request, ...args);
}

/** How a view is called in messages: its class or function, and the route that leads to it. */
export function view_label(view: unknown, request?: HttpRequest): string {
  const { view_class, name } = view as { view_class?: { name: string }; name?: string };
  const own = view_class?.name ?? (name === undefined || name === "" ? "<anonymous>" : name);
  const match = request?.resolver_match;
  return match === undefined || match === null ? own : `${own} (route ${repr(match.route ?? "")})`;
}

/** Whether the response waits to be rendered. */
export function is_deferred(response: HttpResponseBase): response is HttpResponseBase & Deferred {
  return (
    typeof (response as Partial<Deferred>).render === "function" && response._is_settled !== true
  );
}

/** @throws ValueError naming `who` unless the value is a response. */
export function ensure_response(
  value: unknown,
  who: string,
  what: "view" | "middleware" = "view",
): asserts value is HttpResponseBase {
  if (!(value instanceof HttpResponseBase)) throw not_a_response(value, who, what);
}

/** What is wrong with a view, or a hook of a middleware, that gave something else than a response. */
export function not_a_response(value: unknown, who: string, what = "view"): ValueError {
  if (value === undefined || value === null) {
    return new ValueError(
      `The ${what} ${who} gave nothing. It must return an HttpResponse, or the promise of one.`,
    );
  }
  return new ValueError(
    `The ${what} ${who} gave ${shortened(value)}, which is not a response. ${remedy(value)}`,
  );
}

function remedy(value: unknown): string {
  if (typeof value === "string" || value instanceof Uint8Array)
    return "Wrap it: new HttpResponse(…).";
  return value instanceof Response
    ? "Give an HttpResponse: that one is the Fetch standard's."
    : "Wrap it: new JsonResponse(…), say.";
}

function shortened(value: unknown): string {
  const text = repr(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
