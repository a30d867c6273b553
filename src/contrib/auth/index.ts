/** Users: who they are, logging in and out, what they may do (Django docs: User authentication). @module */
export { aauthenticate, authenticate } from "./_authenticate.ts";
export { get_backends, load_backend } from "./_backends.ts";
export { aget_user, get_user } from "./_get_user.ts";
export {
  alogin,
  alogout,
  aupdate_session_auth_hash,
  login,
  type LoginOptions,
  logout,
  update_session_auth_hash,
} from "./_login.ts";
export {
  BACKEND_SESSION_KEY,
  HASH_SESSION_KEY,
  REDIRECT_FIELD_NAME,
  SESSION_KEY,
} from "./_session_keys.ts";
export {
  acheck_password_with_timing_attack_mitigation,
  check_password_with_timing_attack_mitigation,
} from "./_timing.ts";
export type {
  AuthBackend,
  AuthBackendClass,
  AuthUser,
  Credentials,
  FoundUser,
  SaveUserOptions,
  UserLookup,
  UserManager,
  UserModel,
} from "./_types.ts";
export { get_user_model } from "./_user_model.ts";
export { user_logged_in, user_logged_out, user_login_failed } from "./signals.ts";

/** The name of a permission: `get_permission_codename("add", { model_name: "page" })` is `add_page`. */
export function get_permission_codename(action: string, opts: { model_name: string }): string {
  return `${action}_${opts.model_name}`;
}
