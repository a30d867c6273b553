/** `LocMemCache`, a cache in the memory of this process. @module */
import { time } from "../../../utils/_clock.ts";
import { SafeString } from "../../../utils/safestring.ts";
import { BaseCache, type CacheParams, missing, type Timeout, type VersionOptions } from "./base.ts";

interface Entry {
  value: unknown;
  /** Seconds since the epoch; `null`: never. */
  ends: number | null;
}

/** The entries of a store, that used last at the end. */
type Store = Map<string, Entry>;

// Caches with the same LOCATION share a store.
const stores = new Map<string, Store>();

/**
 * Keeps copies of the values. When `MAX_ENTRIES` is reached, the third that was not used for the longest time goes.
 * Copies are made with `structuredClone`: an object of a class comes back as a plain one, a function cannot be stored.
 */
export class LocMemCache extends BaseCache {
  readonly #store: Store;

  /** @param name Which store: caches of one name share it. */
  constructor(name: string, params: CacheParams = {}) {
    super(params);
    let store = stores.get(name);
    if (store === undefined) stores.set(name, (store = new Map<string, Entry>()));
    this.#store = store;
  }

  override add(key: string, value: unknown, timeout?: Timeout, options?: VersionOptions): boolean {
    const made = this.make_and_validate_key(key, options);
    const copied = copy(value);
    if (this.#live(made) !== undefined) return false;
    this.#put(made, copied, this.get_backend_timeout(timeout));
    return true;
  }

  override get(key: string, default_value?: unknown, options?: VersionOptions): unknown {
    const made = this.make_and_validate_key(key, options);
    const entry = this.#live_or_drop(made);
    if (entry === undefined) return default_value;
    this.#use(made, entry);
    return copy(entry.value);
  }

  override set(key: string, value: unknown, timeout?: Timeout, options?: VersionOptions): void {
    const made = this.make_and_validate_key(key, options);
    this.#put(made, copy(value), this.get_backend_timeout(timeout));
  }

  override touch(key: string, timeout?: Timeout, options?: VersionOptions): boolean {
    const entry = this.#live(this.make_and_validate_key(key, options));
    if (entry === undefined) return false;
    entry.ends = this.get_backend_timeout(timeout);
    return true;
  }

  override incr(key: string, delta = 1, options?: VersionOptions): number {
    const made = this.make_and_validate_key(key, options);
    const entry = this.#live_or_drop(made);
    if (entry === undefined) throw missing(key);
    const sum = (entry.value as number) + delta; // what is there is taken for a number
    entry.value = sum;
    this.#use(made, entry);
    return sum;
  }

  override has_key(key: string, options?: VersionOptions): boolean {
    return this.#live_or_drop(this.make_and_validate_key(key, options)) !== undefined;
  }

  override delete(key: string, options?: VersionOptions): boolean {
    return this.#store.delete(this.make_and_validate_key(key, options));
  }

  override clear(): void {
    this.#store.clear();
  }

  #live(made: string): Entry | undefined {
    const entry = this.#store.get(made);
    return entry === undefined || has_ended(entry) ? undefined : entry;
  }

  #live_or_drop(made: string): Entry | undefined {
    const entry = this.#live(made);
    if (entry === undefined) this.#store.delete(made);
    return entry;
  }

  #use(made: string, entry: Entry): void {
    this.#store.delete(made);
    this.#store.set(made, entry);
  }

  #put(made: string, value: unknown, ends: number | null): void {
    if (this.#store.size >= this._max_entries) this.#cull();
    this.#use(made, { value, ends });
  }

  #cull(): void {
    if (this._cull_frequency === 0) return this.#store.clear();
    let left = Math.floor(this.#store.size / this._cull_frequency);
    for (const made of this.#store.keys()) {
      if (left <= 0) return;
      this.#store.delete(made);
      left -= 1;
    }
  }
}

function has_ended({ ends }: Entry): boolean {
  return ends !== null && ends <= time();
}

/** A copy, so that no one changes what another was given. */
function copy(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`A cache keeps data: ${String(value)} is none.`);
  if (typeof value !== "object" || value === null || value instanceof SafeString) return value;
  return Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value);
}
