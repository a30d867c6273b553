/** Writing a response to `node:http`: whole, streamed with backpressure, or refused before a wrong byte leaves. @module */
import type { ServerResponse } from "node:http";
import {
  HttpResponse,
  type HttpResponseBase,
  type StreamingHttpResponse,
} from "../../http/response.ts";
import { log } from "../../utils/_logger.ts";
import { repr, str } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";
import { write_stream } from "./_node_stream.ts";

/** What the headers of a response say about its body. */
interface Framing {
  /** The announced length in bytes. */
  length: number | undefined;
  /** Whether a value has characters above ASCII: Node would then write a text body in another charset. */
  wide: boolean;
}

// RFC 9110 §7.6.1: these belong to the connection, not to the message.
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const HOP_LENGTHS: ReadonlySet<number> = new Set(Array.from(HOP_BY_HOP, (name) => name.length));

/** Reads the framing headers. @throws ValueError for one that a response may not have. */
function framing_of(headers: readonly string[]): Framing {
  const framing: Framing = { length: undefined, wide: false };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string; // names at even places, values at odd ones
    const value = headers[i + 1] as string;
    if (HOP_LENGTHS.has(name.length) && HOP_BY_HOP.has(name.toLowerCase())) {
      throw new ValueError(
        `A response may not set the header ${name}: it belongs to the connection (RFC 9110 §7.6.1).`,
      );
    }
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      if (!/^[0-9]{1,15}$/.test(value))
        throw new ValueError(`Content-Length must be a number of bytes, not ${repr(value)}.`);
      framing.length = Number(value);
    }
    if (!framing.wide && /[^ -~\t]/.test(value)) framing.wide = true;
  }
  return framing;
}

/** Whether a response of this status has no body (RFC 9110 §6.4.1, §15.3.6). */
function bodiless(status: number): boolean {
  return status === 204 || status === 304 || status === 205;
}

/**
 * Sends the response and closes it. An error before the first byte is thrown, so that a 500 can be sent instead; one
 * after it is logged and ends the connection.
 */
export function send(res: ServerResponse, response: HttpResponseBase): void | Promise<void> {
  const { status_code } = response;
  if (status_code < 200)
    throw new ValueError(
      `A view cannot answer with the status ${status_code}: it is no final response.`,
    );
  const headers = response._wire_headers();
  const framing = framing_of(headers);
  const empty = res.req.method === "HEAD" || bodiless(status_code);
  if (response instanceof HttpResponse) {
    send_whole(res, response, headers, framing, empty);
    response.close();
    return undefined;
  }
  if (empty) {
    res.writeHead(status_code, response.reason_phrase, headers);
    res.end();
    response.close();
    return undefined;
  }
  return write_stream(res, response as StreamingHttpResponse, headers, framing.length);
}

function send_whole(
  res: ServerResponse,
  response: HttpResponse,
  headers: string[],
  framing: Framing,
  empty: boolean,
): void {
  let payload = response._payload();
  const { status_code } = response;
  if (status_code === 204 || status_code === 304) {
    if (framing.length !== undefined && status_code === 204) drop_content_length(headers);
  } else {
    const size = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
    if (framing.length === undefined)
      headers.push("Content-Length", status_code === 205 ? "0" : String(size));
    else if (framing.length !== size && !empty) {
      throw new ValueError(
        `The response announces Content-Length ${framing.length}, but its content has ${size} bytes.`,
      );
    }
  }
  if (framing.wide && typeof payload === "string") payload = Buffer.from(payload);
  res.writeHead(status_code, response.reason_phrase, headers);
  res.end(empty ? undefined : payload);
}

function drop_content_length(headers: string[]): void {
  const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === "content-length");
  headers.splice(at, 2);
}

/** The last resort: a plain answer with the connection closed after it, or only the latter if bytes are out already. */
export function send_plain(res: ServerResponse, status: number, text: string): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  res.shouldKeepAlive = false;
  res.writeHead(status, [
    "Content-Type",
    "text/plain; charset=utf-8",
    "Content-Length",
    String(Buffer.byteLength(text)),
  ]);
  res.end(text);
}

/** Logs an error that no response could be made of, and answers a plain 500. */
export function fail(res: ServerResponse, path: string, error: unknown): void {
  log("django.request", "error", `Internal Server Error: ${path}: ${str(error)}`, {
    error,
    status_code: 500,
  });
  send_plain(res, 500, "Server Error (500)");
}
