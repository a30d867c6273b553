/** Pages for who forgot the password: a mail with a link, and where it leads (Django docs: All authentication views). @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured, ValidationError, ValueError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { type HttpResponseBase, HttpResponseRedirect } from "../../http/response.ts";
import { resolve_url } from "../../urls/_resolve_url.ts";
import { method_decorator } from "../../utils/decorators.ts";
import { urlsafe_base64_decode } from "../../utils/http.ts";
import { never_cache } from "../../views/decorators/cache.ts";
import { csrf_protect } from "../../views/decorators/csrf.ts";
import { sensitive_post_parameters } from "../../views/decorators/debug.ts";
import { split_arguments } from "../../views/generic/_view.ts";
import type { FormOptions } from "./_form.ts";
import { TitledFormView, TitledView } from "./_form_view.ts";
import { alogin, session_of } from "./_login.ts";
import { login_target } from "./_login_redirect.ts";
import type { SetPasswordFormClass } from "./_password_change_views.ts";
import type { AuthUser } from "./_types.ts";
import { find, pk_in } from "./_user_model.ts";
import { login_not_required } from "./decorators.ts";
import { PasswordResetForm, SetPasswordForm } from "./forms.ts";
import { default_token_generator, type PasswordResetTokenGenerator } from "./tokens.ts";

/** Makes the form that asks for the address. */
export type PasswordResetFormClass = new (options: FormOptions) => PasswordResetForm;

/**
 * Asks for an address, and mails a link to whoever has it. The answer is the same, and takes as long, if nobody has it or
 * the mail cannot be sent.
 */
export class PasswordResetView extends TitledFormView<PasswordResetForm> {
  declare form_class: PasswordResetFormClass;
  /** The template of the mail. */
  declare email_template_name: string;
  /** More values for the templates of the mail. */
  declare extra_email_context: Readonly<Record<string, unknown>> | null;
  /** The sender; `null`: `DEFAULT_FROM_EMAIL`. */
  declare from_email: string | null;
  /** The template of the mail in HTML; `null`: there is none. */
  declare html_email_template_name: string | null;
  /** The template of the subject. */
  declare subject_template_name: string;
  /** Makes the token of the link. */
  declare token_generator: PasswordResetTokenGenerator;

  static {
    const { prototype } = this;
    prototype.email_template_name = "registration/password_reset_email.html";
    prototype.extra_email_context = null;
    prototype.form_class = PasswordResetForm;
    prototype.from_email = null;
    prototype.html_email_template_name = null;
    prototype.subject_template_name = "registration/password_reset_subject.txt";
    prototype.success_url = "password_reset_done";
    prototype.template_name = "registration/password_reset_form.html";
    prototype.title = "Password reset";
    prototype.token_generator = default_token_generator;
    method_decorator([login_not_required, csrf_protect], { name: "dispatch" })(this);
  }

  override get_form(): PasswordResetForm {
    return new this.form_class(this.get_form_kwargs());
  }

  override async form_valid(form: PasswordResetForm): Promise<HttpResponseBase> {
    await form.save({
      use_https: this.request.is_secure(),
      token_generator: this.token_generator,
      from_email: this.from_email,
      email_template_name: this.email_template_name,
      subject_template_name: this.subject_template_name,
      request: this.request,
      html_email_template_name: this.html_email_template_name,
      extra_email_context: this.extra_email_context,
      wait: false, // how long a mail server takes would tell that there is somebody to write to
    });
    return this._lead_on();
  }
}

/** Says that a mail is on its way, if there is somebody of that address. */
export class PasswordResetDoneView extends TitledView {
  static {
    const { prototype } = this;
    prototype.template_name = "registration/password_reset_done.html";
    prototype.title = "Password reset sent";
    method_decorator(login_not_required, { name: "dispatch" })(this);
  }
}

/** Where the session keeps the token between the link and the form. */
export const INTERNAL_RESET_SESSION_TOKEN = "_password_reset_token";

/**
 * Where the link leads: asks for a new password, if the token is good. The token goes into the session, and the page with
 * the form has a URL without it, so that no Referer tells it.
 */
export class PasswordResetConfirmView extends TitledFormView<SetPasswordForm> {
  declare form_class: SetPasswordFormClass;
  /** Whether the user is logged in then. Default `false`. */
  declare post_reset_login: boolean;
  /** The path of the backend of that login, if there are several. */
  declare post_reset_login_backend: string | null;
  /** What stands in the URL in the token's place. */
  declare reset_url_token: string;
  declare token_generator: PasswordResetTokenGenerator;
  /** Whether the link is good. Set for each request. */
  declare validlink: boolean;
  /** Whose link it is. Set for each request. */
  declare user: AuthUser | null;

  static {
    const { prototype } = this;
    prototype.form_class = SetPasswordForm;
    prototype.post_reset_login = false;
    prototype.post_reset_login_backend = null;
    prototype.reset_url_token = "set-password";
    prototype.success_url = "password_reset_complete";
    prototype.template_name = "registration/password_reset_confirm.html";
    prototype.title = "Enter a new password";
    prototype.token_generator = default_token_generator;
    prototype.validlink = false;
    prototype.user = null;
    const decorators = [login_not_required, sensitive_post_parameters(), csrf_protect, never_cache];
    method_decorator(decorators, { name: "dispatch" })(this);
  }

  /** @throws ImproperlyConfigured if the URL has no `uidb64` and `token`. */
  override async dispatch(request: HttpRequest, ...args: unknown[]): Promise<HttpResponseBase> {
    const [, { uidb64, token }] = split_arguments(args);
    if (typeof uidb64 !== "string" || typeof token !== "string")
      throw new ImproperlyConfigured(
        'The URL of PasswordResetConfirmView needs <uidb64> and <token>: path("reset/<uidb64>/<token>/", …).',
      );
    this.validlink = false;
    this.user = (await this.get_user(uidb64)) ?? null;
    const response = await this.#answer(request, token, args);
    response.setdefault("Referrer-Policy", referrer_policy());
    return response;
  }

  async #answer(
    request: HttpRequest,
    token: string,
    args: readonly unknown[],
  ): Promise<HttpResponseBase> {
    const session = session_of(request);
    if (this.user !== null && token === this.reset_url_token) {
      const kept: unknown = session.get(INTERNAL_RESET_SESSION_TOKEN, null);
      this.validlink =
        typeof kept === "string" && this.token_generator.check_token(this.user, kept);
      if (this.validlink) return super.dispatch(request, ...args);
    } else if (this.user !== null && this.token_generator.check_token(this.user, token)) {
      session.set(INTERNAL_RESET_SESSION_TOKEN, token);
      return new HttpResponseRedirect(request.path.split(token).join(this.reset_url_token));
    }
    return this.render_to_response(this.get_context_data());
  }

  /** The user of the link; none if it names nobody. */
  async get_user(uidb64: string): Promise<AuthUser | undefined> {
    const pk = key_in(uidb64);
    return pk === undefined ? undefined : find({ pk });
  }

  /** @throws ImproperlyConfigured without a user: there is no form without one. */
  override get_form(): SetPasswordForm {
    if (this.user === null) throw new ImproperlyConfigured("There is no form without a user.");
    return new this.form_class(this.user, this.get_form_kwargs());
  }

  override async form_valid(form: SetPasswordForm): Promise<HttpResponseBase> {
    const user = await form.save();
    this.request.session.delete(INTERNAL_RESET_SESSION_TOKEN);
    if (this.post_reset_login)
      await alogin(this.request, user, { backend: this.post_reset_login_backend });
    return this._lead_on();
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    if (this.validlink) return super.get_context_data({ validlink: true, ...kwargs });
    const context = super.get_context_data({ ...kwargs, form: null });
    return { ...context, title: "This link is not good", validlink: false };
  }
}

/** The key of a user out of a link; `undefined` if it is none. */
function key_in(uidb64: string): unknown {
  try {
    return pk_in(UTF8.decode(urlsafe_base64_decode(uidb64)));
  } catch (error) {
    if (error instanceof ValueError || error instanceof ValidationError) return undefined;
    if (error instanceof TypeError) return undefined; // not UTF-8
    throw error;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** That of the site; where it has none, no other site is told the URL. */
function referrer_policy(): string {
  const policy = settings.SECURE_REFERRER_POLICY ?? "same-origin";
  return typeof policy === "string" ? policy : policy.join(",");
}

/** Says that the password was set, and leads to the login page: `login_url` of the template. */
export class PasswordResetCompleteView extends TitledView {
  static {
    const { prototype } = this;
    prototype.template_name = "registration/password_reset_complete.html";
    prototype.title = "Password set";
    method_decorator(login_not_required, { name: "dispatch" })(this);
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const login_url = resolve_url(login_target(null));
    return { ...super.get_context_data(kwargs), login_url, ...this.extra_context };
  }
}
