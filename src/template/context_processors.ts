/**
 * Values that every template may want (Django docs: "Built-in template context processors"). Put the functions in
 * `OPTIONS["context_processors"]` of the engine. @module
 */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { task } from "../utils/_task.ts";
import { csrf_token_lazy } from "./backends/utils.ts";

type Values = Record<string, unknown>;

/** `csrf_token`, made when it is printed. nunjucks templates have it anyway. */
export function csrf(request: HttpRequest): Values {
  return { csrf_token: csrf_token_lazy(request) };
}

/** `request`. nunjucks templates have it anyway. */
export function request(request_: HttpRequest): Values {
  return { request: request_ };
}

/** `debug`, while `DEBUG` and for a client among `INTERNAL_IPS`; and `sql_queries`, of which there are none here. */
export function debug(request_: HttpRequest): Values {
  const address = request_.META.REMOTE_ADDR;
  const known = typeof address === "string" && settings.INTERNAL_IPS.includes(address);
  return settings.DEBUG && known ? { debug: true, sql_queries: [] } : {};
}

/** `TIME_ZONE`: the current one. */
export function tz(_request: HttpRequest): Values {
  return { TIME_ZONE: task().timezone ?? settings.TIME_ZONE };
}

function static_(_request: HttpRequest): Values {
  return { STATIC_URL: settings.STATIC_URL };
}
/** `STATIC_URL`. */
export { static_ as static };

/** `MEDIA_URL`. */
export function media(_request: HttpRequest): Values {
  return { MEDIA_URL: settings.MEDIA_URL };
}

/** `csp_nonce`: that of this response, made when it is printed; `null` without `ContentSecurityPolicyMiddleware`. */
export function csp(request_: HttpRequest): Values {
  return { csp_nonce: request_.csp_nonce ?? null };
}
