/** `SetPasswordForm` and `PasswordChangeForm`: a new password, twice. @module */
import { ValidationError, ValueError } from "../../core/exceptions.ts";
import { Form, type FormOptions } from "./_form.ts";
import type { AuthUser } from "./_types.ts";
import { is_password_of, save_user, set_password_of } from "./_user_model.ts";
import { password_changed, validate_password } from "./password_validation.ts";

/** Options of `save` of these forms. */
export interface SetPasswordSaveOptions {
  /** Whether the user is saved, too. Default `true`. */
  commit?: boolean | undefined;
}

/** A new password, and the same again. */
export class SetPasswordForm extends Form {
  /** The longest password, in characters. Longer ones are not hashed. */
  declare password_max_length: number;
  static {
    this.prototype.password_max_length = 4096;
  }

  /** Whose password it becomes. */
  readonly user: AuthUser;

  constructor(user: AuthUser, options: FormOptions = {}) {
    super(options);
    this.user = user;
  }

  override async clean(): Promise<void> {
    const first = this._read_password("new_password1");
    const second = this._read_password("new_password2");
    if (first !== undefined && second !== undefined && first !== second)
      this.add_error("new_password2", "This is not the same password as the first.");
    else if (second !== undefined) await this.#validate(second);
  }

  async #validate(password: string): Promise<void> {
    try {
      await validate_password(password, { user: this.user });
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const message of error.messages) this.add_error("new_password2", message);
    }
  }

  /** @internal */
  _read_password(field: string): string | undefined {
    return this._read(field, { max_length: this.password_max_length });
  }

  /**
   * Sets the password, and saves the user. Call it once the form is valid.
   * @throws ValueError if it is not; ImproperlyConfigured for users without `set_password`.
   */
  async save(options: SetPasswordSaveOptions = {}): Promise<AuthUser> {
    const password = this.cleaned_data["new_password1"];
    if (password === undefined)
      throw new ValueError("There is no new password: the form is not valid, or nobody asked.");
    await set_password_of(this.user, password);
    if (!(options.commit ?? true)) return this.user;
    await save_user(this.user);
    await password_changed(password, { user: this.user });
    return this.user;
  }
}

/** The same, for who knows the old password. */
export class PasswordChangeForm extends SetPasswordForm {
  override async clean(): Promise<void> {
    const old = this._read_password("old_password");
    if (old !== undefined && !(await is_password_of(this.user, old)))
      this.add_error("old_password", "This is not your password.");
    await super.clean();
  }
}
