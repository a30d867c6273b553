/** Backends for users whom the web server has authenticated. @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { str } from "../../utils/_python.ts";
import type { AuthUser, Credentials, FoundUser } from "./_types.ts";
import { find_by_name, get_user_model, username_field } from "./_user_model.ts";
import { ModelBackend } from "./_model_backend.ts";

/** Options of `configure_user`. */
export interface ConfigureUserOptions {
  /** Whether the user was made just now. Default `true`. */
  created?: boolean | undefined;
}

/** Takes the name in `remote_user` as true; by default a user of an unknown name is made. */
export class RemoteUserBackend extends ModelBackend {
  static override readonly path: string = "django.contrib.auth.backends.RemoteUserBackend";

  /** Whether a user is made for a name that nobody has. */
  declare create_unknown_user: boolean;
  static {
    this.prototype.create_unknown_user = true;
  }

  override accepts(credentials: Credentials): boolean {
    return Object.keys(credentials).join() === "remote_user";
  }

  override async authenticate(
    request: HttpRequest | null,
    credentials: Credentials = {},
  ): Promise<FoundUser<AuthUser>> {
    const { remote_user } = credentials;
    if (!remote_user) return null;
    const username = this.clean_username(str(remote_user));
    const [found, created] = this.create_unknown_user
      ? await find_or_create(username)
      : [await find_by_name(username), false];
    const user = await this.aconfigure_user(request, found, { created });
    return user && this.user_can_authenticate(user) ? user : null;
  }

  /** The name of the user, out of the name that the server gave. */
  clean_username(username: string): string {
    return username;
  }

  /** The user with what else is known; called at each login, also without a user. */
  configure_user(
    _request: HttpRequest | null,
    user: FoundUser<AuthUser>,
    _options: ConfigureUserOptions = {},
  ): FoundUser<AuthUser> {
    return user;
  }

  async aconfigure_user(
    request: HttpRequest | null,
    user: FoundUser<AuthUser>,
    options: ConfigureUserOptions = {},
  ): Promise<FoundUser<AuthUser>> {
    return this.configure_user(request, user, options);
  }
}

async function find_or_create(username: string): Promise<[AuthUser, boolean]> {
  const { objects } = get_user_model();
  if (objects.aget_or_create === undefined)
    throw new ImproperlyConfigured(
      "RemoteUserBackend makes users: the store of users needs aget_or_create(), or the backend create_unknown_user false.",
    );
  return objects.aget_or_create({ [username_field()]: username });
}

/** Lets inactive users in, too. */
export class AllowAllUsersRemoteUserBackend extends RemoteUserBackend {
  static override readonly path: string =
    "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend";

  override user_can_authenticate(_user: AuthUser): boolean {
    return true;
  }
}
