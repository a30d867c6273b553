/** Conditional requests: what to answer when the client says what it has already (RFC 9110 §13). @module */
import { hash } from "node:crypto";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase, HttpResponseNotModified } from "../http/response.ts";
import { strip_of } from "./_whitespace.ts";
import { parse_etags, parse_http_date_safe, quote_etag } from "./http.ts";
import { log_response } from "./log.ts";

/** Sets a strong ETag, the quoted MD5 of the content, unless that is empty or a stream. */
export function set_response_etag<T extends HttpResponseBase>(response: T): T {
  if (!(response instanceof HttpResponse)) return response;
  const content = response._payload();
  if (content.length > 0) {
    const digest = hash("md5", content, "hex");
    response.headers.set("ETag", quote_etag(digest));
  }
  return response;
}

/** Options of `get_conditional_response`. */
export interface ConditionalOptions {
  /** The ETag of what would be sent, in quotes. */
  etag?: string | null | undefined;
  /** When what would be sent was last changed, in seconds since the epoch. */
  last_modified?: number | null | undefined;
  /** What would be sent; its headers go into a 304. */
  response?: HttpResponseBase | null | undefined;
}

/**
 * A 304 or 412 if the request's conditions ask for one, else `response`. A response that is not 2xx is given back as it
 * is. If-Range is not supported.
 */
export function get_conditional_response(
  request: HttpRequest,
  options: ConditionalOptions = {},
): HttpResponseBase | undefined {
  const answer = conditional_answer(request, options);
  const { response } = options;
  // a file or generator of the response that is not sent goes with the one that is
  if (response && answer !== response)
    answer?._resource_closers.push(() => response._close_resources());
  if (answer?.status_code === 304 && response?.background) answer.background = response.background;
  return answer;
}

function conditional_answer(
  request: HttpRequest,
  { etag, last_modified, response }: ConditionalOptions,
): HttpResponseBase | undefined {
  if (response && (response.status_code < 200 || response.status_code >= 300)) return response;
  const read = is_read(request);
  const if_match = etags_of(request, "HTTP_IF_MATCH");
  const if_none_match = etags_of(request, "HTTP_IF_NONE_MATCH");
  // in the order of RFC 9110 §13.2.2
  if (if_match.length > 0) {
    if (!matches_strongly(etag, if_match)) return precondition_failed(request);
  } else {
    const since = date_of(request, "HTTP_IF_UNMODIFIED_SINCE");
    if (since && !(last_modified && last_modified <= since)) return precondition_failed(request);
  }
  if (if_none_match.length > 0) {
    if (matches_weakly(etag, if_none_match))
      return read ? not_modified(response) : precondition_failed(request);
  } else if (read) {
    const since = date_of(request, "HTTP_IF_MODIFIED_SINCE");
    if (since && last_modified && last_modified <= since) return not_modified(response);
  }
  return response ?? undefined;
}

function is_read({ method }: HttpRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function etags_of(request: HttpRequest, name: string): string[] {
  const header = request._meta_value(name);
  return header === undefined ? [] : parse_etags(header);
}

function date_of(request: HttpRequest, name: string): number | undefined {
  const header = request._meta_value(name);
  return header ? parse_http_date_safe(header) : undefined;
}

function is_any(etags: readonly string[]): boolean {
  return etags.length === 1 && etags[0] === "*";
}

/** RFC 9110 §13.1.1: a weak ETag never matches; `*` matches whatever there is. */
function matches_strongly(etag: string | null | undefined, etags: readonly string[]): boolean {
  if (!etag) return false;
  return is_any(etags) || (!etag.startsWith("W/") && etags.includes(etag));
}

/** RFC 9110 §13.1.2: weak or not makes no difference. */
function matches_weakly(etag: string | null | undefined, etags: readonly string[]): boolean {
  if (!etag) return false;
  const bare = strip_of(etag, "W/");
  return is_any(etags) || etags.some((other) => strip_of(other, "W/") === bare);
}

function precondition_failed(request: HttpRequest): HttpResponse {
  const response = new HttpResponse("", { status: 412 });
  log_response("Precondition Failed: %s", request.path, { response, request });
  return response;
}

// RFC 9110 §15.4.5, and Last-Modified.
const KEPT = [
  "Cache-Control",
  "Content-Location",
  "Date",
  "ETag",
  "Expires",
  "Last-Modified",
  "Vary",
] as const;

function not_modified(response: HttpResponseBase | null | undefined): HttpResponse {
  const answer = new HttpResponseNotModified();
  if (!response) return answer;
  for (const name of KEPT) {
    const value = response.headers.get(name);
    if (value !== undefined) answer.headers.set(name, value);
  }
  if (response._has_cookies) answer.cookies = response.cookies; // RFC 6265 §3: also on a 304
  return answer;
}
