/** Checks of the protection against forged requests. @module */
import { settings } from "../../../conf/index.ts";
import { CsrfViewMiddleware } from "../../../middleware/csrf.ts";
import { repr, truthy } from "../../../utils/_python.ts";
import { takes } from "../_functions.ts";
import { type CheckMessage, Error, Warning } from "../messages.ts";

/** `security.W003`. */
export function check_csrf_middleware(): CheckMessage[] {
  if (settings.MIDDLEWARE.includes(CsrfViewMiddleware)) return [];
  return [
    new Warning(
      "MIDDLEWARE does not have CsrfViewMiddleware: only views that check the token themselves are safe from forms on other sites.",
      { id: "security.W003" },
    ),
  ];
}

/** `security.W016`. */
export function check_csrf_cookie_secure(): CheckMessage[] {
  if (truthy(settings.CSRF_USE_SESSIONS) || settings.CSRF_COOKIE_SECURE === true) return [];
  if (!settings.MIDDLEWARE.includes(CsrfViewMiddleware)) return [];
  return [
    new Warning(
      "CSRF_COOKIE_SECURE is not true: the token can be read on the way when a page is asked for over plain HTTP.",
      { id: "security.W016" },
    ),
  ];
}

/** `security.E101` and `security.E102`. */
export function check_csrf_failure_view(): CheckMessage[] {
  const view = settings.CSRF_FAILURE_VIEW;
  if (typeof view !== "function") {
    return [
      new Error(`CSRF_FAILURE_VIEW is ${repr(view)}: it must be a view.`, { id: "security.E102" }),
    ];
  }
  if (takes(view, 2)) return [];
  return [
    new Error(
      `CSRF_FAILURE_VIEW, ${repr(view)}, takes other arguments than it gets: (request, { reason }).`,
      { id: "security.E101" },
    ),
  ];
}
