/**
 * The page cache (Django docs: "The per-site cache"). `UpdateCacheMiddleware` comes first in `MIDDLEWARE`, so that it is
 * the last to see a response; `FetchFromCacheMiddleware` last, so that it answers before the view. @module
 */
import { settings } from "../conf/index.ts";
import { type BaseCache, caches, DEFAULT_CACHE_ALIAS } from "../core/cache/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import { find_cache_key, note_cache_key, read_cache, write_cache } from "../utils/_cache_keys.ts";
import { time } from "../utils/_clock.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { truthy } from "../utils/_python.ts";
import {
  get_max_age,
  has_vary_header,
  patch_response_headers,
  patch_vary_headers,
} from "../utils/cache.ts";
import { type GetResponse, MiddlewareMixin } from "../utils/deprecation.ts";
import { parse_http_date_safe, split_directive_names } from "../utils/http.ts";
import { restore_response, store_response } from "./_stored_response.ts";

const NOT_SHARED = ["private", "no-cache", "no-store"];

/** What the three classes have: where the pages are. The settings are read once, when the middleware is made. */
abstract class PageCache extends MiddlewareMixin {
  /** Seconds that a page is kept if its response does not say. */
  cache_timeout: number;
  /** Seconds that a page is kept, whatever its response says; `null`: as it says. */
  page_timeout: number | null;
  key_prefix: string;
  cache_alias: string;

  constructor(get_response: GetResponse) {
    super(get_response);
    this.cache_timeout = settings.CACHE_MIDDLEWARE_SECONDS;
    this.page_timeout = null;
    this.key_prefix = settings.CACHE_MIDDLEWARE_KEY_PREFIX;
    this.cache_alias = settings.CACHE_MIDDLEWARE_ALIAS;
  }

  /** The cache of `cache_alias`. */
  get cache(): BaseCache {
    return caches.getitem(this.cache_alias);
  }
}

/** Keeps responses to GET and HEAD with status 200, if they say nothing against it. */
export class UpdateCacheMiddleware extends PageCache {
  override process_response(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Maybe<HttpResponseBase> {
    return update(this, request, response);
  }
}

/** Answers from the cache. */
export class FetchFromCacheMiddleware extends PageCache {
  override process_request(request: HttpRequest): Maybe<HttpResponseBase | undefined> {
    return fetch_page(this, request);
  }
}

/** Options of `CacheMiddleware`. */
export interface CacheMiddlewareOptions {
  /** Default `CACHE_MIDDLEWARE_SECONDS`. */
  cache_timeout?: number | null | undefined;
  /** Beats what the response says. Default: nothing does. */
  page_timeout?: number | null | undefined;
  /** `null` stands for `""`. Default `CACHE_MIDDLEWARE_KEY_PREFIX`. */
  key_prefix?: string | null | undefined;
  /** `null` stands for `default`. Default `CACHE_MIDDLEWARE_ALIAS`. */
  cache_alias?: string | null | undefined;
}

/** Both in one, for a site without other middleware that matters to the cache; `cache_page` is made of it. */
export class CacheMiddleware extends PageCache {
  constructor(get_response: GetResponse, options: CacheMiddlewareOptions = {}) {
    super(get_response);
    const { cache_timeout, page_timeout, key_prefix, cache_alias } = options;
    if (key_prefix !== undefined) this.key_prefix = key_prefix ?? "";
    if (cache_alias !== undefined) this.cache_alias = cache_alias ?? DEFAULT_CACHE_ALIAS;
    this.cache_timeout = cache_timeout ?? this.cache_timeout;
    this.page_timeout = page_timeout ?? null;
  }

  override process_request(request: HttpRequest): Maybe<HttpResponseBase | undefined> {
    return fetch_page(this, request);
  }

  override process_response(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Maybe<HttpResponseBase> {
    return update(this, request, response);
  }
}

/** The stored response to the request, if there is one. A HEAD is answered from a GET's. */
function fetch_page(
  middleware: PageCache,
  request: HttpRequest,
): Maybe<HttpResponseBase | undefined> {
  const { method } = request;
  request._cache_update_cache = false;
  if (method !== "GET" && method !== "HEAD") return undefined;
  return and_then(find_page(middleware, request, "GET"), (page) => {
    const found =
      page === undefined && method === "HEAD" ? find_page(middleware, request, "HEAD") : page;
    return and_then(found, (response) => {
      if (response === undefined) request._cache_update_cache = true;
      else set_age(response);
      return response;
    });
  });
}

function find_page(
  { cache, key_prefix }: PageCache,
  request: HttpRequest,
  method: string,
): Maybe<HttpResponseBase | undefined> {
  return and_then(find_cache_key(request, { key_prefix, method, cache }), (key) =>
    key === undefined
      ? undefined
      : and_then(read_cache(cache, key), (stored) => restore_response(request, stored)),
  );
}

/** RFC 9111 §5.1. */
function set_age(response: HttpResponseBase): void {
  const max_age = get_max_age(response);
  const expires = parse_http_date_safe(response.get("Expires", ""));
  if (max_age === undefined || expires === undefined) return;
  const left = expires - Math.trunc(time());
  response.set("Age", Math.max(0, max_age - left)); // the clock may have been set back
}

function update(
  middleware: PageCache,
  request: HttpRequest,
  response: HttpResponseBase,
): Maybe<HttpResponseBase> {
  if (!request._cache_update_cache || !(response instanceof HttpResponse)) return response;
  if (response.status_code !== 200 && response.status_code !== 304) return response;
  const directives = new Set(split_directive_names(response.get("Cache-Control", "")));
  if (truthy(request.csp_nonce)) return response; // its page has a nonce, which is good for once
  if (is_personal(response) || NOT_SHARED.some((name) => directives.has(name))) return response;
  const timeout = timeout_of(middleware, response);
  if (timeout === undefined) return response;
  patch_response_headers(response, { cache_timeout: timeout });
  // RFC 9111 §3.5
  if (request._meta_value("HTTP_AUTHORIZATION") && !directives.has("public"))
    patch_vary_headers(response, ["Authorization"]);
  if (timeout === 0 || response.status_code !== 200) return response;
  return and_then(keep(middleware, request, response, timeout), () => response);
}

/** Whether the response is for this client alone: a cookie that belongs to what it varies on, or a Vary of everything. */
function is_personal(response: HttpResponseBase): boolean {
  return (
    (response._has_cookies && has_vary_header(response, "Cookie")) || has_vary_header(response, "*")
  );
}

/** Seconds to keep the response; `undefined` if its own `max-age` is 0. */
function timeout_of(middleware: PageCache, response: HttpResponseBase): number | undefined {
  if (middleware.page_timeout !== null) return middleware.page_timeout;
  const max_age = get_max_age(response);
  return max_age === 0 ? undefined : (max_age ?? middleware.cache_timeout);
}

function keep(
  { cache, key_prefix }: PageCache,
  request: HttpRequest,
  response: HttpResponse,
  cache_timeout: number,
): Maybe<void> {
  const key = note_cache_key(request, response, { cache_timeout, key_prefix, cache });
  return and_then(key, (made) => write_cache(cache, made, store_response(response), cache_timeout));
}
