/** Views that fail, each in its own way. With `DEBUG=0` the pages are those of `templates/`. @module */
import { PermissionDenied, SuspiciousOperation } from "nuages/core/exceptions";
import { Http404, type HttpRequest, type HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";

export function index(request: HttpRequest): HttpResponse {
  return render(request, "site/errors.html");
}

export function suspicious(_request: HttpRequest): never {
  throw new SuspiciousOperation("No honest client sends this.");
}

export function forbidden(_request: HttpRequest): never {
  throw new PermissionDenied("This page is for nobody.");
}

export function missing(_request: HttpRequest): never {
  throw new Http404("There was a cloud here a minute ago.");
}

export function broken(_request: HttpRequest): never {
  throw new Error("Something in the program is wrong.");
}
