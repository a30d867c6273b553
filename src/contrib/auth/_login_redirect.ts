/** The way to the login page, and back. @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { HttpResponseRedirect } from "../../http/response.ts";
import { QueryDict } from "../../http/querydict.ts";
import { type RedirectTarget, resolve_url } from "../../urls/_resolve_url.ts";
import { urlsplit, urlunsplit } from "../../utils/_urlsplit.ts";
import { REDIRECT_FIELD_NAME } from "./_session_keys.ts";

/** Options of `redirect_to_login`. */
export interface RedirectToLoginOptions {
  /** A URL, the name of a view, or a view. Default `settings.LOGIN_URL`. */
  login_url?: RedirectTarget | null | undefined;
  /** The field of the query that says where to go afterwards; empty or `null`: none. Default `next`. */
  redirect_field_name?: string | null | undefined;
}

/** The login page: what was given, or `LOGIN_URL`. @throws ImproperlyConfigured if that is empty. */
export function login_target(login_url: RedirectTarget | null | undefined): RedirectTarget {
  const target = login_url || settings.LOGIN_URL;
  if (target) return target;
  throw new ImproperlyConfigured("There is no login page to go to: set LOGIN_URL.");
}

/** A redirect to the login page, from where the user comes back to `next`. */
export function redirect_to_login(
  next: string,
  options: RedirectToLoginOptions = {},
): HttpResponseRedirect {
  const parts = urlsplit(resolve_url(login_target(options.login_url)));
  const { redirect_field_name: field = REDIRECT_FIELD_NAME } = options;
  if (field) {
    const query = new QueryDict(parts.query, { mutable: true });
    query.set(field, next);
    parts.query = query.urlencode({ safe: "/" });
  }
  return new HttpResponseRedirect(urlunsplit(parts));
}

/** The way to the login page, and back to this request: by its path, if the login page is of the same site. */
export function ask_to_log_in(
  request: HttpRequest,
  options: RedirectToLoginOptions,
): HttpResponseRedirect {
  const login_url = resolve_url(login_target(options.login_url));
  const { scheme, netloc } = urlsplit(login_url);
  const here = request.build_absolute_uri();
  const current = urlsplit(here);
  const is_same_site =
    (scheme === "" || scheme === current.scheme) && (netloc === "" || netloc === current.netloc);
  const next = is_same_site ? request.get_full_path() : here;
  return redirect_to_login(next, { ...options, login_url });
}
