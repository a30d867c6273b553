/** `BaseBackend`, and `ModelBackend` for the users of the site. @module */
import { provide_default } from "../../conf/index.ts";
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { check_password_with_timing_attack_mitigation } from "./_timing.ts";
import type { AuthBackend, AuthUser, Credentials, FoundUser } from "./_types.ts";
import { find, find_by_name, find_now, manager_waits, username_field } from "./_user_model.ts";

/**
 * A backend that knows nobody and allows nothing. A subclass has methods, or where it must wait a-forms; an a-form that it
 * has not asks the method.
 */
export class BaseBackend implements AuthBackend {
  /** Whether these are credentials for this backend. */
  accepts(_credentials: Credentials): boolean {
    return true;
  }

  /** The user whose credentials these are. @throws PermissionDenied to keep others from being asked. */
  authenticate(
    _request: HttpRequest | null,
    _credentials: Credentials = {},
  ): Maybe<FoundUser<AuthUser>> {
    return null;
  }

  async aauthenticate(
    request: HttpRequest | null,
    credentials: Credentials = {},
  ): Promise<FoundUser<AuthUser>> {
    return this.authenticate(request, credentials);
  }

  /** The user of that key. */
  get_user(_user_id: unknown): FoundUser<AuthUser> {
    return null;
  }

  async aget_user(user_id: unknown): Promise<FoundUser<AuthUser>> {
    return this.get_user(user_id);
  }

  /** What the user may do, as `app.action`. */
  get_user_permissions(_user_obj: RequestUser, _obj?: unknown): Set<string> {
    return new Set();
  }

  async aget_user_permissions(user_obj: RequestUser, obj?: unknown): Promise<Set<string>> {
    return this.get_user_permissions(user_obj, obj);
  }

  /** What the user may do as a member of groups. */
  get_group_permissions(_user_obj: RequestUser, _obj?: unknown): Set<string> {
    return new Set();
  }

  async aget_group_permissions(user_obj: RequestUser, obj?: unknown): Promise<Set<string>> {
    return this.get_group_permissions(user_obj, obj);
  }

  /** Both together. */
  get_all_permissions(user_obj: RequestUser, obj?: unknown): Set<string> {
    return new Set([
      ...this.get_user_permissions(user_obj, obj),
      ...this.get_group_permissions(user_obj, obj),
    ]);
  }

  async aget_all_permissions(user_obj: RequestUser, obj?: unknown): Promise<Set<string>> {
    if (!this._permissions_wait) return this.get_all_permissions(user_obj, obj);
    return new Set([
      ...(await this.aget_user_permissions(user_obj, obj)),
      ...(await this.aget_group_permissions(user_obj, obj)),
    ]);
  }

  /** Whether the user may do that. */
  has_perm(user_obj: RequestUser, perm: string, obj?: unknown): boolean {
    return this.get_all_permissions(user_obj, obj).has(perm);
  }

  async ahas_perm(user_obj: RequestUser, perm: string, obj?: unknown): Promise<boolean> {
    if (!this._permissions_wait) return this.has_perm(user_obj, perm, obj);
    return (await this.aget_all_permissions(user_obj, obj)).has(perm);
  }

  /** Whether permissions have to be waited for: a subclass has one of these a-forms. @internal */
  get _permissions_wait(): boolean {
    const { prototype } = BaseBackend;
    return (
      this.aget_user_permissions !== prototype.aget_user_permissions ||
      this.aget_group_permissions !== prototype.aget_group_permissions ||
      this.aget_all_permissions !== prototype.aget_all_permissions
    );
  }

  /** Whether `get_user` has to wait: it is missing, where `aget_user` is there. @internal */
  get _waits(): boolean {
    const { prototype } = BaseBackend;
    return this.aget_user !== prototype.aget_user && this.get_user === prototype.get_user;
  }
}

/** A user with permissions of their own, and those of groups. */
interface Permitted extends RequestUser {
  readonly is_active?: boolean;
  readonly is_superuser?: boolean;
  readonly user_permissions?: Iterable<string>;
  readonly groups?: Iterable<{ readonly permissions: Iterable<string> }>;
}

function may_anything(user: Permitted, obj: unknown): boolean {
  return user.is_active !== false && !user.is_anonymous && (obj === undefined || obj === null);
}

/** The users of `AUTH_USER_MODEL`, with user name and password. Their permissions are in `user_permissions` and `groups`. */
export class ModelBackend extends BaseBackend {
  static readonly path: string = "django.contrib.auth.backends.ModelBackend";

  /** `username`, or what is called as `USERNAME_FIELD`, and `password`. What is no text never matches. */
  override async authenticate(
    _request: HttpRequest | null,
    credentials: Credentials = {},
  ): Promise<FoundUser<AuthUser>> {
    const username = credentials["username"] ?? credentials[username_field()];
    const { password } = credentials;
    if (typeof username !== "string" || typeof password !== "string") return null;
    const user = await find_by_name(username);
    const is_right = await check_password_with_timing_attack_mitigation(user, password);
    return user && is_right && this.user_can_authenticate(user) ? user : null;
  }

  /** Whether the user may log in, and stay so: is active. */
  user_can_authenticate(user: AuthUser): boolean {
    return user.is_active ?? true;
  }

  override get_user(user_id: unknown): FoundUser<AuthUser> {
    const user = find_now({ pk: user_id });
    return user && this.user_can_authenticate(user) ? user : null;
  }

  override async aget_user(user_id: unknown): Promise<FoundUser<AuthUser>> {
    const user = await find({ pk: user_id });
    return user && this.user_can_authenticate(user) ? user : null;
  }

  override get_user_permissions(user_obj: Permitted, obj?: unknown): Set<string> {
    return new Set(may_anything(user_obj, obj) ? user_obj.user_permissions : []);
  }

  override get_group_permissions(user_obj: Permitted, obj?: unknown): Set<string> {
    const groups = may_anything(user_obj, obj) ? [...(user_obj.groups ?? [])] : [];
    return new Set(groups.flatMap(({ permissions }) => [...permissions]));
  }

  override has_perm(user_obj: Permitted, perm: string, obj?: unknown): boolean {
    if (!may_anything(user_obj, obj)) return false;
    return user_obj.is_superuser === true || super.has_perm(user_obj, perm, obj);
  }

  override async ahas_perm(user_obj: Permitted, perm: string, obj?: unknown): Promise<boolean> {
    if (!may_anything(user_obj, obj)) return false;
    return user_obj.is_superuser === true || super.ahas_perm(user_obj, perm, obj);
  }

  /** Whether the user may do anything in that application. */
  has_module_perms(user_obj: Permitted, app_label: string): boolean {
    if (!may_anything(user_obj, null)) return false;
    return user_obj.is_superuser === true || some_in(this.get_all_permissions(user_obj), app_label);
  }

  async ahas_module_perms(user_obj: Permitted, app_label: string): Promise<boolean> {
    if (!this._permissions_wait) return this.has_module_perms(user_obj, app_label);
    if (!may_anything(user_obj, null)) return false;
    if (user_obj.is_superuser === true) return true;
    return some_in(await this.aget_all_permissions(user_obj), app_label);
  }

  override get _waits(): boolean {
    return manager_waits();
  }
}

function some_in(permissions: Iterable<string>, app_label: string): boolean {
  for (const permission of permissions) if (permission.startsWith(`${app_label}.`)) return true;
  return false;
}

/** Lets inactive users in, too. */
export class AllowAllUsersModelBackend extends ModelBackend {
  static override readonly path: string = "django.contrib.auth.backends.AllowAllUsersModelBackend";

  override user_can_authenticate(_user: AuthUser): boolean {
    return true;
  }
}

provide_default("AUTHENTICATION_BACKENDS", [ModelBackend]);
