/** Requests byte by byte, and what comes back. @module */
import type { TestServer } from "./server.ts";

/** The answer to a GET with these header lines, as one byte per character. */
export function get(server: TestServer, lines: string, target = "/"): Promise<string> {
  return server.raw(
    Buffer.from(`GET ${target} HTTP/1.1\r\n${lines}\r\nConnection: close\r\n\r\n`, "latin1"),
  );
}

/** What a JSON answer says. */
export function json_of(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
}
