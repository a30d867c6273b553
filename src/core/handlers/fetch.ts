/** The door for everything that speaks the Fetch standard: Bun, Deno, edge runtimes (Django docs: ASGI). @module */
import { settings } from "../../conf/index.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_promise, type Maybe } from "../../utils/_promise.ts";
import { request_started } from "../signals.ts";
import { type FetchInfo, FetchRequest } from "./_fetch_request.ts";
import { to_fetch } from "./_fetch_response.ts";
import { MAX_HEADER_FIELDS, type Target } from "./_target.ts";
import { BaseHandler, task_under } from "./base.ts";

/** A Fetch handler: `Bun.serve({ fetch })`, `Deno.serve(fetch)`. */
export type FetchApplication = (request: Request, info?: FetchInfo) => Promise<Response>;

/** The most bytes of header names and values a request may have here: no parser before us has a limit. */
const MAX_HEADER_BYTES = 65_536;

/** Makes requests of Fetch requests, runs the chain, and gives Fetch responses. */
export class FetchHandler extends BaseHandler {
  /** Answers one request; never rejects. */
  handle(request: Request, info?: FetchInfo): Maybe<Response> {
    try {
      if (too_many_headers(request.headers)) return plain(431, "Request Header Fields Too Large");
      const target = target_of(request.url);
      const script_name = (settings.FORCE_SCRIPT_NAME ?? "").replace(/\/+$/, "");
      const under =
        script_name !== "" &&
        (target.path === script_name || target.path.startsWith(`${script_name}/`));
      const made = new FetchRequest(request, target, under ? script_name : "", info);
      if (request_started.has_listeners(FetchHandler))
        request_started.send(FetchHandler, { scope: made.META });
      const response = this._respond(made, task_under(script_name));
      if (!is_promise(response)) return finish(response, made);
      return response
        .then((ready) => finish(ready, made))
        .catch((error: unknown) => failed(made.path, error));
    } catch (error) {
      return failed(request.url, error);
    }
  }
}

function finish(response: HttpResponseBase, request: FetchRequest): Response {
  response._handler_class = FetchHandler;
  try {
    return to_fetch(response, request.method ?? "GET");
  } catch (error) {
    response.close();
    return failed(request.path, error);
  }
}

function failed(path: string, error: unknown): Response {
  log("django.request", "error", `Internal Server Error: ${path}: ${error_text(error)}`, {
    error,
    status_code: 500,
  });
  return plain(500, "Server Error (500)");
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

/** The path and query of an absolute URL, split by hand: the runtime has normalised it already. */
function target_of(url: string): Target {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  let target = start < 0 ? "/" : url.slice(start);
  const hash = target.indexOf("#");
  if (hash >= 0) target = target.slice(0, hash);
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function too_many_headers(headers: Headers): boolean {
  let fields = 0;
  let bytes = 0;
  for (const [name, value] of headers) {
    bytes += name.length + value.length;
    if (++fields > MAX_HEADER_FIELDS || bytes > MAX_HEADER_BYTES) return true;
  }
  return false;
}

/**
 * The application as a Fetch handler: `Bun.serve({ fetch: get_fetch_application() })`, `Deno.serve(get_fetch_application())`.
 * The middleware is loaded at once, so that a wrong setting is told at the start.
 * @throws ImproperlyConfigured for a wrong `MIDDLEWARE`.
 */
export function get_fetch_application(): FetchApplication {
  const handler = new FetchHandler();
  handler.load_middleware();
  return async (request, info) => handler.handle(request, info);
}
