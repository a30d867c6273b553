/** What the stores have in common that keep sessions somewhere under a random key. @module */
import { ImproperlyConfigured, OSError, RuntimeError } from "../../../core/exceptions.ts";
import { log } from "../../../utils/_logger.ts";
import { is_promise, type Maybe } from "../../../utils/_promise.ts";
import type { SessionDict } from "../_session_data.ts";
import {
  CreateError,
  new_session_key,
  type SaveOptions,
  SessionBase,
  UpdateError,
} from "./base.ts";

/** The storage of sessions failed: it is down, say. What it threw is the `cause`. */
export class SessionStoreError extends OSError {}

// Any other key was never given to a client. The column of a database has 40 characters.
const KEY = /^[a-z0-9]{8,40}$/;
const MAX_TRIES = 100;

function at_once<T>(value: Maybe<T>): T {
  if (!is_promise(value)) return value;
  throw new RuntimeError("A session store that says it does not wait gave a promise.");
}

/** A session store over four operations of a storage, each of which may give a promise if `_waits` is true. */
export abstract class KeyedSession extends SessionBase {
  /** Whether there is such a session, also one that is over. @internal */
  abstract _has_stored(key: string): Maybe<boolean>;
  /** The data, `undefined` if there is no such session or it is over. @internal */
  abstract _find_stored(key: string): Maybe<SessionDict | undefined>;
  /** Writes the data; `false` if with `must_create` there is such a session, without it if there is none. @internal */
  abstract _write_stored(key: string, must_create: boolean): Maybe<boolean>;
  /** Deletes the session, if there is one. @internal */
  abstract _drop_stored(key: string): Maybe<void>;

  /** Runs what may fail with the storage: it is logged, and the error says what was done. @internal */
  _ask<T>(doing: string, ask: () => Maybe<T>): Maybe<T> {
    try {
      const answer = ask();
      return is_promise(answer)
        ? answer.catch((error: unknown) => this.#failed(doing, error))
        : answer;
    } catch (error) {
      return this.#failed(doing, error);
    }
  }

  #failed(doing: string, cause: unknown): never {
    if (cause instanceof ImproperlyConfigured) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `A session could not be ${doing}: ${reason}`;
    log("django.contrib.sessions", "error", message, { error: cause });
    throw new SessionStoreError(message, { cause });
  }

  override exists(session_key: string): boolean {
    if (this._waits) return super.exists(session_key);
    return KEY.test(session_key) && at_once(this._has_stored(session_key));
  }

  override async aexists(session_key: string): Promise<boolean> {
    return KEY.test(session_key) && this._has_stored(session_key);
  }

  override load(): SessionDict {
    if (this._waits) return super.load();
    return this.#found(at_once(this.#find()));
  }

  override async aload(): Promise<SessionDict> {
    return this.#found(await this.#find());
  }

  #find(): Maybe<SessionDict | undefined> {
    const key = this.session_key;
    return key !== null && KEY.test(key) ? this._find_stored(key) : undefined;
  }

  #found(dict: SessionDict | undefined): SessionDict {
    if (dict !== undefined) return dict;
    this._session_key = null;
    return {};
  }

  override create(): void {
    if (this._waits) return super.create();
    for (let tries = 0; tries < MAX_TRIES; tries++)
      if (at_once(this._write_stored(this.#new_key(), true))) return;
    throw no_key();
  }

  override async acreate(): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++)
      if (await this._write_stored(this.#new_key(), true)) return;
    throw no_key();
  }

  #new_key(): string {
    const key = new_session_key();
    this._session_key = key;
    this._session_cache ??= new Map();
    this.modified = true;
    return key;
  }

  override save(options: SaveOptions = {}): void {
    if (this._waits) return super.save(options);
    const { must_create = false } = options;
    if (must_create) this._session_cache ??= new Map();
    else void this._session;
    const key = this.session_key;
    if (key === null) return this.create();
    if (!at_once(this._write_stored(key, must_create))) throw not_written(must_create);
  }

  override async asave(options: SaveOptions = {}): Promise<void> {
    const { must_create = false } = options;
    if (must_create) this._session_cache ??= new Map();
    else await this._aget_session();
    const key = this.session_key;
    if (key === null) await this.acreate();
    else if (!(await this._write_stored(key, must_create))) throw not_written(must_create);
    await this._drop_superseded();
  }

  override delete_session(session_key?: string | null): void {
    if (this._waits) return super.delete_session(session_key);
    const key = session_key ?? this.session_key;
    if (key !== null && KEY.test(key)) at_once(this._drop_stored(key));
  }

  override async adelete_session(session_key?: string | null): Promise<void> {
    const key = session_key ?? this.session_key;
    if (key !== null && KEY.test(key)) await this._drop_stored(key);
  }
}

function not_written(must_create: boolean): CreateError | UpdateError {
  return must_create
    ? new CreateError("There is a session with this key already.")
    : new UpdateError("The session is no longer there: it was deleted after it was loaded.");
}

function no_key(): RuntimeError {
  return new RuntimeError(
    `No new session in ${MAX_TRIES} tries: the storage refuses every key. Is it there, and can it be written to?`,
  );
}
