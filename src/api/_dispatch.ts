/** Which operation of a route answers a request: the one of its method (docs/api.md, "Declaring and mounting"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import { get_resolver, type ResolverMatch } from "../urls/resolvers.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { log_response } from "../utils/log.ts";
import type { UploadMarks } from "../views/decorators/upload.ts";
import type { Operation } from "./_operation.ts";
import { MethodNotAllowed } from "./exceptions.ts";

/** The view of a route, with what the handler of the whole chain and its middleware look for on it. */
export interface RouteView extends UploadMarks {
  (request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase>;
  /** The operation makes the check itself: it knows the policy of its layers. */
  csrf_exempt: boolean;
  /** What the system checks ask; it throws ImproperlyConfigured for an operation that cannot answer. */
  _check: () => void;
}

/** Options of the `Dispatcher` constructor. */
export interface DispatcherOptions {
  /** What the route belongs to: a method that it does not offer may be offered by a later route of the same owner. */
  readonly owner?: object | undefined;
  /** Whether a later route that may match the same paths has operations which take uploads in a way of their own. */
  readonly may_pass_upload?: boolean | undefined;
}

const ALLOW_ORDER = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

const dispatchers = new WeakMap<object, Dispatcher>();

/** The operations of one route. */
export class Dispatcher {
  readonly operations: readonly Operation[];
  /** The methods it answers, in the order in which Allow names them. */
  readonly allowed: readonly string[];
  /** What stands in the URL pattern. */
  readonly view: RouteView;
  readonly #by_method = new Map<string | null, Operation>();
  readonly #owner: object | undefined;
  // The handler of the chain loads bodies before the view; here the view must, since it depends on the method how.
  readonly #loads: boolean;

  /** @throws ImproperlyConfigured for a method that two operations have. */
  constructor(operations: readonly Operation[], options: DispatcherOptions = {}) {
    this.operations = operations;
    this.#owner = options.owner;
    this.#loads = options.may_pass_upload === true || operations.some(takes_uploads_its_way);
    for (const operation of operations) {
      for (const method of operation.methods) this.#add(method, operation);
    }
    const get = this.#by_method.get("GET");
    if (get !== undefined && !this.#by_method.has("HEAD")) this.#by_method.set("HEAD", get);
    this.allowed = in_order(new Set([...this.#by_method.keys(), "OPTIONS"]));
    this.view = this.#make_view();
    dispatchers.set(this.view, this);
  }

  #add(method: string, operation: Operation): void {
    const other = this.#by_method.get(method);
    if (other !== undefined)
      throw new ImproperlyConfigured(
        `Two handlers answer ${method} on one route: ${other.label} and ${operation.label}. Take one away.`,
      );
    this.#by_method.set(method, operation);
  }

  #make_view(): RouteView {
    const respond = (request: HttpRequest, kwargs?: unknown): Maybe<HttpResponseBase> =>
      this.respond(request, is_kwargs(kwargs) ? kwargs : {});
    const name = this.operations.map(({ label }) => label).join(", ");
    Object.defineProperty(respond, "name", { value: name, configurable: true });
    const check = (): void => this.operations.forEach((operation) => operation.check());
    const view: RouteView = Object.assign(respond, { csrf_exempt: true, _check: check });
    if (this.#loads) view._deferred_upload = true;
    return view;
  }

  /** Answers with the operation of the request's method, be it of a later route. Without one: OPTIONS, or 405. */
  respond(request: HttpRequest, kwargs: Record<string, unknown>): Maybe<HttpResponseBase> {
    const operation = this.#by_method.get(request.method);
    if (operation === undefined) return this.#elsewhere(request);
    return this.#loads
      ? respond_loaded(operation, request, kwargs)
      : operation.respond(request, kwargs);
  }

  #elsewhere(request: HttpRequest): Maybe<HttpResponseBase> {
    const allowed = new Set(this.allowed);
    for (const [match, dispatcher] of this.#later(request)) {
      const operation = dispatcher.#by_method.get(request.method);
      if (operation !== undefined) {
        request.resolver_match = match;
        return this.#loads
          ? respond_loaded(operation, request, match.kwargs)
          : operation.respond(request, match.kwargs);
      }
      for (const method of dispatcher.allowed) allowed.add(method);
    }
    const allow = in_order(allowed).join(", ");
    return request.method === "OPTIONS" ? options(allow) : this.#not_allowed(request, allow);
  }

  /** What the path leads to in later routes of the same owner. */
  *#later(request: HttpRequest): Generator<[ResolverMatch, Dispatcher]> {
    if (this.#owner === undefined) return;
    let is_later = false;
    for (const match of get_resolver(request.urlconf)._find_all(request.path_info)) {
      const dispatcher = dispatchers.get(match.func);
      if (dispatcher === this) is_later = true;
      else if (is_later && dispatcher !== undefined && dispatcher.#owner === this.#owner)
        yield [match, dispatcher];
    }
  }

  #not_allowed(request: HttpRequest, allow: string): Maybe<HttpResponseBase> {
    const error = new MethodNotAllowed(undefined, { headers: { Allow: allow } });
    const [first] = this.operations; // it knows the handlers of errors and the formats of the layers
    if (first === undefined) throw error;
    return and_then(first.failed(request, error), (response) => {
      if (response.status_code !== 405) return response; // a handler of errors said otherwise
      const { method, path } = request;
      response.setdefault("Allow", allow); // RFC 9110 §15.5.6
      log_response("Method Not Allowed (%s): %s", method, path, { response, request });
      return response;
    });
  }
}

/** A route below a regular expression with unnamed groups is given texts instead: no operation asks for those. */
function is_kwargs(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether an operation has been decorated with `deferred_upload` or `upload_handlers`. */
export function takes_uploads_its_way(operation: Operation): boolean {
  const view = marks_of(operation);
  return view._deferred_upload === true || view._upload_handlers !== undefined;
}

function marks_of({ view }: Operation): UploadMarks {
  return view as UploadMarks; // decorators set them on views of any kind
}

/** Loads the body first, as the handler of the chain does for other views. */
function respond_loaded(
  operation: Operation,
  request: HttpRequest,
  kwargs: Record<string, unknown>,
): Maybe<HttpResponseBase> {
  const view = marks_of(operation);
  const loads = request._needs_load || view._upload_handlers !== undefined;
  if (!loads || view._deferred_upload === true) return operation.respond(request, kwargs);
  return request._load_for(view).then(() => operation.respond(request, kwargs));
}

/** The methods in the order in which Django's views name them, others behind. */
function in_order(methods: ReadonlySet<string | null>): string[] {
  const known = ALLOW_ORDER.filter((method) => methods.has(method));
  const others = [...methods].filter(
    (method): method is string => method !== null && !ALLOW_ORDER.includes(method),
  );
  return [...known, ...others];
}

/** As Django's `View.options`. */
function options(allow: string): HttpResponseBase {
  const response = new HttpResponse();
  response.set("Allow", allow);
  response.set("Content-Length", "0");
  return response;
}
