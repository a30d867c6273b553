/** Checks of the session cookie. @module */
import { settings } from "../../../conf/index.ts";
import { SessionMiddleware } from "../../../contrib/sessions/middleware.ts";
import { type CheckMessage, Warning } from "../messages.ts";

type Ids = readonly [app: string, middleware: string, both: string];

// A directory, as all of INSTALLED_APPS; or the name in Django.
const SESSIONS_APP = /(?:^|[./\\])contrib[./\\]sessions[/\\]?$/;

/** One warning: which of the three depends on where sessions are switched on. */
function warn(problem: string, [app, middleware, both]: Ids): CheckMessage[] {
  const has_app = settings.INSTALLED_APPS.some((entry) => SESSIONS_APP.test(entry));
  const has_middleware = settings.MIDDLEWARE.includes(SessionMiddleware);
  if (!has_app && !has_middleware) return [];
  const id = has_app && has_middleware ? both : has_app ? app : middleware;
  const place = has_middleware ? "MIDDLEWARE has SessionMiddleware" : "the sessions are installed";
  return [new Warning(`${problem} (${place}).`, { id: `security.${id}` })];
}

/** `security.W010`, `security.W011` or `security.W012`. */
export function check_session_cookie_secure(): CheckMessage[] {
  if (settings.SESSION_COOKIE_SECURE === true) return [];
  return warn(
    "SESSION_COOKIE_SECURE is not true: whoever listens to a request over plain HTTP can take over the session",
    ["W010", "W011", "W012"],
  );
}

/** `security.W013`, `security.W014` or `security.W015`. */
export function check_session_cookie_httponly(): CheckMessage[] {
  if (settings.SESSION_COOKIE_HTTPONLY === true) return [];
  return warn(
    "SESSION_COOKIE_HTTPONLY is not true: a script that gets into a page can read the session",
    ["W013", "W014", "W015"],
  );
}
