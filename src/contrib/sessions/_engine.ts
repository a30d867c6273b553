/** What `SESSION_ENGINE` stands for. @module */
import { on_change, settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import { repr } from "../../utils/_python.ts";
import { SessionBase } from "./backends/base.ts";

/** A class of session stores: what `SESSION_ENGINE` is, or what the module it is exports as `SessionStore`. */
export interface SessionStoreClass {
  new (session_key?: string | null): SessionBase;
  clear_expired(): void;
  aclear_expired(): Promise<void>;
}

/** What `SESSION_ENGINE` is. */
export type SessionEngine = SessionStoreClass | { readonly SessionStore: SessionStoreClass };

let found: SessionStoreClass | undefined;
on_change(["SESSION_ENGINE"], () => (found = undefined));

function is_store_class(value: unknown): value is SessionStoreClass {
  return typeof value === "function" && value.prototype instanceof SessionBase;
}

/**
 * The class of `SESSION_ENGINE`.
 * @throws ImproperlyConfigured if the setting is neither a store class nor a module with one.
 */
export function session_store(): SessionStoreClass {
  if (found !== undefined) return found;
  const engine: unknown = settings.SESSION_ENGINE;
  const named: unknown =
    typeof engine === "object" && engine !== null && "SessionStore" in engine
      ? engine.SessionStore
      : engine;
  if (!is_store_class(named))
    throw new ImproperlyConfigured(
      `SESSION_ENGINE is ${repr(engine)}. It must be a SessionStore class, or a module that exports one: import * as engine from "nuages/contrib/sessions/backends/cache".`,
    );
  return (found = named);
}
