/** The door for everything that speaks the Fetch standard: Bun, Deno, edge runtimes (Django docs: ASGI). @module */
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_promise, type Maybe } from "../../utils/_promise.ts";
import { request_started } from "../signals.ts";
import { milliseconds } from "./_door_options.ts";
import { type Arrival, type FetchInfo, FetchRequest } from "./_fetch_request.ts";
import { to_fetch } from "./_fetch_response.ts";
import { forced_script_name } from "./_forced_script_name.ts";
import { MAX_HEADER_FIELDS, type Target } from "./_target.ts";
import { BaseHandler, task_under } from "./base.ts";
import { response_for_exception } from "./exception.ts";

export type { FetchInfo } from "./_fetch_request.ts";

/** A Fetch handler: `Bun.serve({ fetch })`, `Deno.serve(fetch)`. */
export type FetchApplication = (request: Request, info?: FetchInfo) => Promise<Response>;

/** Options of the Fetch door. */
export interface FetchApplicationOptions {
  /**
   * Milliseconds a body may send nothing while somebody waits for it; then 408. `null`: any time. Default 60,000, as in
   * Django's ASGI handler.
   */
  body_timeout?: number | null | undefined;
}

/** The most bytes of header names and values a request may have here: no parser before us has a limit. */
const MAX_HEADER_BYTES = 65_536;
/** The parsers of these two have lower limits than ours. */
const HAS_PARSER = "Bun" in globalThis || "Deno" in globalThis;

/** Makes requests of Fetch requests, runs the chain, and gives Fetch responses. */
export class FetchHandler extends BaseHandler {
  readonly #body_timeout: number;

  /** @throws ImproperlyConfigured for an option that is no limit. */
  constructor(options: FetchApplicationOptions = {}) {
    super();
    this.#body_timeout = milliseconds("body_timeout", options.body_timeout, 60_000);
  }

  /** Answers one request; never rejects. */
  handle(request: Request, info?: FetchInfo): Maybe<Response> {
    try {
      const is_parsed = HAS_PARSER && info !== undefined;
      if (!is_parsed && too_many_headers(request.headers))
        return plain(431, "Request Header Fields Too Large");
      return this.#answer({ request, info, is_parsed });
    } catch (error) {
      return failed(request.url, error);
    }
  }

  #answer(arrival: Arrival): Maybe<Response> {
    const target = target_of(arrival.request.url);
    const script_name = forced_script_name() ?? "";
    const cut = is_under(target.path, script_name) ? script_name : "";
    const request = new FetchRequest(arrival, target, cut, this.#body_timeout);
    if (request_started.has_listeners(FetchHandler))
      request_started.send(FetchHandler, { scope: request.META });
    const response = this._respond(request, task_under(script_name));
    if (!is_promise(response)) return this.#finish(response, request, arrival.is_parsed);
    return response
      .then((ready) => this.#finish(ready, request, arrival.is_parsed))
      .catch((error: unknown) => failed(request.path, error));
  }

  #finish(response: HttpResponseBase, request: FetchRequest, is_served: boolean): Maybe<Response> {
    response._handler_class = FetchHandler;
    try {
      const answer = to_fetch(response, request, is_served);
      return is_promise(answer)
        ? answer.catch((error: unknown) => replaced(response, request, error))
        : answer;
    } catch (error) {
      return replaced(response, request, error);
    }
  }
}

/** The page of a 500 instead of a response that cannot be sent. */
async function replaced(
  response: HttpResponseBase,
  request: FetchRequest,
  error: unknown,
): Promise<Response> {
  response._close_resources();
  try {
    const page = await response_for_exception(request, error);
    page._handler_class = FetchHandler;
    return await to_fetch(page, request, false);
  } catch (second) {
    return failed(request.path, second);
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

/** The length of `http://` and the shortest host: the first slash behind it begins the path. */
const SHORTEST_ORIGIN = 8;

const SLASH = 47;

/**
 * The path and query of a URL, split by hand: the runtime has normalised it already. Bun gives a path alone where the
 * Host header names no host, as in HTTP/1.0.
 */
function target_of(url: string): Target {
  const start = url.charCodeAt(0) === SLASH ? 0 : url.indexOf("/", SHORTEST_ORIGIN);
  if (start < 0) return { path: "/", query: "" };
  const hash = url.indexOf("#", start);
  const end = hash < 0 ? url.length : hash;
  const mark = url.indexOf("?", start);
  return mark < 0 || mark > end
    ? { path: url.slice(start, end), query: "" }
    : { path: url.slice(start, mark), query: url.slice(mark + 1, end) };
}

function is_under(path: string, script_name: string): boolean {
  return script_name !== "" && (path === script_name || path.startsWith(`${script_name}/`));
}

function too_many_headers(headers: Headers): boolean {
  let fields = 0;
  let bytes = 0;
  headers.forEach((value, name) => {
    fields += 1;
    bytes += name.length + value.length;
  });
  return fields > MAX_HEADER_FIELDS || bytes > MAX_HEADER_BYTES;
}

/**
 * The application as a Fetch handler: `Bun.serve({ fetch: get_fetch_application() })`, `Deno.serve(get_fetch_application())`.
 * The middleware is loaded at once, so that a wrong setting is told at the start.
 * @throws ImproperlyConfigured for a wrong `MIDDLEWARE`, or an option that is no limit.
 */
export function get_fetch_application(options: FetchApplicationOptions = {}): FetchApplication {
  const handler = new FetchHandler(options);
  handler.load_middleware();
  return (request, info) => {
    const response = handler.handle(request, info);
    return is_promise(response) ? response : Promise.resolve(response); // `async` would make it wait
  };
}
