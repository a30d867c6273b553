/** Requests byte by byte, and what comes back. @module */
import { type AnyView, site } from "./ask.ts";
import { type TestServer, with_server } from "./server.ts";

/** A GET that closes its connection. */
export const GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** What a client gets from this view over a socket. */
export async function sent(view: AnyView, bytes: string = GET): Promise<string> {
  let answer = "";
  await with_server(site(view), async ({ raw }) => {
    answer = await raw(bytes);
  });
  return answer;
}

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
