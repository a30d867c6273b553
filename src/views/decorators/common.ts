/** Decorators for what `CommonMiddleware` does (Django docs: View decorators, "Common"). @module */
import { type AnyView, callable, wraps } from "../../utils/_wrap_view.ts";

/** Keeps `APPEND_SLASH` from redirecting to the view's URL. */
export function no_append_slash<V extends AnyView>(view_func: V): V {
  const view = callable(view_func);
  const wrapper = wraps(view_func, function (this: unknown, request, ...args) {
    return Reflect.apply(view, this, [request, ...args]);
  });
  return Object.assign(wrapper, { should_append_slash: false });
}
