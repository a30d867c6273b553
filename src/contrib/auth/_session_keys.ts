/** Where a session says who is logged in, in Django's own names. @module */

/** The key of the user, as text. */
export const SESSION_KEY = "_auth_user_id";
/** The path of the backend that knows the user. */
export const BACKEND_SESSION_KEY = "_auth_user_backend";
/** What of the user's password was known at login. */
export const HASH_SESSION_KEY = "_auth_user_hash";
/** The field of a query or form that says where to go after login. */
export const REDIRECT_FIELD_NAME = "next";
