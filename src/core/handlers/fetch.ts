/** The door for everything that speaks the Fetch standard: Bun, Deno, edge runtimes (Django docs: ASGI). @module */
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_promise, type Maybe } from "../../utils/_promise.ts";
import { request_started } from "../signals.ts";
import { milliseconds } from "./_door_options.ts";
import { type FetchInfo, FetchRequest } from "./_fetch_request.ts";
import { to_fetch } from "./_fetch_response.ts";
import { MAX_HEADER_FIELDS } from "./_target.ts";
import { forced_script_name } from "./_forced_script_name.ts";
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
      return this.#answer(new FetchRequest(request, info, is_parsed, this.#body_timeout));
    } catch (error) {
      return failed(request.url, error);
    }
  }

  #answer(request: FetchRequest): Maybe<Response> {
    if (request_started.has_listeners(FetchHandler))
      request_started.send(FetchHandler, { scope: request.META });
    const response = this._respond(request, task_under(forced_script_name() ?? ""));
    return is_promise(response) ? this.#later(response, request) : this.#finish(response, request);
  }

  #later(response: Promise<HttpResponseBase>, request: FetchRequest): Promise<Response> {
    return response
      .then((ready) => this.#finish(ready, request))
      .catch((error: unknown) => failed(request.path, error));
  }

  #finish(response: HttpResponseBase, request: FetchRequest): Maybe<Response> {
    response._handler_class = FetchHandler;
    try {
      const answer = to_fetch(response, request, request._is_parsed);
      return is_promise(answer) ? or_replaced(answer, response, request) : answer;
    } catch (error) {
      return replaced(response, request, error);
    }
  }
}

/** Apart, as `#later` is: a closure where every answer passes costs each of them room for what it holds. */
function or_replaced(
  answer: Promise<Response>,
  response: HttpResponseBase,
  request: FetchRequest,
): Promise<Response> {
  return answer.catch((error: unknown) => replaced(response, request, error));
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
