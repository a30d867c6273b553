/** A request as `node:http` delivers it; nothing is read from it before somebody asks. @module */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { type Dict, HttpRequest } from "../../http/request.ts";
import { type DoorLimits } from "./_door_options.ts";
import { decimal } from "./_framing.ts";
import { NodeWire } from "./_node_wire.ts";
import { add_headers, decode_path, header_of } from "./_paths.ts";
import type { Head, Target } from "./_target.ts";

/** The request that `get_node_application()` makes. */
export class NodeRequest extends HttpRequest {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #target: Target;
  /** The mount point, without a slash at its end. @internal */
  readonly _script_name: string;
  /** The body, if there is one. @internal */
  readonly _node_wire: NodeWire | undefined;
  #abort: AbortController | undefined;

  static {
    this.prototype._hands_over = true;
  }

  /** @param script_name The mount point, without a slash at its end. */
  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    head: Head,
    target: Target,
    script_name: string,
    limits: DoorLimits,
  ) {
    super();
    this.#req = req;
    this.#res = res;
    this.#target = target;
    this._script_name = script_name;
    this.method = req.method ?? "GET";
    this.path_info = decode_path(target.path);
    this.path = script_name === "" ? this.path_info : script_name + this.path_info;
    const { length } = head;
    const has_body = length === undefined ? head.chunked : length !== "0";
    this._node_wire = has_body
      ? new NodeWire(req, length === undefined ? undefined : decimal(length), limits)
      : undefined;
    this._wire = this._node_wire;
  }

  /** Whether the whole request has arrived. @internal */
  get _is_complete(): boolean {
    return this.#req.complete;
  }

  override get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      const res = this.#res;
      const gone = (): void => {
        if (!res.writableFinished) abort.abort(new Error("The client closed the connection."));
      };
      if (res.destroyed) gone();
      else res.once("close", gone);
    }
    return this.#abort.signal;
  }

  override _make_meta(): Dict<unknown> {
    const req = this.#req;
    const { socket } = req;
    const meta: Dict<unknown> = Object.create(null) as Dict<unknown>;
    meta["REQUEST_METHOD"] = req.method;
    meta["SCRIPT_NAME"] = this._script_name;
    meta["PATH_INFO"] = this.path_info;
    meta["QUERY_STRING"] = this.#target.query;
    meta["SERVER_NAME"] = socket.localAddress ?? "";
    meta["SERVER_PORT"] = String(socket.localPort ?? "");
    meta["SERVER_PROTOCOL"] = `HTTP/${req.httpVersion}`;
    meta["REMOTE_ADDR"] = socket.remoteAddress ?? "";
    meta["REMOTE_PORT"] = String(socket.remotePort ?? "");
    meta["wsgi.url_scheme"] = this._get_scheme();
    add_headers(meta, req.rawHeaders);
    return meta;
  }

  /** A header alone does not make META. @internal */
  override _meta_value(name: string): string | undefined {
    const is_unmade = this._meta === undefined && this._added_meta?.[name] === undefined;
    const field = is_unmade ? header_of(name) : undefined;
    if (field === undefined) return super._meta_value(name);
    // Node has joined several cookies with "; "; it keeps but one of some other fields
    return field === "cookie" ? this.#req.headers.cookie : joined(this.#req.rawHeaders, field);
  }

  override _query_string(): string {
    return this.#target.query;
  }

  override _get_scheme(): string {
    return (this.#req.socket as Partial<TLSSocket>).encrypted === true ? "https" : "http";
  }

  override _cookie_header(): string {
    return this.#req.headers.cookie ?? "";
  }

  override _content_type_header(): string {
    return joined(this.#req.rawHeaders, "content-type") ?? "";
  }
}

/** The values of one field, which may have come more than once. */
function joined(raw: readonly string[], field: string): string | undefined {
  let value: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string; // names at even places, values at odd ones
    if (name.length !== field.length || name.toLowerCase() !== field) continue;
    value = value === undefined ? (raw[i + 1] as string) : `${value},${raw[i + 1] as string}`;
  }
  return value;
}
