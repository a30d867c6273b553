/** Sessions: what a site remembers of a client from request to request (Django docs: How to use sessions). @module */
export {
  CreateError,
  type ExpiryOptions,
  type SaveOptions,
  SessionBase,
  type SessionDict,
  type SessionUpdate,
  UpdateError,
  VALID_KEY_CHARS,
} from "./backends/base.ts";
export type { SessionEngine, SessionStoreClass } from "./_engine.ts";
export { SessionStoreError } from "./backends/_keyed.ts";
export { InvalidSessionKey, SessionInterrupted, SuspiciousSession } from "./exceptions.ts";
export { SessionMiddleware } from "./middleware.ts";
export { JSONSerializer } from "./serializers.ts";
