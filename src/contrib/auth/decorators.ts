/** Decorators about who may see a view (Django docs: Limiting access to logged-in users). @module */
import { AttributeError, PermissionDenied } from "../../core/exceptions.ts";
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import type { RedirectTarget } from "../../urls/_resolve_url.ts";
import { and_then, type Maybe } from "../../utils/_promise.ts";
import { repr } from "../../utils/_python.ts";
import { type AnyView, callable, type ViewDecorator, wraps } from "../../utils/_wrap_view.ts";
import { ask_to_log_in, type RedirectToLoginOptions } from "./_login_redirect.ts";
import type { LoginMarks } from "./middleware.ts";

/** Options of `login_required` and `user_passes_test`. */
export type LoginRequiredOptions = RedirectToLoginOptions;

/** Options of `permission_required`. */
export interface PermissionRequiredOptions {
  /** A URL, the name of a view, or a view. Default `settings.LOGIN_URL`. */
  login_url?: RedirectTarget | null | undefined;
  /** Whether who lacks the permission gets a 403 instead of the login page. Default `false`. */
  raise_exception?: boolean | undefined;
}

/** Lets only users through who pass the test; the others go to the login page. */
export function user_passes_test(
  test_func: (user: RequestUser) => Maybe<boolean>,
  options: LoginRequiredOptions = {},
): ViewDecorator {
  const { login_url = null, redirect_field_name = "next" } = options;
  const ask = (request: HttpRequest): ReturnType<typeof ask_to_log_in> =>
    ask_to_log_in(request, { login_url, redirect_field_name });
  return (view_func) => {
    const view = callable(view_func);
    const checked = function (
      this: unknown,
      request: HttpRequest,
      ...args: unknown[]
    ): ReturnType<typeof view> {
      return and_then(test_func(request.user), (passes) =>
        passes ? Reflect.apply(view, this, [request, ...args]) : ask(request),
      );
    };
    // for LoginRequiredMiddleware; what the view has of it itself stays
    return wraps(view_func, Object.assign(checked, { login_url, redirect_field_name }));
  };
}

/** Lets only those through who are logged in. `login_required(view)`, or `login_required(null, { … })(view)`. */
export function login_required<V extends AnyView>(function_: V, options?: LoginRequiredOptions): V;
export function login_required(function_?: null, options?: LoginRequiredOptions): ViewDecorator;
export function login_required(
  function_?: AnyView | null,
  options: LoginRequiredOptions = {},
): AnyView | ViewDecorator {
  const decorate = user_passes_test((user) => user.is_authenticated, options);
  return function_ ? decorate(function_) : decorate;
}

/** Exempts a view from `LoginRequiredMiddleware`; the view itself is marked. */
export function login_not_required<V extends AnyView>(view_func: V): V {
  const mark: LoginMarks = { login_required: false };
  return Object.assign(view_func, mark);
}

/** What users with permissions have. */
interface Permitted {
  has_perms?(perm_list: Iterable<string>): boolean;
  ahas_perms?(perm_list: Iterable<string>): Promise<boolean>;
}

function has_perms(user: RequestUser & Permitted, perms: readonly string[]): Maybe<boolean> {
  if (user.ahas_perms !== undefined) return user.ahas_perms(perms);
  if (user.has_perms !== undefined) return user.has_perms(perms);
  throw new AttributeError(
    `${repr(user)} has no has_perms(): derive the class of users from PermissionsMixin.`,
  );
}

/** Lets only users through who may do that; a list asks for all of it. */
export function permission_required(
  perm: string | readonly string[],
  options: PermissionRequiredOptions = {},
): ViewDecorator {
  const perms = typeof perm === "string" ? [perm] : perm;
  const { login_url, raise_exception = false } = options;
  const check = (user: RequestUser): Maybe<boolean> =>
    and_then(has_perms(user, perms), (allowed) => {
      if (!allowed && raise_exception)
        throw new PermissionDenied(`This needs the permission ${perms.join(", ")}.`);
      return allowed;
    });
  return user_passes_test(check, { login_url });
}
