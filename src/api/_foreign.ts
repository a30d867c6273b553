/** Answers that are not Django's: a Fetch `Response`, or an application that makes one (docs/api.md, "What a handler returns"). @module */
import type { Form } from "../http/_body.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe, when_there } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { MULTIPART } from "./_content_types.ts";
import { take_cookie } from "./_foreign_cookie.ts";
import { new_boundary, write_form } from "./_multipart_form.ts";
import { Stream } from "./_stream.ts";
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

/** Asks the application. @throws TypeError if it gives anything but a `Response`; what is wrong with a form. */
export function ask_fetch_app(app: FetchApp, request: HttpRequest): Maybe<HttpResponseBase> {
  return and_then(fetch_request(request), (asked) => {
    const answer: unknown = typeof app === "function" ? app(asked) : app.fetch(asked);
    return and_then(when_there(answer), (response) => {
      if (is_fetch_response(response)) return from_fetch(response);
      throw new TypeError(
        `An application that a handler returns must answer with a Fetch Response: it gave ${repr(response)}.`,
      );
    });
  });
}

/** Methods whose requests have no body in the Fetch standard. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** The same request as the Fetch standard has it. The body is what has not been read of it. */
function fetch_request(request: HttpRequest): Maybe<Request> {
  const method = request.method ?? "GET";
  const headers = new Headers([...request.headers.items()]);
  const init: FetchInit = { method, headers, signal: request.signal };
  if (BODILESS.has(method)) return new Request(request.build_absolute_uri(), init);
  init.duplex = "half"; // the Fetch standard asks for it with a stream
  return and_then(request._opened().parsed_form, (form) => {
    init.body = stream_of(
      form === undefined ? request[Symbol.asyncIterator]() : form_body(form, headers),
    );
    return new Request(request.build_absolute_uri(), init);
  });
}

type FetchInit = RequestInit & { duplex?: "half" };

/** A form that was parsed before is written again: its files are read as they are sent. */
function form_body(form: Form, headers: Headers): AsyncIterator<Uint8Array> {
  const boundary = new_boundary();
  headers.set("Content-Type", `${MULTIPART}; boundary=${boundary}`);
  headers.delete("Content-Length"); // of the body that came
  return write_form(form, boundary);
}

function stream_of(chunks: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void chunks.return?.(),
  });
}

/** RFC 9110 §7.6.1: what belongs to the other connection; trailers are not passed on. */
const HOP_BY_HOP: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const NULL_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** Whether it is a `Response`: the runtime's, or that of a library which brings its own. */
export function is_fetch_response(value: unknown): value is Response {
  if (value instanceof Response) return true;
  if (typeof value !== "object" || value === null) return false;
  return (
    (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === "Response" &&
    "headers" in value &&
    "status" in value &&
    "body" in value
  );
}

/**
 * The response of the Fetch standard as one of Django's: status, headers, cookies, and the body, which is not read here.
 * @throws BadGateway for `Response.error()`; TypeError for a body that somebody has read.
 */
export function from_fetch(response: Response): HttpResponseBase {
  const { status, body, headers } = response;
  if (status === 0) throw new BadGateway("The application that was asked has failed.");
  const content_type = headers.get("content-type") ?? "";
  const result =
    body !== null && !NULL_BODY.has(status)
      ? new Stream(body, { status, headers: { "Content-Type": content_type } })
      : new HttpResponse("", { status, headers: { "Content-Type": content_type } });
  if (content_type === "") result.delete("Content-Type");
  if (response.statusText !== "") result.reason_phrase = response.statusText;
  const left_out = new Set(["set-cookie", "content-type", ...HOP_BY_HOP, ...named_by(headers)]);
  for (const [name, value] of headers) if (!left_out.has(name)) result.set(written(name), value);
  if (is_decoded(response)) {
    result.delete("Content-Encoding");
    result.delete("Content-Length");
  }
  // Bun does not tell the type of a text: what has none is not to be guessed
  if (body !== null && content_type === "") result.setdefault("X-Content-Type-Options", "nosniff");
  for (const line of headers.getSetCookie()) take_cookie(result, line);
  return result;
}

/** Headers of which Connection says that they are for the other connection only. */
function named_by(headers: Headers): readonly string[] {
  const connection = headers.get("connection");
  return connection === null ? [] : connection.split(",").map((name) => name.trim().toLowerCase());
}

const DECODED: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

/** Whether `fetch()` has brought it from elsewhere, and decompressed it. */
function is_decoded({ url, headers }: Response): boolean {
  const codings = headers.get("content-encoding");
  if (url === "" || codings === null) return false;
  return codings.split(",").every((coding) => DECODED.has(coding.trim().toLowerCase()));
}

/** Names in which not every word begins with its only capital. */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ["etag", "ETag"],
  ["www-authenticate", "WWW-Authenticate"],
]);

/** `content-type` as it is written elsewhere; the Fetch standard keeps names in lower case. */
function written(name: string): string {
  return WRITTEN.get(name) ?? name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
