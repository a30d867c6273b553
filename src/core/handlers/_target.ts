/** The request line and framing of a request, judged before anything else looks at it (RFC 9110, RFC 9112). @module */
import type { IncomingMessage } from "node:http";

/** The most header fields a request may have; Node drops fields above its own limit without a word. */
export const MAX_HEADER_FIELDS = 500;

/** A status that refuses the request before the application sees it; 0: nothing is wrong. */
export function refusal(req: IncomingMessage): number {
  const raw = req.rawHeaders;
  if (raw.length > 2 * MAX_HEADER_FIELDS) return 431;
  if (req.httpVersionMajor > 1) return 505;
  const { url } = req;
  if (url === undefined || !/^[!-"$-~]+$/.test(url)) return 400; // RFC 9112 §3.2: no fragment, nothing above ASCII
  if (
    url.charCodeAt(0) !== 47 &&
    !(url === "*" && req.method === "OPTIONS") &&
    !/^https?:\/\//i.test(url)
  )
    return 400;
  return raw_fields_refused(req, raw);
}

/** Fields that Node merges or ignores, although two readers would understand them differently. */
function raw_fields_refused(req: IncomingMessage, raw: string[]): number {
  let hosts = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string; // rawHeaders holds names at even places
    if (name.length === 4) {
      if (name.toLowerCase() === "host" && ++hosts > 1) return 400;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (req.httpVersionMinor === 0) return 400; // RFC 9112 §6.1
      if ((raw[i + 1] as string).toLowerCase() !== "chunked") return 501;
    }
  }
  return 0;
}

/** A request target split by hand: never normalised, since a proxy before us did not either. */
export interface Target {
  /** The path as sent, percent-encoded. */
  readonly path: string;
  /** The query without its `?`. */
  readonly query: string;
}

/**
 * Splits the target at its first `?`. The absolute form loses scheme and authority.
 * @returns `undefined` for an absolute form that names another authority than `Host` (RFC 9112 §3.2.2).
 */
export function split_target(url: string, host: string | undefined): Target | undefined {
  let target = url;
  if (url.charCodeAt(0) !== 47 && url !== "*") {
    const [, authority = "", rest = ""] = /^https?:\/\/([^/?]*)(.*)$/i.exec(url) ?? [];
    if (authority === "" || authority.toLowerCase() !== host?.toLowerCase()) return undefined;
    target = rest.startsWith("/") ? rest : `/${rest}`;
  }
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
