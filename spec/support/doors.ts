/** One request through both doors: over a socket to the Node door, in process through the Fetch door. @module */
import type { Settings } from "nuages/conf";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import type { URLPatterns } from "nuages/urls";
import { type TestServer, with_server } from "./server.ts";

/** A request, described so that both doors can be asked. */
export interface Ask {
  /** Default `GET`. */
  readonly method?: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  /** Beside Host, which is `testserver`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** Name, in lower case, and value; sorted. Those of the connection are left out. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Both answers. */
export interface Replies {
  readonly node: Reply;
  readonly fetch: Reply;
}

// What a server adds, or the connection needs.
const OF_THE_CONNECTION = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);

/** Asks both doors of a site with these URL patterns. */
export async function both_doors(
  urlpatterns: URLPatterns,
  asks: readonly Ask[],
  settings: Partial<Settings> = {},
): Promise<Replies[]> {
  const replies: Replies[] = [];
  await with_server(
    urlpatterns,
    async (server) => {
      const application = get_fetch_application();
      for (const ask of asks) {
        const fetch = await through_fetch(application, ask);
        replies.push({ node: await through_node(server, ask), fetch });
      }
    },
    settings,
  );
  return replies;
}

/** Over a connection of its own. */
export async function through_node(server: TestServer, ask: Ask): Promise<Reply> {
  const { method = "GET", target, headers = {} } = ask;
  const body = Buffer.from(ask.body ?? "");
  const fields = { Host: "testserver", Connection: "close", ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  if (ask.body !== undefined) lines.push(`Content-Length: ${body.length}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
  return parsed(await server.raw(Buffer.concat([head, body])));
}

/** The parts of an answer on the wire, its bytes being latin-1 characters. */
function parsed(answer: string): Reply {
  const end = answer.indexOf("\r\n\r\n");
  const [start = "", ...lines] = answer.slice(0, end).split("\r\n");
  const [, status = "", reason = ""] = /^HTTP\/1\.1 ([0-9]{3}) (.*)$/.exec(start) ?? [];
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  });
  const is_chunked = fields.some(([name]) => name === "transfer-encoding");
  const rest = answer.slice(end + 4);
  const body = is_chunked ? unchunked(rest) : rest;
  return { status: Number(status), reason, headers: own(fields), body };
}

function unchunked(text: string): string {
  let body = "";
  for (let at = 0; ;) {
    const end = text.indexOf("\r\n", at);
    const size = end < 0 ? 0 : Number.parseInt(text.slice(at, end), 16);
    if (size === 0) return body;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

/** In process. */
export async function through_fetch(
  application: (request: Request) => Promise<Response>,
  ask: Ask,
): Promise<Reply> {
  const response = await application(fetch_request(ask));
  const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
  const { status, statusText: reason } = response;
  return { status, reason, headers: own([...response.headers]), body };
}

/** The same request as a Fetch runtime has it. */
export function fetch_request(ask: Ask): Request {
  const { method = "GET", target, headers = {}, body } = ask;
  const init: RequestInit = { method, headers: { Host: "testserver", ...headers } };
  if (body !== undefined) init.body = Buffer.from(body); // text would be given a type
  return new Request(`http://testserver${target}`, init);
}

function own(fields: readonly [string, string][]): string[] {
  return fields
    .filter(([name]) => !OF_THE_CONNECTION.has(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted();
}
