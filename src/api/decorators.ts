/** Decorators of views for APIs. @module */
import { type AnyView, with_response } from "../utils/_wrap_view.ts";

/** Keeps `GZipMiddleware` from compressing the responses of a view: what a stream gives is sent at once, as it is. */
export function no_compress<V extends AnyView>(view_func: V): V {
  return with_response(view_func, (response) => {
    response.no_compress = true;
  });
}
