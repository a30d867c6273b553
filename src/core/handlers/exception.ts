/** Turning errors into responses (Django docs: Error handling, "Error views"). @module */
import { settings } from "../../conf/index.ts";
import { Http404 } from "../../http/_http404.ts";
import { MultiPartParserError } from "../../http/multipartparser.ts";
import type { HttpRequest } from "../../http/request.ts";
import { UnreadablePostError } from "../../http/_wire.ts";
import { HttpResponse, type HttpResponseBase } from "../../http/response.ts";
import { get_urlconf } from "../../urls/base.ts";
import { provide_error_handler } from "../../urls/_error_handlers.ts";
import { get_resolver, type URLResolver } from "../../urls/resolvers.ts";
import { error_text, is_readable } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_promise, type Maybe } from "../../utils/_promise.ts";
import { str } from "../../utils/_python.ts";
import type { GetResponse } from "../../utils/deprecation.ts";
import { log_response } from "../../utils/log.ts";
import {
  bad_request,
  page_not_found,
  permission_denied,
  server_error,
} from "../../views/defaults.ts";
import {
  BadRequest,
  Exception,
  PermissionDenied,
  RequestDataTooBig,
  SuspiciousOperation,
  TooManyFieldsSent,
  TooManyFilesSent,
} from "../exceptions.ts";
import { got_request_exception } from "../signals.ts";
import { as_get_response, type Layer } from "./_layers.ts";
import { ensure_response, is_deferred, view_label } from "./_views.ts";

provide_error_handler(400, bad_request);
provide_error_handler(403, permission_denied);
provide_error_handler(404, page_not_found);
provide_error_handler(500, (request) => server_error(request)); // the page of a 500 is not told the error

/** Wraps a step of the chain so that it never throws: an error becomes the response Django gives for it. */
export function convert_exception_to_response(get_response: GetResponse): GetResponse {
  return as_get_response(guarded(get_response));
}

/** `convert_exception_to_response` for a layer: no promise where none is needed. @internal */
export function guarded(layer: Layer): Layer {
  return (request) => {
    try {
      const response = layer(request);
      return is_promise(response)
        ? response.catch((error: unknown) => response_for_exception(request, error))
        : response;
    } catch (error) {
      return response_for_exception(request, error);
    }
  };
}

/** The response for an error, logged: 404, 403, 400 or 500 by its class, from the site's error handlers or a technical page. */
export async function response_for_exception(
  request: HttpRequest,
  exc: unknown,
): Promise<HttpResponseBase> {
  const error = is_readable(exc) ? exc : new Exception(error_text(exc), { cause: exc });
  const response = await answer_and_log(request, error);
  return is_deferred(response) && (response as { is_rendered?: unknown }).is_rendered === false
    ? rendered(await response.render())
    : response;
}

function rendered(response: unknown): HttpResponseBase {
  ensure_response(response, "of the error handler, rendered,");
  return response;
}

async function answer_and_log(request: HttpRequest, exc: unknown): Promise<HttpResponseBase> {
  const extra = { request, exception: exc };
  if (exc instanceof Http404) {
    return error_page(request, 404, exc, ({ technical_404_response }) =>
      technical_404_response(request, exc),
    );
  }
  if (exc instanceof PermissionDenied) {
    const response = await error_page(request, 403, exc);
    log_response("Forbidden (Permission denied): %s", request.path, { ...extra, response });
    return response;
  }
  if (exc instanceof MultiPartParserError) {
    const response = await error_page(request, 400, exc);
    log_response("Bad request (Unable to parse request body): %s", request.path, {
      ...extra,
      response,
    });
    return response;
  }
  if (exc instanceof BadRequest) {
    const response = await bad_request_page(request, exc);
    log_response("%s: %s", str(exc), request.path, { ...extra, response });
    return response;
  }
  if (exc instanceof SuspiciousOperation) {
    if (
      exc instanceof RequestDataTooBig ||
      exc instanceof TooManyFieldsSent ||
      exc instanceof TooManyFilesSent
    ) {
      request._mark_post_parse_error(); // the page may look at POST: it must not meet the same error again
    }
    const response = await bad_request_page(request, exc);
    log_response("%s", str(exc), {
      ...extra,
      response,
      level: "error",
      logger: `django.security.${exc.name}`,
    });
    return response;
  }
  const client_error = client_error_of(request, exc);
  if (client_error !== undefined) return client_failed(request, exc, client_error);
  tell_receivers(request, exc);
  const response = await handle_uncaught_exception(request, get_resolver(get_urlconf()), exc);
  log_response("%s: %s", response.reason_phrase, request.path, { ...extra, response });
  return response;
}

/** The status, if the client did not send its body, or left and `request.signal` ended what the view waited for. */
function client_error_of(request: HttpRequest, exc: unknown): number | undefined {
  if (exc instanceof UnreadablePostError) return request._wire?.client_error;
  const { aborted, reason } = request.signal;
  if (!aborted) return undefined;
  const is_abort =
    exc === reason || (exc instanceof Error && (exc.cause === reason || exc.name === "AbortError"));
  return is_abort ? 400 : undefined;
}

/** Nothing went wrong here, and hardly anybody is left to read the answer. */
async function client_failed(
  request: HttpRequest,
  exc: unknown,
  status: number,
): Promise<HttpResponseBase> {
  const response =
    (await own_response(request, status, exc)) ??
    new HttpResponse("", { status, content_type: "text/plain; charset=utf-8" });
  const extra = { response, request, exception: exc, level: "info" } as const;
  log_response("%s: %s", error_text(exc), request.path, extra);
  return response;
}

function bad_request_page(request: HttpRequest, exc: unknown): Promise<HttpResponseBase> {
  return error_page(request, 400, exc, ({ technical_500_response }) =>
    technical_500_response(request, exc, { status_code: 400 }),
  );
}

type TechnicalPages = typeof import("../../views/debug.ts");

/** Loaded with the first error: a quarter of all modules are behind them, the templates among them. */
function technical_pages(): Promise<TechnicalPages> {
  return import("../../views/debug.ts");
}

/** What the request itself answers; else, in DEBUG, the technical page if there is one; else that of the error handler. */
async function error_page(
  request: HttpRequest,
  status_code: number,
  exc: unknown,
  technical?: (pages: TechnicalPages) => Maybe<HttpResponseBase>,
): Promise<HttpResponseBase> {
  if (request.error_response !== undefined) {
    const own = await own_response(request, status_code, exc);
    if (own !== undefined) return own;
  }
  if (settings.DEBUG && technical !== undefined) return technical(await technical_pages());
  return get_exception_response(request, get_resolver(get_urlconf()), status_code, exc);
}

/** What `request.error_response` gives, rendered. An error in it is logged, and counts as no answer. */
async function own_response(
  request: HttpRequest,
  status_code: number,
  exc: unknown,
): Promise<HttpResponseBase | undefined> {
  if (request.error_response === undefined) return undefined;
  try {
    const response: unknown = await request.error_response(request, status_code, exc);
    if (response === undefined) return undefined;
    ensure_response(response, "request.error_response");
    return is_deferred(response) ? rendered(await response.render()) : response;
  } catch (error) {
    const message = `request.error_response failed, and the usual answer is given: ${error_text(error)}`;
    log("django.request", "error", message, { error, request });
    return undefined;
  }
}

/** What the error handler of this status says; an error in it becomes a 500. */
export async function get_exception_response(
  request: HttpRequest,
  resolver: URLResolver,
  status_code: number,
  exception: unknown,
): Promise<HttpResponseBase> {
  try {
    return await call_error_handler(resolver, status_code, request, exception);
  } catch (error) {
    tell_receivers(request, error);
    return handle_uncaught_exception(request, resolver, error);
  }
}

/** An error of a receiver goes on to the door; the one it was told of must not be lost with that. */
function tell_receivers(request: HttpRequest, exception: unknown): void {
  try {
    got_request_exception.send(null, { request, exception });
  } catch (error) {
    log_first(request, "A receiver of got_request_exception", exception);
    throw error;
  }
}

function log_first(request: HttpRequest, who: string, error: unknown): void {
  const message = `${who} failed too; the first error was: ${error_text(error)}`;
  log("django.request", "error", message, { error, request, status_code: 500 });
}

async function call_error_handler(
  resolver: URLResolver,
  status_code: number,
  ...args: [HttpRequest, unknown?]
): Promise<HttpResponseBase> {
  const handler: unknown = resolver.resolve_error_handler(status_code);
  const response: unknown = await (handler as (...given: unknown[]) => unknown)(...args);
  ensure_response(response, `${view_label(handler)} (handler${status_code})`);
  return response;
}

/**
 * The 500 page: that of `request.error_response`, else the technical one in DEBUG, else `handler500`. Where that fails
 * too, the first error is logged, so that it is not lost, and the second one goes on to the door, which answers a plain
 * 500.
 * @param exc_info The error itself.
 * @throws the error, with `DEBUG_PROPAGATE_EXCEPTIONS`.
 */
export async function handle_uncaught_exception(
  request: HttpRequest,
  resolver: URLResolver,
  exc_info: unknown,
): Promise<HttpResponseBase> {
  if (settings.DEBUG_PROPAGATE_EXCEPTIONS) throw exc_info;
  try {
    const own = await own_response(request, 500, exc_info);
    if (own !== undefined) return own;
    if (settings.DEBUG)
      return await (await technical_pages()).technical_500_response(request, exc_info);
    return await call_error_handler(resolver, 500, request);
  } catch (error) {
    log_first(request, "The handler of errors", exc_info);
    throw error;
  }
}
