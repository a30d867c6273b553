/** The page of a request that failed the CSRF check (Django docs: "How to use CSRF protection", Rejected requests). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { type HttpResponse, HttpResponseForbidden } from "../http/response.ts";
import { REASON_NO_CSRF_COOKIE, REASON_NO_REFERER } from "../middleware/_csrf_reasons.ts";
import { TemplateDoesNotExist } from "../template/exceptions.ts";
import { get_template } from "../template/loader.ts";
import { escape } from "../utils/html.ts";

/** The template of the page, if the site has one. */
export const CSRF_FAILURE_TEMPLATE_NAME = "403_csrf.html";

/** Options of `csrf_failure`. */
export interface CsrfFailureOptions {
  /** Why the request failed; shown with DEBUG only. */
  reason?: string | undefined;
  /** The template. One given here must exist; without the default one there is a page of ours. */
  template_name?: string | undefined;
}

/** 403, with a template of the site or a page that says what a visitor, or with DEBUG a developer, can do. */
export function csrf_failure(request: HttpRequest, options: CsrfFailureOptions = {}): HttpResponse {
  const { reason = "", template_name = CSRF_FAILURE_TEMPLATE_NAME } = options;
  return new HttpResponseForbidden(own_page(request, template_name) ?? page(request, reason));
}

function own_page(request: HttpRequest, name: string): string | undefined {
  try {
    return get_template(name).render(null, request);
  } catch (error) {
    if (error instanceof TemplateDoesNotExist && name === CSRF_FAILURE_TEMPLATE_NAME)
      return undefined;
    throw error;
  }
}

function page(request: HttpRequest, reason: string): string {
  const nonce = request.csp_nonce === undefined ? "" : ` nonce="${request.csp_nonce}"`;
  const help = [...help_for(reason), ...(settings.DEBUG ? for_developers(reason) : [])];
  if (!settings.DEBUG) help.push("<p>With DEBUG = true this page says more.</p>");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="robots" content="none">
<meta name="viewport" content="width=device-width">
<title>403 Forbidden</title>
<style${nonce}>
body { max-width: 45em; margin: 2em auto; padding: 0 1em; font: 1em/1.5 sans-serif; }
code { background: #eee; padding: 0 0.2em; }
</style>
</head>
<body>
<h1>Forbidden <small>(403)</small></h1>
<p>The CSRF check failed, so this request was not carried out.</p>
${help.join("\n")}
</body>
</html>
`;
}

function help_for(reason: string): string[] {
  if (reason === REASON_NO_REFERER) return NO_REFERER;
  return reason === REASON_NO_CSRF_COOKIE ? NO_COOKIE : [];
}

const NO_REFERER = [
  "<p>This site is served by HTTPS, and a form may be sent to it only with a <code>Referer</code> header, which tells that " +
    "no other site sent it. Your browser sent none.</p>",
  "<p>If it is set not to send that header, allow it at least for this site, or for requests within one site.</p>",
  "<p>If this is your site: a <code>&lt;meta name=&quot;referrer&quot; content=&quot;no-referrer&quot;&gt;</code> or the " +
    "header <code>Referrer-Policy: no-referrer</code> keeps browsers from sending it. For links to other sites there is " +
    "<code>&lt;a rel=&quot;noreferrer&quot; …&gt;</code>.</p>",
];

const NO_COOKIE = [
  "<p>A form may be sent to this site only with a cookie, which tells that no other site sent it. Your browser sent none.</p>",
  "<p>If it is set to refuse cookies, allow them at least for this site, or for requests within one site.</p>",
];

function for_developers(reason: string): string[] {
  return [
    "<h2>For developers</h2>",
    ...(reason === "" ? [] : [`<p>Why it failed: <code>${escape(reason)}</code></p>`]),
    "<p>Most often one of these is missing:</p>",
    "<ul>",
    "<li>The view gives the request to <code>render()</code>, so that the template has the token.</li>",
    "<li>Each form that is sent to this site by POST has <code>{{ csrf_input }}</code> or <code>{% csrf_token %}</code> " +
      "in it; one that is sent elsewhere must not.</li>",
    "<li>Without <code>CsrfViewMiddleware</code>, both the view that shows the form and the one that takes it are " +
      "wrapped in <code>csrf_protect</code>.</li>",
    "<li>A form loaded before a login has the token of before: load it again.</li>",
    "</ul>",
    "<p>You see this because DEBUG is true; others will not.</p>",
  ];
}
