/** The CSRF check of endpoints, which depends on a policy of their layers (docs/api.md, "Declaring and mounting"). @module */
import { on_change, settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { CsrfViewMiddleware } from "../middleware/csrf.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import type { GetResponse, MiddlewareEntry } from "../utils/deprecation.ts";
import { log_response } from "../utils/log.ts";
import { Forbidden } from "./exceptions.ts";
import type { CsrfPolicy } from "./spec.ts";

/** What the check asks of a view. */
type CheckedView = ((...args: never[]) => unknown) & { readonly csrf_exempt?: boolean };

/** 403: the request does not prove that it comes from a page of this site. */
export class CsrfFailed extends Forbidden {
  /** What the check missed; the client learns it with DEBUG only. */
  readonly reason: string;

  constructor(reason: string) {
    super(settings.DEBUG && reason !== "" ? reason : undefined, { type: "csrf_failed" });
    this.reason = reason;
  }
}

type CsrfClass = new (get_response: GetResponse) => CsrfViewMiddleware;

/** The same check as the middleware's, with an error for its answer. */
function checker_of(Installed: CsrfClass): CsrfViewMiddleware {
  class EndpointCheck extends Installed {
    override _reject(_request: HttpRequest, reason: string): never {
      throw new CsrfFailed(reason);
    }
  }
  return new EndpointCheck(no_response);
}

/** The check is no layer: nothing is inside of it. */
function no_response(): Promise<HttpResponseBase> {
  return Promise.reject(new CsrfFailed(""));
}

let is_current = false;
let checker: CsrfViewMiddleware | undefined;
on_change(["MIDDLEWARE"], () => (is_current = false));

/** The check of the middleware that is installed, if one is. */
function installed_checker(): CsrfViewMiddleware | undefined {
  if (!is_current) {
    const installed = settings.MIDDLEWARE.find(is_csrf_middleware);
    checker = installed === undefined ? undefined : checker_of(installed);
    is_current = true;
  }
  return checker;
}

function is_csrf_middleware(entry: MiddlewareEntry): entry is CsrfClass & MiddlewareEntry {
  return (entry as unknown) === CsrfViewMiddleware || entry.prototype instanceof CsrfViewMiddleware;
}

/**
 * The error of a request without the token that it must have, where `CsrfViewMiddleware` or a subclass is in `MIDDLEWARE`.
 * @param view The decorated view: one marked with `csrf_exempt` is not checked.
 */
export function csrf_check(
  request: HttpRequest,
  view: CheckedView,
  policy: CsrfPolicy,
): Maybe<CsrfFailed | undefined> {
  if (policy === "never") return undefined;
  const check = installed_checker();
  if (check === undefined) return undefined;
  if (policy === "cookies" && request.COOKIES[settings.SESSION_COOKIE_NAME] === undefined)
    return undefined;
  try {
    const answer = check.process_view(request, view, [], {});
    return and_then(answer, (response) => (response ? new CsrfFailed("") : undefined)); // a subclass's own
  } catch (error) {
    if (error instanceof CsrfFailed) return error;
    throw error;
  }
}

/** Logs the response as the middleware would: to `django.security.csrf`, and so once. */
export function log_csrf_failure(
  request: HttpRequest,
  response: HttpResponseBase,
  { reason }: CsrfFailed,
): HttpResponseBase {
  const logger = "django.security.csrf";
  log_response("Forbidden (%s): %s", reason, request.path, { response, request, logger });
  return response;
}
