/** What the test client does with sessions and users: sees its session, logs in and out. @module */
import { settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { SimpleCookie } from "../http/cookie.ts";
import { HttpRequest, type RequestSession } from "../http/request.ts";
import {
  alogin,
  alogout,
  authenticate,
  aget_user,
  type AuthUser,
  type Credentials,
} from "../contrib/auth/index.ts";
import { backends_by_path } from "../contrib/auth/_backends.ts";
import { session_store } from "../contrib/sessions/_engine.ts";

/** What keeps the cookies: a test client. */
interface CookieKeeper {
  cookies: SimpleCookie;
}

/** Options of `force_login`. */
export interface ForceLoginOptions {
  /** The path of the backend that knows the user. Default: the first that can load users. */
  backend?: string | null | undefined;
}

/** The session whose cookie the client has, from its store each time; a new one, saved, without such a cookie. */
export async function session_of(client: CookieKeeper): Promise<RequestSession> {
  const Store = session_store();
  const cookie = client.cookies.get(settings.SESSION_COOKIE_NAME);
  const session = new Store(cookie === undefined ? null : String(cookie.value));
  if (cookie === undefined) {
    await session.asave();
    client.cookies.set(settings.SESSION_COOKIE_NAME, session.session_key);
  } else {
    await session._load_ahead(); // so that also a store that must be waited for can be looked at
  }
  return session;
}

/** A request of the session, in which somebody can be logged in or out. */
async function request_of(client: CookieKeeper): Promise<HttpRequest> {
  const request = new HttpRequest();
  request.session = await session_of(client);
  return request;
}

/** Logs in whom the credentials are of; whether there is such a user. */
export async function log_in(client: CookieKeeper, credentials: Credentials): Promise<boolean> {
  const user = await authenticate(null, credentials);
  if (user !== undefined) await begin(client, user, null);
  return user !== undefined;
}

/** Logs in this user, without credentials. */
export async function force_log_in(
  client: CookieKeeper,
  user: AuthUser,
  options: ForceLoginOptions = {},
): Promise<void> {
  const backend = options.backend ?? first_that_loads_users();
  user.backend = backend;
  await begin(client, user, backend);
}

function first_that_loads_users(): string {
  const found = backends_by_path().find(
    ([, backend]) => backend.get_user !== undefined || backend.aget_user !== undefined,
  );
  if (found !== undefined) return found[0];
  throw new ImproperlyConfigured("None of AUTHENTICATION_BACKENDS has get_user().");
}

async function begin(client: CookieKeeper, user: AuthUser, backend: string | null): Promise<void> {
  const request = await request_of(client);
  await alogin(request, user, { backend });
  await request.session.asave();
  const name = settings.SESSION_COOKIE_NAME;
  client.cookies.set(name, request.session.session_key);
  const morsel = client.cookies.getitem(name);
  morsel.set("path", "/");
  morsel.set("domain", settings.SESSION_COOKIE_DOMAIN ?? "");
  morsel.set("secure", settings.SESSION_COOKIE_SECURE || "");
  morsel.set("max-age", "");
  morsel.set("expires", "");
}

/** Ends the session, and drops all cookies. */
export async function log_out(client: CookieKeeper): Promise<void> {
  const request = await request_of(client);
  const user = await aget_user(request);
  request.user = user;
  request.auser = async () => user;
  await alogout(request);
  client.cookies = new SimpleCookie();
}
