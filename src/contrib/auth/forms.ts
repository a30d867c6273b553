/** The forms of the pages of users: no more of Django's forms than those pages need. @module */
import type { HttpRequest } from "../../http/request.ts";
import { authenticate } from "./_authenticate.ts";
import { Form, type FormOptions } from "./_form.ts";
import type { AuthUser } from "./_types.ts";

export { type FieldOptions, Form, type FormOptions } from "./_form.ts";
export {
  PasswordResetForm,
  type PasswordResetSaveOptions,
  type ResetMailOptions,
} from "./_password_reset_form.ts";
export {
  PasswordChangeForm,
  SetPasswordForm,
  type SetPasswordSaveOptions,
} from "./_set_password_form.ts";

/** What an `AuthenticationForm` is made with. */
export interface AuthenticationFormOptions extends FormOptions {
  request?: HttpRequest | null | undefined;
}

/** Name and password. The same error for a wrong name, a wrong password and a user who may not log in. */
export class AuthenticationForm extends Form {
  /** The longest name, in characters. Longer ones are not even normalized. */
  declare username_max_length: number;
  /** The longest password, in characters. Longer ones are not hashed. */
  declare password_max_length: number;
  static {
    this.prototype.username_max_length = 254;
    this.prototype.password_max_length = 4096;
  }

  readonly request: HttpRequest | null;
  #user: AuthUser | undefined;

  constructor(options: AuthenticationFormOptions = {}) {
    super(options);
    this.request = options.request ?? null;
  }

  /** Asks the backends whether name and password are right, and the user may log in. */
  override async clean(): Promise<void> {
    this.#user = undefined;
    const username = this._read("username", { max_length: this.username_max_length, strip: true });
    const password = this._read("password", { max_length: this.password_max_length });
    if (username === undefined || password === undefined) return;
    this.#user = await authenticate(this.request, {
      username: username.normalize("NFKC"),
      password,
    });
    if (this.#user === undefined)
      this.add_error(null, "This is not a user name with its password.");
  }

  /** The user, once the form is valid. */
  get_user(): AuthUser | undefined {
    return this.#user;
  }
}
