/** What only a server can do, and not a listener of its requests: `serve()` has it done. @module */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../../utils/_logger.ts";
import type { NodeHandler } from "./node.ts";

/** Milliseconds the client has to take the refusal of what it sent. */
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
    refuse(socket, { status: status_of(error.code), why: error.message });
  });
}

function status_of(code: string | undefined): number {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

/** What is the matter with what came. */
interface Refusal {
  readonly status: number;
  readonly why: string;
}

/** Refuses and closes. Answers still due go first; one that is being sent cannot be finished any more. */
function refuse(socket: Connection, refusal: Refusal): void {
  const due = socket._httpMessage ?? undefined;
  if (!socket.writable) socket.destroy();
  else if (due === undefined) {
    const { status, why } = refusal;
    log("django.request", "info", `Refused with ${status}: ${why}`, { status_code: status });
    answer(socket, status);
  } else if (due.writableEnded || (due.req.complete && !due.headersSent))
    due.once("close", () => refuse(socket, refusal));
  else if (due.headersSent) socket.end(() => socket.destroy());
  else answer(socket, refusal.status); // the body of this request was broken: whoever reads it says so
}

function answer(socket: Connection, status: number): void {
  const timer = setTimeout(() => socket.destroy(), REFUSAL);
  socket.once("close", () => clearTimeout(timer));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(head, () => socket.destroy());
}
