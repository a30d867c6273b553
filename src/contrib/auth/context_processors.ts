/** The user and what they may do, for templates. @module */
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import { define_repr, repr, str } from "../../utils/_python.ts";
import { SimpleLazyObject } from "../../utils/functional.ts";
import { AnonymousUser } from "./models.ts";

interface Permitted extends RequestUser {
  has_perm?(perm: string): boolean;
  has_module_perms?(app_label: string): boolean;
  get_all_permissions?(): Set<string>;
}

function not_iterable(name: string): TypeError {
  return new TypeError(`${name} cannot be iterated; ask it for a permission by name.`);
}

/** The permissions of a user in one application: `perms.app.action`. */
export class PermLookupDict {
  static {
    define_repr(this.prototype, ({ user }) => str(user.get_all_permissions?.() ?? new Set()));
  }

  readonly user: Permitted;
  readonly app_label: string;

  constructor(user: RequestUser, app_label: string) {
    this.user = user;
    this.app_label = app_label;
  }

  /** Whether the user may do that. */
  getitem(perm_name: string): boolean {
    return this.user.has_perm?.(`${this.app_label}.${perm_name}`) ?? false;
  }

  /** The same as `getitem`. */
  has(perm_name: string): boolean {
    return this.getitem(perm_name);
  }

  /** Whether the user may do anything in the application. @internal */
  __bool__(): boolean {
    return this.user.has_module_perms?.(this.app_label) ?? false;
  }

  /** @throws TypeError always. */
  [Symbol.iterator](): never {
    throw not_iterable("PermLookupDict");
  }
}

/** The permissions of a user: `perms.app.action`, or `"app.action" in perms`. */
export class PermWrapper {
  static {
    define_repr(this.prototype, ({ user }) => `PermWrapper(${repr(user)})`);
  }

  readonly user: RequestUser;

  constructor(user: RequestUser) {
    this.user = user;
  }

  /** The permissions in one application. */
  getitem(app_label: string): PermLookupDict {
    return new PermLookupDict(this.user, app_label);
  }

  /** Whether the user may do `app.action`, or anything in `app`. */
  has(perm_name: string): boolean {
    const dot = perm_name.indexOf(".");
    if (dot < 0) return this.getitem(perm_name).__bool__();
    return this.getitem(perm_name.slice(0, dot)).getitem(perm_name.slice(dot + 1));
  }

  /** @throws TypeError always. */
  [Symbol.iterator](): never {
    throw not_iterable("PermWrapper");
  }
}

/** What the context processor adds. */
export interface AuthContext {
  user: RequestUser;
  perms: PermWrapper;
}

/** Adds `user` and `perms`. Neither asks who the user is before the template does. */
export function auth(request: HttpRequest): AuthContext {
  const user: RequestUser = request._has_user
    ? new SimpleLazyObject(() => request.user)
    : new AnonymousUser();
  return { user, perms: new PermWrapper(user) };
}
