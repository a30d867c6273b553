/** What a response tells caches, and conditional requests (Django docs: `django.utils.cache`). @module */
export {
  type ConditionalOptions,
  get_conditional_response,
  set_response_etag,
} from "./_cache_conditional.ts";
export {
  add_never_cache_headers,
  type CacheControl,
  get_max_age,
  has_vary_header,
  patch_cache_control,
  patch_response_headers,
  type PatchResponseHeadersOptions,
  patch_vary_headers,
} from "./_cache_control.ts";
export {
  get_cache_key,
  type GetCacheKeyOptions,
  learn_cache_key,
  type LearnCacheKeyOptions,
} from "./_cache_keys.ts";
