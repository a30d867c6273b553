/** The door for `node:http`, Express, Connect and Fastify (DESIGN: two doors; Django docs: WSGI). @module */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpResponseBase } from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { is_promise } from "../../utils/_promise.ts";
import { request_started } from "../signals.ts";
import { type DoorLimits, door_limits, type NodeApplicationOptions } from "./_door_options.ts";
import { script_name_of } from "./_mount.ts";
import { NodeRequest } from "./_node_request.ts";
import { send, send_plain } from "./_node_response.ts";
import { queue } from "./_pipeline.ts";
import { type Head, read_head, split_target } from "./_target.ts";
import { BaseHandler, task_under } from "./base.ts";
import { response_for_exception } from "./exception.ts";

export type { NodeApplicationOptions } from "./_door_options.ts";

/** What `node:http` calls for each request. */
export type NodeApplication = (req: IncomingMessage, res: ServerResponse) => void;

/** Makes requests of what `node:http` delivers, runs the chain, and writes the responses. */
export class NodeHandler extends BaseHandler {
  readonly #limits: DoorLimits;

  /** @throws ImproperlyConfigured for an option that is no limit. */
  constructor(options: NodeApplicationOptions = {}) {
    super();
    this.#limits = door_limits(options);
  }

  /**
   * Answers one request; never throws.
   * @param awaits_continue Whether the client waits for `100 Continue`, and has not been sent it: so it is in a
   * listener of the server's event `checkContinue`.
   */
  handle(req: IncomingMessage, res: ServerResponse, awaits_continue = false): void {
    if (res.socket === null) queue(res, this.#limits, () => this.#start(req, res, awaits_continue));
    else if (req.socket.writable) this.#start(req, res, awaits_continue); // or the connection is being closed
  }

  #start(req: IncomingMessage, res: ServerResponse, awaits_continue: boolean): void {
    try {
      const head = read_head(req);
      const request = head.refused === 0 ? this.#request(req, res, head) : undefined;
      if (request === undefined) return this.#refuse(res, head.refused || 400);
      if (awaits_continue) request._node_wire?.continue_with(res);
      if (request_started.has_listeners(NodeHandler))
        request_started.send(NodeHandler, { environ: request.META });
      this.#serve(request, res);
    } catch (error) {
      this.#fail(res, req.url ?? "", error);
    }
  }

  #request(req: IncomingMessage, res: ServerResponse, head: Head): NodeRequest | undefined {
    const target = split_target(req.url ?? "/", head.host);
    if (target === undefined) return undefined;
    const script_name = script_name_of(req, head.host, target);
    if (script_name === undefined) return undefined;
    return new NodeRequest(req, res, head, target, script_name, this.#limits);
  }

  #refuse(res: ServerResponse, status: number): void {
    log("django.request", "info", `Refused with ${status}: ${res.req.url}`, {
      status_code: status,
    });
    send_plain(res, status);
  }

  #serve(request: NodeRequest, res: ServerResponse): void {
    const response = this._respond(request, task_under(request._script_name));
    if (is_promise(response)) {
      response
        .then((ready) => this.#send(res, request, ready))
        .catch((error: unknown) => this.#fail(res, request.path, error));
    } else {
      this.#send(res, request, response);
    }
  }

  #send(res: ServerResponse, request: NodeRequest, response: HttpResponseBase): void {
    response._handler_class = NodeHandler;
    if (res.destroyed) return response.close();
    try {
      const sent = send(res, request, response, this.#limits);
      if (sent !== undefined)
        sent.catch((error: unknown) => this.#replace(res, request, response, error));
    } catch (error) {
      this.#replace(res, request, response, error);
    }
  }

  /** The page of a 500 instead of a response that cannot be sent. */
  #replace(
    res: ServerResponse,
    request: NodeRequest,
    response: HttpResponseBase,
    error: unknown,
  ): void {
    response._close_resources();
    response_for_exception(request, error)
      .then((page) => {
        page._handler_class = NodeHandler;
        return res.destroyed ? page.close() : send(res, request, page, this.#limits);
      })
      .catch((second: unknown) => this.#fail(res, request.path, second));
  }

  /** Logs an error that no response could be made of, and answers a plain 500. */
  #fail(res: ServerResponse, path: string, error: unknown): void {
    log("django.request", "error", `Internal Server Error: ${path}: ${error_text(error)}`, {
      error,
      status_code: 500,
    });
    send_plain(res, 500);
  }
}

/**
 * The application as a listener: `http.createServer(get_node_application())`, `app.use(get_node_application())`.
 * The middleware is loaded at once, so that a wrong setting is told at the start. `serve()` gives a server that guards
 * more: see docs/deployment.md.
 * @throws ImproperlyConfigured for a wrong `MIDDLEWARE`, or an option that is no limit.
 */
export function get_node_application(options: NodeApplicationOptions = {}): NodeApplication {
  const handler = new NodeHandler(options);
  handler.load_middleware();
  return (req, res) => handler.handle(req, res);
}
