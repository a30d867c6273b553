/**
 * Static files in front of an application, without its middleware (Django docs: The staticfiles app, `runserver`). They
 * are handlers by Django's own order, and so stand above the other modules of this folder. @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { settings } from "../../conf/index.ts";
// oxlint-disable-next-line no-restricted-imports -- a handler is made of handlers
import { BaseHandler } from "../../core/handlers/base.ts";
// oxlint-disable-next-line no-restricted-imports -- the same
import { response_for_exception } from "../../core/handlers/exception.ts";
// oxlint-disable-next-line no-restricted-imports -- the same
import { type FetchApplication, FetchHandler } from "../../core/handlers/fetch.ts";
// oxlint-disable-next-line no-restricted-imports -- the same
import { type NodeApplication, NodeHandler } from "../../core/handlers/node.ts";
import { SuspiciousFileOperation } from "../../core/exceptions.ts";
import { Http404 } from "../../http/_http404.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { urlsplit, type SplitResult } from "../../utils/_urlsplit.ts";
import { check_settings } from "./utils.ts";
import { serve } from "./views.ts";

/** What the two handlers have in common: which requests are theirs, and their answer. */
export class StaticFilesHandlerMixin extends BaseHandler {
  /** `true`: tells such a handler from others. */
  declare handles_files: boolean;
  /** `STATIC_URL` in its parts. */
  readonly base_url: SplitResult;

  static {
    this.prototype.handles_files = true;
  }

  /** @throws ImproperlyConfigured for wrong settings of static files. */
  constructor() {
    super();
    this.base_url = urlsplit(this.get_base_url()); // a subclass may have another
  }

  /** Does nothing: the application has its own middleware. */
  override load_middleware(): void {}

  /** `STATIC_URL`. @throws ImproperlyConfigured for wrong settings of static files. */
  get_base_url(): string {
    check_settings();
    return settings.STATIC_URL ?? "";
  }

  /** Whether a path is one of a static file; never, if `STATIC_URL` names a host. @internal */
  _should_handle(path: string): boolean {
    return this.base_url.netloc === "" && path.startsWith(this.base_url.path);
  }

  /** The name of the static file at this path, percent-decoded. */
  file_path(url: string): string {
    const { path } = this.base_url;
    return decoded(url.startsWith(path) ? url.slice(path.length) : url);
  }

  /** The file, whatever `DEBUG` is. @throws Http404 if there is none; SuspiciousFileOperation for a path that leads astray. */
  serve(request: HttpRequest): Promise<HttpResponseBase> {
    return serve(request, this.file_path(request.path), { insecure: true });
  }

  override async get_response(request: HttpRequest): Promise<HttpResponseBase> {
    try {
      return await this.serve(request);
    } catch (error) {
      if (error instanceof Http404 || error instanceof SuspiciousFileOperation)
        return response_for_exception(request, error);
      throw error;
    }
  }

  override _respond(request: HttpRequest): Promise<HttpResponseBase> {
    return this.get_response(request);
  }
}

/** Static files in front of a `node:http` application: `createServer(new StaticFilesHandler(application).listener)`. */
export class StaticFilesHandler extends StaticFilesHandlerMixin {
  /** What answers everything else. */
  readonly application: NodeApplication;
  /** What `node:http` calls for each request. */
  readonly listener: NodeApplication;
  readonly #door: NodeDoor;

  constructor(application: NodeApplication) {
    super();
    this.application = application;
    this.#door = new NodeDoor(this);
    this.listener = (req, res) => this.handle(req, res);
  }

  /** Answers one request, or has the application do it. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    if (this._should_handle(decoded(path_of(req.url ?? "")))) this.#door.handle(req, res);
    else this.application(req, res);
  }
}

/** Static files in front of a Fetch application: `Bun.serve({ fetch: new ASGIStaticFilesHandler(application).fetch })`. */
export class ASGIStaticFilesHandler extends StaticFilesHandlerMixin {
  /** What answers everything else. */
  readonly application: FetchApplication;
  /** What a server calls for each request. */
  readonly fetch: FetchApplication;
  readonly #door: FetchDoor;

  constructor(application: FetchApplication) {
    super();
    this.application = application;
    this.#door = new FetchDoor(this);
    this.fetch = async (request, info) => this.handle(request, info);
  }

  /** Answers one request, or has the application do it. */
  async handle(...[request, info]: Parameters<FetchApplication>): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (this._should_handle(decoded(pathname))) return this.#door.handle(request, info);
    return this.application(request, info);
  }
}

/** Makes requests as the Node door does, and has the files answer them. */
class NodeDoor extends NodeHandler {
  readonly #files: StaticFilesHandlerMixin;

  constructor(files: StaticFilesHandlerMixin) {
    super();
    this.#files = files;
  }

  override _respond(request: HttpRequest): Promise<HttpResponseBase> {
    return this.#files._respond(request);
  }
}

/** The same behind the Fetch door. */
class FetchDoor extends FetchHandler {
  readonly #files: StaticFilesHandlerMixin;

  constructor(files: StaticFilesHandlerMixin) {
    super();
    this.#files = files;
  }

  override _respond(request: HttpRequest): Promise<HttpResponseBase> {
    return this.#files._respond(request);
  }
}

function path_of(target: string): string {
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}

/** Percent-decoded once; what is not UTF-8 stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
