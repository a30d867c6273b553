/** Views that log in and out, change and reset passwords, and the redirects around them (Django docs: All authentication views). @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured, ValueError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { type HttpResponseBase, HttpResponseRedirect } from "../../http/response.ts";
import { type RedirectTarget, resolve_url } from "../../urls/_resolve_url.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { method_decorator } from "../../utils/decorators.ts";
import { url_has_allowed_host_and_scheme } from "../../utils/http.ts";
import { never_cache } from "../../views/decorators/cache.ts";
import { csrf_protect } from "../../views/decorators/csrf.ts";
import { sensitive_post_parameters } from "../../views/decorators/debug.ts";
import { TemplateView } from "../../views/generic/base.ts";
import { get_current_site } from "../sites/_current_site.ts";
import { alogin, alogout } from "./_login.ts";
import { login_target } from "./_login_redirect.ts";
import { REDIRECT_FIELD_NAME } from "./_session_keys.ts";
import { login_not_required } from "./decorators.ts";
import { AuthenticationForm, type AuthenticationFormOptions } from "./forms.ts";

export {
  PasswordChangeDoneView,
  PasswordChangeView,
  type SetPasswordFormClass,
} from "./_password_change_views.ts";
export {
  INTERNAL_RESET_SESSION_TOKEN,
  PasswordResetCompleteView,
  PasswordResetConfirmView,
  PasswordResetDoneView,
  type PasswordResetFormClass,
  PasswordResetView,
} from "./_password_reset_views.ts";
export { redirect_to_login, type RedirectToLoginOptions } from "./_login_redirect.ts";

/** Options of methods that may be called outside a view. */
export interface OfRequestOptions {
  /** Default: the request that the view answers. */
  request?: HttpRequest | null | undefined;
}

/** Where to go when something is done: where the client asks to go, if that is safe. */
export class RedirectURLMixin {
  /** A URL, the name of a view, or a view, for who does not ask for one. */
  declare next_page: RedirectTarget | null;
  /** The field of the form or query that asks for one. */
  declare redirect_field_name: string;
  /** Hosts beside that of the request to which may be gone. */
  declare success_url_allowed_hosts: ReadonlySet<string>;
  /** The request that the view answers. */
  declare request: HttpRequest;

  static {
    set_defaults(this.prototype);
  }

  /** Where to go. */
  get_success_url(): string {
    return this.get_redirect_url() || this.get_default_redirect_url();
  }

  /** Where the client asks to go; `""` if it does not, or that is not safe. */
  get_redirect_url(options: OfRequestOptions = {}): string {
    const request = options.request ?? this.request;
    const field = this.redirect_field_name;
    const target = request.POST.get(field) ?? request.GET.get(field);
    const hosts = this.get_success_url_allowed_hosts({ request });
    const require_https = request.is_secure();
    return target && url_has_allowed_host_and_scheme(target, hosts, { require_https })
      ? target
      : "";
  }

  /** The hosts to which may be gone. */
  get_success_url_allowed_hosts(options: OfRequestOptions = {}): Set<string> {
    const request = options.request ?? this.request;
    return new Set([request.get_host(), ...this.success_url_allowed_hosts]);
  }

  /** Where to go without being asked. @throws ImproperlyConfigured without `next_page`. */
  get_default_redirect_url(): string {
    if (this.next_page) return resolve_url(this.next_page);
    throw new ImproperlyConfigured(`${this.constructor.name} needs a next_page to go to.`);
  }
}

function set_defaults(
  prototype: Pick<
    RedirectURLMixin,
    "next_page" | "redirect_field_name" | "success_url_allowed_hosts"
  >,
): void {
  prototype.next_page = null;
  prototype.redirect_field_name = REDIRECT_FIELD_NAME;
  prototype.success_url_allowed_hosts = new Set();
}

/** A page that leads on to another. */
abstract class LeadingView extends TemplateView implements RedirectURLMixin {
  declare next_page: RedirectTarget | null;
  declare redirect_field_name: string;
  declare success_url_allowed_hosts: ReadonlySet<string>;

  static {
    set_defaults(this.prototype);
  }

  get_success_url(): string {
    return RedirectURLMixin.prototype.get_success_url.call(this);
  }

  get_redirect_url(options?: OfRequestOptions): string {
    return RedirectURLMixin.prototype.get_redirect_url.call(this, options);
  }

  get_success_url_allowed_hosts(options?: OfRequestOptions): Set<string> {
    return RedirectURLMixin.prototype.get_success_url_allowed_hosts.call(this, options);
  }

  get_default_redirect_url(): string {
    return RedirectURLMixin.prototype.get_default_redirect_url.call(this);
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const site = get_current_site(this.request);
    const context = { site, site_name: site.name, ...this.extra_context };
    return { ...super.get_context_data(kwargs), ...context };
  }
}

/** Makes the form of the login page. */
export type LoginFormClass = new (options: AuthenticationFormOptions) => AuthenticationForm;

/** The login page: `template_name` is given `form`, `next`, `site` and `site_name`. */
export class LoginView extends LeadingView {
  declare form_class: LoginFormClass;
  /** Wins over `form_class`. */
  declare authentication_form: LoginFormClass | null;
  /**
   * Whether who is logged in is sent on at once. Default `false`: other sites could find out, by images of pages behind
   * the login, who is.
   */
  declare redirect_authenticated_user: boolean;

  static {
    const { prototype } = this;
    prototype.form_class = AuthenticationForm;
    prototype.authentication_form = null;
    prototype.template_name = "registration/login.html";
    prototype.redirect_authenticated_user = false;
    const decorators = [login_not_required, sensitive_post_parameters(), csrf_protect, never_cache];
    method_decorator(decorators, { name: "dispatch" })(this);
  }

  /** @throws ValueError if `redirect_authenticated_user` would lead here again. */
  override dispatch(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    if (!this.redirect_authenticated_user || !request.user.is_authenticated)
      return super.dispatch(request, ...args);
    const target = this.get_success_url();
    if (target === request.path)
      throw new ValueError(
        "Who is logged in would be sent from the login page to the login page: set LOGIN_REDIRECT_URL to another.",
      );
    return new HttpResponseRedirect(target);
  }

  /** `next_page`, or `LOGIN_REDIRECT_URL`. */
  override get_default_redirect_url(): string {
    const target = this.next_page ?? settings.LOGIN_REDIRECT_URL;
    return target ? resolve_url(target) : super.get_default_redirect_url();
  }

  get_form_class(): LoginFormClass {
    return this.authentication_form ?? this.form_class;
  }

  get_form_kwargs(): AuthenticationFormOptions {
    const { request } = this;
    return { request, data: request.method === "POST" ? request.POST : null };
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const FormClass = this.get_form_class();
    const form = kwargs["form"] ?? new FormClass(this.get_form_kwargs());
    const next = { [this.redirect_field_name]: this.get_redirect_url() };
    return { ...super.get_context_data({ ...kwargs, form }), ...next, ...this.extra_context };
  }

  /** Logs in whose form is valid, and shows the others theirs again. */
  async post(_request: HttpRequest, ..._args: unknown[]): Promise<HttpResponseBase> {
    const FormClass = this.get_form_class();
    const form = new FormClass(this.get_form_kwargs());
    return (await form.is_valid()) ? this.form_valid(form) : this.form_invalid(form);
  }

  /** Logs the user in, and leads on. */
  async form_valid(form: AuthenticationForm): Promise<HttpResponseBase> {
    const user = form.get_user();
    if (user === undefined) return this.form_invalid(form);
    await alogin(this.request, user);
    return new HttpResponseRedirect(this.get_success_url());
  }

  /** Shows the form with its errors. */
  form_invalid(form: AuthenticationForm): HttpResponseBase {
    return this.render_to_response(this.get_context_data({ form }));
  }
}

/** Logs out whoever posts to it, and leads on or shows `template_name`. */
export class LogoutView extends LeadingView {
  static {
    const { prototype } = this;
    prototype.http_method_names = ["post", "options"];
    prototype.template_name = "registration/logged_out.html";
    method_decorator([csrf_protect, never_cache], { name: "dispatch" })(this);
  }

  async post(request: HttpRequest, ...args: unknown[]): Promise<HttpResponseBase> {
    await alogout(request);
    const target = this.get_success_url();
    if (target !== request.get_full_path()) return new HttpResponseRedirect(target);
    return this.get(request, ...args);
  }

  /** `next_page`, or `LOGOUT_REDIRECT_URL`, or else this page. */
  override get_default_redirect_url(): string {
    const target = this.next_page ?? settings.LOGOUT_REDIRECT_URL;
    return target ? resolve_url(target) : this.request.path;
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const titles = { title: "Logged out", subtitle: null };
    return { ...super.get_context_data(kwargs), ...titles, ...this.extra_context };
  }
}

/** Options of `logout_then_login`. */
export interface LogoutThenLoginOptions {
  /** A URL, the name of a view, or a view. Default `settings.LOGIN_URL`. */
  login_url?: RedirectTarget | null | undefined;
}

/** Logs out, and leads to the login page. Like `LogoutView` it answers POST alone. */
export function logout_then_login(
  request: HttpRequest,
  options: LogoutThenLoginOptions = {},
): Maybe<HttpResponseBase> {
  const login_url = login_target(options.login_url);
  return LogoutView.as_view({ next_page: resolve_url(login_url) })(request);
}
