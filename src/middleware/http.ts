/** Conditional GET: a 304 for what the client has already (Django docs: "Conditional GET middleware"). @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { get_conditional_response, set_response_etag } from "../utils/cache.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { parse_http_date_safe, split_directive_names } from "../utils/http.ts";

/** Gives responses to GET an ETag, and compares it and Last-Modified with what the client has. */
export class ConditionalGetMiddleware extends MiddlewareMixin {
  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    // The content of a HEAD is empty, and for other methods a 412 comes too late.
    if (request.method !== "GET") return response;
    if (!response.has_header("ETag") && this.needs_etag(response)) set_response_etag(response);
    const etag = response.get("ETag");
    const changed = response.get("Last-Modified");
    const last_modified = changed ? parse_http_date_safe(changed) : undefined;
    if (!etag && !last_modified) return response;
    return get_conditional_response(request, { etag, last_modified, response }) ?? response;
  }

  /** Whether the response may have an ETag: not if nobody may store it. */
  needs_etag(response: HttpResponseBase): boolean {
    const directives = response.get("Cache-Control");
    return !directives || ![...split_directive_names(directives)].includes("no-store");
  }
}
