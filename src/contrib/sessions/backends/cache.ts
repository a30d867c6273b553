/** Sessions in the cache of `SESSION_CACHE_ALIAS`. @module */
import type { BaseCache } from "../../../core/cache/backends/base.ts";
import { is_plain } from "../../../utils/_mapping.ts";
import { and_then, type Maybe } from "../../../utils/_promise.ts";
import {
  cache_add,
  cache_delete,
  cache_get,
  cache_has,
  cache_set,
  cache_waits,
  session_cache,
} from "../_cache_access.ts";
import { dict_of, type SessionDict } from "../_session_data.ts";
import { KeyedSession } from "./_keyed.ts";
import { new_session_key } from "./base.ts";

/** What the keys of sessions begin with, so that no other use of the cache meets them. */
export const KEY_PREFIX = "django.contrib.sessions.cache";

/** A session in the cache: as fast as that, and gone when it is emptied. What a Python process keeps there is a pickle. */
export class SessionStore extends KeyedSession {
  declare cache_key_prefix: string;
  static {
    Object.defineProperty(this, "name", { value: "SessionStore" }); // bundlers rename classes; see `key_salt`
    this.prototype.cache_key_prefix = KEY_PREFIX;
  }

  /** @internal */
  readonly _cache: BaseCache = session_cache();

  override get _waits(): boolean {
    return cache_waits(this._cache);
  }

  /** The key in the cache, before the cache's own prefix. A session without a key gets one. */
  get cache_key(): string {
    return this.cache_key_prefix + (this._session_key ??= new_session_key());
  }

  async acache_key(): Promise<string> {
    return this.cache_key;
  }

  override _has_stored(key: string): Maybe<boolean> {
    return this._ask("looked for", () => cache_has(this._cache, this.cache_key_prefix + key));
  }

  override _find_stored(key: string): Maybe<SessionDict | undefined> {
    const found = this._ask("read", () => cache_get(this._cache, this.cache_key_prefix + key));
    return and_then(found, (data) => (is_plain(data) ? { ...data } : undefined));
  }

  override _write_stored(key: string, must_create: boolean): Maybe<boolean> {
    const name = this.cache_key_prefix + key;
    const data = dict_of(this._session);
    const age = this.get_expiry_age();
    return this._ask("written", () => {
      if (must_create) return cache_add(this._cache, name, data, age);
      return and_then(cache_has(this._cache, name), (there) =>
        there ? and_then(cache_set(this._cache, name, data, age), () => true) : false,
      );
    });
  }

  override _drop_stored(key: string): Maybe<void> {
    const name = this.cache_key_prefix + key;
    const dropped = this._ask("deleted", () => cache_delete(this._cache, name));
    return and_then(dropped, () => undefined);
  }

  /** Nothing to do: entries of a cache expire. */
  static override clear_expired(): void {}
}
