/** Choosing a language (Django docs: Translation, "The set_language redirect view"). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, HttpResponseRedirect } from "../http/response.ts";
import { translate_url } from "../urls/base.ts";
import { url_has_allowed_host_and_scheme } from "../utils/http.ts";
import { check_for_language } from "../utils/_language_choice.ts";

export { builtin_template_path } from "./_pages.ts";

/** The field of the form that names the language. */
export const LANGUAGE_QUERY_PARAMETER = "language";

/**
 * Goes to the page of the parameter `next`, else to where the client came from, else to `/`; only to this host. A POST
 * with a `language` sets the language cookie, and goes to that page in that language; a GET changes nothing. Without
 * `next`, a client that takes no HTML gets an empty 204.
 */
export function set_language(request: HttpRequest): HttpResponse {
  const next_url = next_page(request);
  const language = request.method === "POST" ? wanted_language(request) : undefined;
  if (language === undefined) return redirect(next_url);
  const response = redirect(next_url && translate_url(next_url, language));
  response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, {
    max_age: settings.LANGUAGE_COOKIE_AGE,
    path: settings.LANGUAGE_COOKIE_PATH,
    domain: settings.LANGUAGE_COOKIE_DOMAIN,
    secure: settings.LANGUAGE_COOKIE_SECURE,
    httponly: settings.LANGUAGE_COOKIE_HTTPONLY,
    samesite: settings.LANGUAGE_COOKIE_SAMESITE,
  });
  return response;
}

function redirect(url: string): HttpResponse {
  return url === "" ? new HttpResponse("", { status: 204 }) : new HttpResponseRedirect(url);
}

/** The language of the form, if Django knows it. */
function wanted_language(request: HttpRequest): string | undefined {
  const language = request.POST.get(LANGUAGE_QUERY_PARAMETER);
  return language && check_for_language(language) ? language : undefined;
}

/** A page of this host; `""` where none is wanted. */
function next_page(request: HttpRequest): string {
  const next_url = request.POST.get("next", request.GET.get("next")) ?? "";
  if (next_url === "" && !request.accepts("text/html")) return "";
  if (is_safe(request, next_url)) return next_url;
  const referer = request.META.HTTP_REFERER;
  return typeof referer === "string" && is_safe(request, referer) ? referer : "/";
}

function is_safe(request: HttpRequest, url: string): boolean {
  return url_has_allowed_host_and_scheme(url, [request.get_host()], {
    require_https: request.is_secure(),
  });
}
