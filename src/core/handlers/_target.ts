/** The request line and framing of a request, judged before anything else looks at it (RFC 9110, RFC 9112). @module */
import type { IncomingMessage } from "node:http";

/** The most header fields a request may have; Node drops fields above its own limit without a word. */
export const MAX_HEADER_FIELDS = 500;

/**
 * What the door must know of a request before anything else: one pass over the header fields as they came. Of some
 * fields Node's own `req.headers` shows only the first.
 */
export interface Head {
  /** A status that refuses the request before the application sees it; 0: nothing is wrong. */
  refused: number;
  /** The Host field. */
  host: string | undefined;
  /** The Content-Length field: the parser let digits alone through. */
  length: string | undefined;
  /** Whether the body comes in chunks. */
  chunked: boolean;
}

const TARGET = /^[!-"$-~]+$/; // RFC 9112 §3.2: no fragment, nothing above ASCII
const LONGEST_LENGTH = 15; // digits: above 2^53 a number is no longer exact

/** Reads the head. The request line and the fields that two readers would understand differently are judged here. */
export function read_head(req: IncomingMessage): Head {
  const head: Head = { refused: 0, host: undefined, length: undefined, chunked: false };
  const { rawHeaders: raw, url, httpVersionMajor: version } = req;
  if (raw.length > 2 * MAX_HEADER_FIELDS) head.refused = 431;
  else if (version !== 1) head.refused = version > 1 ? 505 : 400;
  else if (url === undefined || !TARGET.test(url) || !is_target(url, req.method))
    head.refused = 400;
  else read_fields(raw, head, req.httpVersionMinor === 0);
  return head;
}

function is_target(url: string, method: string | undefined): boolean {
  return (
    url.charCodeAt(0) === 47 || (url === "*" && method === "OPTIONS") || /^https?:\/\//i.test(url)
  );
}

function read_fields(raw: readonly string[], head: Head, is_1_0: boolean): void {
  let codings: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string; // rawHeaders holds names at even places, values at odd ones
    const { length } = name;
    if (length === 4) {
      if (name.toLowerCase() === "host") {
        if (head.host !== undefined) head.refused = 400;
        head.host = raw[i + 1] as string;
      }
    } else if (length === 14) {
      if (name.toLowerCase() === "content-length") head.length = raw[i + 1] as string;
    } else if (length === 17 && name.toLowerCase() === "transfer-encoding") {
      const value = raw[i + 1] as string;
      codings = codings === undefined ? value : `${codings},${value}`;
    }
  }
  if (head.host === undefined && !is_1_0) head.refused = 400; // RFC 9112 §3.2
  if (head.length !== undefined && head.length.length > LONGEST_LENGTH) head.refused = 400;
  if (codings === undefined) return;
  head.chunked = true;
  if (head.refused === 0) head.refused = is_1_0 ? 400 : refused_codings(codings);
}

/** RFC 9112 §6.1: chunks must come last, and once; whatever else was done to the body, nobody here undoes. */
function refused_codings(codings: string): number {
  if (codings.toLowerCase() === "chunked") return 0;
  const names = codings.split(",").map((name) => name.trim().toLowerCase());
  return names.indexOf("chunked") === names.length - 1 ? 501 : 400;
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
