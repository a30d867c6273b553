/** A request as the Fetch standard delivers it; nothing is read from it before somebody asks. @module */
import type { Wire } from "../../http/_body.ts";
import { type Dict, HttpRequest, UnreadablePostError } from "../../http/request.ts";
import { add_headers, decode_path } from "./_paths.ts";
import type { Target } from "./_target.ts";

/** What a runtime says about the connection, beside the `Request`: Deno's second argument, or Bun's server. */
export interface FetchInfo {
  /** Deno: the client's address. */
  remoteAddr?: { hostname?: string | undefined; port?: number | undefined } | undefined;
  /** Bun: asks the server for the client's address. */
  requestIP?: ((request: Request) => { address: string; port: number } | null) | undefined;
}

/** The request that `get_fetch_application()` makes. */
export class FetchRequest extends HttpRequest {
  readonly #request: Request;
  readonly #info: FetchInfo | undefined;
  readonly #target: Target;
  readonly #script_name: string;

  /** @param script_name The mount point, without a slash at its end. */
  constructor(request: Request, target: Target, script_name: string, info: FetchInfo | undefined) {
    super();
    this.#request = request;
    this.#info = info;
    this.#target = target;
    this.#script_name = script_name;
    this.method = request.method;
    const path = decode_path(target.path);
    this.path = path;
    this.path_info = script_name === "" ? path : path.slice(script_name.length) || "/";
    if (request.method !== "GET" && request.method !== "HEAD" && request.body !== null)
      this._wire = new FetchWire(request);
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
    meta["QUERY_STRING"] = this.#target.query;
    meta["SERVER_NAME"] = name;
    meta["SERVER_PORT"] = port ?? (this._get_scheme() === "https" ? "443" : "80");
    meta["REMOTE_ADDR"] = client.address;
    meta["REMOTE_PORT"] = client.port;
    meta["wsgi.url_scheme"] = this._get_scheme();
    add_headers(meta, [...headers].flat());
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

  override _query_string(): string {
    return this.#target.query;
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

/** Host name and port of an absolute URL. */
function host_of(url: string): [name: string, port?: string] {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";
  const [, name = "", port] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::([0-9]+))?$/.exec(authority) ?? [];
  return port === undefined ? [name] : [name, port];
}

/** The body of a Fetch request while it is still a stream. */
class FetchWire implements Wire {
  readonly length: number | undefined;
  readonly #request: Request;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #held: Buffer[] = [];
  #error: UnreadablePostError | undefined;

  constructor(request: Request) {
    this.#request = request;
    const announced = request.headers.get("content-length");
    this.length =
      announced !== null && /^[0-9]{1,15}$/.test(announced) ? Number(announced) : undefined;
  }

  get aborted(): boolean {
    return this.#request.signal.aborted;
  }

  async collect(limit: number | null): Promise<Buffer | undefined> {
    if (limit !== null && this.length !== undefined && this.length > limit) return undefined;
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = await this.#read();
      if (chunk === undefined) return Buffer.concat(chunks, size);
      chunks.push(chunk);
      size += chunk.length;
      if (limit !== null && size > limit) {
        this.#held = chunks;
        return undefined;
      }
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const held = this.#held;
    this.#held = [];
    yield* held;
    for (;;) {
      const chunk = await this.#read();
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** Gives up the rest, so that the client need not send it. */
  async cancel(): Promise<void> {
    await (this.#reader ?? this.#request.body)?.cancel().catch(() => undefined); // a broken stream is as good as a cancelled one
  }

  async #read(): Promise<Buffer | undefined> {
    if (this.#error !== undefined) throw this.#error;
    try {
      this.#reader ??= this.#request.body?.getReader() as
        | ReadableStreamDefaultReader<Uint8Array>
        | undefined;
      const next = await this.#reader?.read();
      if (next === undefined || next.done) return undefined;
      return Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    } catch (cause) {
      const why =
        this.#request.bodyUsed && this.#reader === undefined
          ? "something else has read it already"
          : String(cause);
      this.#error = new UnreadablePostError(`The body of the request could not be read: ${why}.`, {
        cause,
      });
      throw this.#error;
    }
  }
}
