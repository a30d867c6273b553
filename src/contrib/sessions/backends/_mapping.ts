/** The part of a session that is a dictionary. @module */
import { KeyError } from "../../../core/exceptions.ts";
import { mapping_items } from "../../../utils/_mapping.ts";
import { repr } from "../../../utils/_python.ts";
import type { SessionData } from "../_session_data.ts";

/** What `update` takes. */
export type SessionUpdate = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** The values of a session by key. The a-forms wait for the data where a store has to be asked first. */
export abstract class SessionMapping {
  /** Name of the cookie's stand-in in the session. */
  static readonly TEST_COOKIE_NAME: string = "testcookie";
  /** Its value. */
  static readonly TEST_COOKIE_VALUE: string = "worked";
  declare readonly TEST_COOKIE_NAME: string;
  declare readonly TEST_COOKIE_VALUE: string;
  static {
    Object.assign(this.prototype, { TEST_COOKIE_NAME: "testcookie", TEST_COOKIE_VALUE: "worked" });
  }

  /** Whether somebody looked at the data; the response then varies with the cookie. */
  accessed = false;
  /** Whether the session is to be saved. To be set by hand after a change inside a value. */
  modified = false;

  /** The data, loaded when it is first asked for; counts as access. @internal */
  abstract get _session(): SessionData;
  /** The same where the store has to be waited for. @internal */
  abstract _aget_session(): Promise<SessionData>;

  /** @throws KeyError without such a key. */
  getitem(key: string): unknown {
    const session = this._session;
    if (!session.has(key)) throw new KeyError(repr(key));
    return session.get(key);
  }

  /** @param value Something JSON has; the session's serializer complains of others when it is saved. */
  set(key: string, value: unknown): void {
    this._session.set(key, value);
    this.modified = true;
  }

  async aset(key: string, value: unknown): Promise<void> {
    (await this._aget_session()).set(key, value);
    this.modified = true;
  }

  /** @throws KeyError without such a key; the stored row goes with `delete_session()`. */
  delete(key: string): void {
    if (!this._session.delete(key)) throw new KeyError(repr(key));
    this.modified = true;
  }

  has(key: string): boolean {
    return this._session.has(key);
  }

  /** The same as `has`. */
  has_key(key: string): boolean {
    return this._session.has(key);
  }

  async ahas_key(key: string): Promise<boolean> {
    return (await this._aget_session()).has(key);
  }

  get(key: string, default_value?: unknown): unknown {
    return value_in(this._session, key, default_value);
  }

  async aget(key: string, default_value?: unknown): Promise<unknown> {
    return value_in(await this._aget_session(), key, default_value);
  }

  /** Takes the key out. @throws KeyError without the key and without a default. */
  pop(key: string, ...default_value: [default_value?: unknown]): unknown {
    const { modified } = this;
    return this.#taken(this._session, key, default_value, modified);
  }

  async apop(key: string, ...default_value: [default_value?: unknown]): Promise<unknown> {
    const { modified } = this;
    return this.#taken(await this._aget_session(), key, default_value, modified);
  }

  /** As in Django, what loading said of `modified` does not count here. */
  #taken(
    session: SessionData,
    key: string,
    default_value: readonly unknown[],
    modified: boolean,
  ): unknown {
    this.modified = modified || session.has(key);
    if (session.has(key)) {
      const value = session.get(key);
      session.delete(key);
      return value;
    }
    if (default_value.length === 0) throw new KeyError(repr(key));
    return default_value[0];
  }

  /** The value of the key, which is set first if it is not there. */
  setdefault(key: string, value: unknown): unknown {
    return this.#settled(this._session, key, value);
  }

  async asetdefault(key: string, value: unknown): Promise<unknown> {
    return this.#settled(await this._aget_session(), key, value);
  }

  #settled(session: SessionData, key: string, value: unknown): unknown {
    if (session.has(key)) return session.get(key);
    session.set(key, value);
    this.modified = true;
    return value;
  }

  /** Sets the keys of a mapping. */
  update(dict_: SessionUpdate): void {
    this.#put_all(this._session, dict_);
  }

  async aupdate(dict_: SessionUpdate): Promise<void> {
    this.#put_all(await this._aget_session(), dict_);
  }

  #put_all(session: SessionData, dict_: SessionUpdate): void {
    const items = mapping_items(dict_);
    if (items === undefined)
      throw new TypeError(`A session is updated with a mapping, not with ${repr(dict_)}.`);
    for (const [key, value] of items) session.set(String(key), value);
    this.modified = true;
  }

  keys(): IterableIterator<string> {
    return this._session.keys();
  }

  async akeys(): Promise<IterableIterator<string>> {
    return (await this._aget_session()).keys();
  }

  values(): IterableIterator<unknown> {
    return this._session.values();
  }

  async avalues(): Promise<IterableIterator<unknown>> {
    return (await this._aget_session()).values();
  }

  items(): IterableIterator<[key: string, value: unknown]> {
    return this._session.entries();
  }

  async aitems(): Promise<IterableIterator<[key: string, value: unknown]>> {
    return (await this._aget_session()).entries();
  }

  /** Sets a value that the next request finds again only if the client keeps cookies. */
  set_test_cookie(): void {
    this.set(this.TEST_COOKIE_NAME, this.TEST_COOKIE_VALUE);
  }

  async aset_test_cookie(): Promise<void> {
    await this.aset(this.TEST_COOKIE_NAME, this.TEST_COOKIE_VALUE);
  }

  /** Whether the value of `set_test_cookie` is there. */
  test_cookie_worked(): boolean {
    return this.get(this.TEST_COOKIE_NAME) === this.TEST_COOKIE_VALUE;
  }

  async atest_cookie_worked(): Promise<boolean> {
    return (await this.aget(this.TEST_COOKIE_NAME)) === this.TEST_COOKIE_VALUE;
  }

  /** @throws KeyError if the value is not there. */
  delete_test_cookie(): void {
    this.delete(this.TEST_COOKIE_NAME);
  }

  async adelete_test_cookie(): Promise<void> {
    await this._aget_session();
    this.delete(this.TEST_COOKIE_NAME);
  }
}

function value_in(session: SessionData, key: string, default_value: unknown): unknown {
  const value = session.get(key);
  return value === undefined && !session.has(key) ? default_value : value;
}
