/** Who is logged in, as the session says. @module */
import type { HttpRequest, RequestUser } from "../../http/request.ts";
import { str } from "../../utils/_python.ts";
import { constant_time_compare } from "../../utils/crypto.ts";
import type { RequestSession } from "../../http/request.ts";
import { is_configured, load_backend } from "./_backends.ts";
import { BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY } from "./_session_keys.ts";
import type { AuthUser, FoundUser } from "./_types.ts";
import { pk_in } from "./_user_model.ts";
import { AnonymousUser } from "./models.ts";

/** A user that was loaded before anybody asked, or why that failed. */
interface Ahead {
  readonly pk: string;
  readonly path: string;
  readonly user?: FoundUser<AuthUser>;
  readonly failure?: { readonly error: unknown };
}

const loaded_ahead = new WeakMap<HttpRequest, Ahead>();

/** Loads the user whom the session names, where users have to be waited for. Does not count as access to the session. */
export async function load_user_ahead(request: HttpRequest): Promise<void> {
  const pk = text_of(request.session._peek(SESSION_KEY));
  const path = request.session._peek(BACKEND_SESSION_KEY);
  if (pk === undefined || !is_configured(path)) return;
  try {
    const user = await user_of(path, pk);
    loaded_ahead.set(request, { pk, path, user });
  } catch (error) {
    loaded_ahead.set(request, { pk, path, failure: { error } });
  }
}

async function user_of(path: string, pk: string): Promise<FoundUser<AuthUser>> {
  const backend = load_backend(path);
  return backend.aget_user === undefined
    ? backend.get_user?.(pk_in(pk))
    : backend.aget_user(pk_in(pk));
}

function text_of(pk: unknown): string | undefined {
  return pk === undefined || pk === null ? undefined : str(pk);
}

/** What was loaded for this user; nothing if the session has come to name another. */
function ahead_of(request: HttpRequest, pk: string, path: string): Ahead | undefined {
  const ahead = loaded_ahead.get(request);
  return ahead?.pk === pk && ahead.path === path ? ahead : undefined;
}

/**
 * The user whom the session of the request names, or an `AnonymousUser`. A session from before the password changed is
 * ended.
 * @throws SynchronousOnlyOperation if users have to be waited for, and nobody did.
 */
export function get_user(request: HttpRequest): AuthUser | AnonymousUser {
  const { session } = request;
  const pk = text_of(session.get(SESSION_KEY));
  const path = session.get(BACKEND_SESSION_KEY);
  if (pk === undefined || !is_configured(path)) return new AnonymousUser();
  const ahead = ahead_of(request, pk, path);
  if (ahead?.failure !== undefined) throw ahead.failure.error;
  const user = ahead === undefined ? load_backend(path).get_user?.(pk_in(pk)) : ahead.user;
  if (!user) return new AnonymousUser();
  const verdict = judge(session, user);
  if (verdict === "ended") session.flush();
  if (verdict === "renewed") session.cycle_key();
  return concluded(session, user, verdict);
}

/** As `get_user`, where users and sessions have to be waited for. */
export async function aget_user(request: HttpRequest): Promise<AuthUser | AnonymousUser> {
  const { session } = request;
  const pk = text_of(await session.aget(SESSION_KEY));
  const path = session.get(BACKEND_SESSION_KEY);
  if (pk === undefined || !is_configured(path)) return new AnonymousUser();
  const ahead = ahead_of(request, pk, path);
  const user =
    ahead === undefined || ahead.failure !== undefined ? await user_of(path, pk) : ahead.user;
  if (!user) return new AnonymousUser();
  const verdict = judge(session, user);
  if (verdict === "ended") await session.aflush();
  if (verdict === "renewed") await session.acycle_key();
  return concluded(session, user, verdict);
}

/** What becomes of a session: a fallback key still knows it, or its password is no longer the user's. */
type Verdict = "good" | "renewed" | "ended";

function judge(session: RequestSession, user: AuthUser): Verdict {
  if (user.get_session_auth_hash === undefined) return "good";
  const known = session.get(HASH_SESSION_KEY);
  if (!known) return "ended";
  if (constant_time_compare(known, user.get_session_auth_hash())) return "good";
  for (const hash of user.get_session_auth_fallback_hash?.() ?? [])
    if (constant_time_compare(known, hash)) return "renewed";
  return "ended";
}

function concluded(
  session: RequestSession,
  user: AuthUser,
  verdict: Verdict,
): AuthUser | AnonymousUser {
  if (verdict === "ended") return new AnonymousUser();
  if (verdict === "renewed") session.set(HASH_SESSION_KEY, user.get_session_auth_hash?.());
  return user;
}

/** Makes this the user of the request, if `AuthenticationMiddleware` gave it one. */
export function set_user(request: HttpRequest, user: RequestUser): void {
  if (request._has_user) request.user = user;
  if ((request.auser as unknown) !== undefined) request.auser = async () => user;
}
