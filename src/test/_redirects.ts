/** Following redirects as the test client does. @module */
import { Exception } from "../core/exceptions.ts";
import { QueryDict } from "../http/querydict.ts";
import type { TestResponse } from "./_response.ts";

/** The statuses that say where else to look. */
export const REDIRECT_STATUS_CODES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Redirects lead in a circle, or there are more than twenty. */
export class RedirectCycleError extends Exception {
  /** The response that closed the circle. */
  readonly last_response: TestResponse;
  /** The redirects up to it. */
  readonly redirect_chain: [url: string, status_code: number][];

  constructor(message: string, last_response: TestResponse) {
    super(message);
    this.last_response = last_response;
    this.redirect_chain = last_response.redirect_chain;
  }
}

/** How the next request of a redirect is made. */
export interface NextRequest {
  readonly method: string;
  readonly path: string;
  /** META entries: scheme, host, port, and the query that a repeated body keeps beside it. */
  readonly extra: Record<string, unknown>;
  /** The query as data, where the method becomes GET. */
  readonly data: QueryDict | undefined;
}

interface Parts {
  readonly scheme: string;
  readonly authority: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

function split(url: string): Parts {
  const [, scheme = "", authority = "", path = "", query = ""] =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? [];
  const [, hostname = "", port = ""] =
    /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(authority) ?? [];
  return {
    scheme: scheme.toLowerCase(),
    authority,
    hostname: hostname.replace(/^\[|\]$/g, "").toLowerCase(),
    port,
    path,
    query,
  };
}

/** The request that a redirect asks for: 307 and 308 repeat the method and the data, the others make it a GET. */
export function next_request(response: TestResponse): NextRequest {
  const to = split(response.url);
  const extra: Record<string, unknown> = {};
  if (to.scheme !== "") extra["wsgi.url_scheme"] = to.scheme;
  if (to.hostname !== "") extra["SERVER_NAME"] = extra["HTTP_HOST"] = to.hostname;
  if (to.port !== "") extra["SERVER_PORT"] = to.port;
  const path = joined(to, String(response.request["PATH_INFO"]));
  if (response.status_code !== 307 && response.status_code !== 308) {
    return { method: "GET", path, extra, data: new QueryDict(to.query) };
  }
  const method = String(response.request["REQUEST_METHOD"]);
  if (method !== "GET" && method !== "HEAD") extra["QUERY_STRING"] = to.query;
  return { method, path, extra, data: undefined };
}

function joined(to: Parts, from: string): string {
  if (to.path === "" && to.authority !== "") return "/";
  if (to.path.startsWith("/")) return to.path;
  if (to.path === "") return from;
  const segments = from.split("/").slice(0, -1);
  for (const segment of to.path.split("/")) {
    if (segment === "..") {
      if (segments.length > 1) segments.pop();
    } else if (segment !== ".") segments.push(segment);
  }
  if (/(?:^|\/)\.\.?$/.test(to.path)) segments.push("");
  return segments.join("/");
}

/** @throws RedirectCycleError if the newest redirect was there before, or is the twenty-first. */
export function ensure_not_cyclic(response: TestResponse): void {
  const chain = response.redirect_chain;
  const last = chain.at(-1);
  const again = chain.slice(0, -1).some(([url, status]) => url === last?.[0] && status === last[1]);
  if (again) throw new RedirectCycleError("The redirects lead in a circle.", response);
  if (chain.length > 20)
    throw new RedirectCycleError("There are more than 20 redirects.", response);
}
