/** Error handlers of a URLconf that answer below a mounted API in its form, elsewhere with Django's pages (docs/api.md, "Errors"). @module */
import { Http404 } from "../http/_http404.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { bad_request, page_not_found, permission_denied, server_error } from "../views/defaults.ts";
import { mounted_api } from "./_mounts.ts";
import { error_response } from "./errors.ts";
import { effective } from "./layers.ts";

/** The answer of the API under whose prefix the path lies; without one, the page. */
function answer(
  request: HttpRequest,
  exception: unknown,
  status: number,
  page: () => HttpResponseBase,
): Maybe<HttpResponseBase> {
  const api = mounted_api(request);
  if (api === undefined) return page();
  return and_then(
    error_response(request, exception, status, effective([api.layer])),
    (response) => response ?? page(),
  );
}

/** For a URLconf: `export { handler400 } from "nuages/api"`. A bad request is told as JSON below a mounted API. */
export function handler400(request: HttpRequest, exception: unknown): Maybe<HttpResponseBase> {
  return answer(request, exception, 400, () => bad_request(request, exception));
}

/** For a URLconf: `PermissionDenied` is told as JSON below a mounted API. */
export function handler403(request: HttpRequest, exception: unknown): Maybe<HttpResponseBase> {
  return answer(request, exception, 403, () => permission_denied(request, exception));
}

/** For a URLconf: a path that no pattern matches is told as JSON below a mounted API. */
export function handler404(request: HttpRequest, exception: unknown): Maybe<HttpResponseBase> {
  const error = exception ?? new Http404();
  return answer(request, error, 404, () => page_not_found(request, error));
}

/** For a URLconf: an error that nothing else handled is told as JSON below a mounted API. */
export function handler500(request: HttpRequest): Maybe<HttpResponseBase> {
  return answer(request, undefined, 500, () => server_error(request));
}
