/** `View`, a view made of a class with a method for each HTTP method (Django docs: Class-based views). @module */
import { AttributeError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import {
  HttpResponse,
  type HttpResponseBase,
  HttpResponseNotAllowed,
} from "../../http/response.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { is_plain_object, repr } from "../../utils/_python.ts";
import { log_response } from "../../utils/log.ts";

/** What `as_view` makes: a view that tells its class. */
export interface ViewFunction {
  (request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase>;
  /** The class whose instances answer. */
  readonly view_class: ViewClass;
  /** The attributes that each instance is given. */
  readonly view_initkwargs: Readonly<Record<string, unknown>>;
}

/** A class of views. */
export type ViewClass = new (initkwargs?: Record<string, unknown>) => View;

/** A handler of one HTTP method. */
type Handler = (request: HttpRequest, ...args: unknown[]) => Maybe<HttpResponseBase>;

/** The unnamed and the named values of a URL, as a view is called with them: the named ones are the last argument. */
export function split_arguments(
  args: readonly unknown[],
): [args: unknown[], kwargs: Record<string, unknown>] {
  const last = args[args.length - 1];
  return is_plain_object(last) ? [args.slice(0, -1), last] : [[...args], {}];
}

/** For every request an instance is made, so it may keep what it likes. A subclass has methods `get`, `post`, … */
export class View {
  /** The methods that may be answered, in lower case and in the order in which Allow names them. */
  declare http_method_names: readonly string[];
  /** The request that is answered. */
  declare request: HttpRequest;
  /** The unnamed values of the URL. */
  declare args: unknown[];
  /** The named values of the URL. */
  declare kwargs: Record<string, unknown>;

  static {
    this.prototype.http_method_names = "get post put patch delete head options trace".split(" ");
  }

  /** @param initkwargs Attributes to set. */
  constructor(initkwargs: Record<string, unknown> = {}) {
    Object.assign(this, initkwargs);
  }

  /** Whether there is a handler that is an `async` function. */
  static get view_is_async(): boolean {
    const { prototype } = this;
    return prototype.http_method_names.some(
      (name) => handler_of(prototype, name)?.constructor.name === "AsyncFunction",
    );
  }

  /**
   * The view for a URLconf.
   * @param initkwargs Attributes that each instance is given in place of its class's.
   * @throws TypeError for the name of an HTTP method, or of an attribute that the class does not have.
   */
  static as_view(this: ViewClass, initkwargs: Record<string, unknown> = {}): ViewFunction {
    const keys = Object.keys(initkwargs);
    if (keys.length > 0) check_initkwargs(this, keys);
    const view = (request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> => {
      const self = new this(initkwargs);
      if (keys.length > 0) Object.assign(self, initkwargs); // the fields of a subclass came after its base
      self.setup(request, ...args);
      if (!("request" in self))
        throw new AttributeError(
          `${this.name} has no request. Its setup() must call super.setup(request, ...args).`,
        );
      return self.dispatch(request, ...args);
    };
    Object.defineProperty(view, "name", { value: this.name });
    // what decorators set on dispatch is to be seen by whoever looks at the view
    return Object.assign(view, this.prototype.dispatch as object, {
      view_class: this,
      view_initkwargs: initkwargs,
    });
  }

  /** Sets `request`, `args` and `kwargs`. A view with `get` and no `head` answers HEAD with `get`. */
  setup(request: HttpRequest, ...args: unknown[]): void {
    const get = handler_of(this, "get");
    if (get !== undefined && !("head" in this)) Object.assign(this, { head: get });
    this.request = request;
    [this.args, this.kwargs] = split_arguments(args);
  }

  /** Calls the handler of the request's method; 405 if there is none. */
  dispatch(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    const name = (request.method ?? "").toLowerCase();
    const handler = this.http_method_names.includes(name) ? handler_of(this, name) : undefined;
    if (handler === undefined) return this.http_method_not_allowed(request, ...args);
    return Reflect.apply(handler, this, [request, ...args]);
  }

  /** 405, logged to `django.request`. */
  http_method_not_allowed(request: HttpRequest, ..._args: unknown[]): Maybe<HttpResponseBase> {
    const response = new HttpResponseNotAllowed(allowed_methods(this));
    log_response("Method Not Allowed (%s): %s", request.method, request.path, {
      response,
      request,
    });
    return response;
  }

  /** Answers OPTIONS with the methods that there are. */
  options(_request: HttpRequest, ..._args: unknown[]): Maybe<HttpResponseBase> {
    const response = new HttpResponse();
    response.set("Allow", allowed_methods(this).join(", "));
    response.set("Content-Length", "0");
    return response;
  }
}

/** The method of that name. */
function handler_of(view: View, name: string): Handler | undefined {
  const handler: unknown = Reflect.get(view, name);
  return typeof handler === "function" ? (handler as Handler) : undefined; // by its name it handles a method
}

function allowed_methods(view: View): string[] {
  return view.http_method_names.filter((name) => name in view).map((name) => name.toUpperCase());
}

/** A field without a value is only on an instance, or nowhere: so one is made to look at. */
function check_initkwargs(view_class: ViewClass, keys: readonly string[]): void {
  const instance = new view_class();
  for (const key of keys) {
    if (instance.http_method_names.includes(key))
      throw new TypeError(
        `as_view() takes no handlers: define ${key}() in ${view_class.name}, or in a subclass.`,
      );
    if (!(key in instance))
      throw new TypeError(
        `${view_class.name} has no attribute ${repr(key)} for as_view() to set. Give the class one first.`,
      );
  }
}
