/** The pages of errors (Django docs: "Built-in views", Error views). @module */
import { Http404 } from "../http/_http404.ts";
import type { HttpRequest } from "../http/request.ts";
import {
  type HttpResponse,
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseNotFound,
  HttpResponseServerError,
} from "../http/response.ts";
import { template_rendered } from "../template/_signals.ts";
import type { TemplateContext } from "../template/backends/base.ts";
import { TemplateDoesNotExist } from "../template/exceptions.ts";
import { get_template } from "../template/loader.ts";
import { quote } from "../utils/_quote.ts";
import { str } from "../utils/_python.ts";

/** The template of the 404 page, if the site has one. */
export const ERROR_404_TEMPLATE_NAME = "404.html";
/** The template of the 403 page, if the site has one. */
export const ERROR_403_TEMPLATE_NAME = "403.html";
/** The template of the 400 page, if the site has one. */
export const ERROR_400_TEMPLATE_NAME = "400.html";
/** The template of the 500 page, if the site has one. */
export const ERROR_500_TEMPLATE_NAME = "500.html";

/** The page of an error for which the site has no template: `%(title)s` and `%(details)s` are filled in. */
export const ERROR_PAGE_TEMPLATE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%(title)s</title>
</head>
<body>
<h1>%(title)s</h1>
<p>%(details)s</p>
</body>
</html>
`;

/** Options of the error views. */
export interface ErrorViewOptions {
  /** The template. One given here must exist; without the default one there is a page of ours. */
  template_name?: string | undefined;
}

/**
 * 404. The template sees `request_path`, percent-encoded so that it cannot carry a message, and `exception`: the text of
 * the error, or the name of its class if it has none.
 */
export function page_not_found(
  request: HttpRequest,
  exception: unknown,
  options: ErrorViewOptions = {},
): HttpResponse {
  const context = { request_path: quote(request.path), exception: text_of(exception) };
  const name = options.template_name ?? ERROR_404_TEMPLATE_NAME;
  const body = render(name, ERROR_404_TEMPLATE_NAME, context, request) ?? default_404(context);
  return new HttpResponseNotFound(body);
}

function default_404(context: TemplateContext): string {
  // a test may look at the context here too
  if (template_rendered.has_listeners())
    template_rendered.send(page_not_found, { template: { name: undefined }, context });
  return page("Not Found", "There is nothing at this address.");
}

/** 500. The template gets no context and no request: whatever failed, it should not fail again. */
export function server_error(_request: HttpRequest, options: ErrorViewOptions = {}): HttpResponse {
  const name = options.template_name ?? ERROR_500_TEMPLATE_NAME;
  const body =
    render(name, ERROR_500_TEMPLATE_NAME) ??
    page("Server Error (500)", "Something went wrong here. It has been noted.");
  return new HttpResponseServerError(body);
}

/** 400. The template learns nothing of the error, which may quote the request. */
export function bad_request(
  request: HttpRequest,
  _exception: unknown,
  options: ErrorViewOptions = {},
): HttpResponse {
  const name = options.template_name ?? ERROR_400_TEMPLATE_NAME;
  const body =
    render(name, ERROR_400_TEMPLATE_NAME, null, request) ??
    page("Bad Request (400)", "This request cannot be understood.");
  return new HttpResponseBadRequest(body);
}

/** 403. The template sees `exception`, the text of the error. */
export function permission_denied(
  request: HttpRequest,
  exception: unknown,
  options: ErrorViewOptions = {},
): HttpResponse {
  const name = options.template_name ?? ERROR_403_TEMPLATE_NAME;
  const body =
    render(name, ERROR_403_TEMPLATE_NAME, { exception: str(exception) }, request) ??
    page("403 Forbidden", "You may not see this page.");
  return new HttpResponseForbidden(body);
}

/** The text of a template; `undefined` if it is the default one, and missing. */
function render(
  name: string,
  default_name: string,
  context?: TemplateContext | null,
  request?: HttpRequest,
): string | undefined {
  try {
    return get_template(name).render(context, request);
  } catch (error) {
    if (error instanceof TemplateDoesNotExist && name === default_name) return undefined;
    throw error;
  }
}

function text_of(exception: unknown): string {
  const given = exception instanceof Http404 ? exception.value : message_of(exception);
  if (typeof given === "string") return given;
  return exception instanceof Error ? exception.constructor.name : "";
}

function message_of(exception: unknown): string | undefined {
  return exception instanceof Error && exception.message !== "" ? exception.message : undefined;
}

function page(title: string, details: string): string {
  return ERROR_PAGE_TEMPLATE.replaceAll("%(title)s", title).replace("%(details)s", details);
}
