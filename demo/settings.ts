/**
 * The settings of the demo, under Django's names. Environment variables that count:
 *
 * - `DEBUG=0` shows visitors the site's own error pages instead of the technical ones.
 * - `SECRET_KEY` signs the cookies; a real site must have its own, and keep it out of its source.
 *
 * @module
 */
import { join } from "node:path";
import type { Settings } from "nuages/conf";
import { auth } from "nuages/contrib/auth/context_processors";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { MessageMiddleware } from "nuages/contrib/messages";
import { messages } from "nuages/contrib/messages/context_processors";
import { SessionMiddleware } from "nuages/contrib/sessions";
import * as session_engine from "nuages/contrib/sessions/backends/signed_cookies";
import { EmailBackend } from "nuages/core/mail/backends/console";
import { XFrameOptionsMiddleware } from "nuages/middleware/clickjacking";
import { CommonMiddleware } from "nuages/middleware/common";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { SecurityMiddleware } from "nuages/middleware/security";
import { Nunjucks } from "nuages/template";
import { User } from "./accounts/models.ts";
import { TimingMiddleware } from "./middleware.ts";
import { BASE_DIR } from "./paths.ts";
import * as urls from "./urls.ts";

export const demo_settings: Partial<Settings> = {
  DEBUG: process.env["DEBUG"] !== "0",
  SECRET_KEY:
    process.env["SECRET_KEY"] ?? "everybody can read this key, so it is good for a demo only",
  ALLOWED_HOSTS: ["127.0.0.1", "localhost", "[::1]"],

  ROOT_URLCONF: urls,

  // The outermost comes first. Where Django has a dotted path, there is the class itself.
  MIDDLEWARE: [
    TimingMiddleware,
    SecurityMiddleware,
    SessionMiddleware,
    CommonMiddleware,
    CsrfViewMiddleware,
    AuthenticationMiddleware,
    MessageMiddleware,
    XFrameOptionsMiddleware,
  ],

  TEMPLATES: [
    {
      BACKEND: Nunjucks,
      DIRS: [join(BASE_DIR, "templates")],
      OPTIONS: { context_processors: [auth, messages] },
    },
  ],

  SESSION_ENGINE: session_engine, // in a signed cookie: no table, and a Django with the same SECRET_KEY reads it

  AUTH_USER_MODEL: User,
  LOGIN_URL: "accounts:login",
  LOGIN_REDIRECT_URL: "accounts:profile",
  LOGOUT_REDIRECT_URL: "site:home",

  MAILERS: { default: { BACKEND: EmailBackend } }, // mail is printed where the demo runs

  API: { ALLOWED_FILE_PATHS: [join(BASE_DIR, "files")] }, // send_file() sends no others

  STATIC_URL: "/static/",
  TIME_ZONE: "UTC",
};
