/** Decorators about frames (Django docs: Clickjacking, "Setting X-Frame-Options per view"). @module */
import { type AnyView, with_response } from "../../utils/_wrap_view.ts";

/** `X-Frame-Options: DENY`, unless the view set the header. */
export function xframe_options_deny<V extends AnyView>(view_func: V): V {
  return with_response(view_func, (response) => response.setdefault("X-Frame-Options", "DENY"));
}

/** `X-Frame-Options: SAMEORIGIN`, unless the view set the header. */
export function xframe_options_sameorigin<V extends AnyView>(view_func: V): V {
  return with_response(view_func, (response) => {
    response.setdefault("X-Frame-Options", "SAMEORIGIN");
  });
}

/** Keeps the middleware from sending the header. */
export function xframe_options_exempt<V extends AnyView>(view_func: V): V {
  return with_response(view_func, (response) => {
    response.xframe_options_exempt = true;
  });
}
