/** Logging in and out. @module */
import { AttributeError, ValueError } from "../../core/exceptions.ts";
import type { HttpRequest, RequestSession, RequestUser } from "../../http/request.ts";
import { rotate_token } from "../../middleware/csrf.ts";
import { is_thenable } from "../../utils/_promise.ts";
import { repr, str } from "../../utils/_python.ts";
import { constant_time_compare } from "../../utils/crypto.ts";
import { backend_for } from "./_backends.ts";
import { set_user } from "./_get_user.ts";
import { BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY } from "./_session_keys.ts";
import type { AuthUser } from "./_types.ts";
import { AnonymousUser, update_last_login } from "./models.ts";
import { user_logged_in, user_logged_out } from "./signals.ts";

/** Options of `login`. */
export interface LoginOptions {
  /** The path of the backend that knows the user. Default: what `authenticate` noted, or the only one. */
  backend?: string | null | undefined;
}

/** What a session is told of a user. */
interface Identity {
  readonly pk: string;
  readonly path: string;
  readonly hash: string;
}

function identity_of(user: AuthUser, options: LoginOptions): Identity {
  if (typeof (user as Partial<AuthUser> | null | undefined)?.get_session_auth_hash !== "function")
    throw new AttributeError(
      `${repr(user)} cannot be logged in: it has no get_session_auth_hash(). Is it what authenticate() gave?`,
    );
  if (user.pk === undefined || user.pk === null)
    throw new ValueError("A user without a pk cannot be found again: save it before the login.");
  const hash = user.get_session_auth_hash?.() ?? "";
  return { pk: str(user.pk), path: backend_for(user, options.backend), hash };
}

/** @throws AttributeError without a session. */
export function session_of(request: HttpRequest): RequestSession {
  if ((request.session as unknown) !== undefined) return request.session;
  throw new AttributeError("This needs request.session: put SessionMiddleware in MIDDLEWARE.");
}

/** Whether the session belongs to another user, or is from before the password changed. */
function is_of_another(session: RequestSession, { pk, hash }: Identity): boolean {
  if (str(session.getitem(SESSION_KEY)) !== pk) return true;
  return hash !== "" && !constant_time_compare(session.get(HASH_SESSION_KEY, ""), hash);
}

function note(request: HttpRequest, user: AuthUser, { pk, path, hash }: Identity): void {
  request.session.set(SESSION_KEY, pk);
  request.session.set(BACKEND_SESSION_KEY, path);
  request.session.set(HASH_SESSION_KEY, hash);
  set_user(request, user);
  rotate_token(request);
}

/**
 * Logs the user in: the session gets a new key, or is a new one if another user was in it. Call it with the user that
 * `authenticate` gave.
 * @throws AttributeError for what is no user; ValueError if there are several backends and none is named.
 */
export function login(request: HttpRequest, user: AuthUser, options: LoginOptions = {}): void {
  const identity = identity_of(user, options);
  const session = session_of(request);
  if (!session.has(SESSION_KEY)) session.cycle_key();
  else if (is_of_another(session, identity)) session.flush();
  note(request, user, identity);
  for (const [, result] of user_logged_in.send(user.constructor, { request, user }))
    if (is_thenable(result)) session._do_meanwhile(Promise.resolve(result));
}

/** As `login`, where the session has to be waited for. */
export async function alogin(
  request: HttpRequest,
  user: AuthUser,
  options: LoginOptions = {},
): Promise<void> {
  const identity = identity_of(user, options);
  const session = session_of(request);
  if (!(await session.ahas_key(SESSION_KEY))) await session.acycle_key();
  else if (is_of_another(session, identity)) await session.aflush();
  note(request, user, identity);
  await user_logged_in.asend(user.constructor, { request, user });
}

function who_leaves(user: RequestUser | undefined): AuthUser | null {
  return user?.is_authenticated ? user : null;
}

/** Logs out whoever is logged in: the session is over, whatever was in it. */
export function logout(request: HttpRequest): void {
  const session = session_of(request);
  const user = who_leaves(request.user);
  for (const [, result] of user_logged_out.send(user?.constructor, { request, user }))
    if (is_thenable(result)) session._do_meanwhile(Promise.resolve(result));
  session.flush();
  set_user(request, new AnonymousUser());
}

/** As `logout`, where the session has to be waited for. */
export async function alogout(request: HttpRequest): Promise<void> {
  const session = session_of(request);
  const auser = request.auser as typeof request.auser | undefined;
  const user = who_leaves(await auser?.());
  await user_logged_out.asend(user?.constructor, { request, user });
  await session.aflush();
  set_user(request, new AnonymousUser());
}

/** After a change of password: this session goes on, while the user's others end. */
export function update_session_auth_hash(request: HttpRequest, user: AuthUser): void {
  request.session.cycle_key();
  if (user.get_session_auth_hash !== undefined && is_same(request.user, user))
    request.session.set(HASH_SESSION_KEY, user.get_session_auth_hash());
}

/** As `update_session_auth_hash`, where the session has to be waited for. */
export async function aupdate_session_auth_hash(
  request: HttpRequest,
  user: AuthUser,
): Promise<void> {
  await request.session.acycle_key();
  // Whoever is loaded is not loaded again: the session does not know the new password yet, and would end.
  const current = request._user ?? (await request.auser());
  if (user.get_session_auth_hash !== undefined && is_same(current, user))
    await request.session.aset(HASH_SESSION_KEY, user.get_session_auth_hash());
}

function is_same(one: AuthUser, other: AuthUser): boolean {
  return one === other || (one.constructor === other.constructor && one.pk === other.pk);
}

user_logged_in.connect(({ user }) => ("last_login" in user ? update_last_login(user) : undefined), {
  dispatch_uid: "update_last_login",
});
