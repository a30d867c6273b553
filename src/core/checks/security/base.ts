/** Checks of the settings that keep a site safe (Django docs: System check framework, "Security"). @module */
import { settings } from "../../../conf/index.ts";
import { ContentSecurityPolicyMiddleware } from "../../../middleware/csp.ts";
import { XFrameOptionsMiddleware } from "../../../middleware/clickjacking.ts";
import { SecurityMiddleware } from "../../../middleware/security.ts";
import { csp } from "../../../template/context_processors.ts";
import { is_plain_object, repr, truthy } from "../../../utils/_python.ts";
import { CSP } from "../../../utils/csp.ts";
import { ImproperlyConfigured } from "../../exceptions.ts";
import { type CheckMessage, Error, Warning } from "../messages.ts";

/** How a key begins that `startproject` made. */
export const SECRET_KEY_INSECURE_PREFIX = "django-insecure-";
/** Characters. */
export const SECRET_KEY_MIN_LENGTH = 50;
/** Different characters. */
export const SECRET_KEY_MIN_UNIQUE_CHARACTERS = 5;

/** What `SECURE_REFERRER_POLICY` may say. */
export const REFERRER_POLICY_VALUES: ReadonlySet<string> = new Set([
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);
/** What `SECURE_CROSS_ORIGIN_OPENER_POLICY` may say. */
export const CROSS_ORIGIN_OPENER_POLICY_VALUES: ReadonlySet<string> = new Set([
  "same-origin",
  "same-origin-allow-popups",
  "unsafe-none",
]);

function has_security_middleware(): boolean {
  return settings.MIDDLEWARE.includes(SecurityMiddleware);
}

function has_xframe_middleware(): boolean {
  return settings.MIDDLEWARE.includes(XFrameOptionsMiddleware);
}

function warning(id: string, msg: string, hint?: string): CheckMessage[] {
  return [new Warning(msg, { id: `security.${id}`, hint })];
}

function error(id: string, msg: string, hint?: string): CheckMessage[] {
  return [new Error(msg, { id: `security.${id}`, hint })];
}

/** `security.W001`. Without the middleware, the checks of what it does say nothing. */
export function check_security_middleware(): CheckMessage[] {
  if (has_security_middleware()) return [];
  return warning(
    "W001",
    "MIDDLEWARE does not have SecurityMiddleware, so that SECURE_HSTS_SECONDS, SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, SECURE_CROSS_ORIGIN_OPENER_POLICY and SECURE_SSL_REDIRECT do nothing.",
  );
}

/** `security.W002`. */
export function check_xframe_options_middleware(): CheckMessage[] {
  if (has_xframe_middleware()) return [];
  return warning(
    "W002",
    "MIDDLEWARE does not have XFrameOptionsMiddleware: any site may show your pages in a frame, and have its visitors click in it.",
  );
}

/** `security.W004`. */
export function check_sts(): CheckMessage[] {
  if (!has_security_middleware() || truthy(settings.SECURE_HSTS_SECONDS)) return [];
  return warning(
    "W004",
    "SECURE_HSTS_SECONDS is not set, so that browsers may still come over plain HTTP. If the whole site is served over HTTPS, set it; with a small number first, because browsers cannot be made to forget.",
  );
}

/** `security.W005`. */
export function check_sts_include_subdomains(): CheckMessage[] {
  if (!has_security_middleware() || !truthy(settings.SECURE_HSTS_SECONDS)) return [];
  if (settings.SECURE_HSTS_INCLUDE_SUBDOMAINS === true) return [];
  return warning(
    "W005",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS is not true: an attacker may use a subdomain without HTTPS. Set it if all subdomains are served over HTTPS alone.",
  );
}

/** `security.W021`. */
export function check_sts_preload(): CheckMessage[] {
  if (!has_security_middleware() || !truthy(settings.SECURE_HSTS_SECONDS)) return [];
  if (settings.SECURE_HSTS_PRELOAD === true) return [];
  return warning(
    "W021",
    "SECURE_HSTS_PRELOAD is not true, so that the site cannot get onto the lists that come with browsers.",
  );
}

/** `security.W006`. */
export function check_content_type_nosniff(): CheckMessage[] {
  if (!has_security_middleware() || settings.SECURE_CONTENT_TYPE_NOSNIFF === true) return [];
  return warning(
    "W006",
    "SECURE_CONTENT_TYPE_NOSNIFF is not true: browsers may take a file for something else than what its Content-Type says.",
  );
}

/** `security.W008`. */
export function check_ssl_redirect(): CheckMessage[] {
  if (!has_security_middleware() || settings.SECURE_SSL_REDIRECT === true) return [];
  return warning(
    "W008",
    "SECURE_SSL_REDIRECT is not true. Set it, or have the proxy in front redirect to HTTPS, unless the site is to be there over plain HTTP too.",
  );
}

/** Whether a key is good enough. */
function is_strong(key: string | Uint8Array): boolean {
  const characters = typeof key === "string" ? Array.from(key) : Array.from(key, String);
  const start = Buffer.from(key).subarray(0, SECRET_KEY_INSECURE_PREFIX.length);
  return (
    characters.length >= SECRET_KEY_MIN_LENGTH &&
    new Set(characters).size >= SECRET_KEY_MIN_UNIQUE_CHARACTERS &&
    start.toString("latin1") !== SECRET_KEY_INSECURE_PREFIX
  );
}

function weak_key(id: string, name: string): CheckMessage[] {
  return warning(
    id,
    `${name} can be guessed: it has less than ${SECRET_KEY_MIN_LENGTH} characters or less than ${SECRET_KEY_MIN_UNIQUE_CHARACTERS} different ones, or it begins with "${SECRET_KEY_INSECURE_PREFIX}", as one that startproject made for development. Whoever knows it can sign cookies and sessions.`,
    'Make one with get_random_secret_key() of "nuages/core/management/utils", and keep it out of the source.',
  );
}

/** `security.W009`. */
export function check_secret_key(): CheckMessage[] {
  try {
    if (is_strong(settings.SECRET_KEY)) return [];
  } catch (problem) {
    if (!(problem instanceof ImproperlyConfigured)) throw problem; // there is none
  }
  return weak_key("W009", "SECRET_KEY");
}

/** `security.W025`, one for each weak key. */
export function check_secret_key_fallbacks(): CheckMessage[] {
  return settings.SECRET_KEY_FALLBACKS.flatMap((key, index) =>
    is_strong(key) ? [] : weak_key("W025", `SECRET_KEY_FALLBACKS[${index}]`),
  );
}

/** `security.W018`. */
export function check_debug(): CheckMessage[] {
  if (!truthy(settings.DEBUG)) return [];
  return warning(
    "W018",
    "DEBUG is on: the error pages show visitors the code and the settings of the site.",
  );
}

/** `security.W019`. */
export function check_xframe_deny(): CheckMessage[] {
  if (!has_xframe_middleware() || settings.X_FRAME_OPTIONS === "DENY") return [];
  return warning(
    "W019",
    'X_FRAME_OPTIONS is not "DENY". Unless the site shows pages of its own in frames, set it so.',
  );
}

/** `security.W020`. */
export function check_allowed_hosts(): CheckMessage[] {
  if (truthy(settings.ALLOWED_HOSTS)) return [];
  return warning("W020", "ALLOWED_HOSTS is empty: without DEBUG, no request is answered.");
}

/** `security.W022` and `security.E023`. */
export function check_referrer_policy(): CheckMessage[] {
  if (!has_security_middleware()) return [];
  const policy = settings.SECURE_REFERRER_POLICY;
  if (policy === null) {
    return warning(
      "W022",
      "SECURE_REFERRER_POLICY is null: other sites learn from which page a visitor comes.",
    );
  }
  const values = typeof policy === "string" ? policy.split(",").map((v) => v.trim()) : policy;
  if (values.every((value) => REFERRER_POLICY_VALUES.has(value))) return [];
  return error(
    "E023",
    `SECURE_REFERRER_POLICY is ${repr(policy)}, which browsers do not know.`,
    `It may be ${[...REFERRER_POLICY_VALUES].join(", ")}, or several of them.`,
  );
}

/** `security.E024`. */
export function check_cross_origin_opener_policy(): CheckMessage[] {
  const policy = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY;
  if (!has_security_middleware() || policy === null) return [];
  if (CROSS_ORIGIN_OPENER_POLICY_VALUES.has(policy)) return [];
  return error(
    "E024",
    `SECURE_CROSS_ORIGIN_OPENER_POLICY is ${repr(policy)}, which is none of its values.`,
    `It may be ${[...CROSS_ORIGIN_OPENER_POLICY_VALUES].join(", ")}, or null.`,
  );
}

const POLICIES = ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"] as const;

/** `security.E026`, for each of the two settings. */
export function check_csp_settings(): CheckMessage[] {
  return POLICIES.flatMap((name) => {
    const policy: unknown = settings[name];
    const is_policy = policy === null || policy instanceof Map || is_plain_object(policy);
    if (is_policy) return [];
    return error("E026", `${name} must be an object of directives, not ${repr(policy)}.`);
  });
}

function holds_nonce(policy: unknown): boolean {
  if (typeof policy !== "object" || policy === null) return false;
  const values: unknown[] = policy instanceof Map ? [...policy.values()] : Object.values(policy);
  return values.some((words) => {
    if (typeof words === "string") return words.includes(CSP.NONCE);
    return (Array.isArray(words) || words instanceof Set) && [...words].includes(CSP.NONCE);
  });
}

function shows_nonce(): boolean {
  return settings.TEMPLATES.some(({ OPTIONS }) => {
    const processors: unknown = OPTIONS?.context_processors;
    return Array.isArray(processors) && processors.includes(csp);
  });
}

/** `security.W027`. */
export function check_csp_nonce_context_processor(): CheckMessage[] {
  if (!settings.MIDDLEWARE.includes(ContentSecurityPolicyMiddleware)) return [];
  if (!POLICIES.some((name) => holds_nonce(settings[name])) || shows_nonce()) return [];
  return warning(
    "W027",
    "The Content-Security-Policy has a nonce that no template can print, because no engine has the context processor csp: inline scripts will not run.",
    'Put csp of "nuages/template/context_processors" into OPTIONS.context_processors of an engine.',
  );
}
