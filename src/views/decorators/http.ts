/** Decorators about methods and conditional requests (Django docs: View decorators). @module */
import type { HttpRequest } from "../../http/request.ts";
import { type HttpResponseBase, HttpResponseNotAllowed } from "../../http/response.ts";
import { ConditionalGetMiddleware } from "../../middleware/http.ts";
import { and_then, type Maybe } from "../../utils/_promise.ts";
import { type AnyView, callable, type ViewDecorator, wraps } from "../../utils/_wrap_view.ts";
import { get_conditional_response } from "../../utils/cache.ts";
import { decorator_from_middleware } from "../../utils/decorators.ts";
import { http_date, quote_etag } from "../../utils/http.ts";
import { log_response } from "../../utils/log.ts";

/** Answers conditional GETs as `ConditionalGetMiddleware` does, for one view. */
export const conditional_page: ViewDecorator = decorator_from_middleware(ConditionalGetMiddleware);

/** Lets only these methods through, in upper case; the others get a 405. HEAD is not among them unless it is listed. */
export function require_http_methods(request_method_list: readonly string[]): ViewDecorator {
  return (view_func) => {
    const view = callable(view_func);
    return wraps(view_func, function (this: unknown, request, ...args) {
      if (request.method !== null && request_method_list.includes(request.method))
        return Reflect.apply(view, this, [request, ...args]);
      const response = new HttpResponseNotAllowed(request_method_list);
      log_response("Method Not Allowed (%s): %s", request.method, request.path, {
        response,
        request,
      });
      return response;
    });
  };
}

/** Lets only GET through; HEAD gets a 405. */
export const require_GET: ViewDecorator = require_http_methods(["GET"]);
/** Lets only POST through. */
export const require_POST: ViewDecorator = require_http_methods(["POST"]);
/** Lets only GET and HEAD through. */
export const require_safe: ViewDecorator = require_http_methods(["GET", "HEAD"]);

/** Gives the ETag of what the view would send; `null` or `undefined` if it has none. Without quotes, it gets them. */
export type EtagFunction<R = string | null | undefined> = (
  request: HttpRequest,
  ...args: never[]
) => R;

/** Gives the time of the last change of what the view would send. */
export type LastModifiedFunction<R = Date | null | undefined> = (
  request: HttpRequest,
  ...args: never[]
) => R;

type LateEtag = EtagFunction<Maybe<string | null | undefined>>;
type LateLastModified = LastModifiedFunction<Maybe<Date | null | undefined>>;

/** As `ViewDecorator`, where something has to be waited for: the view then gives a promise. */
export type LateViewDecorator = <V extends AnyView>(
  view_func: V,
) => (...args: Parameters<V>) => Promise<HttpResponseBase>;

type Loose<T> = (
  this: unknown,
  request: HttpRequest,
  ...args: unknown[]
) => Maybe<T | null | undefined>;

/** What the two functions said of the resource. */
interface Validators {
  etag: string | undefined;
  /** Seconds since the epoch. */
  last_modified: number | undefined;
}

/**
 * Answers conditional requests without asking the view, as far as its ETag and the time of its last change are known.
 * Both functions get what the view gets, and may give a promise. To GET and HEAD the validators are sent along, unless the
 * view sets them.
 */
export function condition(
  etag_func?: EtagFunction | null,
  last_modified_func?: LastModifiedFunction | null,
): ViewDecorator;
export function condition(
  etag_func?: LateEtag | null,
  last_modified_func?: LateLastModified | null,
): LateViewDecorator;
export function condition(
  etag_func?: LateEtag | null,
  last_modified_func?: LateLastModified | null,
): ViewDecorator | LateViewDecorator {
  // Whatever they are declared to take is what the view takes.
  const of_etag = (etag_func ?? nothing) as Loose<string>;
  const of_change = (last_modified_func ?? nothing) as Loose<Date>;
  return <V extends AnyView>(view_func: V): V => {
    const view = callable(view_func);
    return wraps(view_func, function (this: unknown, request, ...args) {
      return and_then(read_validators(of_etag, of_change, request, args), (validators) => {
        const early = get_conditional_response(request, validators);
        const response = early ?? Reflect.apply(view, this, [request, ...args]);
        return and_then(response, (ready) => with_validators(request, ready, validators));
      });
    });
  };
}

function nothing(): undefined {}

function read_validators(
  of_etag: Loose<string>,
  of_change: Loose<Date>,
  request: HttpRequest,
  args: readonly unknown[],
): Maybe<Validators> {
  return and_then(of_change(request, ...args), (changed) => {
    // HTTP dates have whole seconds
    const last_modified = changed ? Math.trunc(changed.getTime() / 1000) : undefined;
    return and_then(of_etag(request, ...args), (etag) => {
      const absent = etag === undefined || etag === null;
      return { last_modified, etag: absent ? undefined : quote_etag(etag) };
    });
  });
}

function with_validators(
  request: HttpRequest,
  response: HttpResponseBase,
  { etag, last_modified }: Validators,
): HttpResponseBase {
  if (request.method !== "GET" && request.method !== "HEAD") return response;
  if (last_modified) response.setdefault("Last-Modified", http_date(last_modified));
  if (etag) response.setdefault("ETag", etag);
  return response;
}

/** `condition` with an ETag alone. */
export function etag(etag_func: EtagFunction): ViewDecorator;
export function etag(etag_func: LateEtag): LateViewDecorator;
export function etag(etag_func: LateEtag): ViewDecorator | LateViewDecorator {
  return condition(etag_func);
}

/** `condition` with the time of the last change alone. */
export function last_modified(last_modified_func: LastModifiedFunction): ViewDecorator;
export function last_modified(last_modified_func: LateLastModified): LateViewDecorator;
export function last_modified(
  last_modified_func: LateLastModified,
): ViewDecorator | LateViewDecorator {
  return condition(undefined, last_modified_func);
}
