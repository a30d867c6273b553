/** Class-based views for those who may (Django docs: Limiting access to logged-in users). @module */
import {
  AttributeError,
  ImproperlyConfigured,
  NotImplementedError,
  PermissionDenied,
} from "../../core/exceptions.ts";
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import type { RedirectTarget } from "../../urls/_resolve_url.ts";
import { and_then, type Maybe } from "../../utils/_promise.ts";
import { repr } from "../../utils/_python.ts";
import { View, type ViewClass } from "../../views/generic/base.ts";
import { ask_to_log_in, login_target } from "./_login_redirect.ts";
import { REDIRECT_FIELD_NAME } from "./_session_keys.ts";

/** A class of views with the members of a mixin. */
export type Mixed<M extends View, B extends ViewClass> = Omit<B, "prototype"> & {
  readonly prototype: InstanceType<B> & M;
  new (initkwargs?: Record<string, unknown>): InstanceType<B> & M;
};

/**
 * What the views below have in common. They are views to derive from; `LoginRequiredMixin.over(TemplateView)` is the same
 * for a view of another class.
 */
export class AccessMixin extends View {
  /** In place of `LOGIN_URL`. */
  declare login_url: RedirectTarget | null;
  /** The message of the 403. */
  declare permission_denied_message: string;
  /** Whether who is not logged in gets a 403, too. */
  declare raise_exception: boolean;
  /** The field of the query that says where to go after login. */
  declare redirect_field_name: string | null;

  static {
    const { prototype } = this;
    prototype.login_url = null;
    prototype.permission_denied_message = "";
    prototype.raise_exception = false;
    prototype.redirect_field_name = REDIRECT_FIELD_NAME;
  }

  /** A view of another class with the attributes and methods of this one, whose `dispatch` comes before its own. */
  static over<M extends AccessMixin, B extends ViewClass>(this: new () => M, base: B): Mixed<M, B> {
    const own = this.prototype as M; // of a class that makes M
    const refusal = own._refusal;
    const mixed = class extends (base as ViewClass) {
      override dispatch(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
        return and_then(
          Reflect.apply(refusal, this, [request]),
          (refused) => refused ?? super.dispatch(request, ...args),
        );
      }
    };
    for (const [name, member] of members_of(own))
      Object.defineProperty(mixed.prototype, name, member);
    Object.defineProperty(mixed, "name", { value: base.name });
    return mixed as unknown as Mixed<M, B>; // it has the members of both
  }

  /** @throws ImproperlyConfigured if there is none. */
  get_login_url(): RedirectTarget {
    return login_target(this.login_url);
  }

  get_permission_denied_message(): string {
    return this.permission_denied_message;
  }

  get_redirect_field_name(): string | null {
    return this.redirect_field_name;
  }

  /** To the login page. @throws PermissionDenied if somebody is logged in. */
  handle_no_permission(): HttpResponseBase {
    if (this.raise_exception || this.request.user.is_authenticated)
      throw new PermissionDenied(this.get_permission_denied_message());
    return ask_to_log_in(this.request, {
      login_url: this.get_login_url(),
      redirect_field_name: this.get_redirect_field_name(),
    });
  }

  /** The answer to who may not see the view; nothing for who may. @internal */
  _refusal(_request: HttpRequest): Maybe<HttpResponseBase | undefined> {
    return undefined;
  }

  override dispatch(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return and_then(
      this._refusal(request),
      (refused) => refused ?? super.dispatch(request, ...args),
    );
  }
}

/** The members of a mixin up to `View`, those of derived classes last. */
function members_of(mixin: AccessMixin): [string, PropertyDescriptor][] {
  const levels: [string, PropertyDescriptor][][] = [];
  let level: object = mixin;
  while (level !== View.prototype) {
    levels.unshift(Object.entries(Object.getOwnPropertyDescriptors(level)));
    level = Object.getPrototypeOf(level) as object; // View is above every mixin
  }
  return levels.flat().filter(([name]) => name !== "constructor" && name !== "dispatch");
}

/** For who is logged in. */
export class LoginRequiredMixin extends AccessMixin {
  override _refusal(request: HttpRequest): HttpResponseBase | undefined {
    return request.user.is_authenticated ? undefined : this.handle_no_permission();
  }
}

/** What users with permissions have. */
interface Permitted extends RequestUser {
  has_perms?(perm_list: Iterable<string>): boolean;
}

/** For who has the permissions. */
export class PermissionRequiredMixin extends AccessMixin {
  /** One permission, or several of which all are needed. */
  declare permission_required: string | Iterable<string> | null;

  static {
    this.prototype.permission_required = null;
  }

  /** @throws ImproperlyConfigured if the class names none. */
  get_permission_required(): Iterable<string> {
    const required = this.permission_required;
    if (required === null)
      throw new ImproperlyConfigured(
        `${this.constructor.name} needs permission_required, or a get_permission_required() of its own.`,
      );
    return typeof required === "string" ? [required] : required;
  }

  /** Whether the user has them. @throws AttributeError for a user without `has_perms`. */
  has_permission(): Maybe<boolean> {
    const user: Permitted = this.request.user;
    if (user.has_perms !== undefined) return user.has_perms(this.get_permission_required());
    throw new AttributeError(
      `${repr(user)} has no has_perms(): derive the class of users from PermissionsMixin.`,
    );
  }

  override _refusal(_request: HttpRequest): Maybe<HttpResponseBase | undefined> {
    return and_then(this.has_permission(), (allowed) =>
      allowed ? undefined : this.handle_no_permission(),
    );
  }
}

/** For who passes a test. */
export class UserPassesTestMixin extends AccessMixin {
  /** Whether `this.request.user` passes. */
  test_func(): Maybe<boolean> {
    throw new NotImplementedError(`${this.constructor.name} must have test_func().`);
  }

  /** The test. */
  get_test_func(): () => Maybe<boolean> {
    return () => this.test_func();
  }

  override _refusal(_request: HttpRequest): Maybe<HttpResponseBase | undefined> {
    return and_then(this.get_test_func()(), (passes) =>
      passes ? undefined : this.handle_no_permission(),
    );
  }
}
