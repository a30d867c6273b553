/** Authentication backends: who somebody is, and what they may do (Django docs: Customizing authentication). @module */
export { AllowAllUsersModelBackend, BaseBackend, ModelBackend } from "./_model_backend.ts";
export {
  AllowAllUsersRemoteUserBackend,
  type ConfigureUserOptions,
  RemoteUserBackend,
} from "./_remote_user_backend.ts";
export type { AuthBackend, AuthBackendClass, AuthUser, Credentials, FoundUser } from "./_types.ts";
