/** `SessionBase`, what every session store has (Django docs: How to use sessions). @module */
import { settings } from "../../../conf/index.ts";
import {
  Exception,
  NotImplementedError,
  SynchronousOnlyOperation,
} from "../../../core/exceptions.ts";
import { BadSignature, type SerializerClass } from "../../../core/signing.ts";
import { mark_altering } from "../../../utils/_alters_data.ts";
import { log } from "../../../utils/_logger.ts";
import { get_random_string } from "../../../utils/crypto.ts";
import { age_of, date_of, type ExpiryOptions, kept_expiry } from "../_expiry.ts";
import type { Origin } from "../_lossless.ts";
import {
  as_session_dict,
  data_to_write,
  loaded_data,
  type SessionData,
  type SessionDict,
} from "../_session_data.ts";
import { cached_signer } from "../_signers.ts";
import "../serializers.ts"; // the default of SESSION_SERIALIZER
import { SessionMapping, type SessionUpdate } from "./_mapping.ts";

export type { ExpiryOptions } from "../_expiry.ts";
export type { SessionDict } from "../_session_data.ts";
export type { SessionUpdate } from "./_mapping.ts";

/** A new session got a key that exists already. */
export class CreateError extends Exception {}
/** The session to be saved is no longer there. */
export class UpdateError extends Exception {}

/** What keys consist of: no upper case, since some storages do not tell it from lower case. */
export const VALID_KEY_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Options of `save` and `asave`. */
export interface SaveOptions {
  /** Whether the session must be new: CreateError if there is one with its key. Default `false`. */
  must_create?: boolean | undefined;
}

/** What a store was found to hold before anybody asked. */
interface Ahead {
  readonly dict: SessionDict;
  readonly session_key: string | null;
  readonly modified: boolean;
}

// What a template may not call; each has an a-form.
const ALTERING = (
  "clear create cycle_key delete delete_session delete_test_cookie flush pop save set set_expiry " +
  "set_test_cookie setdefault update"
).split(" ");
const EXPIRY_KEY = "_session_expiry";
const SHORTEST_KEY = 8;

/** A random key, as all stores but signed cookies use it. @internal */
export function new_session_key(): string {
  return get_random_string(32, { allowed_chars: VALID_KEY_CHARS });
}

/**
 * A session and its store. A store overrides `exists`, `create`, `save`, `delete_session`, `load` and `clear_expired`, or,
 * where it has to wait for its storage, the a-forms of these. Then the session is loaded before the view and saved after
 * it; in between, the other methods work on what is in memory.
 */
export class SessionBase extends SessionMapping {
  static {
    mark_altering(this.prototype, [...ALTERING, ...ALTERING.map((name) => `a${name}`)]);
  }

  #key: string | null = null;
  #ahead: Ahead | undefined = undefined;
  #failure: { readonly error: unknown } | undefined = undefined;
  #origin: Origin | undefined = undefined;
  #pending: Promise<unknown>[] | undefined = undefined;
  #superseded: string | undefined = undefined;
  /** The data, once it is loaded. @internal */
  _session_cache: SessionData | undefined = undefined;

  /** @param session_key From the client. One of fewer than 8 characters counts as none. */
  constructor(session_key?: string | null) {
    super();
    this._session_key = session_key;
  }

  /** `null` for a session that is not stored yet. */
  get session_key(): string | null {
    return this.#key;
  }

  /** @internal */
  get _session_key(): string | null {
    return this.#key;
  }

  /** @internal */
  set _session_key(value: string | null | undefined) {
    this.#key = value && value.length >= SHORTEST_KEY ? value : null;
  }

  /** Django's path of the class, as far as stored data depends on it: only a class named alike reads it. */
  get key_salt(): string {
    return `django.contrib.sessions.${this.constructor.name}`;
  }

  /** The class of `SESSION_SERIALIZER`. */
  get serializer(): SerializerClass {
    return settings.SESSION_SERIALIZER;
  }

  // --- the data ---

  override get _session(): SessionData {
    this.accessed = true;
    if (this._session_cache !== undefined) return this._session_cache;
    if (this.#key === null) return (this._session_cache = new Map());
    return this.#take(this.#loaded_ahead() ?? this.load());
  }

  override async _aget_session(): Promise<SessionData> {
    this.accessed = true;
    if (this._session_cache !== undefined) return this._session_cache;
    if (this.#key === null) return (this._session_cache = new Map());
    this.#failure = undefined; // it may work now
    return this.#take(this.#loaded_ahead() ?? (await this.aload()));
  }

  #take(dict: SessionDict): SessionData {
    const { data, origin } = loaded_data(dict);
    this.#origin = origin;
    return (this._session_cache = data);
  }

  #loaded_ahead(): SessionDict | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    const ahead = this.#ahead;
    if (ahead === undefined) return undefined;
    this.#ahead = undefined;
    this._session_key = ahead.session_key;
    this.modified ||= ahead.modified;
    return ahead.dict;
  }

  /** The data as a store writes it; numbers that only Python can hold are as they were read. @internal */
  _data_to_save(): SessionData {
    return data_to_write(this._session, this.#origin);
  }

  /** Forgets all data; the key stays. Nothing is loaded for that. */
  clear(): void {
    this._session_cache = new Map();
    this.#origin = undefined;
    this.accessed = true;
    this.modified = true;
  }

  /** Whether there is neither a key nor data. Does not load: a key that no store knows counts until somebody looks. */
  is_empty(): boolean {
    return (
      this.#key === null && (this._session_cache === undefined || this._session_cache.size === 0)
    );
  }

  /** What templates take for the truth of a session. @internal */
  __bool__(): boolean {
    return !this.is_empty();
  }

  // --- as text ---

  /** The data signed and, if that is shorter, compressed: the form of database rows and files. */
  encode(session_dict: SessionUpdate): string {
    const { serializer } = this;
    return cached_signer(this.key_salt).sign_object(session_dict, { serializer, compress: true });
  }

  /** What `encode` wrote, however long ago; nothing if it was changed (which is logged) or cannot be read. */
  decode(session_data: string): SessionDict {
    const { serializer } = this;
    try {
      return as_session_dict(
        cached_signer(this.key_salt).unsign_object(session_data, { serializer }),
      );
    } catch (error) {
      if (error instanceof BadSignature)
        log("django.security.SuspiciousSession", "warning", "Session data is damaged.", { error });
      return {};
    }
  }

  // --- when it ends ---

  /** `settings.SESSION_COOKIE_AGE`. */
  get_session_cookie_age(): number {
    return settings.SESSION_COOKIE_AGE;
  }

  /**
   * When the session ends: after so many seconds without a change, at a date, or with the browser (0). `null` goes back
   * to the settings.
   * @throws TypeError for another type; ValueError for a number that is not finite.
   */
  set_expiry(value: number | Date | null | undefined): void {
    if (value === null || value === undefined) this.pop(EXPIRY_KEY, undefined);
    else this.set(EXPIRY_KEY, kept_expiry(value));
  }

  async aset_expiry(value: number | Date | null | undefined): Promise<void> {
    await this._aget_session();
    this.set_expiry(value);
  }

  /** Seconds until the session ends, also for one that ends with the browser. */
  get_expiry_age(options: ExpiryOptions = {}): number {
    const expiry = "expiry" in options ? options.expiry : this.get(EXPIRY_KEY);
    return age_of(expiry, options.modification, this.get_session_cookie_age());
  }

  async aget_expiry_age(options: ExpiryOptions = {}): Promise<number> {
    if (!("expiry" in options)) await this._aget_session();
    return this.get_expiry_age(options);
  }

  /** When the session ends, also for one that ends with the browser. */
  get_expiry_date(options: ExpiryOptions = {}): Date {
    const expiry = "expiry" in options ? options.expiry : this.get(EXPIRY_KEY);
    return date_of(expiry, options.modification, this.get_session_cookie_age());
  }

  async aget_expiry_date(options: ExpiryOptions = {}): Promise<Date> {
    if (!("expiry" in options)) await this._aget_session();
    return this.get_expiry_date(options);
  }

  /** Whether the session ends with the browser. */
  get_expire_at_browser_close(): boolean {
    const expiry = this.get(EXPIRY_KEY);
    if (expiry === undefined || expiry === null) return settings.SESSION_EXPIRE_AT_BROWSER_CLOSE;
    return expiry === 0;
  }

  async aget_expire_at_browser_close(): Promise<boolean> {
    await this._aget_session();
    return this.get_expire_at_browser_close();
  }

  // --- the life of a session ---

  /** Ends the session: no data, no stored row, no key. For logout. */
  flush(): void {
    this.clear();
    this.delete_session();
    this._session_key = null;
  }

  async aflush(): Promise<void> {
    this.clear();
    await this.adelete_session();
    this._session_key = null;
  }

  /** A new key for the same data. For login, so that a key somebody else knows is worth nothing. */
  cycle_key(): void {
    const data = this._session;
    const key = this.#key;
    this.create();
    this._session_cache = data;
    if (key === null) return;
    if (this._waits && data.size > 0) this.#superseded ??= key;
    else this.delete_session(key);
  }

  async acycle_key(): Promise<void> {
    const data = await this._aget_session();
    const key = this.#key;
    await this.acreate();
    this._session_cache = data;
    if (key !== null) await this.adelete_session(key);
  }

  // --- what a store has ---

  /** Whether there is a session with that key. */
  exists(_session_key: string): boolean {
    return this.#lacks("exists", this.aexists !== SessionBase.prototype.aexists);
  }

  async aexists(session_key: string): Promise<boolean> {
    return this.exists(session_key);
  }

  /** Makes this a new session: gives it a key and saves it. A store that must be waited for does so after the view. */
  create(): void {
    if (this.acreate === SessionBase.prototype.acreate) this.#lacks("create", false);
    this._session_key = null; // saving makes a new one
    this._session_cache ??= new Map();
    this.modified = true;
  }

  async acreate(): Promise<void> {
    this.create();
  }

  /** @throws CreateError, with `must_create`, for a key that exists; UpdateError for one that no longer does. */
  save(_options: SaveOptions = {}): void {
    this.#lacks("save", this.asave !== SessionBase.prototype.asave);
  }

  async asave(options: SaveOptions = {}): Promise<void> {
    this.save(options);
  }

  /** Deletes the stored session; without a key this one. Where that must be waited for, it is under way on return. */
  delete_session(session_key?: string | null): void {
    if (this.adelete_session === SessionBase.prototype.adelete_session)
      this.#lacks("delete_session", false);
    this._do_meanwhile(this.adelete_session(session_key));
  }

  async adelete_session(session_key?: string | null): Promise<void> {
    this.delete_session(session_key);
  }

  /** The stored data. For a key that the store does not know the key becomes `null`: clients do not choose keys. */
  load(): SessionDict {
    return this.#lacks("load", this.aload !== SessionBase.prototype.aload);
  }

  async aload(): Promise<SessionDict> {
    return this.load();
  }

  /** Deletes the sessions that are over. */
  static clear_expired(): void {
    throw new NotImplementedError(
      `${this.name} has no clear_expired(); it may have aclear_expired().`,
    );
  }

  static async aclear_expired(): Promise<void> {
    this.clear_expired();
  }

  #lacks(method: string, has_async: boolean): never {
    const { name } = this.constructor;
    if (has_async)
      throw new SynchronousOnlyOperation(
        `${name} has to wait for its storage: ${method}() cannot answer at once, use await a${method}().`,
      );
    throw new NotImplementedError(`${name} must have ${method}(), or a${method}().`);
  }

  // --- for the middleware ---

  /** Whether the storage has to be waited for, so that the middleware loads ahead. @internal */
  get _waits(): boolean {
    return this.aload !== SessionBase.prototype.aload;
  }

  /** Loads what a store has to be waited for. Does not count as access; an error is thrown to who looks. @internal */
  _load_ahead(): Promise<void> | undefined {
    return this.#key === null || !this._waits ? undefined : this.#look();
  }

  async #look(): Promise<void> {
    const [key, modified] = [this.#key, this.modified];
    try {
      this.#note(await this.aload());
    } catch (error) {
      this.#failure = { error };
    }
    this._session_key = key;
    this.modified = modified;
  }

  #note(dict: SessionDict): void {
    this.#ahead = { dict, session_key: this.#key, modified: this.modified };
  }

  /** A value, without counting as access; nothing if the session could not be loaded. @internal */
  _peek(key: string): unknown {
    if (this._session_cache !== undefined) return this._session_cache.get(key);
    if (this.#ahead === undefined && this.#key !== null && !this._waits) this.#look_now();
    const dict = this.#ahead?.dict;
    return dict !== undefined && Object.hasOwn(dict, key) ? dict[key] : undefined;
  }

  #look_now(): void {
    const [session_key, modified] = [this.#key, this.modified];
    this.#note(this.load());
    this._session_key = session_key;
    this.modified = modified;
  }

  /** Saves: at once, or as a promise where the storage has to be waited for. @internal */
  _save(): Promise<void> | undefined {
    if (this._waits) return this.asave().then(() => this._drop_superseded());
    this.save();
    return undefined;
  }

  /** Deletes the session whose data has got a new key: not before it is saved under that. @internal */
  async _drop_superseded(): Promise<void> {
    const key = this.#superseded;
    this.#superseded = undefined;
    if (key !== undefined) await this.adelete_session(key);
  }

  /** Lets storage work go on beside the view; the middleware waits for it. @internal */
  _do_meanwhile(work: Promise<unknown>): void {
    work.catch(() => undefined); // thrown to who settles
    (this.#pending ??= []).push(work);
  }

  /** @internal */
  get _has_pending(): boolean {
    return this.#pending !== undefined;
  }

  /** Waits for what `_do_meanwhile` was given. @internal */
  async _settle(): Promise<void> {
    const pending = this.#pending ?? [];
    this.#pending = undefined;
    await Promise.all(pending);
  }
}
