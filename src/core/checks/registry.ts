/** The checks of the program: Django's for HTTP, one of our own, and those that a site registers. @module */
import { check_middleware } from "./_auth.ts";
import { check_finders, check_site_id, check_storages } from "./_contrib.ts";
import {
  type Check,
  CheckRegistry,
  type DeploymentOptions,
  type RunChecksOptions,
  Tags,
} from "./_registry.ts";
import { check_url_backtracking } from "./_url_backtracking.ts";
import * as caches from "./caches.ts";
import { check_csrf_trusted_origins } from "./compatibility/django_4_0.ts";
import { check_setting_file_upload_temp_dir } from "./files.ts";
import * as mail from "./mail.ts";
import type { CheckMessage } from "./messages.ts";
import * as security from "./security/base.ts";
import * as csrf from "./security/csrf.ts";
import * as sessions from "./security/sessions.ts";
import { check_templates } from "./templates.ts";
import * as urls from "./urls.ts";

export {
  type Check,
  type CheckArguments,
  CheckRegistry,
  type DeploymentOptions,
  type RegisteredCheck,
  type RegisterOptions,
  type RunChecksOptions,
  Tags,
} from "./_registry.ts";

/** The checks of the program. */
export const registry: CheckRegistry = new CheckRegistry();

const ALWAYS: readonly (readonly [tag: string, checks: readonly Check[]])[] = [
  [
    Tags.security,
    [
      security.check_csp_settings,
      security.check_csp_nonce_context_processor,
      csrf.check_csrf_failure_view,
    ],
  ],
  [
    Tags.urls,
    [
      urls.check_url_config,
      urls.check_url_namespaces_unique,
      urls.check_url_settings,
      urls.check_custom_error_handlers,
      check_url_backtracking,
    ],
  ],
  [Tags.compatibility, [check_csrf_trusted_origins]],
  [Tags.files, [check_setting_file_upload_temp_dir]],
  [
    Tags.caches,
    [caches.check_default_cache_is_configured, caches.check_file_based_cache_is_absolute],
  ],
  [Tags.templates, [check_templates]],
  [Tags.staticfiles, [check_finders, check_storages]],
  [Tags.sites, [check_site_id]],
  [Tags.mail, [mail.check_mailers_default_alias]],
];

const FOR_DEPLOYMENT: readonly (readonly [tag: string, checks: readonly Check[]])[] = [
  [
    Tags.security,
    [
      security.check_security_middleware,
      security.check_xframe_options_middleware,
      security.check_sts,
      security.check_sts_include_subdomains,
      security.check_sts_preload,
      security.check_content_type_nosniff,
      security.check_ssl_redirect,
      security.check_secret_key,
      security.check_secret_key_fallbacks,
      security.check_debug,
      security.check_xframe_deny,
      security.check_allowed_hosts,
      security.check_referrer_policy,
      security.check_cross_origin_opener_policy,
      csrf.check_csrf_middleware,
      csrf.check_csrf_cookie_secure,
      sessions.check_session_cookie_secure,
      sessions.check_session_cookie_httponly,
    ],
  ],
  [Tags.caches, [caches.check_cache_location_not_exposed]],
  [Tags.mail, [mail.check_mailers_production_backend]],
];

for (const [tag, checks] of ALWAYS) for (const check of checks) registry.register(check, tag);
for (const [tag, checks] of FOR_DEPLOYMENT)
  for (const check of checks) registry.register(check, tag, { deploy: true });
registry.register(check_middleware); // without a tag in Django, too

/**
 * Adds a check to those of the program: `register(check, ...tags)`, and `{ deploy: true }` as the last argument if it is for
 * `check --deploy` alone. With tags only it gives a function that does.
 * @throws TypeError for a check that is no function.
 */
export const register: CheckRegistry["register"] = registry.register.bind(
  registry,
) as CheckRegistry["register"]; // bind() forgets the overloads

/** Runs the checks of the program; see `CheckRegistry.run_checks`. */
export function run_checks(options: RunChecksOptions = {}): CheckMessage[] {
  return registry.run_checks(options);
}

/** Whether some check of the program has the tag. */
export function tag_exists(tag: string, options: DeploymentOptions = {}): boolean {
  return registry.tag_exists(tag, options);
}
