/** Protection against requests that other sites make a browser send (Django docs: Cross Site Request Forgery). @module */
import { provide_default, settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { HttpHeaders, type HttpRequest, UnreadablePostError } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { provide_csrf_token } from "../template/_csrf.ts";
import { csrf_failure } from "../views/csrf.ts";
import { repr } from "../utils/_python.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { log_response } from "../utils/log.ts";
import {
  check_referer,
  is_origin_trusted,
  read_trusted_origins,
  RejectRequest,
  type TrustedOrigins,
} from "./_csrf_origins.ts";
import {
  REASON_BAD_ORIGIN,
  REASON_CSRF_TOKEN_MISSING,
  REASON_NO_CSRF_COOKIE,
} from "./_csrf_reasons.ts";
import {
  check_format,
  CSRF_TOKEN_LENGTH,
  InvalidTokenFormat,
  is_token_of,
  mask_secret,
  new_secret,
  unmask_token,
} from "./_csrf_tokens.ts";

export { RejectRequest } from "./_csrf_origins.ts";
export * from "./_csrf_reasons.ts";
export {
  CSRF_ALLOWED_CHARS,
  CSRF_SECRET_LENGTH,
  CSRF_TOKEN_LENGTH,
  invalid_token_chars_re,
  InvalidTokenFormat,
} from "./_csrf_tokens.ts";

/** The session's key of the secret, with `CSRF_USE_SESSIONS`. */
export const CSRF_SESSION_KEY = "_csrftoken";

function add_new_secret(request: HttpRequest): string {
  const secret = new_secret();
  request._add_meta("CSRF_COOKIE", secret);
  request._add_meta("CSRF_COOKIE_NEEDS_UPDATE", true);
  return secret;
}

/**
 * The token for a form or a header of this request, a new one at each call. Asking for it makes the middleware send the
 * cookie, with `Vary: Cookie`.
 */
export function get_token(request: HttpRequest): string {
  const secret = request._get_added_meta("CSRF_COOKIE");
  if (secret === undefined) return mask_secret(add_new_secret(request));
  request._add_meta("CSRF_COOKIE_NEEDS_UPDATE", true); // sent again, so that it lives on
  return mask_secret(String(secret));
}

/** Gives the client a new secret: to be called at login. */
export function rotate_token(request: HttpRequest): void {
  add_new_secret(request);
}

provide_csrf_token(get_token);
provide_default("CSRF_FAILURE_VIEW", csrf_failure);

/** What answers a request that fails the check: `CSRF_FAILURE_VIEW`. */
type FailureView = (request: HttpRequest, options: { reason: string }) => Maybe<HttpResponseBase>;

/** What the check asks of a view. */
type CheckedView = ((...args: never[]) => unknown) & { csrf_exempt?: boolean };

const SAFE: ReadonlySet<string | null> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]); // RFC 9110 §9.2.1

/**
 * Lets requests that may change something through only with the token of the client's cookie, and from this site or a
 * trusted one. The token is the form's `csrfmiddlewaretoken`, or the header `CSRF_HEADER_NAME`.
 */
export class CsrfViewMiddleware extends MiddlewareMixin {
  #trusted: TrustedOrigins | undefined;

  #trusted_origins(): TrustedOrigins {
    const source = settings.CSRF_TRUSTED_ORIGINS;
    if (this.#trusted?.source !== source) this.#trusted = read_trusted_origins(source);
    return this.#trusted;
  }

  /** The hosts of `CSRF_TRUSTED_ORIGINS`; a dot in front stands for all below. */
  get csrf_trusted_origins_hosts(): readonly string[] {
    return this.#trusted_origins().hosts;
  }

  /** The origins of `CSRF_TRUSTED_ORIGINS` that name one host. */
  get allowed_origins_exact(): ReadonlySet<string> {
    return this.#trusted_origins().exact;
  }

  /** By scheme, the hosts of those with `*`. */
  get allowed_origin_subdomains(): Readonly<Record<string, readonly string[]>> {
    return this.#trusted_origins().subdomains;
  }

  /** Puts the client's secret into `META.CSRF_COOKIE`. One of the wrong form is replaced. */
  override process_request(request: HttpRequest): undefined {
    try {
      const secret = this._get_secret(request);
      if (secret !== undefined) request._add_meta("CSRF_COOKIE", secret);
    } catch (error) {
      if (!(error instanceof InvalidTokenFormat)) throw error;
      add_new_secret(request);
    }
  }

  /** Whoever comes from elsewhere, or without a cookie, need not send the body. @internal */
  _before_body(request: HttpRequest, callback: CheckedView): Maybe<HttpResponseBase> | undefined {
    if (!this.#is_to_check(request, callback)) return undefined;
    try {
      this.#check_origin(request);
      this.#secret_or_reject(request);
    } catch (error) {
      if (error instanceof RejectRequest) return this._reject(request, error.reason);
      throw error;
    }
    return undefined;
  }

  #is_to_check(request: HttpRequest, callback: CheckedView): boolean {
    const is_free = SAFE.has(request.method) || request._dont_enforce_csrf_checks;
    return !is_free && !request.csrf_processing_done && !callback.csrf_exempt;
  }

  process_view(
    request: HttpRequest,
    callback: CheckedView,
    _callback_args: unknown[],
    _callback_kwargs: Record<string, unknown>,
  ): Maybe<HttpResponseBase> | undefined {
    if (request.csrf_processing_done || callback.csrf_exempt) return undefined;
    if (!this.#is_to_check(request, callback)) return this._accept(request);
    try {
      this.#check_origin(request);
      this.#check_token(request);
    } catch (error) {
      if (error instanceof RejectRequest) return this._reject(request, error.reason);
      throw error;
    }
    return this._accept(request);
  }

  /** Sends the cookie, if the token was used or is new. */
  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (request._get_added_meta("CSRF_COOKIE_NEEDS_UPDATE")) {
      this._set_csrf_cookie(request, response);
      request._add_meta("CSRF_COOKIE_NEEDS_UPDATE", false); // a decorator's middleware may come after this one
    }
    return response;
  }

  /** Lets the request pass, also through the next check. @internal */
  _accept(request: HttpRequest): undefined {
    request.csrf_processing_done = true;
  }

  /** Answers with the failure view, and logs it to `django.security.csrf`. @internal */
  _reject(request: HttpRequest, reason: string): Maybe<HttpResponseBase> | undefined {
    const view = settings.CSRF_FAILURE_VIEW as FailureView; // what the setting is said to be
    return and_then(view(request, { reason }), (response) => {
      const logger = "django.security.csrf";
      log_response("Forbidden (%s): %s", reason, request.path, { response, request, logger });
      return response;
    });
  }

  /**
   * The client's secret, if it has one.
   * @throws InvalidTokenFormat for a cookie of the wrong form. @internal
   */
  _get_secret(request: HttpRequest): string | undefined {
    const secret = settings.CSRF_USE_SESSIONS ? session_secret(request) : cookie_secret(request);
    return secret?.length === CSRF_TOKEN_LENGTH ? unmask_token(secret) : secret; // once it was kept masked
  }

  /** Keeps the secret with the client, or in the session. @internal */
  _set_csrf_cookie(request: HttpRequest, response: HttpResponseBase): void {
    const secret = request._get_added_meta("CSRF_COOKIE");
    if (settings.CSRF_USE_SESSIONS) {
      if (session_secret(request) !== secret) request.session.set(CSRF_SESSION_KEY, secret);
      return;
    }
    response.set_cookie(settings.CSRF_COOKIE_NAME, secret, {
      max_age: settings.CSRF_COOKIE_AGE,
      domain: settings.CSRF_COOKIE_DOMAIN,
      path: settings.CSRF_COOKIE_PATH,
      secure: settings.CSRF_COOKIE_SECURE,
      httponly: settings.CSRF_COOKIE_HTTPONLY,
      samesite: settings.CSRF_COOKIE_SAMESITE,
    });
    patch_vary_headers(response, ["Cookie"]);
  }

  #check_origin(request: HttpRequest): void {
    const origin = request._meta_value("HTTP_ORIGIN");
    if (origin === undefined) {
      if (request.is_secure()) check_referer(request, this.#trusted_origins());
    } else if (!is_origin_trusted(request, origin, this.#trusted_origins())) {
      throw new RejectRequest(REASON_BAD_ORIGIN.replace("%s", () => origin));
    }
  }

  #check_token(request: HttpRequest): void {
    const secret = this.#secret_or_reject(request);
    const [token, source] = sent_token(request);
    try {
      check_format(token);
    } catch (error) {
      throw error instanceof InvalidTokenFormat ? bad_token(error.reason, source) : error;
    }
    if (!is_token_of(token, secret)) throw bad_token("is not the right one", source);
  }

  // Not META.CSRF_COOKIE: a login may have changed that since.
  #secret_or_reject(request: HttpRequest): string {
    let secret: string | undefined;
    try {
      secret = this._get_secret(request);
    } catch (error) {
      if (!(error instanceof InvalidTokenFormat)) throw error;
      throw new RejectRequest(`The CSRF cookie ${error.reason}.`);
    }
    if (secret === undefined) throw new RejectRequest(REASON_NO_CSRF_COOKIE);
    return secret;
  }
}

function session_secret(request: HttpRequest): string | undefined {
  if ((request.session as unknown) === undefined)
    throw new ImproperlyConfigured(
      "CSRF_USE_SESSIONS needs request.session. Put SessionMiddleware before CsrfViewMiddleware in MIDDLEWARE.",
    );
  const secret = request.session.get(CSRF_SESSION_KEY);
  return typeof secret === "string" ? secret : undefined;
}

function cookie_secret(request: HttpRequest): string | undefined {
  const secret = request.COOKIES[settings.CSRF_COOKIE_NAME];
  if (secret !== undefined) check_format(secret);
  return secret;
}

/** The token that came with the request, and where it was. */
function sent_token(request: HttpRequest): [token: string, source: string] {
  const field = request.method === "POST" ? form_field(request) : "";
  if (field !== "") return [field, "POST"];
  const name = settings.CSRF_HEADER_NAME;
  const header = request._meta_value(name);
  if (header === undefined) throw new RejectRequest(REASON_CSRF_TOKEN_MISSING);
  return [header, name];
}

function form_field(request: HttpRequest): string {
  if (request._needs_load) return ""; // the view reads the form itself: the token must be in the header
  try {
    return request.POST.get("csrfmiddlewaretoken", "");
  } catch (error) {
    if (error instanceof UnreadablePostError) return ""; // the client is gone; nothing is to break here
    throw error;
  }
}

function bad_token(reason: string, source: string): RejectRequest {
  const place =
    source === "POST" ? source : `the header ${repr(HttpHeaders.parse_header_name(source))}`;
  return new RejectRequest(`The CSRF token from ${place} ${reason}.`);
}
