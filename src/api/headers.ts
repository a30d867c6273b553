/** Header values as objects: `CacheControlHeader` and `ETag` (docs/api.md, "Header objects"). @module */
export { CacheControlHeader, type CacheControlHeaderOptions } from "./_cache_control.ts";
export { ETag, type ETagOptions } from "./_etag.ts";
