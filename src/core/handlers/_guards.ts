/** What only a server can do, and not a listener of its requests: `serve()` has it done. @module */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../../utils/_logger.ts";
import type { NodeHandler } from "./node.ts";

/** Milliseconds in which the client may take the refusal of what it sent. */
const REFUSAL = 2_000;

/** A connection with the response whose turn it is; Node has no public name for that. */
interface Connection extends Duplex {
  readonly _httpMessage?: ServerResponse | null;
}

/** Has the handler answer the server's requests, and what is no request refused in its turn. */
export function guard(server: Server, handler: NodeHandler): void {
  server.on("request", (req, res) => handler.handle(req, res));
  // Without this listener Node tells every client to send its body, even one that will be refused.
  server.on("checkContinue", (req, res) => handler.handle(req, res, true));
  const refused = new WeakSet<Duplex>();
  server.on("clientError", (error: Error & { code?: string }, socket) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    const status = status_of(error.code);
    if (socket.writable)
      log("django.request", "info", `Refused with ${status}: ${error.message}`, {
        status_code: status,
      });
    refuse(socket, status);
  });
}

function status_of(code: string | undefined): number {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

/** Refuses and closes. Answers still due go first; one that is being sent cannot be finished any more. */
function refuse(socket: Connection, status: number): void {
  const due = socket._httpMessage ?? undefined;
  const has_begun = due !== undefined && due.headersSent && !due.writableEnded;
  if (!socket.writable || has_begun) socket.destroy();
  else if (due?.req.complete === true) due.once("close", () => refuse(socket, status));
  else {
    const timer = setTimeout(() => socket.destroy(), REFUSAL);
    socket.once("close", () => clearTimeout(timer));
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    socket.end(head, () => socket.destroy());
  }
}
