/** Answers that are not Django's: a Fetch `Response`, or an application that makes one (docs/api.md, "What a handler returns"). @module */
import { SimpleCookie } from "../http/cookie.ts";
import { type HttpRequest, RawPostDataException } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";
import { log } from "../utils/_logger.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { BadGateway } from "./exceptions.ts";

/** An application of the Fetch standard: Hono's and H3's are such objects, and so are the handlers of Bun and Deno. */
export type FetchApp =
  | { fetch(request: Request): Response | Promise<Response> }
  | ((request: Request) => Response | Promise<Response>);

/** Whether a handler returned an application for us to ask. */
export function is_fetch_app(value: unknown): value is FetchApp {
  if (typeof value === "function") return true;
  return (
    typeof value === "object" &&
    value !== null &&
    "fetch" in value &&
    typeof value.fetch === "function"
  );
}

/** Asks the application. @throws TypeError if it gives anything but a `Response`. */
export function ask_fetch_app(app: FetchApp, request: HttpRequest): Maybe<HttpResponseBase> {
  const asked = fetch_request(request);
  const answer: Maybe<unknown> = typeof app === "function" ? app(asked) : app.fetch(asked);
  return and_then(answer, (response) => {
    if (response instanceof Response) return from_fetch(response);
    throw new TypeError(
      `An application that a handler returns must answer with a Fetch Response: it gave ${repr(response)}.`,
    );
  });
}

/** Methods whose requests have no body in the Fetch standard. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** The same request as the Fetch standard has it. The body is what has not been read of it. */
function fetch_request(request: HttpRequest): Request {
  const method = request.method ?? "GET";
  const headers = new Headers([...request.headers.items()]);
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal: request.signal };
  if (!BODILESS.has(method)) {
    init.body = body_of(request);
    init.duplex = "half"; // the Fetch standard asks for it with a stream
  }
  return new Request(request.build_absolute_uri(), init);
}

/** @throws RawPostDataException if the handler of the chain has taken the body apart already. */
function body_of(request: HttpRequest): ReadableStream<Uint8Array> {
  if (is_multipart(request) && !request._needs_load)
    throw new RawPostDataException(
      "The form was parsed before the application could be asked. Put deferred_upload into the decorators of the endpoint.",
    );
  const chunks = request[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void chunks.return?.(),
  });
}

function is_multipart(request: HttpRequest): boolean {
  return request.method === "POST" && request.content_type === "multipart/form-data";
}

/** RFC 9110 §7.6.1: what belongs to the other connection. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];
const NULL_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * The response of the Fetch standard as one of Django's: status, headers, cookies, and the body, which is not read here.
 * @throws BadGateway for `Response.error()`.
 */
export function from_fetch(response: Response): HttpResponseBase {
  const { status, body } = response;
  if (status === 0) throw new BadGateway("The application that was asked has failed.");
  const has_body = body !== null && !NULL_BODY.has(status);
  const result = has_body
    ? new StreamingHttpResponse(body, { status })
    : new HttpResponse("", { status });
  if (response.statusText !== "") result.reason_phrase = response.statusText;
  result.delete("Content-Type");
  for (const [name, value] of response.headers)
    if (name !== "set-cookie" && !HOP_BY_HOP.includes(name)) result.set(title_case(name), value);
  if (response.url !== "" && result.has("Content-Encoding")) {
    result.delete("Content-Encoding"); // what fetch() brought from elsewhere it has decompressed
    result.delete("Content-Length");
  }
  for (const line of response.headers.getSetCookie()) take_cookie(result, line);
  return result;
}

/** `content-type` as it is written elsewhere; the Fetch standard keeps names in lower case. */
function title_case(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function take_cookie(response: HttpResponseBase, line: string): void {
  const before = response.cookies.size;
  const jar = new SimpleCookie(line);
  for (const [key, morsel] of jar.items()) response.cookies.set(key, morsel);
  if (response.cookies.size === before && jar.size === 0)
    log("nuages.api", "warning", `A cookie that cannot be understood was left out: ${repr(line)}`);
}
