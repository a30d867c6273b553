/** A cache from both sides: at once where it can answer at once, else with a promise. @module */
import { settings } from "../../conf/index.ts";
import { BaseCache } from "../../core/cache/backends/base.ts";
import { caches } from "../../core/cache/index.ts";
import type { Maybe } from "../../utils/_promise.ts";

/** The cache of `SESSION_CACHE_ALIAS`. */
export function session_cache(): BaseCache {
  return caches.getitem(settings.SESSION_CACHE_ALIAS);
}

/** Whether the cache has only the a-forms. */
export function cache_waits(cache: BaseCache): boolean {
  return cache.get === BaseCache.prototype.get;
}

/** `get` or `aget`. */
export function cache_get(cache: BaseCache, key: string): Maybe<unknown> {
  return cache_waits(cache) ? cache.aget(key) : cache.get(key);
}

/** `has_key` or `ahas_key`. */
export function cache_has(cache: BaseCache, key: string): Maybe<boolean> {
  return cache_waits(cache) ? cache.ahas_key(key) : cache.has_key(key);
}

/** `add` or `aadd`: whether the key was free. @param timeout In seconds. */
export function cache_add(
  cache: BaseCache,
  key: string,
  value: unknown,
  timeout: number,
): Maybe<boolean> {
  return cache_waits(cache) ? cache.aadd(key, value, timeout) : cache.add(key, value, timeout);
}

/** `set` or `aset`. @param timeout In seconds. */
export function cache_set(
  cache: BaseCache,
  key: string,
  value: unknown,
  timeout: number,
): Maybe<void> {
  return cache_waits(cache) ? cache.aset(key, value, timeout) : cache.set(key, value, timeout);
}

/** `delete` or `adelete`: whether the key was there. */
export function cache_delete(cache: BaseCache, key: string): Maybe<boolean> {
  return cache_waits(cache) ? cache.adelete(key) : cache.delete(key);
}
