/** What a request makes of a file: a 304 or 412, a part of it, a 416, or the whole. @module */
import { content_range } from "../http/_byteranges.ts";
import { requested_ranges } from "../http/_ranges.ts";
import type { HttpRequest } from "../http/request.ts";
import type { FileResponse, HttpResponseBase } from "../http/response.ts";
import { get_conditional_response } from "../utils/cache.ts";
import { parse_http_date_safe } from "../utils/http.ts";
import type { Maybe } from "../utils/_promise.ts";

/**
 * The answer to this request, once: asked again, the response is given as it is. The file is closed unless it is yet to
 * be streamed.
 * @param small A file up to this size is read at once, in bytes.
 */
export function finish_file(
  response: FileResponse,
  request: HttpRequest,
  small: number,
): Maybe<HttpResponseBase> {
  response._for_request = undefined;
  const { method } = request;
  if (method === "GET" || method === "HEAD") {
    const answer = conditional(response, request);
    if (answer !== response) return answer;
    take_range(response, request);
    if (method === "HEAD" || response.status_code === 416) return without_content(response);
  }
  const length = response._length_on_disk;
  return length === undefined || length > small ? response : read(response, small);
}

function conditional(response: FileResponse, request: HttpRequest): HttpResponseBase {
  const etag = response.get("ETag");
  const last_modified = parse_http_date_safe(response.get("Last-Modified", ""));
  const answer = get_conditional_response(request, { etag, last_modified, response }) ?? response;
  if (answer === response) return response;
  response._close_resources();
  if (response.background) answer.background = response.background;
  return answer;
}

/** RFC 9110 §14: one range is answered; several are not worth the trouble of taking them apart. */
function take_range(response: FileResponse, request: HttpRequest): void {
  const size = response._length_on_disk;
  if (response.status_code !== 200 || size === undefined) return;
  response.set("Accept-Ranges", "bytes");
  if (request._meta_value("HTTP_RANGE")?.includes(",")) return;
  const ranges = requested_ranges(request, size, validators(response));
  if (ranges === undefined) return;
  const range = ranges === "unsatisfiable" ? undefined : ranges[0];
  if (range === undefined) {
    response.status_code = 416;
    response.set("Content-Range", `bytes */${size}`);
    response.set("Content-Length", 0);
  } else {
    response.status_code = 206;
    response.set("Content-Range", content_range(range, size));
    response._take_parts([range]);
  }
}

/** What If-Range may name: RFC 9110 §13.1.5 leaves out weak ETags. */
function validators(response: FileResponse): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const name of ["ETag", "Last-Modified"]) {
    const value = response.get(name);
    if (value !== undefined && !value.startsWith("W/")) found.push([name, value]);
  }
  return found;
}

function without_content(response: FileResponse): FileResponse {
  response.streaming_content = [];
  response._close_resources();
  return response;
}

async function read(response: FileResponse, small: number): Promise<FileResponse> {
  try {
    await response._read_if_small(small);
    return response;
  } catch (error) {
    response._close_resources();
    throw error;
  }
}
