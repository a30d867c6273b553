/** Writing a response to `node:http`: whole, streamed with backpressure, or refused before a wrong byte leaves. @module */
import { STATUS_CODES, type ServerResponse } from "node:http";
import {
  HttpResponse,
  type HttpResponseBase,
  type StreamingHttpResponse,
} from "../../http/response.ts";
import type { DoorLimits } from "./_door_options.ts";
import {
  check_status,
  framing_of,
  is_bodiless,
  settle_bodiless,
  wrong_length,
} from "./_framing.ts";
import { close_after, finish, rest_of } from "./_node_connection.ts";
import { send_file } from "./_node_file.ts";
import { hand_over } from "./_node_listener.ts";
import type { NodeRequest } from "./_node_request.ts";
import { send_stream } from "./_node_stream.ts";
import { close_sent, type Outgoing, write_head } from "./_outgoing.ts";

/**
 * Sends the response and closes it. An error before the first byte is thrown, so that a 500 can be sent instead; one
 * after it is logged and ends the connection.
 */
export function send(
  res: ServerResponse,
  request: NodeRequest,
  response: HttpResponseBase,
  limits: DoorLimits,
): void | Promise<void> {
  const { status_code } = response;
  check_status(status_code);
  const is_whole = response instanceof HttpResponse;
  if (!is_whole && response._take_over !== undefined)
    return hand_over(res, request, response, limits);
  const headers = response._wire_headers();
  const framing = framing_of(headers);
  const rest = request._node_wire === undefined ? "none" : rest_of(request, limits);
  if (rest === "discarded" || rest === "refused") close_after(res); // what still comes is no request
  const outgoing: Outgoing = { res, request, response, headers, framing, rest, limits };
  if (is_whole) return send_whole(outgoing, response._payload());
  if (res.req.method === "HEAD" || is_bodiless(status_code)) return send_head(outgoing);
  const stream = response as StreamingHttpResponse; // what is not whole is streamed
  const content = stream._whole_content();
  if (content !== undefined) return send_whole(outgoing, content);
  const source = stream._file_source();
  return source === undefined ? send_stream(outgoing, stream) : send_file(outgoing, source);
}

function send_whole(outgoing: Outgoing, content: string | Buffer): void {
  const { res, response, headers, framing, rest, limits } = outgoing;
  const { status_code } = response;
  const is_empty = res.req.method === "HEAD" || is_bodiless(status_code);
  if (is_bodiless(status_code)) settle_bodiless(headers, status_code);
  else announce(headers, framing.length, content, is_empty);
  write_head(outgoing);
  // beside a header value above ASCII Node would write text in its charset
  const payload = framing.wide && typeof content === "string" ? Buffer.from(content) : content;
  finish(res, is_empty ? undefined : payload, rest, limits);
  close_sent(res, response);
}

function announce(
  headers: string[],
  announced: number | undefined,
  content: string | Buffer,
  is_empty: boolean,
): void {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  if (announced === undefined) headers.push("Content-Length", String(size));
  else if (announced !== size && !is_empty) throw wrong_length(announced, size);
}

function send_head(outgoing: Outgoing): void {
  const { res, response, headers, rest, limits } = outgoing;
  if (is_bodiless(response.status_code)) settle_bodiless(headers, response.status_code);
  write_head(outgoing);
  finish(res, undefined, rest, limits);
  close_sent(res, response);
}

/** The last resort: a plain answer with the connection closed after it, or only the latter if bytes are out already. */
export function send_plain(res: ServerResponse, status: number): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const phrase = STATUS_CODES[status] ?? "";
  const text = status === 500 ? "Server Error (500)" : phrase;
  const headers = ["Content-Type", "text/plain; charset=utf-8", "Content-Length", `${text.length}`];
  close_after(res);
  res.writeHead(status, phrase, headers); // with the phrase, since a wrong one of an earlier attempt would stay
  res.end(res.req.method === "HEAD" ? undefined : text);
}
