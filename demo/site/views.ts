/** The home page, and the page that shows what a request holds. @module */
import { inspect } from "node:util";
import type { HttpRequest, HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";

/** Where everything is. */
export function home(request: HttpRequest): HttpResponse {
  return render(request, "site/home.html");
}

/** What a view can ask of a request. Written as one asks in code; the answer as `console.log()` prints it. */
export function show_request(request: HttpRequest): HttpResponse {
  const answers: Record<string, unknown> = {
    "request.method": request.method,
    "request.path": request.path,
    "request.get_full_path()": request.get_full_path(),
    "request.build_absolute_uri()": request.build_absolute_uri(),
    "request.get_host()": request.get_host(),
    "request.is_secure()": request.is_secure(),
    "request.GET": request.GET,
    'request.GET.get("name", "nobody")': request.GET.get("name", "nobody"),
    'request.GET.getlist("name")': request.GET.getlist("name"),
    "request.POST": request.POST,
    "request.COOKIES": request.COOKIES,
    "request.content_type": request.content_type,
    "request.accepted_types": request.accepted_types,
    "request.META.REMOTE_ADDR": request.META.REMOTE_ADDR,
    "request.resolver_match": request.resolver_match,
  };
  return render(request, "site/request.html", {
    answers: Object.entries(answers).map(([code, value]) => ({ code, value: inspect(value) })),
    headers: [...request.headers.items()],
  });
}
