/** Middleware for users whom the web server has authenticated (Django docs: REMOTE_USER). @module */
import { ImportError, ImproperlyConfigured, KeyError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import { repr, str } from "../../utils/_python.ts";
import type { GetResponse, MiddlewareInstance } from "../../utils/deprecation.ts";
import { authenticate } from "./_authenticate.ts";
import { load_backend } from "./_backends.ts";
import { alogin, alogout } from "./_login.ts";
import { BACKEND_SESSION_KEY } from "./_session_keys.ts";
import type { AuthBackend } from "./_types.ts";
import { RemoteUserBackend } from "./backends.ts";

/**
 * Logs in whom `META[header]` names. What is there is believed: let nobody but the server set it. A header of a request
 * is `HTTP_…`, and then a proxy must remove what clients send under that name.
 */
export class RemoteUserMiddleware implements MiddlewareInstance {
  /** The key of META. */
  declare header: string;
  /** Whether a request without the name is logged out. */
  declare force_logout_if_no_header: boolean;
  static {
    this.prototype.header = "REMOTE_USER";
    this.prototype.force_logout_if_no_header = true;
  }

  readonly get_response: GetResponse;

  constructor(get_response: GetResponse) {
    this.get_response = get_response;
  }

  async call(request: HttpRequest): Promise<HttpResponseBase> {
    await this.process_request(request);
    return this.get_response(request);
  }

  /** @throws ImproperlyConfigured without `AuthenticationMiddleware`. */
  async process_request(request: HttpRequest): Promise<void> {
    if ((request.auser as unknown) === undefined)
      throw new ImproperlyConfigured(
        `${this.constructor.name} needs request.user: put AuthenticationMiddleware before it in MIDDLEWARE.`,
      );
    const username = this.#username(request);
    const user = await request.auser();
    if (username === undefined) {
      if (this.force_logout_if_no_header && user.is_authenticated) await remove_user(request);
      return;
    }
    if (user.is_authenticated) {
      if (user.get_username() === (await this.aclean_username(username, request))) return;
      await remove_user(request);
    }
    const named = await authenticate(request, { remote_user: username });
    if (named !== undefined) await alogin(request, named);
  }

  /** The same as `process_request`. */
  async aprocess_request(request: HttpRequest): Promise<void> {
    await this.process_request(request);
  }

  #username(request: HttpRequest): string | undefined {
    try {
      return this.get_username(request);
    } catch (error) {
      if (error instanceof KeyError) return undefined;
      throw error;
    }
  }

  /** The name that the server gave. @throws KeyError if it gave none. */
  get_username(request: HttpRequest): string {
    const username: unknown = request.META[this.header];
    if (username === undefined) throw new KeyError(repr(this.header));
    return str(username);
  }

  /** The name of the user, as the backend of the session makes it of the name that the server gave. */
  clean_username(username: string, request: HttpRequest): string {
    return cleaned(username, request.session.get(BACKEND_SESSION_KEY));
  }

  async aclean_username(username: string, request: HttpRequest): Promise<string> {
    return cleaned(username, await request.session.aget(BACKEND_SESSION_KEY));
  }
}

function cleaned(username: string, path: unknown): string {
  const backend: AuthBackend & { clean_username?(name: string): string } = load_backend(str(path));
  return backend.clean_username?.(username) ?? username;
}

/** Logs out a user of a backend for remote users, or of one that is no longer there. */
async function remove_user(request: HttpRequest): Promise<void> {
  try {
    const path = str(await request.session.aget(BACKEND_SESSION_KEY, ""));
    if (!(load_backend(path) instanceof RemoteUserBackend)) return;
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
  }
  await alogout(request);
}

/** Keeps users logged in when later requests come without the name. */
export class PersistentRemoteUserMiddleware extends RemoteUserMiddleware {
  static {
    this.prototype.force_logout_if_no_header = false;
  }
}
