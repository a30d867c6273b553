/** Errors as responses: one JSON shape, or RFC 9457 for who asks for it (docs/api.md, "Errors"). @module */
import { settings } from "../conf/index.ts";
import {
  FileNotFoundError,
  PermissionDenied,
  PermissionError,
  RequestDataTooBig,
  SuspiciousOperation,
  BadRequest as CoreBadRequest,
} from "../core/exceptions.ts";
import { Http404 } from "../http/_http404.ts";
import { MultiPartParserError } from "../http/multipartparser.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import { error_text } from "../utils/_error_text.ts";
import { log } from "../utils/_logger.ts";
import { and_then, is_promise, type Maybe } from "../utils/_promise.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { log_response } from "../utils/log.ts";
import { CsrfFailed, log_csrf_failure } from "./_csrf.ts";
import { error_model, problem } from "./_error_shapes.ts";
import { type ErrorDetail, HTTPException, ResponseValidationError } from "./exceptions.ts";
import type { Effective } from "./layers.ts";
import { Offer, types_of } from "./negotiation.ts";
import { JSON_RENDERER, JSONRenderer, type RenderContext, type Renderer } from "./renderers.ts";

const PROBLEM = new JSONRenderer("application/problem+json");
const FALLBACKS: readonly Renderer[] = [JSON_RENDERER, PROBLEM];

/** What the layers say of error responses. */
export type ErrorLayer = Pick<Effective, "renderers" | "type_encoders" | "response_error_status">;

const offers = new WeakMap<readonly Renderer[], Offer>();

/** The formats of an error: the endpoint's that take any data, then JSON, then problem details. */
function offer_of(renderers: readonly Renderer[]): Offer {
  let offer = offers.get(renderers);
  if (offer === undefined) {
    const types = [...renderers.filter(({ data }) => data), ...FALLBACKS];
    offers.set(renderers, (offer = new Offer(types_of(types), false)));
  }
  return offer;
}

/** What an error response says. */
interface ErrorAnswer {
  readonly status: number;
  readonly detail: readonly ErrorDetail[];
  readonly extra?: unknown;
  readonly headers?: HTTPException["headers"];
}

/** The response for an error that says itself what it is. */
function exception_response(
  request: HttpRequest,
  error: HTTPException,
  layer: ErrorLayer,
): Maybe<HttpResponseBase> {
  const { status_code: status, detail, extra, headers } = error;
  return answer(request, { status, detail, extra, headers }, layer);
}

function answer(
  request: HttpRequest,
  given: ErrorAnswer,
  { renderers, type_encoders }: ErrorLayer,
): Maybe<HttpResponseBase> {
  const { status, detail, extra, headers } = given;
  const { chosen, renderer = PROBLEM } = offer_of(renderers).choose(request);
  const data = renderer === PROBLEM ? problem(status, detail, extra) : error_model(detail, extra);
  const rendered = or_json(renderer, data, { request, content_type: chosen, type_encoders });
  return and_then(rendered, ([content, content_type]) => {
    const response = new HttpResponse(content, { status, content_type });
    for (const [name, value] of Object.entries(headers ?? {})) response.set(name, value);
    response.setdefault("X-Content-Type-Options", "nosniff"); // what a client sent may be quoted
    patch_vary_headers(response, ["Accept"]);
    return response;
  });
}

type Rendered = readonly [content: string | Uint8Array, content_type: string];

function or_json(renderer: Renderer, data: unknown, context: RenderContext): Maybe<Rendered> {
  const { content_type } = context;
  try {
    const content = renderer.render(data, context);
    if (!is_promise(content)) return [content, content_type];
    return content.then(
      (ready) => [ready, content_type],
      (error: unknown) => in_json(renderer, data, context, error),
    );
  } catch (error) {
    return in_json(renderer, data, context, error);
  }
}

/** An error is told all the same where the format has failed itself. */
function in_json(
  failed: Renderer,
  data: unknown,
  context: RenderContext,
  error: unknown,
): Rendered {
  if (failed === JSON_RENDERER || failed === PROBLEM) throw error;
  const { request, content_type } = context;
  const text = `${failed.constructor.name} cannot render an error as ${content_type}, so it is sent as JSON: `;
  log("nuages.api", "error", text + error_text(error), { error, request });
  return [JSON_RENDERER.render(data, context), JSON_RENDERER.content_type];
}

/**
 * The status that an error is answered with; 500 for any that does not say.
 * @param unfit The status of a response that does not fit its model.
 */
export function status_of(error: unknown, unfit = 500): number {
  if (error instanceof ResponseValidationError) return unfit;
  if (error instanceof HTTPException) return error.status_code;
  if (error instanceof Http404 || error instanceof FileNotFoundError) return 404;
  if (error instanceof PermissionDenied || error instanceof PermissionError) return 403;
  if (error instanceof RequestDataTooBig) return 413;
  const is_bad =
    error instanceof SuspiciousOperation ||
    error instanceof CoreBadRequest ||
    error instanceof MultiPartParserError;
  return is_bad ? 400 : 500;
}

/**
 * The response for an error that an endpoint answers itself; `undefined` for one that the handler of the whole chain
 * sees first: its middleware, its signals and its log.
 */
export function own_error_response(
  request: HttpRequest,
  error: unknown,
  layer: ErrorLayer,
): Maybe<HttpResponseBase> | undefined {
  if (error instanceof ResponseValidationError) return unfit_response(request, error, layer);
  if (error instanceof CsrfFailed)
    return and_then(exception_response(request, error, layer), (response) =>
      log_csrf_failure(request, response, error),
    );
  if (error instanceof HTTPException) return exception_response(request, error, layer);
  if (error instanceof FileNotFoundError)
    return answer(request, told(404, "File not found", "not_found"), layer);
  if (error instanceof PermissionError)
    return answer(request, told(403, "File access denied", "permission_denied"), layer);
  return undefined;
}

function told(status: number, msg: string, type: string, extra?: unknown): ErrorAnswer {
  return { status, detail: [{ msg, type }], extra };
}

/** What an endpoint sent is not what it declared: the client learns that, the log learns what. */
function unfit_response(
  request: HttpRequest,
  error: ResponseValidationError,
  layer: ErrorLayer,
): Maybe<HttpResponseBase> {
  const { validation_errors, detail } = error;
  const extra = settings.DEBUG ? { validation_errors } : undefined;
  const given = { status: layer.response_error_status, detail, extra };
  return and_then(answer(request, given, layer), (response) => {
    const faults = validation_errors.map(({ msg, loc }) => `${(loc ?? []).join(".")}: ${msg}`);
    log_response("%s: %s (%s)", error.message, request.path, faults.join("; "), {
      response,
      request,
      exception: error,
      level: "error", // whatever the status
      logger: "nuages.api",
    });
    return response;
  });
}

/**
 * The response for an error that the handler of the whole chain answers; `undefined`: its own page, for a browser in
 * DEBUG.
 * @param status Of an error that does not say it itself.
 */
export function error_response(
  request: HttpRequest,
  error: unknown,
  status: number,
  layer: ErrorLayer,
): Maybe<HttpResponseBase | undefined> {
  if (error instanceof HTTPException) return exception_response(request, error, layer);
  if (status === 500 && settings.DEBUG && prefers_html(request)) return undefined;
  return answer(request, chain_error(error, status), layer);
}

function chain_error(error: unknown, status: number): ErrorAnswer {
  switch (status) {
    case 404:
      return told(404, not_found_text(error), "not_found");
    case 403:
      return told(403, "Forbidden", "permission_denied");
    case 413:
      return told(413, too_large(), "body_too_large");
    case 400:
      return error instanceof MultiPartParserError
        ? told(400, error_text(error), "parse_error")
        : told(400, "Bad Request", "bad_request");
    default:
      return told(500, "Internal Server Error", "internal_error", technical(error));
  }
}

/** What a handler said, for developers; of a URL that nothing matches it would be the patterns. */
function not_found_text(error: unknown): string {
  const { value } = error instanceof Http404 ? error : {};
  const is_text = typeof value === "string" || value instanceof String;
  return (settings.DEBUG && is_text && value.toString()) || "Not Found";
}

function too_large(): string {
  const limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
  return limit === null ? "The body is too large." : `The body is larger than ${limit} bytes.`;
}

/** What a developer wants to know of an error. */
function technical(error: unknown): unknown {
  if (!settings.DEBUG) return undefined;
  const { stack, name } = error instanceof Error ? error : { stack: undefined, name: typeof error };
  return {
    exception: error_text(error),
    exception_type: name,
    traceback: (stack ?? "").split("\n").map((line) => line.trim()),
  };
}

const DEBUG_TYPES = ["application/json", "application/problem+json", "text/html"];

function prefers_html(request: HttpRequest): boolean {
  try {
    return request.get_preferred_type(DEBUG_TYPES) === "text/html";
  } catch (error) {
    if (error instanceof CoreBadRequest) return false; // of an Accept that cannot be read
    throw error;
  }
}
