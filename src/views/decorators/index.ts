/** The decorators of views in one place; Django has them in the modules that are named here. @module */
export {
  login_required,
  login_not_required,
  permission_required,
  user_passes_test,
} from "../../contrib/auth/decorators.ts";
export { cache_control, cache_page, type CachePageOptions, never_cache } from "./cache.ts";
export {
  xframe_options_deny,
  xframe_options_exempt,
  xframe_options_sameorigin,
} from "./clickjacking.ts";
export { no_append_slash } from "./common.ts";
export { csp_override, csp_report_only_override } from "./csp.ts";
export { csrf_exempt, csrf_protect, ensure_csrf_cookie, requires_csrf_token } from "./csrf.ts";
export { sensitive_post_parameters, sensitive_variables } from "./debug.ts";
export { gzip_page } from "./gzip.ts";
export {
  condition,
  conditional_page,
  etag,
  last_modified,
  require_GET,
  require_http_methods,
  require_POST,
  require_safe,
} from "./http.ts";
export { deferred_upload, upload_handlers } from "./upload.ts";
export { vary_on_cookie, vary_on_headers } from "./vary.ts";
