/** `SessionMiddleware`: gives the request its session, and saves it (Django docs: How to use sessions). @module */
import { settings } from "../../conf/index.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { patch_vary_headers } from "../../utils/cache.ts";
import { MiddlewareMixin } from "../../utils/deprecation.ts";
import { session_store } from "./_engine.ts";
import { SessionBase, UpdateError } from "./backends/base.ts";
import "./backends/signed_cookies.ts"; // the default of SESSION_ENGINE
import { SessionInterrupted } from "./exceptions.ts";

/**
 * Sets `request.session`. A store that must be waited for is read before the view, which does not count as access; the
 * session is saved after the view if it was changed.
 */
export class SessionMiddleware extends MiddlewareMixin {
  override process_request(request: HttpRequest): Promise<void> | undefined {
    const Store = session_store();
    const session = new Store(request.COOKIES[settings.SESSION_COOKIE_NAME]);
    request.session = session;
    return session._load_ahead();
  }

  /**
   * Saves the session and sends its cookie; deletes the cookie of a session that is empty.
   * @throws SessionInterrupted if the session was deleted in the meantime.
   */
  override process_response(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Maybe<HttpResponseBase> {
    const { session } = request;
    if (!(session instanceof SessionBase)) return response; // an inner layer took it away
    return session._has_pending
      ? session._settle().then(() => finish(request, response, session))
      : finish(request, response, session);
  }
}

function finish(
  request: HttpRequest,
  response: HttpResponseBase,
  session: SessionBase,
): Maybe<HttpResponseBase> {
  const { accessed, modified } = session;
  if (session.is_empty()) {
    if (settings.SESSION_COOKIE_NAME in request.COOKIES) return forget(response);
  } else if (
    (modified || settings.SESSION_SAVE_EVERY_REQUEST) &&
    response.status_code < 500 // what a failed view left is not kept
  ) {
    return save(session, response);
  }
  if (accessed) patch_vary_headers(response, COOKIE);
  return response;
}

const COOKIE = ["Cookie"];

function forget(response: HttpResponseBase): HttpResponseBase {
  response.delete_cookie(settings.SESSION_COOKIE_NAME, {
    path: settings.SESSION_COOKIE_PATH,
    domain: settings.SESSION_COOKIE_DOMAIN,
    samesite: settings.SESSION_COOKIE_SAMESITE,
  });
  patch_vary_headers(response, COOKIE);
  return response;
}

function save(session: SessionBase, response: HttpResponseBase): Maybe<HttpResponseBase> {
  const max_age = session.get_expire_at_browser_close() ? null : session.get_expiry_age();
  const saved = (): HttpResponseBase => send_cookie(session, response, max_age);
  try {
    const saving = session._save();
    return saving === undefined ? saved() : saving.then(saved, interrupted);
  } catch (error) {
    return interrupted(error);
  }
}

function interrupted(error: unknown): never {
  if (!(error instanceof UpdateError)) throw error;
  throw new SessionInterrupted(
    "The session was deleted while the request was running, perhaps by a logout in another one.",
    { cause: error },
  );
}

function send_cookie(
  session: SessionBase,
  response: HttpResponseBase,
  max_age: number | null,
): HttpResponseBase {
  response.set_cookie(settings.SESSION_COOKIE_NAME, session.session_key, {
    max_age,
    domain: settings.SESSION_COOKIE_DOMAIN,
    path: settings.SESSION_COOKIE_PATH,
    secure: settings.SESSION_COOKIE_SECURE,
    httponly: settings.SESSION_COOKIE_HTTPONLY,
    samesite: settings.SESSION_COOKIE_SAMESITE,
  });
  patch_vary_headers(response, COOKIE);
  return response;
}
