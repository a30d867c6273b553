/** A request as the Fetch standard delivers it; nothing is read from it before somebody asks. @module */
import { type Dict, HttpRequest } from "../../http/request.ts";
import { FetchWire } from "./_fetch_wire.ts";
import { forced_script_name } from "./_forced_script_name.ts";
import { add_header, decode_path, header_of, is_under } from "./_paths.ts";

/** What a runtime says about the connection, beside the `Request`: Deno's second argument, or Bun's server. */
export interface FetchInfo {
  /** Deno: the client's address. */
  remoteAddr?: { hostname?: string | undefined; port?: number | undefined } | undefined;
  /** Bun: asks the server for the client's address. */
  requestIP?: ((request: Request) => { address: string; port: number } | null) | undefined;
}

/** The length of `http://` and the shortest host: the first slash behind it begins the path. */
const SHORTEST_ORIGIN = 8;

const SLASH = 47;
const QUESTION_MARK = 63;
const HASH = 35;
const PERCENT = 37;

/** The request that `get_fetch_application()` makes. */
export class FetchRequest extends HttpRequest {
  readonly #request: Request;
  readonly #info: FetchInfo | undefined;
  readonly #query: string;
  /** The mount point, without a slash at its end; empty where the path is not below it. */
  readonly #script_name: string;
  /** Whether it comes from the server of the runtime, whose parser has judged its framing. @internal */
  readonly _is_parsed: boolean;
  /** The body, if there is one. @internal */
  readonly _fetch_wire: FetchWire | undefined;

  /** @param body_timeout Milliseconds without a byte after which a body is given up; 0: never. */
  constructor(
    request: Request,
    info: FetchInfo | undefined,
    is_parsed: boolean,
    body_timeout: number,
  ) {
    super();
    this.#request = request;
    this.#info = info;
    const { method, url } = request;
    this.method = method;
    const { length } = url;
    const start = start_of_path(url);
    let end = start;
    let is_encoded = false;
    // The runtime has normalised the URL. A loop over a short path costs less than searching it three times.
    for (; end < length; end += 1) {
      const code = url.charCodeAt(end);
      if (code === QUESTION_MARK || code === HASH) break;
      if (code === PERCENT) is_encoded = true;
    }
    this.#query = end < length ? query_at(url, end) : "";
    const sent_path = url.slice(start, end) || "/";
    const path = is_encoded ? decode_path(sent_path) : sent_path;
    this.path = path;
    const mount_point = forced_script_name() ?? "";
    const script_name = mount_point !== "" && is_under(path, mount_point) ? mount_point : "";
    this.#script_name = script_name;
    this.path_info = script_name === "" ? path : path.slice(script_name.length) || "/";
    this._is_parsed = is_parsed;
    this._fetch_wire =
      method === "GET" || method === "HEAD" ? undefined : wire_of(request, is_parsed, body_timeout);
    this._wire = this._fetch_wire;
  }

  override get signal(): AbortSignal {
    return this.#request.signal;
  }

  override _make_meta(): Dict<unknown> {
    const { headers, url } = this.#request;
    const [name, port] = host_of(url);
    const client = this.#client();
    const meta: Dict<unknown> = Object.create(null) as Dict<unknown>;
    meta["REQUEST_METHOD"] = this.#request.method;
    meta["SCRIPT_NAME"] = this.#script_name;
    meta["PATH_INFO"] = this.path_info;
    meta["QUERY_STRING"] = this.#query;
    meta["SERVER_NAME"] = name;
    meta["SERVER_PORT"] = port ?? (this._get_scheme() === "https" ? "443" : "80");
    meta["REMOTE_ADDR"] = client.address;
    meta["REMOTE_PORT"] = client.port;
    meta["wsgi.url_scheme"] = this._get_scheme();
    headers.forEach((value, name) => add_header(meta, name, value));
    // Only without a Host header does the URL name the host.
    if (meta["HTTP_HOST"] === undefined && name !== "")
      meta["HTTP_HOST"] = port === undefined ? name : `${name}:${port}`;
    return meta;
  }

  #client(): { address: string; port: string } {
    const info = this.#info;
    const asked = info?.requestIP?.(this.#request);
    const address = asked?.address ?? info?.remoteAddr?.hostname ?? "";
    return { address, port: String(asked?.port ?? info?.remoteAddr?.port ?? "") };
  }

  /** A header alone does not make META. @internal */
  override _meta_value(name: string): string | undefined {
    const is_unmade = this._meta === undefined && this._added_meta?.[name] === undefined;
    const field = is_unmade && name !== "HTTP_HOST" ? header_of(name) : undefined;
    if (field === undefined) return super._meta_value(name);
    return this.#request.headers.get(field) ?? undefined;
  }

  override _query_string(): string {
    return this.#query;
  }

  override _get_scheme(): string {
    return this.#request.url.startsWith("https:") ? "https" : "http";
  }

  override _cookie_header(): string {
    return this.#request.headers.get("cookie") ?? "";
  }

  override _content_type_header(): string {
    return this.#request.headers.get("content-type") ?? "";
  }
}

/** The body, if there is one. The runtime makes a stream of it when it is asked for: what is known is not asked. */
function wire_of(request: Request, is_parsed: boolean, timeout: number): FetchWire | undefined {
  const announced = request.headers.get("content-length");
  const has_body = is_parsed && announced !== null ? announced !== "0" : request.body !== null;
  return has_body ? new FetchWire(request, announced, timeout) : undefined;
}

/**
 * Where the path of a URL begins. Bun gives a path alone where the Host header names no host, as in HTTP/1.0; a URL may end
 * before its path.
 */
function start_of_path(url: string): number {
  if (url.charCodeAt(0) === SLASH) return 0;
  const start = url.indexOf("/", SHORTEST_ORIGIN);
  return start < 0 ? url.length : start;
}

/** The query that begins with the `?` at `start`, without it; empty if there is something else. */
function query_at(url: string, start: number): string {
  if (url.charCodeAt(start) !== QUESTION_MARK) return "";
  const hash = url.indexOf("#", start);
  return hash < 0 ? url.slice(start + 1) : url.slice(start + 1, hash);
}

/** Host name and port of an absolute URL. */
function host_of(url: string): [name: string, port?: string] {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";
  const [, name = "", port] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::([0-9]+))?$/.exec(authority) ?? [];
  return port === undefined ? [name] : [name, port];
}
