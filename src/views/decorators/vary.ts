/** Decorators about Vary (Django docs: View decorators, "Vary headers"). @module */
import { type AnyView, type ViewDecorator, with_response } from "../../utils/_wrap_view.ts";
import { patch_vary_headers } from "../../utils/cache.ts";

/** Adds these headers to Vary. */
export function vary_on_headers(...headers: string[]): ViewDecorator {
  return (view_func) =>
    with_response(view_func, (response) => patch_vary_headers(response, headers));
}

/** Adds Cookie to Vary. */
export function vary_on_cookie<V extends AnyView>(view_func: V): V {
  return vary_on_headers("Cookie")(view_func);
}
