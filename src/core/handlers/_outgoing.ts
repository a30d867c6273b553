/** An answer on its way out: its head, and what becomes of it when the body fails. @module */
import type { ServerResponse } from "node:http";
import { finished } from "node:stream";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import type { DoorLimits } from "./_door_options.ts";
import type { Framing } from "./_framing.ts";
import type { Rest } from "./_node_connection.ts";

/** An answer on its way out. */
export interface Outgoing {
  readonly res: ServerResponse;
  /** What it answers. */
  readonly request: HttpRequest;
  readonly response: HttpResponseBase;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly framing: Framing;
  /** What is to be done about the request's body. */
  readonly rest: Rest;
  readonly limits: DoorLimits;
}

/** Writes the status line and the headers. */
export function write_head({ res, response, headers, framing }: Outgoing): void {
  // A framework around us has set headers: of several cookies `writeHead` would then keep the last.
  if (framing.repeated && res.getHeaderNames().length > 0) move_cookies(headers, res);
  res.writeHead(response.status_code, response.reason_phrase, headers);
}

function move_cookies(headers: string[], res: ServerResponse): void {
  for (let i = 0; i < headers.length;) {
    const [name, value] = headers.slice(i, i + 2) as [string, string]; // names and values in turn
    if (name.toLowerCase() !== "set-cookie") i += 2;
    else {
      res.appendHeader(name, value);
      headers.splice(i, 2);
    }
  }
}

/** Closes a response that Node has been given to the end. Work in its background waits until the client has it, or left. */
export function close_sent(res: ServerResponse, response: HttpResponseBase): void {
  if (response.background) response._when_sent = (begin) => void finished(res, () => begin());
  response.close();
}

/** Ends the connection after what was written: the end of the body is missing, and the client can tell. */
export function break_off(res: ServerResponse, error: unknown, request?: HttpRequest): void {
  const message = `A streaming response broke off: ${error_text(error)}`;
  log("django.request", "error", message, { error, request });
  if (res.socket === null) return void res.destroy(); // others are before it
  res.flushHeaders();
  res.socket.destroySoon();
}
