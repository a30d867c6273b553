/** The line that `runserver` prints about each request. @module */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { OutputWrapper } from "../core/management/base.ts";
import type { Style } from "../core/management/_style.ts";
import { time } from "../utils/_clock.ts";
import { escape_code } from "../utils/_python.ts";

// Everything but printable ASCII: a path may hold what a terminal obeys.
const UNSAFE = /[^ -~]/g;

/** Prints a line about each request when it is answered, and a hint to whoever speaks TLS. */
export function log_requests(server: Server, out: OutputWrapper, style: Style): void {
  server.prependListener("request", (req: IncomingMessage, res: ServerResponse) => {
    const start = performance.now();
    res.once("close", () => {
      const { statusCode } = res;
      const duration = `${Math.round(performance.now() - start)} ms`;
      const target = (req.url ?? "").replace(UNSAFE, (text) => escape_code(text.charCodeAt(0)));
      const line = `[${now()}] "${req.method} ${target} HTTP/${req.httpVersion}" ${statusCode} ${duration}`;
      out.write(line, { style_func: look_of(statusCode, style) });
    });
  });
  server.prependListener(
    "clientError",
    (error: Error & { rawPacket?: unknown }, _socket: Socket) => {
      const { rawPacket } = error;
      if (!(rawPacket instanceof Uint8Array) || rawPacket[0] !== 0x16 || rawPacket[1] !== 3) return;
      const hint =
        "A browser asked for HTTPS, but this server speaks HTTP only: use http:// in the URL.";
      out.write(`[${now()}] ${hint}`, { style_func: style.ERROR });
    },
  );
}

function look_of(status: number, style: Style): ((text: string) => string) | undefined {
  if (status >= 500) return style.ERROR;
  if (status >= 400) return style.WARNING;
  return undefined;
}

function now(): string {
  return new Date(time() * 1000).toISOString().slice(0, 19).replace("T", " ");
}
