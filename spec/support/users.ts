/** Users for specs, at hand or to be waited for, with passwords that are quick to check. @module */
import { after, before } from "mocha";
import type { Settings } from "nuages/conf";
import { MessageMiddleware } from "nuages/contrib/messages";
import { SessionMiddleware } from "nuages/contrib/sessions";
import type { UserLookup } from "nuages/contrib/auth";
import { BaseUserManager } from "nuages/contrib/auth/base_user";
import { make_password, PBKDF2PasswordHasher } from "nuages/contrib/auth/hashers";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { PermissionsMixin } from "nuages/contrib/auth/models";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { override_settings } from "nuages/test";

/** The real hasher, with hardly any work. */
export class QuickHasher extends PBKDF2PasswordHasher {
  static {
    this.prototype.iterations = 1;
  }
  /** How many passwords were hashed. */
  static runs = 0;

  override async encode(...args: Parameters<PBKDF2PasswordHasher["encode"]>): Promise<string> {
    QuickHasher.runs += 1;
    return super.encode(...args);
  }
}

/** A user of a spec. */
export class User extends PermissionsMixin {
  declare readonly pk: number;
  declare readonly username: string;
  declare readonly email: string | undefined;
}

/** Users in memory. */
export class Users extends BaseUserManager<User> {
  readonly list: User[] = [];
  /** How often somebody was looked for. */
  lookups = 0;

  override get({ pk, username }: UserLookup): User | undefined {
    this.lookups += 1;
    return this.list.find((user) => user.pk === pk || user.username === username);
  }

  /** How often somebody was looked for by address. */
  email_lookups = 0;

  /** As a database with a generous collation finds them: letters that look alike are alike. */
  filter_by_email(email: string): User[] {
    this.email_lookups += 1;
    const alike = (text: string): string => text.normalize("NFKD").toUpperCase();
    return this.list.filter((user) => alike(user.email ?? "") === alike(email));
  }

  async create_user(
    username: string,
    password: string | null,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<User> {
    const user = new User({ pk: this.list.length + 1, username, ...more });
    user.password = await make_password(password);
    this.list.push(user);
    return user;
  }
}

/** The same users, somewhere else. */
export class DistantUsers extends BaseUserManager<User> {
  readonly users: Users;
  failure: Error | undefined;

  constructor(users: Users) {
    super();
    this.users = users;
  }

  override async aget(lookup: UserLookup): Promise<User | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failure !== undefined) throw this.failure;
    return this.users.get(lookup);
  }

  async filter_by_email(email: string): Promise<User[]> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failure !== undefined) throw this.failure;
    return this.users.filter_by_email(email);
  }
}

/** A site with users, in force while the specs of this `describe` run. */
export interface SiteWithUsers {
  readonly users: Users;
  /** The user of that name. */
  user(username: string): User;
}

/** `ann` with the password `secret`, `bob` with `hidden`, `eve` who is not active, and `una` without a password. */
export function site_with_users(settings: Partial<Settings> = {}): SiteWithUsers {
  const users = new Users();
  const site = override_settings({
    PASSWORD_HASHERS: [QuickHasher],
    AUTH_USER_MODEL: { objects: users, USERNAME_FIELD: "username" },
    MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, MessageMiddleware],
    ...settings,
  });
  before(async () => {
    site.enable();
    await users.create_user("ann", "secret", { email: "ann@example.com" });
    await users.create_user("bob", "hidden", { user_permissions: ["polls.vote"] });
    await users.create_user("eve", "secret", { is_active: false });
    await users.create_user("una", null);
  });
  after(() => site.disable());
  return {
    users,
    user(username) {
      const found = users.get({ username });
      if (found === undefined) throw new Error(`There is no ${username}.`);
      return found;
    },
  };
}

/** A view that greets whoever is logged in. */
export function hello(request: HttpRequest): HttpResponse {
  return new HttpResponse(`hello ${request.user.get_username()}`);
}
