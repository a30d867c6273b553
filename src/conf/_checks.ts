/** What is wrong with a setting's name or value. @module */
import { repr } from "../utils/_python.ts";

const LISTS: ReadonlySet<string> = new Set([
  "FILE_UPLOAD_HANDLERS",
  "AUTHENTICATION_BACKENDS",
  "PASSWORD_HASHERS",
  "STATICFILES_FINDERS",
]);
// Where Django also takes another type than that of the default.
const FREE: ReadonlySet<string> = new Set([
  "SECURE_REFERRER_POLICY",
  "LOGIN_URL",
  "LOGIN_REDIRECT_URL",
  "LOGOUT_REDIRECT_URL",
]);
// Limits that a wrong number must not switch off, in silence: only null does, where there may be none.
const LIMITS: ReadonlySet<string> = new Set([
  "DATA_UPLOAD_MAX_MEMORY_SIZE",
  "DATA_UPLOAD_MAX_NUMBER_FIELDS",
  "DATA_UPLOAD_MAX_NUMBER_FILES",
  "FILE_UPLOAD_MAX_MEMORY_SIZE",
]);
const LIFETIMES: ReadonlySet<string> = new Set([
  "CSRF_COOKIE_AGE",
  "LANGUAGE_COOKIE_AGE",
  "PASSWORD_RESET_TIMEOUT",
  "SECURE_HSTS_SECONDS",
  "SESSION_COOKIE_AGE",
]);
const NULLABLE: ReadonlySet<string> = new Set([
  "DATA_UPLOAD_MAX_MEMORY_SIZE",
  "DATA_UPLOAD_MAX_NUMBER_FIELDS",
  "DATA_UPLOAD_MAX_NUMBER_FILES",
  "FILE_UPLOAD_PERMISSIONS",
  "CSRF_COOKIE_AGE",
  "SECURE_CROSS_ORIGIN_OPENER_POLICY",
]);

const MAILER_SETTINGS = [
  "EMAIL_BACKEND",
  "EMAIL_FILE_PATH",
  "EMAIL_HOST",
  "EMAIL_HOST_PASSWORD",
  "EMAIL_HOST_USER",
  "EMAIL_PORT",
  "EMAIL_SSL_CERTFILE",
  "EMAIL_SSL_KEYFILE",
  "EMAIL_TIMEOUT",
  "EMAIL_USE_SSL",
  "EMAIL_USE_TLS",
];

/** A sentence about settings that were given together and exclude each other, or `undefined`. */
export function conflict(given: Readonly<Record<string, unknown>>): string | undefined {
  const old = MAILER_SETTINGS.filter((name) => given[name] !== undefined);
  return given["MAILERS"] === undefined || old.length === 0
    ? undefined
    : `With MAILERS, ${old.join(", ")} would say nothing: put it into OPTIONS of a mailer.`;
}

/** A sentence about a value that cannot be right, or `undefined`. */
export function wrong_value(name: string, value: unknown, fallback: unknown): string | undefined {
  if (value === undefined || (value === null && (fallback === null || NULLABLE.has(name))))
    return undefined;
  if (name.endsWith("_SAMESITE")) {
    return value === false || value === null || typeof value === "string"
      ? undefined
      : wrong(name, '"Lax", "Strict", "None" or false', value);
  }
  if (name === "SECRET_KEY") {
    return typeof value === "string" || value instanceof Uint8Array
      ? undefined
      : wrong(name, "text or bytes", value);
  }
  if (name === "MIDDLEWARE") return wrong_middleware(value);
  if (name === "CSRF_TRUSTED_ORIGINS" && Array.isArray(value)) return wrong_origin(value);
  if (FREE.has(name)) return undefined;
  if (LIMITS.has(name) || LIFETIMES.has(name)) return wrong_limit(name, value);
  if (Array.isArray(fallback) || LISTS.has(name))
    return Array.isArray(value) ? undefined : wrong(name, "a list", value);
  if (
    typeof fallback === "boolean" ||
    typeof fallback === "number" ||
    typeof fallback === "string"
  ) {
    return typeof value === typeof fallback && !Number.isNaN(value)
      ? undefined
      : wrong(name, `a ${typeof fallback}`, value);
  }
  return undefined;
}

function wrong_limit(name: string, value: unknown): string | undefined {
  const is_number = LIMITS.has(name) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (is_number && (value as number) >= 0) return undefined; // a number, as it is finite
  const wanted = LIMITS.has(name)
    ? "a whole number of 0 or more"
    : "a number of seconds, 0 or more";
  return wrong(name, NULLABLE.has(name) ? `${wanted}, or null` : wanted, value);
}

function wrong_middleware(value: unknown): string | undefined {
  if (!Array.isArray(value)) return wrong("MIDDLEWARE", "a list", value);
  const at = value.findIndex((entry) => typeof entry !== "function");
  if (at < 0) return undefined;
  return `MIDDLEWARE[${at}] must be a middleware class or function, not ${repr(value[at])}: import it and put the thing itself in the list.`;
}

function wrong_origin(origins: readonly unknown[]): string | undefined {
  const bare = origins.find((origin) => typeof origin !== "string" || !origin.includes("://"));
  if (bare === undefined) return undefined;
  return `CSRF_TRUSTED_ORIGINS holds ${repr(bare)}, which has no scheme: write https:// before it, say.`;
}

function wrong(name: string, wanted: string, value: unknown): string {
  return `The setting ${name} must be ${wanted}, not ${repr(value)}.`;
}

/** The known name that a mistyped one probably meant: at most a third of it, and never over three letters, differs. */
export function closest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(3, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const steps = distance(name.toUpperCase(), candidate, least);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** Levenshtein distance, or `limit` as soon as it cannot be less. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[to.length] ?? limit, limit);
}
