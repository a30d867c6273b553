/** The door for `node:http`, Express, Connect and Fastify (DESIGN: two doors; Django docs: WSGI). @module */
import type { IncomingMessage, ServerResponse } from "node:http";
import { settings } from "../../conf/index.ts";
import { HttpResponseBase } from "../../http/response.ts";
import { is_promise } from "../../utils/_promise.ts";
import { request_started } from "../signals.ts";
import { NodeRequest } from "./_node_request.ts";
import { fail, send, send_plain } from "./_node_response.ts";
import { type Head, read_head, split_target } from "./_target.ts";
import { BaseHandler, task_under } from "./base.ts";

/** What `node:http` calls for each request. */
export type NodeApplication = (req: IncomingMessage, res: ServerResponse) => void;

const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  505: "HTTP Version Not Supported",
};

/** Makes requests of what `node:http` delivers, runs the chain, and writes the responses. */
export class NodeHandler extends BaseHandler {
  /** Answers one request; never throws. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    try {
      const head = read_head(req);
      if (head.refused !== 0) return send_plain(res, head.refused, PHRASES[head.refused] ?? "");
      const request = this.#request(req, res, head);
      if (request === undefined) return send_plain(res, 400, "Bad Request");
      if (request_started.has_listeners(NodeHandler))
        request_started.send(NodeHandler, { environ: request.META });
      this.#serve(request, res);
    } catch (error) {
      fail(res, req.url ?? "", error);
    }
  }

  #request(req: IncomingMessage, res: ServerResponse, head: Head): NodeRequest | undefined {
    const target = split_target(req.url ?? "/", head.host);
    if (target === undefined) return undefined;
    const mount = (req as { baseUrl?: unknown }).baseUrl; // where Express and Connect have mounted this application
    const script_name = settings.FORCE_SCRIPT_NAME ?? (typeof mount === "string" ? mount : "");
    return new NodeRequest(
      req,
      res,
      head,
      target,
      script_name === "" ? "" : script_name.replace(/\/+$/, ""),
    );
  }

  #serve(request: NodeRequest, res: ServerResponse): void {
    const response = this._respond(request, task_under(request._script_name));
    if (is_promise(response)) {
      response
        .then((ready) => this.#send(res, request, ready))
        .catch((error: unknown) => fail(res, request.path, error));
    } else {
      this.#send(res, request, response);
    }
  }

  #send(res: ServerResponse, request: NodeRequest, response: HttpResponseBase): void {
    response._handler_class = NodeHandler;
    if (res.destroyed) return response.close();
    if (request._unread) res.shouldKeepAlive = false; // the rest of the body must not be taken for a request
    try {
      const sent = send(res, response);
      if (sent !== undefined) void sent;
    } catch (error) {
      response.close();
      fail(res, request.path, error);
    }
  }
}

/**
 * The application as a listener: `http.createServer(get_node_application())`, `app.use(get_node_application())`.
 * The middleware is loaded at once, so that a wrong setting is told at the start.
 * @throws ImproperlyConfigured for a wrong `MIDDLEWARE`.
 */
export function get_node_application(): NodeApplication {
  const handler = new NodeHandler();
  handler.load_middleware();
  return (req, res) => handler.handle(req, res);
}
