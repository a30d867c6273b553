/** Middleware of auth: who sent the request, and who may (Django docs: Using the authentication system). @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import type { RedirectTarget } from "../../urls/_resolve_url.ts";
import { MiddlewareMixin } from "../../utils/deprecation.ts";
import { backends_wait } from "./_backends.ts";
import * as auth from "./_get_user.ts";
import { ask_to_log_in, login_target } from "./_login_redirect.ts";
import { REDIRECT_FIELD_NAME } from "./_session_keys.ts";

export { PersistentRemoteUserMiddleware, RemoteUserMiddleware } from "./_remote_user_middleware.ts";

/** The user of the request, found once. */
export function get_user(request: HttpRequest): RequestUser {
  request._cached_user ??= auth.get_user(request);
  return request._cached_user;
}

/** The user of the request, found once, where that has to be waited for. */
export async function auser(request: HttpRequest): Promise<RequestUser> {
  request._acached_user ??= await auth.aget_user(request);
  return request._acached_user;
}

/**
 * Sets `request.user`, which is looked for when somebody asks, and `request.auser()`. Where users have to be waited for,
 * the one that the session names is loaded before the view.
 */
export class AuthenticationMiddleware extends MiddlewareMixin {
  /** @throws ImproperlyConfigured without a session. */
  override process_request(request: HttpRequest): Promise<void> | undefined {
    if ((request.session as unknown) === undefined)
      throw new ImproperlyConfigured(
        "AuthenticationMiddleware needs request.session: put SessionMiddleware before it in MIDDLEWARE.",
      );
    request._find_user = get_user;
    request.auser = () => auser(request);
    return backends_wait() ? auth.load_user_ahead(request) : undefined;
  }
}

/** What decorators note on a view for `LoginRequiredMiddleware`. */
export interface LoginMarks {
  /** Whether a login is required. Default `true`. */
  readonly login_required?: boolean;
  /** In place of `LOGIN_URL`. */
  readonly login_url?: RedirectTarget | null | undefined;
  /** In place of the middleware's. */
  readonly redirect_field_name?: string | null | undefined;
}

type MarkedView = ((...args: never[]) => unknown) & LoginMarks;

/** Sends everybody who is not logged in to the login page, except for views marked with `login_not_required`. */
export class LoginRequiredMiddleware extends MiddlewareMixin {
  declare redirect_field_name: string;
  static {
    this.prototype.redirect_field_name = REDIRECT_FIELD_NAME;
  }

  process_view(
    request: HttpRequest,
    view_func: MarkedView,
    _view_args: unknown[],
    _view_kwargs: Record<string, unknown>,
  ): HttpResponseBase | undefined {
    if (view_func.login_required === false || request.user.is_authenticated) return undefined;
    return this.handle_no_permission(request, view_func);
  }

  /** @throws ImproperlyConfigured if there is none. */
  get_login_url(view_func: MarkedView): RedirectTarget {
    return login_target(view_func.login_url);
  }

  get_redirect_field_name(view_func: MarkedView): string | null | undefined {
    return "redirect_field_name" in view_func
      ? view_func.redirect_field_name
      : this.redirect_field_name;
  }

  handle_no_permission(request: HttpRequest, view_func: MarkedView): HttpResponseBase {
    return ask_to_log_in(request, {
      login_url: this.get_login_url(view_func),
      redirect_field_name: this.get_redirect_field_name(view_func) ?? "",
    });
  }
}
