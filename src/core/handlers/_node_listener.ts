/** Handing a request of `node:http` to somebody else's listener, which answers it in the place of a response. @module */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { finished } from "node:stream";
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_thenable } from "../../utils/_promise.ts";
import type { DoorLimits } from "./_door_options.ts";
import { watch_progress } from "./_node_connection.ts";
import type { NodeRequest } from "./_node_request.ts";
import { break_off } from "./_outgoing.ts";

/** One handing over. */
class Handover {
  readonly #res: ServerResponse;
  readonly #request: NodeRequest;
  readonly #response: HttpResponseBase;
  /** What a framework around us has set. */
  readonly #before: OutgoingHttpHeaders;
  #is_refused = false;

  constructor(res: ServerResponse, request: NodeRequest, response: HttpResponseBase) {
    this.#res = res;
    this.#request = request;
    this.#response = response;
    this.#before = { ...res.getHeaders() };
  }

  begin(): void | Promise<void> {
    const res = this.#res;
    set_headers(res, this.#response._wire_headers());
    finished(res, this.#over);
    try {
      const answer = this.#response._take_over?.(res.req, res);
      if (is_thenable(answer)) return Promise.resolve(answer).then(() => undefined, this.#failed);
    } catch (error) {
      this.#failed(error);
    }
  }

  readonly #over = (): void => {
    if (!this.#is_refused) this.#response.close();
  };

  /** @throws the error, as long as another answer can be sent. */
  readonly #failed = (error: unknown): void => {
    const res = this.#res;
    if (res.writableEnded || res.destroyed) {
      const message = `A listener failed after it had answered: ${error_text(error)}`;
      return log("django.request", "error", message, { error, request: this.#request });
    }
    if (res.headersSent) return break_off(res, error);
    this.#is_refused = true;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    for (const [name, value] of Object.entries(this.#before))
      if (value !== undefined) res.setHeader(name, value);
    throw error;
  };
}

/** The length is the listener's to tell. */
function set_headers(res: ServerResponse, headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string; // names and values in turn
    const value = headers[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === "set-cookie") res.appendHeader(name, value);
    else if (lower !== "content-length") res.setHeader(name, value);
  }
}

/**
 * Has the listener of the response answer, and closes the response when that is over. An error before the first byte is
 * thrown, and the response still open; one after it is logged and ends the connection.
 */
export function hand_over(
  res: ServerResponse,
  request: NodeRequest,
  response: HttpResponseBase,
  limits: DoorLimits,
): void | Promise<void> {
  request._node_wire?.let_come();
  watch_progress(res, limits.send_timeout);
  return new Handover(res, request, response).begin();
}
