/** The pages of errors while `DEBUG` is on (Django docs: settings, `DEBUG`). @module */
import { settings } from "../conf/index.ts";
import { DisallowedHost } from "../core/exceptions.ts";
import type { Http404 } from "../http/_http404.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, HttpResponseBadRequest, HttpResponseNotFound } from "../http/response.ts";
import type { Tried } from "../urls/_types.ts";
import { Resolver404 } from "../urls/exceptions.ts";
import { attempt, cut, display } from "./_display.ts";
import { render_page } from "./_pages.ts";
import { get_caller, get_exception_reporter_class } from "./_reporter.ts";

export { builtin_template_path, DEBUG_ENGINE } from "./_pages.ts";
export { CallableSettingWrapper, SafeExceptionReporterFilter } from "./_report_filter.ts";
export {
  ExceptionCycleWarning,
  ExceptionReporter,
  type ExceptionReporterOptions,
  get_caller,
  get_default_exception_reporter_filter,
  get_exception_reporter_class,
  get_exception_reporter_filter,
} from "./_reporter.ts";

/** Options of `technical_500_response`. */
export interface Technical500Options {
  /** Default 500. */
  status_code?: number | undefined;
}

/**
 * All about an error: its calls with their source, the request, the settings without their secrets. As a page, or as text
 * for a client that prefers that to HTML.
 */
export async function technical_500_response(
  request: HttpRequest,
  exc_value: unknown,
  options: Technical500Options = {},
): Promise<HttpResponse> {
  const stranger = disallowed_host(request, exc_value);
  if (stranger !== undefined) return stranger;
  const status = options.status_code ?? 500;
  const reporter = new (get_exception_reporter_class(request))(request, exc_value);
  const preferred = attempt(
    () => request.get_preferred_type(["text/html", "text/plain"]),
    "text/html",
  );
  if (preferred !== "text/html") {
    const content_type = "text/plain; charset=utf-8";
    return new HttpResponse(await reporter.get_traceback_text(), { status, content_type });
  }
  const html = await reporter.get_traceback_html();
  return without_csp(new HttpResponse(html, { status, content_type: "text/html" }));
}

/**
 * What was looked for and which patterns were tried. Where there are none yet, the welcome page. Always HTML.
 */
export function technical_404_response(request: HttpRequest, exception: Http404): HttpResponse {
  const stranger = disallowed_host(request, exception);
  if (stranger !== undefined) return stranger;
  const unresolved = exception instanceof Resolver404 ? exception : undefined;
  const tried = unresolved?.tried ?? request.resolver_match?.tried ?? [];
  if (unresolved !== undefined && tried.length === 0) return default_urlconf(request);
  const html = render_page("technical_404.html", {
    request_method: request.method,
    request_uri: attempt(
      () => cut(`${request.scheme}://${request._raw_host()}${request.get_full_path()}`),
      cut(request.path),
    ),
    request_path: cut(unresolved?.path ?? request.path_info.slice(1)),
    resolved: unresolved === undefined,
    reason: unresolved === undefined ? cut(exception.message) : "",
    patterns: patterns_of(tried),
    urlconf: urlconf_text(request),
    raising_view_name: unresolved === undefined ? get_caller(request) : "",
  });
  return without_csp(new HttpResponseNotFound(html));
}

/** The page of a site that has no URLs yet. Its status is 200. */
export function default_urlconf(_request: HttpRequest): HttpResponse {
  return without_csp(new HttpResponse(render_page("default_urlconf.html", {})));
}

interface TriedPattern {
  text: string;
  /** `name` of a pattern, `namespace` of an include. */
  kind: string;
  value: string;
}

function patterns_of(tried: Tried): TriedPattern[][] {
  return tried.map((chain) =>
    chain.map((part) =>
      "namespace" in part
        ? { text: String(part.pattern), kind: "namespace", value: part.namespace ?? "" }
        : { text: String(part.pattern), kind: "name", value: part.name ?? "" },
    ),
  );
}

function urlconf_text(request: HttpRequest): string {
  if (request.urlconf === undefined || request.urlconf === null) return "ROOT_URLCONF";
  const own = attempt(() => request.urlconf !== settings.ROOT_URLCONF, true);
  return own ? "the request's own urlconf" : "ROOT_URLCONF";
}

/**
 * A host that the site does not answer for may be a page of somebody else, sent here by its own name server to read what
 * is on this page: it learns nothing.
 */
function disallowed_host(request: HttpRequest, error: unknown): HttpResponse | undefined {
  try {
    request.get_host();
    if (!(error instanceof DisallowedHost)) return undefined;
  } catch (thrown) {
    if (!(thrown instanceof DisallowedHost)) return undefined; // a request made by hand has no host at all
  }
  const host = attempt(() => display(request._raw_host()), "");
  return without_csp(new HttpResponseBadRequest(render_page("technical_400_host.html", { host })));
}

/** The pages bring their style with them: no policy applies to them. */
function without_csp<R extends HttpResponse>(response: R): R {
  return Object.assign(response, { _csp_config: {}, _csp_ro_config: {} });
}
