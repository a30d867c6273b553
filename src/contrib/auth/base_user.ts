/** What a class of users starts from (Django docs: Customizing authentication in Django). @module */
import { settings } from "../../conf/index.ts";
import { SynchronousOnlyOperation } from "../../core/exceptions.ts";
import { mark_altering } from "../../utils/_alters_data.ts";
import { define_repr, repr, str } from "../../utils/_python.ts";
import { strip } from "../../utils/_whitespace.ts";
import { type BytesOrText, get_random_string, salted_hmac } from "../../utils/crypto.ts";
import type { AuthUser, FoundUser, SaveUserOptions, UserLookup, UserManager } from "./_types.ts";
import {
  check_password,
  is_password_usable,
  make_password,
  UNUSABLE_PASSWORD_PREFIX,
  UNUSABLE_PASSWORD_SUFFIX_LENGTH,
} from "./hashers.ts";

export type { SaveUserOptions, UserLookup } from "./_types.ts";

/** A store of users: a subclass has `get`, or `aget` where the storage has to be waited for. */
export abstract class BaseUserManager<U extends AuthUser = AuthUser> implements UserManager<U> {
  /** The attribute to log in with. */
  declare USERNAME_FIELD: string;

  static {
    this.prototype.USERNAME_FIELD = "username";
  }

  /** The address with its domain in lower case; the part before the `@` is left alone. */
  static normalize_email(email: string | null | undefined): string {
    const given = email ?? "";
    const stripped = strip(given);
    const at = stripped.lastIndexOf("@");
    return at < 0 ? given : stripped.slice(0, at + 1) + stripped.slice(at + 1).toLowerCase();
  }

  /** The user with these attributes. */
  get(_lookup: UserLookup): FoundUser<U> {
    throw new SynchronousOnlyOperation(
      `${this.constructor.name} has no get(): its users have to be waited for, with aget().`,
    );
  }

  async aget(lookup: UserLookup): Promise<FoundUser<U>> {
    return this.get(lookup);
  }

  /** The user of that name. */
  get_by_natural_key(username: string): FoundUser<U> {
    return this.get({ [this.USERNAME_FIELD]: username });
  }

  async aget_by_natural_key(username: string): Promise<FoundUser<U>> {
    return this.get_by_natural_key === BaseUserManager.prototype.get_by_natural_key
      ? this.aget({ [this.USERNAME_FIELD]: username })
      : this.get_by_natural_key(username);
  }
}

const HASH_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

/**
 * A user who logs in with a password. A subclass has a `pk`, and the attribute that its static `USERNAME_FIELD` names.
 * It declares its attributes (`declare email: string`): a field would undo what the constructor was given.
 */
export abstract class AbstractBaseUser implements AuthUser {
  static {
    define_repr(this.prototype, (user) => `<${user.constructor.name}: ${user}>`);
    this.prototype.password = "";
    this.prototype.last_login = null;
    this.prototype.is_active = true;
    const methods = ["save", "asave", "delete", "adelete"];
    mark_altering(this.prototype, [...methods, "set_password", "set_unusable_password"]);
  }

  /** The attribute to log in with. */
  static readonly USERNAME_FIELD: string = "username";
  /** The attribute with the address to write to. */
  static readonly EMAIL_FIELD: string = "email";
  /** What else a user must have; for programs that make users. */
  static readonly REQUIRED_FIELDS: readonly string[] = [];

  /** The hash of the password. */
  declare password: string;
  /** When the user last logged in. */
  declare last_login: Date | null;
  /** Whether the user may log in. */
  declare is_active: boolean;
  /** The path of the backend that knows the user; set by `authenticate`. */
  declare backend?: string | undefined;
  /** The key of the user in its store. */
  declare readonly pk?: unknown;

  /**
   * @param fields Attributes to set.
   * @throws TypeError for the name of a method, or of what cannot be set.
   */
  constructor(fields: Readonly<Record<string, unknown>> = {}) {
    for (const [name, value] of Object.entries(fields)) {
      const is_free = name !== "__proto__" && typeof Reflect.get(this, name) !== "function";
      if (!is_free || !Reflect.set(this, name, value))
        throw new TypeError(`${this.constructor.name} has no attribute ${repr(name)} to set.`);
    }
  }

  /** The name of the attribute to log in with. */
  static #username_field(user: AbstractBaseUser): string {
    return (user.constructor as typeof AbstractBaseUser).USERNAME_FIELD; // a class of users is below this one
  }

  /** Always true: this is somebody. */
  get is_authenticated(): true {
    return true;
  }

  /** Always false. */
  get is_anonymous(): false {
    return false;
  }

  /** The name to log in with. */
  get_username(): string {
    return str(Reflect.get(this, AbstractBaseUser.#username_field(this)) ?? "");
  }

  /** Normalizes the name. For programs that make users. */
  clean(): void {
    const name = AbstractBaseUser.normalize_username(this.get_username());
    Reflect.set(this, AbstractBaseUser.#username_field(this), name);
  }

  /** The name, as a store is asked for it. */
  natural_key(): [username: string] {
    return [this.get_username()];
  }

  /** Stores the user. This one does nothing: right where the object itself is what is stored. */
  save(_options: SaveUserOptions = {}): void {}

  /** Stores the user where that has to be waited for. */
  async asave(options: SaveUserOptions = {}): Promise<void> {
    this.save(options);
  }

  /** Sets the hash of a password; `null`: none will match. Does not save. */
  async set_password(raw_password: BytesOrText | null): Promise<void> {
    this.password = await make_password(raw_password);
  }

  /** Whether it is the user's password. If its hash is outdated, a new one is set and saved. */
  async check_password(raw_password: BytesOrText): Promise<boolean> {
    return check_password(raw_password, this.password, {
      setter: async (password) => {
        await this.set_password(password);
        await this.asave({ update_fields: ["password"] });
      },
    });
  }

  /** The same as `check_password`. */
  async acheck_password(raw_password: BytesOrText): Promise<boolean> {
    return this.check_password(raw_password);
  }

  /** Sets a hash that no password matches. Does not save. */
  set_unusable_password(): void {
    this.password = UNUSABLE_PASSWORD_PREFIX + get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH);
  }

  /** Whether a password can match. */
  has_usable_password(): boolean {
    return is_password_usable(this.password);
  }

  /** What sessions know of the password: they end when it changes. */
  get_session_auth_hash(): string {
    return this._get_session_auth_hash();
  }

  /** The same under the keys of `SECRET_KEY_FALLBACKS`. */
  *get_session_auth_fallback_hash(): Generator<string, void> {
    for (const secret of settings.SECRET_KEY_FALLBACKS) yield this._get_session_auth_hash(secret);
  }

  /** @internal */
  _get_session_auth_hash(secret?: BytesOrText): string {
    return salted_hmac(HASH_SALT, this.password, { secret, algorithm: "sha256" }).hexdigest();
  }

  /** The name of the attribute with the address to write to. */
  static get_email_field_name(): string {
    return this.EMAIL_FIELD;
  }

  /** The name in Unicode's form NFKC, so that what looks alike is alike. */
  static normalize_username<T>(username: T): T | string {
    return typeof username === "string" ? username.normalize("NFKC") : username;
  }

  toString(): string {
    return this.get_username();
  }
}
