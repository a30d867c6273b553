/** The users of the demo, kept in memory: they are gone after a restart. @module */
import { AbstractBaseUser, BaseUserManager, type UserLookup } from "nuages/contrib/auth/base_user";

/** Where users are kept: what the login asks for them. A database would have `aget()` instead of `get()`. */
export class UserManager extends BaseUserManager<User> {
  readonly #users: User[] = [];

  override get({ pk, username }: UserLookup): User | undefined {
    return this.#users.find((user) => user.pk === pk || user.username === username);
  }

  /** For who forgot the password. In SQL: `WHERE lower(email) = lower(?)`. */
  filter_by_email(email: string): User[] {
    return this.#users.filter((user) => user.email.toLowerCase() === email.toLowerCase());
  }

  async create_user(username: string, password: string, email = ""): Promise<User> {
    const user = new User({ pk: this.#users.length + 1, username, email });
    this.#users.push(user); // before anything is waited for, so that the name is taken
    await user.set_password(password);
    return user;
  }
}

/** A user: from the base class come the password, which is kept as a hash only, and what a session needs. */
export class User extends AbstractBaseUser {
  static readonly objects: UserManager = new UserManager();

  declare readonly pk: number;
  declare readonly username: string;
  /** Where a link goes if the password is forgotten; empty: there is none. */
  declare readonly email: string;
}
