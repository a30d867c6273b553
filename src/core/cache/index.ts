/** Caches: values that are dear to make, kept for a while (Django docs: Django's cache framework). @module */
export {
  cache,
  type CacheClass,
  CacheHandler,
  type CacheHandlerOptions,
  caches,
  close_caches,
  DEFAULT_CACHE_ALIAS,
} from "./_handler.ts";
export {
  BaseCache,
  CacheKeyWarning,
  type CacheParams,
  InvalidCacheBackendError,
  InvalidCacheKey,
  type Timeout,
  type VersionOptions,
} from "./backends/base.ts";
