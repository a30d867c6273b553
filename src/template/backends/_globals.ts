/** The functions that every template can call. @module */
import { ValueError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { AnyView } from "../../urls/_types.ts";
import { static as static_url } from "../../templatetags/static.ts";
import { reverse } from "../../urls/base.ts";
import { str } from "../../utils/_python.ts";
import type { Context, Values } from "./_context.ts";

/** Adds them, unless the environment has something else under the name. */
export function add_globals(globals: Values): void {
  globals.range = range;
  globals.url ??= url;
  globals.static ??= static_url;
}

const KEYWORDS = "__keywords"; // how nunjucks marks the object that holds the keyword arguments

function is_kwargs(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * `url("page", 5)`, `url("page", n=5)`: the URL of that name, as Django's tag gives it. The current application is that
 * of the request.
 */
function url(this: Context, view_name: unknown, ...args: unknown[]): string {
  const last = args.at(-1);
  const kwargs = is_kwargs(last) ? { ...last } : undefined;
  if (kwargs !== undefined) {
    args.pop();
    delete kwargs[KEYWORDS];
  }
  const name = typeof view_name === "function" ? (view_name as AnyView) : str(view_name);
  return reverse(name, { args, kwargs, current_app: current_app(this.lookup("request")) });
}

function current_app(request: unknown): string | undefined {
  if (typeof request !== "object" || request === null) return undefined;
  if ("current_app" in request) return (request as HttpRequest).current_app ?? undefined;
  return (request as Partial<HttpRequest>).resolver_match?.namespace;
}

const MAX_RANGE = 1_000_000;

/** nunjucks' `range`, with an end to it. @throws ValueError above a million numbers. */
function range(start: number, stop?: number, step?: number): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const by = stop === undefined || !step ? 1 : step;
  const size = Math.max(0, Math.ceil((to - from) / by));
  if (size > MAX_RANGE)
    throw new ValueError(`range() would give ${size} numbers; the limit is ${MAX_RANGE}.`);
  return Array.from({ length: size || 0 }, (_, index) => from + index * by);
}
