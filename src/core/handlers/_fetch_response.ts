/** Making a Fetch `Response` of ours. @module */
import {
  HttpResponse,
  type HttpResponseBase,
  type StreamingHttpResponse,
} from "../../http/response.ts";
import { and_then, type Maybe } from "../../utils/_promise.ts";
import type { FetchRequest } from "./_fetch_request.ts";
import { close_given, stream_body } from "./_fetch_stream.ts";
import {
  check_status,
  framing_of,
  is_bodiless,
  settle_bodiless,
  wrong_length,
} from "./_framing.ts";

/** What a `Response` is made with. */
type Body = NonNullable<ConstructorParameters<typeof Response>[0]> | null;

/**
 * The Fetch form of a response, which is closed when its content is through. An error before the first byte is thrown,
 * and the response still open, so that a 500 can be given instead.
 * @param is_served Whether it goes to the server of the runtime, which adds Content-Length and the phrase of a 200.
 */
export function to_fetch(
  response: HttpResponseBase,
  request: FetchRequest,
  is_served: boolean,
): Maybe<Response> {
  const { status_code } = response;
  check_status(status_code);
  const headers = response._wire_headers();
  const { length } = framing_of(headers, false);
  const is_head = request.method === "HEAD";
  if (is_bodiless(status_code)) {
    settle_bodiless(headers, status_code);
    return closed(response, request, made(response, null, headers, is_served));
  }
  if (!(response instanceof HttpResponse) && response._take_over !== undefined)
    return closed(response, request, made(response, null, headers, is_served)); // there is nothing to hand over
  const stream = response instanceof HttpResponse ? undefined : (response as StreamingHttpResponse); // what is not whole is streamed
  const content = response instanceof HttpResponse ? response._payload() : stream?._whole_content();
  if (content === undefined && stream !== undefined) {
    if (is_head) return closed(response, request, made(response, null, headers, is_served));
    return streamed(stream, request, headers, length, is_served);
  }
  const whole = content ?? "";
  if (is_head || !is_served || length !== undefined) announce(headers, length, whole, is_head);
  return closed(response, request, made(response, is_head ? null : whole, headers, is_served));
}

/** Apart from `to_fetch`, whose other answers would pay for the closure. */
function streamed(
  response: StreamingHttpResponse,
  request: FetchRequest,
  headers: readonly string[],
  length: number | undefined,
  is_served: boolean,
): Maybe<Response> {
  const body = stream_body(response, request, length, is_served);
  return and_then(body, (ready) => made(response, ready, headers, is_served));
}

function announce(
  headers: string[],
  length: number | undefined,
  content: string | Uint8Array,
  is_head: boolean,
): void {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  if (length === undefined) headers.push("Content-Length", String(size));
  else if (length !== size && !is_head) throw wrong_length(length, size);
}

function closed(response: HttpResponseBase, request: FetchRequest, answer: Response): Response {
  close_given(response, request);
  return answer;
}

/**
 * The answer with its headers.
 * @param is_served As in `to_fetch`.
 */
function made(
  response: HttpResponseBase,
  body: Body,
  flat: readonly string[],
  is_served: boolean,
): Response {
  const is_untyped =
    typeof body === "string" && flat[0] !== "Content-Type" && !response.has_header("Content-Type");
  const content = is_untyped ? Buffer.from(body) : body; // text would be given a type
  const { status_code: status, reason_phrase: statusText } = response;
  if (!is_served || status !== 200 || statusText !== "OK")
    return with_headers(new Response(content, { status, statusText }), flat);
  if (COPIES_QUICKLY) return copied(content, flat);
  if (KNOWS_JSON && flat[0] === "Content-Type" && flat[1] === JSON_TYPE)
    return with_headers(new Response(content, AS_JSON), flat, 2);
  return with_headers(new Response(content), flat);
}

/**
 * Headers are set one by one: every runtime reads a list of them, or an object, more slowly.
 * @param from Where the first stands that is not set yet.
 */
function with_headers(answer: Response, flat: readonly string[], from = 0): Response {
  if (from === flat.length) return answer;
  const { headers } = answer;
  for (let i = from; i < flat.length; i += 2) {
    const name = flat[i] as string; // names and values in turn
    const value = flat[i + 1] as string;
    if (name.length === 10 && name.toLowerCase() === "set-cookie") headers.append(name, value);
    else headers.set(name, value);
  }
  return answer;
}

/** Deno knows a few types when it is given nothing else, and sets them in less than half of the time. */
const KNOWS_JSON = "Deno" in globalThis;
const JSON_TYPE = "application/json";
const AS_JSON: ResponseInit = { headers: { "Content-Type": JSON_TYPE } };

/** Bun takes the headers of another `Response` over in one piece, and faster than it sets a single one. */
const COPIES_QUICKLY = "Bun" in globalThis;

// One response follows the other with the same headers, more often than not.
let last_flat: readonly string[] = [];
let last_like: Response | undefined;

/** An answer with these headers: made of another one, once a second answer in a row has the same. */
function copied(content: Body, flat: readonly string[]): Response {
  if (is_same(flat, last_flat)) {
    last_like ??= with_headers(new Response(null), flat);
    return new Response(content, last_like);
  }
  last_flat = flat;
  last_like = undefined;
  return with_headers(new Response(content), flat);
}

function is_same(one: readonly string[], other: readonly string[]): boolean {
  const { length } = one;
  if (length !== other.length) return false;
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return false;
  return true;
}
