/** Sessions in a database, with the cache of `SESSION_CACHE_ALIAS` in front. @module */
import type { BaseCache } from "../../../core/cache/backends/base.ts";
import { log } from "../../../utils/_logger.ts";
import { is_plain } from "../../../utils/_mapping.ts";
import { and_then, is_promise, type Maybe } from "../../../utils/_promise.ts";
import {
  cache_delete,
  cache_get,
  cache_has,
  cache_set,
  cache_waits,
  session_cache,
} from "../_cache_access.ts";
import { dict_of, type SessionDict } from "../_session_data.ts";
import type { SessionRow } from "../rows.ts";
import { new_session_key } from "./base.ts";
import { SessionStore as DBStore } from "./db.ts";

/** What the keys of sessions begin with, so that no other use of the cache meets them. */
export const KEY_PREFIX = "django.contrib.sessions.cached_db";

/** Reads from the cache, writes to the database and then to the cache. Without the cache it still works, slower. */
export class SessionStore extends DBStore {
  declare cache_key_prefix: string;
  static {
    Object.defineProperty(this, "name", { value: "SessionStore" }); // bundlers rename classes; see `key_salt`
    this.prototype.cache_key_prefix = KEY_PREFIX;
  }

  /** @internal */
  readonly _cache: BaseCache = session_cache();

  override get _waits(): boolean {
    return super._waits || cache_waits(this._cache);
  }

  /** The key in the cache, before the cache's own prefix. A session without a key gets one. */
  get cache_key(): string {
    return this.cache_key_prefix + (this._session_key ??= new_session_key());
  }

  async acache_key(): Promise<string> {
    return this.cache_key;
  }

  override _has_stored(key: string): Maybe<boolean> {
    const cached = this.#try_cache("read", () =>
      cache_has(this._cache, this.cache_key_prefix + key),
    );
    return and_then(cached, (there) => there || super._has_stored(key));
  }

  override _find_stored(key: string): Maybe<SessionDict | undefined> {
    const name = this.cache_key_prefix + key;
    const cached = this.#try_cache("read", () => cache_get(this._cache, name));
    return and_then(cached, (data) =>
      is_plain(data) ? { ...data } : this.#find_in_row(key, name),
    );
  }

  #find_in_row(key: string, name: string): Maybe<SessionDict | undefined> {
    return and_then(this._find_row(key), (row) => row && this.#keep(name, row));
  }

  #keep(name: string, row: SessionRow): Maybe<SessionDict> {
    const dict = this.decode(row.session_data);
    const age = this.get_expiry_age({ expiry: row.expire_date });
    const kept = this.#try_cache("written", () => cache_set(this._cache, name, dict, age));
    return and_then(kept, () => dict);
  }

  override _write_stored(key: string, must_create: boolean): Maybe<boolean> {
    return and_then(super._write_stored(key, must_create), (written) => {
      if (!written) return false;
      const data = dict_of(this._session);
      const age = this.get_expiry_age();
      const name = this.cache_key_prefix + key;
      const kept = this.#try_cache("written", () => cache_set(this._cache, name, data, age));
      return and_then(kept, () => true);
    });
  }

  /** The cache last and not tried only: a session that stayed there would outlive its logout. */
  override _drop_stored(key: string): Maybe<void> {
    const name = this.cache_key_prefix + key;
    const dropped = and_then(super._drop_stored(key), () =>
      this._ask("deleted", () => cache_delete(this._cache, name)),
    );
    return and_then(dropped, () => undefined);
  }

  /** What the cache gives; a failure is logged, for the database has everything. */
  #try_cache<T>(doing: string, ask: () => Maybe<T>): Maybe<T | undefined> {
    const failed = (error: unknown): undefined =>
      log("django.contrib.sessions", "error", `The cached session could not be ${doing}.`, {
        error,
      }) as undefined;
    try {
      const answer = ask();
      return is_promise(answer) ? answer.catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  }
}
