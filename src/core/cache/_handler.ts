/** `caches`: the caches of `CACHES` by alias, each made when it is first asked for. @module */
import { on_change, provide_default, settings } from "../../conf/index.ts";
import type { CacheSettings } from "../../conf/global_settings.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import { request_finished } from "../signals.ts";
import { BaseCache, type CacheParams, InvalidCacheBackendError } from "./backends/base.ts";
import { LocMemCache } from "./backends/locmem.ts";

/** The alias that `cache` stands for. */
export const DEFAULT_CACHE_ALIAS = "default";

/** What `BACKEND` is. */
export type CacheClass = new (location: string, params: CacheParams) => BaseCache;

/** Options of `CacheHandler`. */
export interface CacheHandlerOptions {
  /** In place of `settings.CACHES`. */
  settings?: Readonly<Record<string, CacheSettings>> | undefined;
}

/** The caches by alias. They are made anew when `CACHES` changes. Iterating gives the aliases. */
export class CacheHandler {
  readonly #given: Readonly<Record<string, CacheSettings>> | undefined;
  #made = new Map<string, BaseCache>();
  #closing = false;

  constructor(options: CacheHandlerOptions = {}) {
    this.#given = options.settings;
    if (this.#given === undefined) on_change(["CACHES"], () => (this.#made = new Map()));
  }

  /** @throws ImproperlyConfigured without the alias `default`. */
  get settings(): Readonly<Record<string, CacheSettings>> {
    const configured = this.#given ?? settings.CACHES;
    if (!Object.hasOwn(configured, DEFAULT_CACHE_ALIAS))
      throw new ImproperlyConfigured(`CACHES needs an entry "${DEFAULT_CACHE_ALIAS}".`);
    return configured;
  }

  /** @throws InvalidCacheBackendError if there is no such alias, or its `BACKEND` is no cache class. */
  getitem(alias: string): BaseCache {
    let cache = this.#made.get(alias);
    if (cache === undefined) this.#made.set(alias, (cache = this.create_connection(alias)));
    return cache;
  }

  /** Puts a cache in the place of another. */
  set(alias: string, cache: BaseCache): void {
    this.#made.set(alias, cache);
  }

  /** Forgets the cache; the next use makes it anew. */
  delete(alias: string): void {
    this.#made.delete(alias);
  }

  /** Whether `CACHES` has such an alias. */
  has(alias: string): boolean {
    return Object.hasOwn(this.settings, alias);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return Object.keys(this.settings).values();
  }

  /** A new cache of this alias; see `getitem`. */
  create_connection(alias: string): BaseCache {
    const configured = this.settings;
    if (!Object.hasOwn(configured, alias))
      throw new InvalidCacheBackendError(
        `CACHES has no entry ${JSON.stringify(alias)}; there are ${Object.keys(configured).join(", ")}.`,
      );
    const { BACKEND, LOCATION = "", ...params } = configured[alias] as CacheSettings; // hasOwn has just said so
    if (typeof BACKEND !== "function")
      throw new InvalidCacheBackendError(
        `BACKEND of the cache ${JSON.stringify(alias)} is no cache class; give one like LocMemCache.`,
      );
    const cache = new (BACKEND as CacheClass)(LOCATION as string, params); // a class that is none fails at its first use
    if (cache.close !== BaseCache.prototype.close) this.#close_after_requests();
    return cache;
  }

  // Who has nothing to close shall not pay for it at every request.
  #close_after_requests(): void {
    if (this.#closing) return;
    this.#closing = true;
    request_finished.connect(() => this.close_all(), { dispatch_uid: this });
  }

  /** The caches of all aliases; with `initialized_only` those that were used. */
  all(options: { initialized_only?: boolean | undefined } = {}): BaseCache[] {
    if (options.initialized_only) return [...this.#made.values()];
    return Array.from(this, (alias) => this.getitem(alias));
  }

  /** Closes the caches that were used. */
  close_all(): void {
    for (const cache of this.#made.values()) cache.close();
  }
}

provide_default("CACHES", { [DEFAULT_CACHE_ALIAS]: { BACKEND: LocMemCache } });

/** The caches of `settings.CACHES`. */
export const caches: CacheHandler = new CacheHandler();

/** The cache `default`: looked up at each use. */
export const cache: BaseCache = new Proxy(BaseCache.prototype, {
  get(_target, name) {
    const real = caches.getitem(DEFAULT_CACHE_ALIAS);
    const value: unknown = Reflect.get(real, name, real);
    return typeof value === "function" && name !== "constructor" ? value.bind(real) : value;
  },
  set(_target, name, value) {
    return Reflect.set(caches.getitem(DEFAULT_CACHE_ALIAS), name, value);
  },
  has: (_target, name) => Reflect.has(caches.getitem(DEFAULT_CACHE_ALIAS), name),
});

/** Closes the caches that were used. */
export function close_caches(): void {
  caches.close_all();
}
