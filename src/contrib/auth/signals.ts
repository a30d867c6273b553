/** What auth tells other parts of a program (Django docs: Login and logout signals). @module */
import { Signal } from "../../dispatch.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { AuthUser, Credentials } from "./_types.ts";

/** Somebody logged in. The sender is the class of the user. */
export const user_logged_in: Signal<{ request: HttpRequest; user: AuthUser }> = new Signal();
/** No backend accepted the credentials, in which what may be secret is replaced by stars. */
export const user_login_failed: Signal<{ credentials: Credentials; request: HttpRequest | null }> =
  new Signal();
/** Somebody is about to be logged out; `null` if nobody was logged in. */
export const user_logged_out: Signal<{ request: HttpRequest; user: AuthUser | null }> =
  new Signal();
