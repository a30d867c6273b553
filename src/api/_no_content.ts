/** Responses whose status allows no content (RFC 9110 §6.4.1). @module */
import { HttpResponse, type HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";
import { log } from "../utils/_logger.ts";

/** Whether a response of this status has no content. */
export function is_bodiless(status: number): boolean {
  return status === 204 || status === 304 || status < 200;
}

/**
 * The response with neither content nor headers that describe it.
 * @param data What it was to be rendered of, if it is not rendered.
 */
export function without_body<R extends HttpResponseBase>(response: R, data?: unknown): R {
  const { status_code } = response;
  if ((data ?? undefined) !== undefined || has_content(response)) {
    const message = `A response of status ${status_code} has no content: it was dropped.`;
    log("nuages.api", "debug", message, { status_code });
  }
  if (response instanceof HttpResponse) response.content = "";
  else if (response instanceof StreamingHttpResponse) {
    response._close_resources();
    response.streaming_content = [];
  }
  response.delete("Content-Type");
  response.delete("Content-Length");
  return response;
}

function has_content(response: HttpResponseBase): boolean {
  if (response instanceof StreamingHttpResponse) return true;
  if (!(response instanceof HttpResponse)) return false;
  const is_waiting = (response as { is_rendered?: boolean }).is_rendered === false; // as a TemplateResponse may be
  return is_waiting || response.tell() > 0;
}
