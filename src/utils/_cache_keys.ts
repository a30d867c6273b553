/** The keys under which the page cache keeps responses, and what they vary on. @module */
import { createHash } from "node:crypto";
import { settings } from "../conf/index.ts";
import { BaseCache, caches } from "../core/cache/index.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { and_then, type Maybe } from "./_promise.ts";
import { task } from "./_task.ts";
import { split_header_value } from "./http.ts";

/** Options of `get_cache_key`. */
export interface GetCacheKeyOptions {
  /** Default `CACHE_MIDDLEWARE_KEY_PREFIX`. */
  key_prefix?: string | null | undefined;
  /** The method whose response is wanted. Default `GET`. */
  method?: string | undefined;
  /** Default the cache `CACHE_MIDDLEWARE_ALIAS`. */
  cache?: BaseCache | null | undefined;
}

/** Options of `learn_cache_key`. */
export interface LearnCacheKeyOptions {
  /** In seconds. Default `CACHE_MIDDLEWARE_SECONDS`. */
  cache_timeout?: number | null | undefined;
  /** Default `CACHE_MIDDLEWARE_KEY_PREFIX`. */
  key_prefix?: string | null | undefined;
  /** Default the cache `CACHE_MIDDLEWARE_ALIAS`. */
  cache?: BaseCache | null | undefined;
}

/** The key of the stored response to such a request; `undefined` until `learn_cache_key` has seen one. */
export async function get_cache_key(
  request: HttpRequest,
  options: GetCacheKeyOptions = {},
): Promise<string | undefined> {
  return find_cache_key(request, options);
}

/** `get_cache_key`, at once if the cache is in memory. @internal */
export function find_cache_key(
  request: HttpRequest,
  options: GetCacheKeyOptions,
): Maybe<string | undefined> {
  const prefix = options.key_prefix ?? settings.CACHE_MIDDLEWARE_KEY_PREFIX;
  const cache = options.cache ?? caches.getitem(settings.CACHE_MIDDLEWARE_ALIAS);
  return and_then(read_cache(cache, header_key(prefix, request)), (names) => {
    if (!Array.isArray(names)) return undefined;
    return page_key(request, options.method ?? "GET", names.map(String), prefix);
  });
}

/** Notes which headers of the request the response varies on; the key to keep the response under. */
export async function learn_cache_key(
  request: HttpRequest,
  response: HttpResponseBase,
  options: LearnCacheKeyOptions = {},
): Promise<string> {
  return note_cache_key(request, response, options);
}

/** `learn_cache_key`, at once if the cache is in memory. @internal */
export function note_cache_key(
  request: HttpRequest,
  response: HttpResponseBase,
  options: LearnCacheKeyOptions,
): Maybe<string> {
  const prefix = options.key_prefix ?? settings.CACHE_MIDDLEWARE_KEY_PREFIX;
  const timeout = options.cache_timeout ?? settings.CACHE_MIDDLEWARE_SECONDS;
  const cache = options.cache ?? caches.getitem(settings.CACHE_MIDDLEWARE_ALIAS);
  const names = varying_names(response);
  return and_then(write_cache(cache, header_key(prefix, request), names, timeout), () =>
    page_key(request, request.method ?? "None", names, prefix),
  );
}

/** What the cache has; without a promise if it has its own `get`. @internal */
export function read_cache(cache: BaseCache, key: string): Maybe<unknown> {
  return cache.get === BaseCache.prototype.get ? cache.aget(key) : cache.get(key);
}

/** Puts something into the cache; without a promise if it has its own `set`. @internal */
export function write_cache(
  cache: BaseCache,
  key: string,
  value: unknown,
  timeout: number,
): Maybe<void> {
  return cache.set === BaseCache.prototype.set
    ? cache.aset(key, value, timeout)
    : cache.set(key, value, timeout);
}

/** The META names of the headers in Vary, sorted. */
function varying_names(response: HttpResponseBase): string[] {
  const names: string[] = [];
  for (const header of split_header_value(response.headers.get("Vary", ""))) {
    const name = header.toUpperCase().replaceAll("-", "_");
    // the language is in the key as it is
    if (name !== "ACCEPT_LANGUAGE" || !settings.USE_I18N) names.push(`HTTP_${name}`);
  }
  return names.toSorted();
}

function page_key(
  request: HttpRequest,
  method: string,
  names: readonly string[],
  prefix: string,
): string {
  const values = createHash("md5");
  for (const name of names) {
    const value = request._meta_value(name);
    // RFC 9111 §4.1: a header that is not there is not the same as an empty one
    values.update(value === undefined ? "-," : `${Buffer.byteLength(value)}:${value},`);
  }
  const digest = values.digest("hex");
  return `views.decorators.cache.cache_page.${prefix}.${method}.${url_digest(request)}.${digest}${suffix(request)}`;
}

function header_key(prefix: string, request: HttpRequest): string {
  return `views.decorators.cache.cache_header.${prefix}.${url_digest(request)}${suffix(request)}`;
}

function url_digest(request: HttpRequest): string {
  return createHash("md5").update(request.build_absolute_uri()).digest("hex");
}

/** The language and the time zone, as far as the site has them. */
function suffix(request: HttpRequest): string {
  const { language, timezone } = task();
  const now = language === undefined ? settings.LANGUAGE_CODE : (language ?? "None");
  const of_language = settings.USE_I18N ? `.${request.LANGUAGE_CODE ?? now}` : "";
  const of_zone = settings.USE_TZ ? `.${timezone ?? settings.TIME_ZONE}` : "";
  return of_language + of_zone;
}
