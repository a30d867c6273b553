/** Every setting and its meaning (Django docs: Settings); the defaults are in `_defaults`. @module */
import type { ApiSettings } from "../api/_settings.ts";
import type { AuthBackendClass, UserModel } from "../contrib/auth/_types.ts";
import type { BaseStorage } from "../contrib/messages/storage/base.ts";
import type { SessionEngine } from "../contrib/sessions/_engine.ts";
import type { FileUploadHandler } from "../core/files/uploadhandler.ts";
import type { EmailBackendClass } from "../core/mail/handler.ts";
import type { SerializerClass, Signer } from "../core/signing.ts";
import type { HttpRequest } from "../http/request.ts";
import type { TemplateEngineSettings } from "../template/utils.ts";
import type { RedirectTarget } from "../urls/_resolve_url.ts";
import type { URLConf } from "../urls/_types.ts";
import type { MiddlewareEntry } from "../utils/deprecation.ts";

/** A value of the SameSite attribute; `false` or `null`: the attribute is left out. */
export type SameSite = "Lax" | "Strict" | "None" | false | null;
/** A class that signs: `TimestampSigner` or a subclass. */
export type SignerClass = new (options: {
  key: string | Uint8Array;
  fallback_keys: (string | Uint8Array)[];
  salt: string;
}) => Signer;
/** A class of upload handlers. */
export type UploadHandlerClass = new (request?: HttpRequest) => FileUploadHandler;
/** One entry of `CACHES`. */
export interface CacheSettings {
  /** The cache class. */
  BACKEND: unknown;
  /** What the class needs to find its storage. */
  LOCATION?: unknown;
  /** Seconds a value lives unless told otherwise; `null`: for ever. Default 300. */
  TIMEOUT?: number | null | undefined;
  /** Put before every key. */
  KEY_PREFIX?: string | undefined;
  /** Part of every key; raising it empties the cache. */
  VERSION?: number | undefined;
  /** Makes the stored key. */
  KEY_FUNCTION?: ((key: string, key_prefix: string, version: number) => string) | undefined;
  /** Options of the class. */
  OPTIONS?: Readonly<Record<string, unknown>> | undefined;
}
/** One entry of `MAILERS`. */
export interface MailerSettings {
  /** The class of the mailer. Default: the `EmailBackend` of `nuages/core/mail/backends/smtp`. */
  BACKEND?: EmailBackendClass | undefined;
  /** Options of the class. */
  OPTIONS?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The settings and their types. A site adds its own by declaration merging, and tells the running program with
 * `register_setting`.
 */
export interface Settings {
  /** Development mode: errors show a technical page, and `localhost` needs no `ALLOWED_HOSTS`. */
  DEBUG: boolean;
  /** Lets an error of a view leave the application instead of becoming a 500. */
  DEBUG_PROPAGATE_EXCEPTIONS: boolean;
  /** The key of every signature. Share it with a live Django to accept each other's cookies. Reading an empty one throws. */
  SECRET_KEY: string | Uint8Array;
  /** Former keys: they verify, and never sign. */
  SECRET_KEY_FALLBACKS: readonly (string | Uint8Array)[];
  /** The hosts this site answers for: `"example.com"`, `".example.com"` with subdomains, `"*"`. */
  ALLOWED_HOSTS: readonly string[];
  /** The URLconf: an object (or module) with `urlpatterns`, or the list itself. */
  ROOT_URLCONF: URLConf;
  /** Middleware classes or functions, outermost first. */
  MIDDLEWARE: readonly MiddlewareEntry[];
  /** What typed endpoints start from; each `API`, router and endpoint may say otherwise. */
  API: ApiSettings;
  /** Directories of apps whose `templates/` and `static/` folders count. */
  INSTALLED_APPS: readonly string[];
  /** The charset of responses and forms. */
  DEFAULT_CHARSET: string;
  /** `CommonMiddleware` redirects a path without its final slash if only the path with it exists. */
  APPEND_SLASH: boolean;
  /** `CommonMiddleware` redirects to the host with `www.` before it. */
  PREPEND_WWW: boolean;
  /** The script name (URL prefix), whatever the server says. */
  FORCE_SCRIPT_NAME: string | null;
  /** Believe `X-Forwarded-Host`; only behind a proxy that sets it. */
  USE_X_FORWARDED_HOST: boolean;
  /** Believe `X-Forwarded-Port`; only behind a proxy that sets it. */
  USE_X_FORWARDED_PORT: boolean;
  /** Patterns of user agents that get a 403 from `CommonMiddleware`. */
  DISALLOWED_USER_AGENTS: readonly RegExp[];
  /** Patterns of paths whose 404 is not reported by `BrokenLinkEmailsMiddleware`. */
  IGNORABLE_404_URLS: readonly RegExp[];
  /** Client addresses for which the `debug` context processor speaks. */
  INTERNAL_IPS: readonly string[];
  /** Addresses told of errors. */
  ADMINS: readonly string[];
  /** Addresses told of broken links. */
  MANAGERS: readonly string[];
  /** The class that signs cookies. Default `TimestampSigner`. */
  SIGNING_BACKEND: SignerClass;
  /** Also read signed cookies with the salt of before Django 6.0.6 and 5.2.15. */
  SIGNED_COOKIE_LEGACY_SALT_FALLBACK: boolean;
  /** The largest body, files not counted, in bytes; `null`: no limit. */
  DATA_UPLOAD_MAX_MEMORY_SIZE: number | null;
  /** The most fields of a query string or form; `null`: no limit. */
  DATA_UPLOAD_MAX_NUMBER_FIELDS: number | null;
  /** The most files of a form; `null`: no limit. */
  DATA_UPLOAD_MAX_NUMBER_FILES: number | null;
  /** The upload handlers. Default: in memory, then a temporary file. */
  FILE_UPLOAD_HANDLERS: readonly UploadHandlerClass[];
  /** Requests up to this many bytes keep their files in memory. */
  FILE_UPLOAD_MAX_MEMORY_SIZE: number;
  /** Where temporary files go; `null`: the system's directory. */
  FILE_UPLOAD_TEMP_DIR: string | null;
  /** Mode of a stored file. */
  FILE_UPLOAD_PERMISSIONS: number | null;
  /** Mode of a stored file's new directories. */
  FILE_UPLOAD_DIRECTORY_PERMISSIONS: number | null;
  /** What `XFrameOptionsMiddleware` sends (RFC 7034). */
  X_FRAME_OPTIONS: string;
  /** Send `X-Content-Type-Options: nosniff`. */
  SECURE_CONTENT_TYPE_NOSNIFF: boolean;
  /** The `Cross-Origin-Opener-Policy`; `null`: none. */
  SECURE_CROSS_ORIGIN_OPENER_POLICY: string | null;
  /** `max-age` of `Strict-Transport-Security` (RFC 6797); 0: no header. */
  SECURE_HSTS_SECONDS: number;
  /** Add `includeSubDomains`. */
  SECURE_HSTS_INCLUDE_SUBDOMAINS: boolean;
  /** Add `preload`. */
  SECURE_HSTS_PRELOAD: boolean;
  /** The META key and value by which a proxy says that the client came by HTTPS. */
  SECURE_PROXY_SSL_HEADER: readonly [name: string, value: string] | null;
  /** Patterns of paths that are not redirected to HTTPS. */
  SECURE_REDIRECT_EXEMPT: readonly (string | RegExp)[];
  /** The `Referrer-Policy`; `null`: none. */
  SECURE_REFERRER_POLICY: string | readonly string[] | null;
  /** The host of the redirect to HTTPS; `null`: the same. */
  SECURE_SSL_HOST: string | null;
  /** Redirect HTTP to HTTPS. */
  SECURE_SSL_REDIRECT: boolean;
  /** The enforced Content-Security-Policy; empty: none. */
  SECURE_CSP: Readonly<Record<string, unknown>>;
  /** The reported Content-Security-Policy; empty: none. */
  SECURE_CSP_REPORT_ONLY: Readonly<Record<string, unknown>>;
  /** Seconds; `null`: until the browser is closed. */
  CSRF_COOKIE_AGE: number | null;
  /** Domain of the CSRF cookie, and of the Referer check. */
  CSRF_COOKIE_DOMAIN: string | null;
  /** Hide the CSRF cookie from scripts. */
  CSRF_COOKIE_HTTPONLY: boolean;
  /** Name of the CSRF cookie. */
  CSRF_COOKIE_NAME: string;
  /** Path of the CSRF cookie. */
  CSRF_COOKIE_PATH: string;
  /** SameSite of the CSRF cookie. */
  CSRF_COOKIE_SAMESITE: SameSite;
  /** Send the CSRF cookie over HTTPS only. */
  CSRF_COOKIE_SECURE: boolean;
  /** The view that answers a failed CSRF check: `(request, { reason })`. */
  CSRF_FAILURE_VIEW: unknown;
  /** META key of the header that may carry the token. */
  CSRF_HEADER_NAME: string;
  /** Origins, with scheme, that may send unsafe requests: `"https://*.example.com"`. */
  CSRF_TRUSTED_ORIGINS: readonly string[];
  /** Keep the token in the session instead of a cookie. */
  CSRF_USE_SESSIONS: boolean;
  /** The cache of the cache store. */
  SESSION_CACHE_ALIAS: string;
  /** Seconds a session lives. */
  SESSION_COOKIE_AGE: number;
  /** Domain of the session cookie. */
  SESSION_COOKIE_DOMAIN: string | null;
  /** Hide the session cookie from scripts. */
  SESSION_COOKIE_HTTPONLY: boolean;
  /** Name of the session cookie. */
  SESSION_COOKIE_NAME: string;
  /** Path of the session cookie. */
  SESSION_COOKIE_PATH: string;
  /** SameSite of the session cookie. */
  SESSION_COOKIE_SAMESITE: SameSite;
  /** Send the session cookie over HTTPS only. */
  SESSION_COOKIE_SECURE: boolean;
  /** The store: a `SessionStore` class, or a module that exports one. Default: signed cookies. */
  SESSION_ENGINE: SessionEngine;
  /** End sessions with the browser. */
  SESSION_EXPIRE_AT_BROWSER_CLOSE: boolean;
  /** Directory of the file store; `null`: the system's temporary one. */
  SESSION_FILE_PATH: string | null;
  /** Save, and send the cookie, at every request. */
  SESSION_SAVE_EVERY_REQUEST: boolean;
  /** The class that turns a session to bytes and back. Default `JSONSerializer`. */
  SESSION_SERIALIZER: SerializerClass;
  /** The storage class of messages. Default `FallbackStorage`. */
  MESSAGE_STORAGE: new (request: HttpRequest) => BaseStorage;
  /** The least level that is kept; 20 if absent. */
  MESSAGE_LEVEL: number;
  /** CSS tags by level, over the defaults. */
  MESSAGE_TAGS: Readonly<Record<number, string>> | ReadonlyMap<number, string>;
  /** The class of the site's users, with their store as `objects`. */
  AUTH_USER_MODEL: UserModel;
  /** Authentication backends, asked in order. */
  AUTHENTICATION_BACKENDS: readonly AuthBackendClass[];
  /** URL, view or URL name of the login page. */
  LOGIN_URL: RedirectTarget | null;
  /** Where a login leads. */
  LOGIN_REDIRECT_URL: RedirectTarget | null;
  /** Where a logout leads; `null`: nowhere. */
  LOGOUT_REDIRECT_URL: RedirectTarget | null;
  /** Hasher classes; the first makes new hashes. */
  PASSWORD_HASHERS: readonly unknown[];
  /** Seconds a password reset link is good for. */
  PASSWORD_RESET_TIMEOUT: number;
  /** Validators of new passwords. */
  AUTH_PASSWORD_VALIDATORS: readonly unknown[];
  /** The current site; absent: by host. */
  SITE_ID: number | null;
  /** URL of static files; must end in a slash. Relative ones follow the script prefix. */
  STATIC_URL: string | null;
  /** Where static files are collected. */
  STATIC_ROOT: string | null;
  /** Directories of static files. */
  STATICFILES_DIRS: readonly (string | readonly [prefix: string, directory: string])[];
  /** Classes that find static files. */
  STATICFILES_FINDERS: readonly unknown[];
  /** URL of uploaded files. */
  MEDIA_URL: string;
  /** Directory of uploaded files. */
  MEDIA_ROOT: string;
  /** Storages by alias. */
  STORAGES: Readonly<Record<string, unknown>>;
  /** The template engines, asked in order. */
  TEMPLATES: readonly TemplateEngineSettings[];
  /** The caches by alias. Default: one in local memory. */
  CACHES: Readonly<Record<string, CacheSettings>>;
  /** The cache of the cache middleware. */
  CACHE_MIDDLEWARE_ALIAS: string;
  /** Prefix of the cache middleware's keys. */
  CACHE_MIDDLEWARE_KEY_PREFIX: string;
  /** Seconds a page is cached. */
  CACHE_MIDDLEWARE_SECONDS: number;
  /** Translate. */
  USE_I18N: boolean;
  /** The default language. */
  LANGUAGE_CODE: string;
  /** The languages of the site. */
  LANGUAGES: readonly (readonly [code: string, name: string])[];
  /** Languages written from right to left. */
  LANGUAGES_BIDI: readonly string[];
  /** Directories of translations. */
  LOCALE_PATHS: readonly string[];
  /** Name of the language cookie. */
  LANGUAGE_COOKIE_NAME: string;
  /** Seconds; `null`: until the browser is closed. */
  LANGUAGE_COOKIE_AGE: number | null;
  /** Domain of the language cookie. */
  LANGUAGE_COOKIE_DOMAIN: string | null;
  /** Path of the language cookie. */
  LANGUAGE_COOKIE_PATH: string;
  /** Send the language cookie over HTTPS only. */
  LANGUAGE_COOKIE_SECURE: boolean;
  /** Hide the language cookie from scripts. */
  LANGUAGE_COOKIE_HTTPONLY: boolean;
  /** SameSite of the language cookie. */
  LANGUAGE_COOKIE_SAMESITE: SameSite;
  /** Kept for Django's sake: a `Date` always names an instant. */
  USE_TZ: boolean;
  /** The time zone in which dates are shown. */
  TIME_ZONE: string;
  /** Format of the `date` filter. */
  DATE_FORMAT: string;
  /** Format of a date with its time. */
  DATETIME_FORMAT: string;
  /** Format of the `time` filter. */
  TIME_FORMAT: string;
  /** Short format of a date. */
  SHORT_DATE_FORMAT: string;
  /** Short format of a date with its time. */
  SHORT_DATETIME_FORMAT: string;
  /** Format of a month. */
  YEAR_MONTH_FORMAT: string;
  /** Format of a day without its year. */
  MONTH_DAY_FORMAT: string;
  /** Between the integer and the fraction. */
  DECIMAL_SEPARATOR: string;
  /** Between groups of digits. */
  THOUSAND_SEPARATOR: string;
  /** Digits in a group; 0: no groups. */
  NUMBER_GROUPING: number;
  /** Group digits. */
  USE_THOUSAND_SEPARATOR: boolean;
  /** 0 is Sunday. */
  FIRST_DAY_OF_WEEK: number;
  /** `urlize` gives a bare domain `https://` instead of `http://`. */
  URLIZE_ASSUME_HTTPS: boolean;
  /** Kept for Django's sake: see `set_log_sink`. */
  LOGGING: Readonly<Record<string, unknown>>;
  /** Kept for Django's sake. */
  LOGGING_CONFIG: unknown;
  /** The class that writes the technical 500 page. */
  DEFAULT_EXCEPTION_REPORTER: unknown;
  /** The class that hides secrets on it. */
  DEFAULT_EXCEPTION_REPORTER_FILTER: unknown;
  /** Ids of checks to leave out. */
  SILENCED_SYSTEM_CHECKS: readonly string[];
  /** Before the subject of a report. */
  EMAIL_SUBJECT_PREFIX: string;
  /** Sender of a report. */
  SERVER_EMAIL: string;
  /** Sender of other mails. */
  DEFAULT_FROM_EMAIL: string;
  /** Mailers by alias; `default` is used where none is named. Absent: there is one, made of the settings below. */
  MAILERS: Readonly<Record<string, MailerSettings>>;
  /** Dates of mails are in the current time zone, not in UTC. */
  EMAIL_USE_LOCALTIME: boolean;
  /** The class of the mailer. This and the following count without `MAILERS` only. */
  EMAIL_BACKEND: EmailBackendClass;
  /** The directory of the mailer that writes files. */
  EMAIL_FILE_PATH: string | null;
  /** The mail server. */
  EMAIL_HOST: string;
  /** Its port. */
  EMAIL_PORT: number;
  /** Name to log in with; empty: no login. */
  EMAIL_HOST_USER: string;
  /** Password to log in with. */
  EMAIL_HOST_PASSWORD: string;
  /** Encrypt after the greeting. */
  EMAIL_USE_TLS: boolean;
  /** Encrypt from the beginning. */
  EMAIL_USE_SSL: boolean;
  /** File of the client's certificate. */
  EMAIL_SSL_CERTFILE: string | null;
  /** File of the client's key. */
  EMAIL_SSL_KEYFILE: string | null;
  /** Seconds to wait for the server. */
  EMAIL_TIMEOUT: number | null;
  /** Kept for Django's sake. */
  WSGI_APPLICATION: unknown;
  /** Kept for Django's sake. */
  TEST_RUNNER: unknown;
}
