/** `BaseCache`, what every cache backend has (Django docs: Django's cache framework). @module */
import { time } from "../../../utils/_clock.ts";
import { parse_int } from "../../../utils/_number.ts";
import { NotImplementedError, ValueError } from "../../exceptions.ts";
import { get_key_func, type KeyFunction, memcache_key_warnings } from "./_keys.ts";

export {
  CacheKeyWarning,
  default_key_func,
  get_key_func,
  InvalidCacheBackendError,
  InvalidCacheKey,
  type KeyFunction,
  MEMCACHE_MAX_KEY_LENGTH,
  memcache_key_warnings,
} from "./_keys.ts";

/** Stands for a timeout that was not given: `null` means for ever. */
export const DEFAULT_TIMEOUT: unique symbol = Symbol("DEFAULT_TIMEOUT");

/** Seconds; 0 and below: not at all; `null`: for ever; absent: the cache's own. */
export type Timeout = number | null | undefined | typeof DEFAULT_TIMEOUT;

/** Options of most methods. */
export interface VersionOptions {
  /** The version of the key. Default: the cache's `VERSION`. */
  version?: number | null | undefined;
}

/** What a backend is made with: the entry of `CACHES` without `BACKEND` and `LOCATION`. */
export type CacheParams = Readonly<Record<string, unknown>>;

// Found in place of a value that is not there.
const MISSING = Symbol("missing");

/**
 * A cache. A backend whose storage can be reached at once has `get`, `set`, `add`, `touch`, `delete`, `clear`, and the
 * a-forms go through them; one that must wait has the a-forms alone.
 */
export class BaseCache {
  /** Seconds; `null`: for ever. */
  default_timeout: number | null;
  key_prefix: string;
  version: number;
  key_func: KeyFunction;
  /** How many entries a cache that counts them keeps. @internal */
  protected _max_entries: number;
  /** One in so many entries goes when there are too many; 0: all go. @internal */
  protected _cull_frequency: number;

  /** @param params `TIMEOUT` 300, `KEY_PREFIX` "", `VERSION` 1, `KEY_FUNCTION`, and `OPTIONS`: `MAX_ENTRIES` 300, `CULL_FREQUENCY` 3. */
  constructor(params: CacheParams = {}) {
    const options = (params.OPTIONS ?? {}) as CacheParams; // what CACHES says it is
    const timeout = first(params.timeout, params.TIMEOUT, 300);
    this.default_timeout = timeout === null ? null : to_int(timeout, 300);
    this._max_entries = to_int(first(params.max_entries, options.MAX_ENTRIES, 300), 300);
    this._cull_frequency = to_int(first(params.cull_frequency, options.CULL_FREQUENCY, 3), 3);
    this.key_prefix = (params.KEY_PREFIX ?? "") as string; // likewise
    this.version = (params.VERSION ?? 1) as number; // likewise
    this.key_func = get_key_func(params.KEY_FUNCTION as KeyFunction | undefined); // likewise
  }

  /** When an entry of this timeout ends, in seconds since the epoch; `null`: never. */
  get_backend_timeout(timeout?: Timeout): number | null {
    const seconds = this._seconds(timeout);
    if (seconds === null) return null;
    return seconds === 0 ? -1 : time() + seconds; // 0: over at once, whatever the clock says
  }

  /** The timeout, with the default for one that was not given. @internal */
  protected _seconds(timeout: Timeout): number | null {
    return timeout === undefined || timeout === DEFAULT_TIMEOUT ? this.default_timeout : timeout;
  }

  /** The key as it is stored: `prefix:version:key` unless `KEY_FUNCTION` makes another. */
  make_key(key: string, options: VersionOptions = {}): string {
    return this.key_func(key, this.key_prefix, options.version ?? this.version);
  }

  /** Emits a warning for a stored key that memcached would refuse. A backend may throw `InvalidCacheKey`. */
  validate_key(key: string): void {
    for (const warning of memcache_key_warnings(key))
      process.emitWarning(warning, "CacheKeyWarning");
  }

  /** `make_key`, checked. */
  make_and_validate_key(key: string, options: VersionOptions = {}): string {
    const made = this.make_key(key, options);
    this.validate_key(made);
    return made;
  }

  // --- what a backend has; those below are made of these ---

  /** Stores the value unless there is one; whether it did. */
  add(_key: string, _value: unknown, _timeout?: Timeout, _options?: VersionOptions): boolean {
    return this.#lacks("add");
  }

  /** The value, or the default. A stored `null` is a value. */
  get(key: string, default_value?: unknown, options?: VersionOptions): unknown;
  get(): unknown {
    return this.#lacks("get");
  }

  /** Stores a copy of the value. */
  set(_key: string, _value: unknown, _timeout?: Timeout, _options?: VersionOptions): void {
    this.#lacks("set");
  }

  /** Gives the entry a new timeout; whether there is one. */
  touch(_key: string, _timeout?: Timeout, _options?: VersionOptions): boolean {
    return this.#lacks("touch");
  }

  /** Whether there was one. */
  delete(_key: string, _options?: VersionOptions): boolean {
    return this.#lacks("delete");
  }

  /** Empties the cache, whatever prefix and version the keys have. */
  clear(): void {
    this.#lacks("clear");
  }

  #lacks(method: string): never {
    throw new NotImplementedError(
      `${this.constructor.name} has no ${method}(). If it has to wait for its storage, use a${method}().`,
    );
  }

  // --- made of these ---

  /** Whether there is an entry. */
  has_key(key: string, options: VersionOptions = {}): boolean {
    return this.get(key, MISSING, options) !== MISSING;
  }

  /** The same as `has_key`. */
  has(key: string): boolean {
    return this.has_key(key);
  }

  /** The values of the keys that are there. An object without a prototype. */
  get_many(keys: Iterable<string>, options: VersionOptions = {}): Record<string, unknown> {
    const found = record();
    for (const key of keys) {
      const value = this.get(key, MISSING, options);
      if (value !== MISSING) found[key] = value;
    }
    return found;
  }

  /** The value; if there is none, the default, or what it gives when it is a function, is stored first. */
  get_or_set(
    key: string,
    default_value: unknown,
    timeout?: Timeout,
    options: VersionOptions = {},
  ): unknown {
    const value = this.get(key, MISSING, options);
    if (value !== MISSING) return value;
    const made: unknown = typeof default_value === "function" ? default_value() : default_value;
    this.add(key, made, timeout, options);
    return this.get(key, made, options);
  }

  /**
   * Adds to a number; the new one.
   * @throws ValueError if there is no entry.
   */
  incr(key: string, delta = 1, options: VersionOptions = {}): number {
    const value = this.get(key, MISSING, options);
    if (value === MISSING) throw missing(key);
    const sum = (value as number) + delta; // as in Django, what is there is taken for a number
    this.set(key, sum, DEFAULT_TIMEOUT, options);
    return sum;
  }

  /** As `incr`, the other way. */
  decr(key: string, delta = 1, options: VersionOptions = {}): number {
    return this.incr(key, -delta, options);
  }

  /** Stores several; the keys that could not be stored. */
  set_many(
    data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    timeout?: Timeout,
    options: VersionOptions = {},
  ): string[] {
    for (const [key, value] of entries(data)) this.set(key, value, timeout, options);
    return [];
  }

  /** Deletes several. */
  delete_many(keys: Iterable<string>, options: VersionOptions = {}): void {
    for (const key of keys) this.delete(key, options);
  }

  /**
   * Moves the entry to a higher version; that version.
   * @throws ValueError if there is no entry.
   */
  incr_version(key: string, delta = 1, options: VersionOptions = {}): number {
    const version = options.version ?? this.version;
    const value = this.get(key, MISSING, { version });
    if (value === MISSING) throw missing(key);
    this.set(key, value, DEFAULT_TIMEOUT, { version: version + delta });
    this.delete(key, { version });
    return version + delta;
  }

  /** As `incr_version`, the other way. */
  decr_version(key: string, delta = 1, options: VersionOptions = {}): number {
    return this.incr_version(key, -delta, options);
  }

  /** Lets go of what the cache holds open. Called at the end of each request. */
  close(_options: Record<string, unknown> = {}): void {}

  // --- the same, waiting. Where a backend has its own sync form, these go through it ---

  /** `add`, waiting. */
  async aadd(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    return this.add(key, value, timeout, options);
  }

  /** `get`, waiting. */
  async aget(key: string, default_value?: unknown, options?: VersionOptions): Promise<unknown> {
    return this.get(key, default_value, options);
  }

  /** `set`, waiting. */
  async aset(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<void> {
    this.set(key, value, timeout, options);
  }

  /** `touch`, waiting. */
  async atouch(key: string, timeout?: Timeout, options?: VersionOptions): Promise<boolean> {
    return this.touch(key, timeout, options);
  }

  /** `delete`, waiting. */
  async adelete(key: string, options?: VersionOptions): Promise<boolean> {
    return this.delete(key, options);
  }

  /** `clear`, waiting. */
  async aclear(): Promise<void> {
    this.clear();
  }

  /** `has_key`, waiting. */
  async ahas_key(key: string, options: VersionOptions = {}): Promise<boolean> {
    if (this.has_key !== BaseCache.prototype.has_key) return this.has_key(key, options);
    return (await this.aget(key, MISSING, options)) !== MISSING;
  }

  /** `get_many`, waiting. */
  async aget_many(
    keys: Iterable<string>,
    options: VersionOptions = {},
  ): Promise<Record<string, unknown>> {
    if (this.get_many !== BaseCache.prototype.get_many) return this.get_many(keys, options);
    const found = record();
    for (const key of keys) {
      const value = await this.aget(key, MISSING, options);
      if (value !== MISSING) found[key] = value;
    }
    return found;
  }

  /** `get_or_set`, waiting; also for a function that gives a promise. */
  async aget_or_set(
    key: string,
    default_value: unknown,
    timeout?: Timeout,
    options: VersionOptions = {},
  ): Promise<unknown> {
    if (this.get_or_set !== BaseCache.prototype.get_or_set)
      return this.get_or_set(key, default_value, timeout, options);
    const value = await this.aget(key, MISSING, options);
    if (value !== MISSING) return value;
    const made: unknown =
      typeof default_value === "function" ? await default_value() : default_value;
    await this.aadd(key, made, timeout, options);
    return this.aget(key, made, options);
  }

  /** `incr`, waiting. */
  async aincr(key: string, delta = 1, options: VersionOptions = {}): Promise<number> {
    if (this.incr !== BaseCache.prototype.incr) return this.incr(key, delta, options);
    const value = await this.aget(key, MISSING, options);
    if (value === MISSING) throw missing(key);
    const sum = (value as number) + delta; // see incr
    await this.aset(key, sum, DEFAULT_TIMEOUT, options);
    return sum;
  }

  /** `decr`, waiting. */
  async adecr(key: string, delta = 1, options: VersionOptions = {}): Promise<number> {
    if (this.decr !== BaseCache.prototype.decr) return this.decr(key, delta, options);
    return this.aincr(key, -delta, options);
  }

  /** `set_many`, waiting. */
  async aset_many(
    data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    timeout?: Timeout,
    options: VersionOptions = {},
  ): Promise<string[]> {
    if (this.set_many !== BaseCache.prototype.set_many)
      return this.set_many(data, timeout, options);
    for (const [key, value] of entries(data)) await this.aset(key, value, timeout, options);
    return [];
  }

  /** `delete_many`, waiting. */
  async adelete_many(keys: Iterable<string>, options: VersionOptions = {}): Promise<void> {
    if (this.delete_many !== BaseCache.prototype.delete_many)
      return this.delete_many(keys, options);
    for (const key of keys) await this.adelete(key, options);
  }

  /** `incr_version`, waiting. */
  async aincr_version(key: string, delta = 1, options: VersionOptions = {}): Promise<number> {
    if (this.incr_version !== BaseCache.prototype.incr_version)
      return this.incr_version(key, delta, options);
    const version = options.version ?? this.version;
    const value = await this.aget(key, MISSING, { version });
    if (value === MISSING) throw missing(key);
    await this.aset(key, value, DEFAULT_TIMEOUT, { version: version + delta });
    await this.adelete(key, { version });
    return version + delta;
  }

  /** `decr_version`, waiting. */
  async adecr_version(key: string, delta = 1, options: VersionOptions = {}): Promise<number> {
    if (this.decr_version !== BaseCache.prototype.decr_version)
      return this.decr_version(key, delta, options);
    return this.aincr_version(key, -delta, options);
  }

  /** `close`, waiting. */
  async aclose(options: Record<string, unknown> = {}): Promise<void> {
    this.close(options);
  }
}

/** The error of a key that is not there. @internal */
export function missing(key: string): ValueError {
  return new ValueError(`There is no ${JSON.stringify(key)} in the cache.`);
}

function first(...values: unknown[]): unknown {
  return values.find((value) => value !== undefined);
}

function to_int(value: unknown, fallback: number): number {
  const number = typeof value === "number" ? Math.trunc(value) : parse_int(String(value));
  return number === undefined || !Number.isFinite(number) ? fallback : number;
}

function record(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>; // an object without prototype is a record
}

function entries(
  data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
): Iterable<readonly [string, unknown]> {
  return data instanceof Map ? data : Object.entries(data);
}
