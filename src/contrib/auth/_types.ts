/** What contrib/auth asks of users, of where they are kept, and of backends. @module */
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import type { Maybe } from "../../utils/_promise.ts";

/** A user: what `AbstractBaseUser` offers, as far as it is needed here. */
export interface AuthUser extends RequestUser {
  /** The key of the user in its store. */
  readonly pk?: unknown;
  /** The hash of the password. */
  password?: string;
  /** Whether the user may log in. Absent: yes. */
  readonly is_active?: boolean;
  /** The path of the backend that knows the user; set by `authenticate`. */
  backend?: string | undefined;
  /** Changes with the password, so that a session ends when it does. Absent: sessions are not checked. */
  get_session_auth_hash?(): string;
  /** The same under the keys of `SECRET_KEY_FALLBACKS`. */
  get_session_auth_fallback_hash?(): Iterable<string>;
  acheck_password?(raw_password: string): Promise<boolean>;
  check_password?(raw_password: string): Maybe<boolean>;
  /** Sets the hash of a password, and does not save. Needed by the pages that set a password. */
  set_password?(raw_password: string | null): Maybe<void>;
  /** Whether a password can match. Absent: what the hash says. */
  has_usable_password?(): boolean;
  asave?(options?: SaveUserOptions): Promise<void>;
  save?(options?: SaveUserOptions): Maybe<void>;
  last_login?: Date | null;
}

/** Options of `save` and `asave` of a user. */
export interface SaveUserOptions {
  /** The attributes that changed. Default: all may have. */
  update_fields?: readonly string[] | undefined;
}

/** Attributes and the values to look for: `{ pk: 1 }`, `{ username: "ann" }`. */
export type UserLookup = Readonly<Record<string, unknown>>;

/** What a store gives: the user, or that there is none. */
export type FoundUser<U> = U | null | undefined;

/**
 * Where users are kept. One that is in memory has `get`; one that has to be waited for has `aget`, and then the user of
 * a request is loaded before the view. Instead of giving nothing it may throw `ObjectDoesNotExist`.
 */
export interface UserManager<U extends AuthUser = AuthUser> {
  get?(lookup: UserLookup): FoundUser<U>;
  aget?(lookup: UserLookup): Promise<FoundUser<U>>;
  /** The user of that name to log in with. Absent: what `get` gives for `USERNAME_FIELD`. */
  get_by_natural_key?(username: string): FoundUser<U>;
  aget_by_natural_key?(username: string): Promise<FoundUser<U>>;
  /**
   * The users with that e-mail address, in whatever case; too many do no harm, they are compared again. Needed by
   * `PasswordResetForm`. In SQL: `WHERE lower(email) = lower(?)`.
   */
  filter_by_email?(email: string): Maybe<Iterable<U>>;
  /** For `RemoteUserBackend`: the user, made if there is none. */
  aget_or_create?(lookup: UserLookup): Promise<[user: U, created: boolean]>;
}

/** What `AUTH_USER_MODEL` is: a class of users, or any object that has these. */
export interface UserModel<U extends AuthUser = AuthUser> {
  readonly objects: UserManager<U>;
  /** The attribute to log in with. Default `username`. */
  readonly USERNAME_FIELD?: string;
  /** The key of a user, out of its text in a session. Default: a whole number as such, anything else as text. */
  pk_to_python?(text: string): unknown;
}

/** What was given to log in: names of credentials and their values, often straight from a form. */
export type Credentials = Readonly<Record<string, unknown>>;

/** A backend: whatever part of this it has. `BaseBackend` has all of it. */
export interface AuthBackend {
  /** Whether these are credentials for `authenticate`; if not, the next backend is asked. Absent: yes. */
  accepts?(credentials: Credentials): boolean;
  authenticate?(request: HttpRequest | null, credentials: Credentials): Maybe<FoundUser<AuthUser>>;
  aauthenticate?(
    request: HttpRequest | null,
    credentials: Credentials,
  ): Promise<FoundUser<AuthUser>>;
  get_user?(user_id: unknown): FoundUser<AuthUser>;
  aget_user?(user_id: unknown): Promise<FoundUser<AuthUser>>;
  has_perm?(user_obj: RequestUser, perm: string, obj?: unknown): boolean;
  ahas_perm?(user_obj: RequestUser, perm: string, obj?: unknown): Promise<boolean>;
  has_module_perms?(user_obj: RequestUser, app_label: string): boolean;
  ahas_module_perms?(user_obj: RequestUser, app_label: string): Promise<boolean>;
  get_user_permissions?(user_obj: RequestUser, obj?: unknown): Set<string>;
  aget_user_permissions?(user_obj: RequestUser, obj?: unknown): Promise<Set<string>>;
  get_group_permissions?(user_obj: RequestUser, obj?: unknown): Set<string>;
  aget_group_permissions?(user_obj: RequestUser, obj?: unknown): Promise<Set<string>>;
  get_all_permissions?(user_obj: RequestUser, obj?: unknown): Set<string>;
  aget_all_permissions?(user_obj: RequestUser, obj?: unknown): Promise<Set<string>>;
  /** Whether `get_user` has to wait, so that the middleware loads the user ahead. @internal */
  readonly _waits?: boolean;
}

/** A class of backends. */
export interface AuthBackendClass {
  new (): AuthBackend;
  /**
   * What sessions call it. To share sessions with Django, Django's dotted path of the backend there. Default: the name
   * of the class.
   */
  readonly path?: string;
}
