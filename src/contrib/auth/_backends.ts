/** The backends of `AUTHENTICATION_BACKENDS`, and what sessions call them. @module */
import { on_change, settings } from "../../conf/index.ts";
import { ImportError, ImproperlyConfigured, ValueError } from "../../core/exceptions.ts";
import { repr } from "../../utils/_python.ts";
import type { AuthBackend, AuthBackendClass, AuthUser } from "./_types.ts";
import {
  AllowAllUsersModelBackend,
  AllowAllUsersRemoteUserBackend,
  ModelBackend,
  RemoteUserBackend,
} from "./backends.ts";

const KNOWN: readonly AuthBackendClass[] = [
  ModelBackend,
  AllowAllUsersModelBackend,
  RemoteUserBackend,
  AllowAllUsersRemoteUserBackend,
];

/** Not what a class inherits: then a subclass would pass for the one above. */
function path_of(backend: AuthBackendClass): string {
  return Object.hasOwn(backend, "path") ? (backend.path ?? backend.name) : backend.name;
}

let configured: Map<string, AuthBackendClass> | undefined;
on_change(["AUTHENTICATION_BACKENDS"], () => (configured = undefined));

function is_backend_class(value: unknown): value is AuthBackendClass {
  return typeof value === "function";
}

/**
 * The backends of the settings by their paths.
 * @throws ImproperlyConfigured for what is no class, and for two of one path.
 */
function configured_backends(): ReadonlyMap<string, AuthBackendClass> {
  if (configured !== undefined) return configured;
  const found = new Map<string, AuthBackendClass>();
  for (const backend of settings.AUTHENTICATION_BACKENDS) {
    if (!is_backend_class(backend))
      throw new ImproperlyConfigured(
        `AUTHENTICATION_BACKENDS has ${repr(backend)}, which is no class of backends.`,
      );
    const path = path_of(backend);
    if (found.has(path))
      throw new ImproperlyConfigured(
        `AUTHENTICATION_BACKENDS has two backends ${repr(path)}: give one of them a static path of its own.`,
      );
    found.set(path, backend);
  }
  return (configured = found);
}

/** Whether the settings have a backend of that path. */
export function is_configured(path: unknown): path is string {
  return typeof path === "string" && configured_backends().has(path);
}

/** Paths and backends, in the order of the settings. @throws ImproperlyConfigured if there are none. */
export function backends_by_path(): [path: string, backend: AuthBackend][] {
  const backends = [...configured_backends()].map(([path, backend]): [string, AuthBackend] => [
    path,
    new backend(),
  ]);
  if (backends.length === 0)
    throw new ImproperlyConfigured(
      "AUTHENTICATION_BACKENDS is empty: nobody can log in. Leave it out for ModelBackend.",
    );
  return backends;
}

/** The backends, in the order of the settings. @throws ImproperlyConfigured if there are none. */
export function get_backends(): AuthBackend[] {
  return backends_by_path().map(([, backend]) => backend);
}

/**
 * The backend that sessions call so.
 * @throws ImportError if neither the settings nor this package have it.
 */
export function load_backend(path: string): AuthBackend {
  const backend =
    configured_backends().get(path) ?? KNOWN.find((candidate) => path_of(candidate) === path);
  if (backend !== undefined) return new backend();
  throw new ImportError(
    `There is no backend ${repr(path)}. Put its class in AUTHENTICATION_BACKENDS, with this as its static path.`,
  );
}

let waiting: boolean | undefined;
on_change(["AUTHENTICATION_BACKENDS", "AUTH_USER_MODEL"], () => (waiting = undefined));

/** Whether a user may have to be waited for. */
export function backends_wait(): boolean {
  waiting ??= [...configured_backends().values()].some((backend) => new backend()._waits);
  return waiting;
}

/**
 * What a session shall call the backend of the user.
 * @throws ValueError if nobody said which of several; TypeError for what is no text.
 */
export function backend_for(user: AuthUser, given: string | null | undefined): string {
  const path: unknown = given || user.backend;
  if (path) {
    if (typeof path === "string") return path;
    throw new TypeError(`A backend is named by its path, not by ${repr(path)}.`);
  }
  const [only, ...others] = backends_by_path();
  if (only !== undefined && others.length === 0) return only[0];
  throw new ValueError(
    "There are several AUTHENTICATION_BACKENDS: say which one knows the user, with { backend } or as user.backend.",
  );
}
