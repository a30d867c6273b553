/** Decorators about caching (Django docs: View decorators, "Caching"). @module */
import { CacheMiddleware } from "../../middleware/cache.ts";
import {
  add_never_cache_headers,
  type CacheControl,
  patch_cache_control,
} from "../../utils/cache.ts";
import { decorator_from_middleware_with_args } from "../../utils/decorators.ts";
import {
  type AnyView,
  callable,
  type ViewDecorator,
  with_response,
  wraps,
} from "../../utils/_wrap_view.ts";

/** Options of `cache_page`. */
export interface CachePageOptions {
  /** The alias of the cache. Default `default`. */
  cache?: string | null | undefined;
  /** Default `CACHE_MIDDLEWARE_KEY_PREFIX`. */
  key_prefix?: string | null | undefined;
}

const cached = decorator_from_middleware_with_args(CacheMiddleware);

/** Keeps the view's responses in the cache. @param timeout Seconds; it beats the response's own `max-age`. */
export function cache_page(timeout: number, options: CachePageOptions = {}): ViewDecorator {
  const { cache = null, key_prefix = null } = options;
  return cached({ page_timeout: timeout, cache_alias: cache, key_prefix });
}

/** @throws TypeError at a call without a request: a method was decorated without `method_decorator`. */
function checked<V extends AnyView>(view_func: V, name: string): V {
  const view = callable(view_func);
  return wraps(view_func, function (this: unknown, request: unknown, ...args: unknown[]) {
    if (typeof request !== "object" || request === null || !("META" in request))
      throw new TypeError(
        `${name} got no request. Decorate a method with method_decorator(${name}).`,
      );
    return Reflect.apply(view, this, [request, ...args]);
  });
}

/** Adds directives to Cache-Control; see `patch_cache_control`. */
export function cache_control(directives: CacheControl = {}): ViewDecorator {
  return (view_func) =>
    checked(
      with_response(view_func, (response) => patch_cache_control(response, directives)),
      "cache_control",
    );
}

/** Says that no cache may keep the response. */
export function never_cache<V extends AnyView>(view_func: V): V {
  return checked(with_response(view_func, add_never_cache_headers), "never_cache");
}
