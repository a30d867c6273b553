/** What a response leaves behind on its connection: bytes the client does not take, and a body nobody read. @module */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { DoorLimits } from "./_door_options.ts";
import type { NodeRequest } from "./_node_request.ts";

const closing = new WeakSet<Socket>();

/** The connection ends with this response: nothing that came behind its request is answered (RFC 9112 §9.6). */
export function close_after(res: ServerResponse): void {
  res.shouldKeepAlive = false;
  closing.add(res.req.socket);
}

/** Whether a response before this one ends the connection. */
export function is_closing(res: ServerResponse): boolean {
  return closing.has(res.req.socket);
}

/**
 * Destroys the connection when the client takes nothing of what waits for it for so long. A source that gives nothing is
 * no reason. To be called while bytes wait; it ends with the response.
 */
export function watch_progress(res: ServerResponse, timeout: number): void {
  if (timeout === 0) return;
  const { socket } = res;
  if (socket === null) {
    res.once("socket", () => watch_progress(res, timeout));
    return;
  }
  const before = socket.timeout ?? 0;
  // Node counts a write that goes on, piece by piece, as activity
  res.setTimeout(timeout, () => {
    if (res.writableLength > 0) res.destroy();
  });
  res.prependOnceListener("finish", () => socket.setTimeout(before)); // before Node sets that of an idle connection
}

/**
 * What is to be done about a body that is still coming when its answer is ready (RFC 9112 §9.6): a short one is awaited
 * on the open connection, of another a part is thrown away so that the client gets to see the answer, and one that will
 * not come ends the connection with the answer.
 */
export type Rest = "none" | "awaited" | "discarded" | "refused";

/** Judges the body of the request at the time of the answer. */
export function rest_of(request: NodeRequest, limits: DoorLimits): Rest {
  const wire = request._node_wire;
  if (wire === undefined || request._is_complete) return "none";
  if (wire.awaits_continue || wire.client_error !== undefined) return "refused";
  return wire.length !== undefined && wire.length <= limits.linger_bytes ? "awaited" : "discarded";
}

/** Ends the response, whose payload is to be sent yet, with regard to the rest of the body. */
export function finish(
  res: ServerResponse,
  payload: string | Buffer | undefined,
  rest: Rest,
  limits: DoorLimits,
): void {
  if (rest === "discarded") {
    if (payload === undefined || payload.length === 0) res.flushHeaders();
    else res.write(payload);
    discard(res, limits, () => res.end());
  } else {
    res.end(payload);
    if (rest === "awaited") res.once("finish", () => await_rest(res, limits));
  }
  if (res.writableLength > 0) watch_progress(res, limits.send_timeout);
}

/** Throws away what comes, up to the limits, and then calls `done`, once. */
function discard(res: ServerResponse, limits: DoorLimits, done: () => void): void {
  const { req } = res;
  let left = limits.linger_bytes;
  const stop = (): void => {
    clearTimeout(timer);
    req.off("data", count).off("end", stop).off("close", stop).pause();
    done();
  };
  const count = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left <= 0) stop();
  };
  const timer = setTimeout(stop, limits.linger_timeout);
  req.on("data", count).on("end", stop).on("close", stop).resume();
}

/** The next request comes after the rest of this one: it has to come soon. */
function await_rest(res: ServerResponse, limits: DoorLimits): void {
  const { req } = res;
  if (req.complete) return;
  const timer = setTimeout(() => req.destroy(), limits.linger_timeout);
  const stop = (): void => clearTimeout(timer);
  req.once("end", stop).once("close", stop).resume();
}
