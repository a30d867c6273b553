/** `authenticate`: whose credentials these are. @module */
import { PermissionDenied } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { backends_by_path } from "./_backends.ts";
import type { AuthBackend, AuthUser, Credentials, FoundUser } from "./_types.ts";
import { user_login_failed } from "./signals.ts";

const SECRET = /api|token|key|secret|password|signature/i;
const STARS = "*".repeat(20);

function without_secrets(credentials: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [name, SECRET.test(name) ? STARS : value]),
  );
}

async function ask(
  backend: AuthBackend,
  request: HttpRequest | null,
  credentials: Credentials,
): Promise<FoundUser<AuthUser>> {
  if (backend.accepts?.(credentials) === false) return undefined;
  return backend.aauthenticate === undefined
    ? backend.authenticate?.(request, credentials)
    : backend.aauthenticate(request, credentials);
}

/**
 * The user whose credentials these are, of the first backend that knows them. Passwords are hashed beside the event loop.
 * @param credentials Usually `{ username, password }`.
 */
export async function authenticate(
  request: HttpRequest | null | undefined,
  credentials: Credentials = {},
): Promise<AuthUser | undefined> {
  const known_request = request ?? null;
  try {
    for (const [path, backend] of backends_by_path()) {
      const user = await ask(backend, known_request, credentials);
      if (!user) continue;
      user.backend = path;
      return user;
    }
  } catch (error) {
    if (!(error instanceof PermissionDenied)) throw error; // it says: ask no others
  }
  await user_login_failed.asend("django.contrib.auth", {
    credentials: without_secrets(credentials),
    request: known_request,
  });
  return undefined;
}

/** The same as `authenticate`. */
export const aauthenticate: typeof authenticate = authenticate;
