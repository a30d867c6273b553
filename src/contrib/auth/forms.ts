/** `AuthenticationForm`, the form of the login page: no more of Django's forms than that page needs. @module */
import type { HttpRequest } from "../../http/request.ts";
import type { QueryDict } from "../../http/querydict.ts";
import { strip } from "../../utils/_whitespace.ts";
import { authenticate } from "./_authenticate.ts";
import type { AuthUser } from "./_types.ts";

/** What an `AuthenticationForm` is made with. */
export interface AuthenticationFormOptions {
  request?: HttpRequest | null | undefined;
  /** What was sent. Absent: the form is shown for the first time. */
  data?: QueryDict | null | undefined;
}

/** Name and password. The same error for a wrong name, a wrong password and a user who may not log in. */
export class AuthenticationForm {
  /** The longest name, in characters. Longer ones are not even normalized. */
  declare username_max_length: number;
  /** The longest password, in characters. Longer ones are not hashed. */
  declare password_max_length: number;
  static {
    this.prototype.username_max_length = 254;
    this.prototype.password_max_length = 4096;
  }

  readonly request: HttpRequest | null;
  readonly data: QueryDict | null;
  /** Messages by field; those of the whole form under `__all__`. */
  errors: Record<string, string[]> = {};
  #user: AuthUser | undefined;

  constructor(options: AuthenticationFormOptions = {}) {
    this.request = options.request ?? null;
    this.data = options.data ?? null;
  }

  /** Whether something was sent. */
  get is_bound(): boolean {
    return this.data !== null;
  }

  /** Whether name and password are right, and the user may log in. */
  async is_valid(): Promise<boolean> {
    if (this.data === null) return false;
    this.errors = {};
    const username = strip(this.data.get("username", ""));
    const password = this.data.get("password", "");
    this.#check("username", username, this.username_max_length);
    this.#check("password", password, this.password_max_length);
    if (Object.keys(this.errors).length > 0) return false;
    this.#user = await authenticate(this.request, {
      username: username.normalize("NFKC"),
      password,
    });
    if (this.#user === undefined)
      this.errors["__all__"] = ["This is not a user name with its password."];
    return this.#user !== undefined;
  }

  #check(field: string, value: string, max_length: number): void {
    if (value === "") this.errors[field] = ["Please fill in this field."];
    else if (value.length > max_length)
      this.errors[field] = [`At most ${max_length} characters, please.`];
  }

  /** The messages of the whole form. */
  non_field_errors(): readonly string[] {
    return this.errors["__all__"] ?? [];
  }

  /** The user, once the form is valid. */
  get_user(): AuthUser | undefined {
    return this.#user;
  }
}
