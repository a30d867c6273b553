/** Sessions in signed cookies: the data itself travels, readable for the client, in Django's form. @module */
import { provide_default } from "../../../conf/index.ts";
import { cached_signer } from "../_signers.ts";
import { as_session_dict, type SessionDict } from "../_session_data.ts";
import { SessionBase, type SaveOptions } from "./base.ts";

const SALT = "django.contrib.sessions.backends.signed_cookies";

/**
 * The session is its own key. Nothing is kept on the server, so a cookie stays valid until `SESSION_COOKIE_AGE` is over,
 * also after a logout.
 */
export class SessionStore extends SessionBase {
  static {
    Object.defineProperty(this, "name", { value: "SessionStore" }); // bundlers rename classes; see `key_salt`
  }

  /** The data in the cookie; empty, and `modified`, for a cookie that is too old or not ours. */
  override load(): SessionDict {
    try {
      const { session_key, serializer } = this;
      if (session_key !== null)
        return as_session_dict(
          cached_signer(SALT).unsign_object(session_key, {
            serializer,
            max_age: this.get_session_cookie_age(),
          }),
        );
    } catch {
      // whatever is wrong with it, the client gets a new one
    }
    this.create();
    return {};
  }

  override create(): void {
    this.modified = true;
  }

  override save(_options: SaveOptions = {}): void {
    const { serializer } = this;
    const data = this._data_to_save();
    this._session_key = cached_signer(SALT).sign_object(data, { serializer, compress: true });
    this.modified = true;
  }

  /** Always false: nothing is stored. */
  override exists(_session_key?: string | null): false {
    return false;
  }

  override delete_session(_session_key?: string | null): void {
    this._session_key = "";
    this._session_cache = new Map();
    this.modified = true;
  }

  /** Signs anew; the old cookie stays valid until its age is over. */
  override cycle_key(): void {
    this.save();
  }

  override async acycle_key(): Promise<void> {
    this.cycle_key();
  }

  /** Nothing to do: cookies expire. */
  static override clear_expired(): void {}
}

provide_default("SESSION_ENGINE", SessionStore);
