/** `RedisCache`, a cache that processes and machines share (Django docs: Redis). @module */
import { RedisCacheClient, type RedisCacheClientOptions } from "./_redis_client.ts";
import { BaseCache, type CacheParams, type Timeout, type VersionOptions } from "./base.ts";

export {
  RedisCacheClient,
  type RedisCacheClientOptions,
  type RedisConnection,
  RedisSerializer,
} from "./_redis_client.ts";

/** A class of clients. */
export type RedisClientClass = new (
  servers: readonly string[],
  options: RedisCacheClientOptions,
) => RedisCacheClient;

/**
 * Keeps values in Redis, by the package `redis`, which is to be installed. Only the a-forms. `LOCATION` is a URL, or
 * several with `;` or `,` between them or in a list: the first is written to, the others are read from.
 */
export class RedisCache extends BaseCache {
  /** The class of the client. @internal */
  declare _class: RedisClientClass;
  readonly #servers: readonly string[];
  readonly #options: RedisCacheClientOptions;
  #client: RedisCacheClient | undefined;

  static {
    this.prototype._class = RedisCacheClient;
  }

  constructor(server: string | readonly string[], params: CacheParams = {}) {
    super(params);
    this.#servers = typeof server === "string" ? server.split(/[;,]/) : server;
    this.#options = (params.OPTIONS ?? {}) as RedisCacheClientOptions; // what CACHES says it is
  }

  /** The client, made at its first use. @internal */
  get _cache(): RedisCacheClient {
    this.#client ??= new this._class(this.#servers, this.#options);
    return this.#client;
  }

  /** The seconds an entry lives, as Redis counts them: whole ones, 0 for not at all, `null` for ever. */
  override get_backend_timeout(timeout?: Timeout): number | null {
    const seconds = this._seconds(timeout);
    return seconds === null ? null : Math.max(0, Math.trunc(seconds));
  }

  override async aadd(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    const made = this.make_and_validate_key(key, options);
    return this._cache.add(made, value, this.get_backend_timeout(timeout));
  }

  override async aget(
    key: string,
    default_value?: unknown,
    options?: VersionOptions,
  ): Promise<unknown> {
    return this._cache.get(this.make_and_validate_key(key, options), default_value);
  }

  override async aset(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<void> {
    const made = this.make_and_validate_key(key, options);
    await this._cache.set(made, value, this.get_backend_timeout(timeout));
  }

  override async atouch(
    key: string,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    const made = this.make_and_validate_key(key, options);
    return this._cache.touch(made, this.get_backend_timeout(timeout));
  }

  override async adelete(key: string, options?: VersionOptions): Promise<boolean> {
    return this._cache.delete(this.make_and_validate_key(key, options));
  }

  override async ahas_key(key: string, options?: VersionOptions): Promise<boolean> {
    return this._cache.has_key(this.make_and_validate_key(key, options));
  }

  override async aget_many(
    keys: Iterable<string>,
    options?: VersionOptions,
  ): Promise<Record<string, unknown>> {
    const made = new Map(
      Array.from(keys, (key) => [this.make_and_validate_key(key, options), key]),
    );
    const found = Object.create(null) as Record<string, unknown>; // an object without prototype is a record
    for (const [stored, value] of await this._cache.get_many([...made.keys()])) {
      found[made.get(stored) ?? stored] = value;
    }
    return found;
  }

  override async aincr(key: string, delta = 1, options?: VersionOptions): Promise<number> {
    return this._cache.incr(this.make_and_validate_key(key, options), delta);
  }

  override async adelete_many(keys: Iterable<string>, options?: VersionOptions): Promise<void> {
    await this._cache.delete_many(
      Array.from(keys, (key) => this.make_and_validate_key(key, options)),
    );
  }

  /** Empties the whole database of Redis. */
  override async aclear(): Promise<void> {
    await this._cache.clear();
  }

  /** Ends the connections, so that a script can end; the next use makes new ones. */
  override async aclose(_options: Record<string, unknown> = {}): Promise<void> {
    await this.#client?.close();
  }
}
