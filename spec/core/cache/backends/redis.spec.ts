/** Specification of nuages/core/cache/backends/redis: what it says to its servers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  RedisCache,
  RedisCacheClient,
  type RedisConnection,
  RedisSerializer,
} from "nuages/core/cache/backends/redis";
import { NotImplementedError, ValueError } from "nuages/core/exceptions";
import { logged } from "../../../support/log.ts";

/** As much of a Redis server as the cache uses, and what it was told. */
class Server implements RedisConnection {
  readonly told: unknown[][] = [];
  readonly data = new Map<string, string>();

  async connect(): Promise<void> {}
  on(): void {}
  async get(key: string): Promise<string | null> {
    this.told.push(["get", key]);
    return this.data.get(key) ?? null;
  }
  async mGet(keys: string[]): Promise<(string | null)[]> {
    return keys.map((key) => this.data.get(key) ?? null);
  }
  async set(
    key: string,
    value: string,
    options: { EX?: number; NX?: true } = {},
  ): Promise<unknown> {
    this.told.push(["set", key, value, options]);
    if (options.NX && this.data.has(key)) return null;
    this.data.set(key, value);
    return "OK";
  }
  async del(keys: string[]): Promise<number> {
    this.told.push(["del", ...keys]);
    return keys.filter((key) => this.data.delete(key)).length;
  }
  async exists(key: string): Promise<number> {
    return Number(this.data.has(key));
  }
  async expire(key: string, seconds: number): Promise<number> {
    this.told.push(["expire", key, seconds]);
    return Number(this.data.has(key));
  }
  async persist(key: string): Promise<number> {
    this.told.push(["persist", key]);
    return Number(this.data.has(key));
  }
  async incrBy(key: string, delta: number): Promise<number> {
    const sum = Number(this.data.get(key)) + delta;
    this.data.set(key, String(sum));
    return sum;
  }
  async flushDb(): Promise<void> {
    this.data.clear();
  }
}

/** A cache whose servers are those. */
function cache_on(servers: Readonly<Record<string, Server>>): RedisCache {
  class Client extends RedisCacheClient {
    override async _connect(url: string): Promise<RedisConnection> {
      const server = servers[url];
      if (server === undefined) throw new Error(`no server at ${url}`);
      return server;
    }
  }
  const store = new RedisCache(Object.keys(servers).join(";"), { TIMEOUT: 60.9 });
  store._class = Client;
  return store;
}

describe("core/cache/backends/redis", () => {
  it("stores whole numbers in digits, and the rest as data", () => {
    const serializer = new RedisSerializer();
    expect([serializer.dumps(5), serializer.dumps(-1)]).to.deep.equal(["5", "-1"]);
    for (const value of [5, "5", 1.5, null, true, { a: [new Date(1)] }, new Map([[1, 2]])])
      expect(serializer.loads(serializer.dumps(value))).to.deep.equal(value);
  });

  it("says how long a value lives", async () => {
    const server = new Server();
    const store = cache_on({ a: server });
    await store.aset("default", 1);
    await store.aset("never", 1, null);
    await store.aset("never", 1, 0);
    await store.atouch("default", null);
    await store.atouch("default", 5.7);
    expect(server.told).to.deep.equal([
      ["set", ":1:default", "1", { EX: 60 }],
      ["set", ":1:never", "1", {}],
      ["del", ":1:never"],
      ["persist", ":1:default"],
      ["expire", ":1:default", 5],
    ]);
  });

  it("reads, adds, counts and deletes", async () => {
    const store = cache_on({ a: new Server() });
    expect([await store.aadd("n", 1), await store.aadd("n", 2)]).to.deep.equal([true, false]);
    expect(await store.aadd("gone", 1, 0)).to.equal(true);
    expect(await store.ahas_key("gone")).to.equal(false);
    expect(await store.aincr("n", 4)).to.equal(5);
    expect({ ...(await store.aget_many(["n", "none"])) }).to.deep.equal({ n: 5 });
    expect(await store.aget_or_set("list", () => [1])).to.deep.equal([1]);
    expect(await store.adelete("n")).to.equal(true);
    const error = await store.aincr("n").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ValueError);
    await store.aset_many({ a: 1, b: 2 });
    await store.adelete_many(["a"]);
    expect([await store.aget("a", "none"), await store.aget("b")]).to.deep.equal(["none", 2]);
    await store.aclear();
    expect(await store.ahas_key("b")).to.equal(false);
  });

  it("writes to the first server, and reads from the others", async () => {
    const [first, second, third] = [new Server(), new Server(), new Server()];
    const store = cache_on({ first, second, third });
    await store.aset("k", 1);
    for (let i = 0; i < 20; i++) await store.aget("k");
    expect(first.told).to.have.length(1);
    expect(second.told.length + third.told.length).to.equal(20);
  });

  it("tries again after a connection that failed", async () => {
    const servers: Record<string, Server> = { a: new Server() };
    const store = cache_on(servers);
    const { a } = servers;
    delete servers.a;
    const error = await store.aget("k").catch((reason: unknown) => reason);
    expect(String(error)).to.include("no server");
    servers.a = a as Server;
    expect(await store.aget("k", 5)).to.equal(5);
  });

  it("has no sync forms", () => {
    expect(() => cache_on({ a: new Server() }).get("k")).to.throw(NotImplementedError, "aget");
  });

  it("tells at once when it cannot connect", async () => {
    const store = new RedisCache("redis://127.0.0.1:1", {
      OPTIONS: { socket: { connectTimeout: 50 } },
    });
    const records = await logged(async () => {
      const error = await store.aget("k").catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error);
    });
    expect(records.every(({ logger }) => logger === "django.cache")).to.equal(true);
  });
});
