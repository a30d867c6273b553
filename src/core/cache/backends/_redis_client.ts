/** What the Redis cache says to its servers, by the package `redis`. @module */
import { randomInt } from "node:crypto";
import { log } from "../../../utils/_logger.ts";
import { ImproperlyConfigured, ValueError } from "../../exceptions.ts";
import { from_bytes, to_bytes } from "./_values.ts";

/** What is used of a client of the package `redis` (4 and newer). */
export interface RedisConnection {
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  quit?(): Promise<unknown>;
  get(key: string): Promise<string | null>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string, options?: { EX?: number; NX?: true }): Promise<unknown>;
  del(keys: string[]): Promise<number>;
  exists(key: string): Promise<number>;
  expire(key: string, seconds: number): Promise<unknown>;
  persist(key: string): Promise<unknown>;
  incrBy(key: string, delta: number): Promise<number>;
  flushDb(): Promise<unknown>;
}

/** Values as text. */
export class RedisSerializer {
  /** A whole number in digits, so that Redis can add to it; anything else as base64 of V8's format. */
  dumps(value: unknown): string {
    return Number.isSafeInteger(value) ? String(value) : to_bytes(value).toString("base64");
  }

  loads(text: string): unknown {
    return /^-?\d+$/.test(text) ? Number(text) : from_bytes(Buffer.from(text, "base64"));
  }
}

/**
 * Options of `RedisCacheClient`; those not named here go to `createClient` of the package. Where they do not say otherwise,
 * a command fails at once while the server is down, and the next one connects anew.
 */
export interface RedisCacheClientOptions {
  /** Default `RedisSerializer`. */
  serializer?: RedisSerializer | undefined;
  [option: string]: unknown;
}

/** Writes to the first server, and reads from one of the others, if there are more. */
export class RedisCacheClient {
  readonly #servers: readonly string[];
  readonly #serializer: RedisSerializer;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #connections = new Map<number, Promise<RedisConnection>>();

  constructor(servers: readonly string[], options: RedisCacheClientOptions = {}) {
    const { serializer, ...rest } = options;
    this.#servers = servers;
    this.#serializer = serializer ?? new RedisSerializer();
    this.#options = rest;
  }

  /** The connection to a server, made at its first use. Override it to choose by the key. */
  get_client(_key: string | null, options: { write?: boolean } = {}): Promise<RedisConnection> {
    const only = options.write || this.#servers.length === 1;
    const index = only ? 0 : randomInt(1, this.#servers.length);
    return this.#connections.get(index) ?? this.#connected(index);
  }

  #connected(index: number): Promise<RedisConnection> {
    const forget = (): void => {
      if (this.#connections.get(index) === connection) this.#connections.delete(index);
    };
    const connection: Promise<RedisConnection> = this._connect(
      this.#servers[index] ?? "",
      this.#options,
      forget,
    );
    this.#connections.set(index, connection);
    connection.catch(forget); // the next use tries again
    return connection;
  }

  /**
   * @param lost Called when the connection broke, and will not come back by itself.
   * @throws ImproperlyConfigured without the package.
   * @internal
   */
  async _connect(
    url: string,
    options: Readonly<Record<string, unknown>>,
    lost: () => void,
  ): Promise<RedisConnection> {
    const given = options.socket as { reconnectStrategy?: unknown } | undefined; // what the package takes
    const socket = { ...given, reconnectStrategy: given?.reconnectStrategy ?? false };
    const { createClient } = await load_package();
    const client = createClient({ ...options, url, socket });
    // Without a listener the event would end the process.
    client.on("error", (error) => {
      if (socket.reconnectStrategy === false) lost();
      log("django.cache", "error", `The connection to Redis failed: ${reason_of(error)}`, {
        error,
      });
    });
    await client.connect();
    return client;
  }

  /** Ends the connections; the next use makes new ones. */
  async close(): Promise<void> {
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    // One that is broken is closed already.
    await Promise.allSettled(connections.map(async (connection) => (await connection).quit?.()));
  }

  async add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    const client = await this.get_client(key, { write: true });
    const text = this.#serializer.dumps(value);
    const expiry = timeout === null || timeout === 0 ? {} : { EX: timeout };
    const added = (await client.set(key, text, { ...expiry, NX: true })) !== null;
    if (added && timeout === 0) await client.del([key]);
    return added;
  }

  async get(key: string, default_value: unknown): Promise<unknown> {
    const text = await (await this.get_client(key)).get(key);
    return text === null ? default_value : this.#serializer.loads(text);
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const client = await this.get_client(key, { write: true });
    const text = this.#serializer.dumps(value);
    if (timeout === 0) await client.del([key]);
    else await client.set(key, text, timeout === null ? {} : { EX: timeout });
  }

  async touch(key: string, timeout: number | null): Promise<boolean> {
    const client = await this.get_client(key, { write: true });
    return Boolean(
      timeout === null ? await client.persist(key) : await client.expire(key, timeout),
    );
  }

  async delete(key: string): Promise<boolean> {
    return (await (await this.get_client(key, { write: true })).del([key])) > 0;
  }

  async get_many(keys: readonly string[]): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>();
    if (keys.length === 0) return found;
    const texts = await (await this.get_client(null)).mGet([...keys]);
    for (const [at, key] of keys.entries()) {
      const text = texts[at];
      if (text !== null && text !== undefined) found.set(key, this.#serializer.loads(text));
    }
    return found;
  }

  async has_key(key: string): Promise<boolean> {
    return (await (await this.get_client(key)).exists(key)) > 0;
  }

  /** @throws ValueError if there is no entry. */
  async incr(key: string, delta: number): Promise<number> {
    const client = await this.get_client(key, { write: true });
    if ((await client.exists(key)) === 0)
      throw new ValueError(`There is no ${JSON.stringify(key)} in the cache.`);
    return client.incrBy(key, delta);
  }

  async delete_many(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await (await this.get_client(null, { write: true })).del([...keys]);
  }

  async clear(): Promise<void> {
    await (await this.get_client(null, { write: true })).flushDb();
  }
}

interface RedisPackage {
  createClient(options: object): RedisConnection;
}

// Node says nothing in the message where several addresses were tried.
function reason_of(error: Error): string {
  return error.message || ("code" in error ? String(error.code) : error.name);
}

// A name that the compiler does not look up: the package is there only where it is used.
const PACKAGE: string = "redis";

async function load_package(): Promise<RedisPackage> {
  try {
    return (await import(PACKAGE)) as RedisPackage;
  } catch (cause) {
    throw new ImproperlyConfigured("RedisCache needs the package redis: npm install redis", {
      cause,
    });
  }
}
