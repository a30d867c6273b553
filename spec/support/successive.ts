/** Two requests on one connection: what a view's answer leaves to the one behind it. @module */
import { expect } from "chai";
import { HttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import type { AnyView } from "./ask.ts";
import { type TestServer, with_served } from "./server.ts";

/** What follows the target of a request that keeps its connection. */
export const KEPT = "HTTP/1.1\r\nHost: x\r\n\r\n";

/** What follows the target of a request that closes its connection. */
export const CLOSED = "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** Asks the view, then another on the same connection, then the server whether it lives; all that came back. */
export async function ask_twice(view: AnyView, method = "GET"): Promise<string> {
  let answer = "";
  await served(view, async (server) => {
    answer = await server.raw(`${method} / ${KEPT}GET /next/ ${CLOSED}`);
    expect(await (await server.fetch("/next/")).text()).to.equal("next");
  });
  return answer;
}

/** Runs `fn` with a server that has the view at `/`, and one at `/next/` that answers `next`. */
export function served(view: AnyView, fn: (server: TestServer) => Promise<void>): Promise<void> {
  return with_served(
    [path("", view as () => HttpResponse), path("next/", () => new HttpResponse("next"))],
    fn,
  );
}

/** The first answer of two. */
export interface FirstAnswer {
  readonly status: number;
  readonly head: string;
  /** Everything up to the head of the second. */
  readonly body: string;
  /** The second, or `""`. */
  readonly next: string;
}

/** The first of two answers, and what follows it. */
export function first_of(answer: string): FirstAnswer {
  const end = answer.indexOf("\r\n\r\n");
  const rest = answer.slice(end + 4);
  const second = rest.indexOf("HTTP/1.1 ");
  return {
    status: Number(answer.slice(9, 12)),
    head: answer.slice(0, end),
    body: second < 0 ? rest : rest.slice(0, second),
    next: second < 0 ? "" : rest.slice(second),
  };
}
