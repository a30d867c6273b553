/** Decorators about the CSRF check (Django docs: "How to use CSRF protection"). @module */
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { CsrfViewMiddleware, get_token } from "../../middleware/csrf.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { decorator_from_middleware } from "../../utils/decorators.ts";
import { type AnyView, callable, type ViewDecorator, wraps } from "../../utils/_wrap_view.ts";

/** Checks the requests of one view as `CsrfViewMiddleware` does; with both, it is checked once. */
export const csrf_protect: ViewDecorator = decorator_from_middleware(CsrfViewMiddleware);

/** Rejects nothing, and so logs nothing. */
class EnsureCsrfToken extends CsrfViewMiddleware {
  override _reject(): undefined {}
}

/** Makes the token available to the view's templates, and rejects nothing: for the views of errors. */
export const requires_csrf_token: ViewDecorator = decorator_from_middleware(EnsureCsrfToken);

/** Rejects nothing, and sends the cookie in any case. */
class EnsureCsrfCookie extends EnsureCsrfToken {
  override process_view(
    request: HttpRequest,
    callback: (...args: never[]) => unknown,
    callback_args: unknown[],
    callback_kwargs: Record<string, unknown>,
  ): Maybe<HttpResponseBase> | undefined {
    const answer = super.process_view(request, callback, callback_args, callback_kwargs);
    get_token(request); // so that the cookie is sent
    return answer;
  }
}

/** Sends the cookie, whether or not a template used the token. */
export const ensure_csrf_cookie: ViewDecorator = decorator_from_middleware(EnsureCsrfCookie);

/** Keeps the view from being checked. On a class-based view it belongs on `dispatch`, or on what `as_view()` gives. */
export function csrf_exempt<V extends AnyView>(view_func: V): V {
  const view = callable(view_func);
  const wrapper = wraps(view_func, function (this: unknown, request, ...args) {
    return Reflect.apply(view, this, [request, ...args]);
  });
  return Object.assign(wrapper, { csrf_exempt: true });
}
