/** Pages on which a user changes the password (Django docs: All authentication views). @module */
import type { HttpResponseBase } from "../../http/response.ts";
import { method_decorator } from "../../utils/decorators.ts";
import { never_cache } from "../../views/decorators/cache.ts";
import { csrf_protect } from "../../views/decorators/csrf.ts";
import { sensitive_post_parameters } from "../../views/decorators/debug.ts";
import type { FormOptions } from "./_form.ts";
import { TitledFormView, TitledView } from "./_form_view.ts";
import { aupdate_session_auth_hash } from "./_login.ts";
import type { AuthUser } from "./_types.ts";
import { login_required } from "./decorators.ts";
import { PasswordChangeForm, type SetPasswordForm } from "./forms.ts";

/** Makes the form of a page that sets a password. */
export type SetPasswordFormClass = new (user: AuthUser, options: FormOptions) => SetPasswordForm;

/** Asks who is logged in for the old password and a new one. Other sessions of the user end, this one goes on. */
export class PasswordChangeView extends TitledFormView<SetPasswordForm> {
  declare form_class: SetPasswordFormClass;

  static {
    const { prototype } = this;
    prototype.form_class = PasswordChangeForm;
    prototype.success_url = "password_change_done";
    prototype.template_name = "registration/password_change_form.html";
    prototype.title = "Password change";
    const decorators = [sensitive_post_parameters(), csrf_protect, login_required, never_cache];
    method_decorator(decorators, { name: "dispatch" })(this);
  }

  override get_form(): SetPasswordForm {
    return new this.form_class(this.request.user, this.get_form_kwargs());
  }

  override async form_valid(form: SetPasswordForm): Promise<HttpResponseBase> {
    await form.save();
    await aupdate_session_auth_hash(this.request, form.user);
    return this._lead_on();
  }
}

/** Says that the password was changed. */
export class PasswordChangeDoneView extends TitledView {
  static {
    const { prototype } = this;
    prototype.template_name = "registration/password_change_done.html";
    prototype.title = "Password changed";
    method_decorator(login_required, { name: "dispatch" })(this);
  }
}
