/** The check of the middleware of `contrib/auth`. @module */
import { settings } from "../../conf/index.ts";
import {
  AuthenticationMiddleware,
  LoginRequiredMiddleware,
} from "../../contrib/auth/middleware.ts";
import { type CheckMessage, Error } from "./messages.ts";

/** `auth.E013`. */
export function check_middleware(): CheckMessage[] {
  const login_required = index_of(LoginRequiredMiddleware);
  if (login_required < 0) return [];
  const authentication = index_of(AuthenticationMiddleware);
  if (authentication >= 0 && authentication < login_required) return [];
  return [
    new Error(
      "LoginRequiredMiddleware needs to know the user: put AuthenticationMiddleware before it in MIDDLEWARE.",
      { id: "auth.E013" },
    ),
  ];
}

/** Where the class, or one below it, stands first. */
function index_of(Class: Function): number {
  return settings.MIDDLEWARE.findIndex(
    (entry) =>
      typeof entry === "function" &&
      (entry === Class || (entry.prototype as unknown) instanceof Class),
  );
}
