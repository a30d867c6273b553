/** Specification of the cache, and of sessions in it, on a real Redis server. @module */
import { expect } from "chai";
import Database from "libsql";
import { after, afterEach, before, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { SessionStore as CacheStore } from "nuages/contrib/sessions/backends/cache";
import { SessionStore as CachedStore } from "nuages/contrib/sessions/backends/cached_db";
import { type SqliteConnection, SqliteSessionRows } from "nuages/contrib/sessions/rows";
import { caches } from "nuages/core/cache";
import { RedisCache } from "nuages/core/cache/backends/redis";
import { ValueError } from "nuages/core/exceptions";
import { createClient } from "redis";
import { logged } from "../support/log.ts";
import { Proxy } from "../support/proxy.ts";
import { describe_with } from "../support/services.ts";
import {
  keeps_clients_apart,
  stores_sessions,
  survives,
  Visitor,
  with_site,
} from "../support/session_store.ts";
import { with_settings } from "../support/settings.ts";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe_with("NUAGES_REDIS_URL", "services/redis", (url) => {
  url.pathname = "/9"; // a database that no other spec empties
  const way = new Proxy(url);
  const server = createClient({ url: String(url) });
  const KEY_PREFIX = `spec-${process.pid}`;
  let cache: RedisCache;
  before(async () => {
    await way.open();
    await server.connect();
    cache = new RedisCache(way.url, { KEY_PREFIX, TIMEOUT: 60 });
  });
  afterEach(() => server.flushDb());
  after(async () => {
    await cache.aclose();
    await server.quit();
    await way.cut();
  });
  /** Seconds that a key still lives; -1: for ever, -2: there is none. */
  const ttl = (key: string, version = 1): Promise<number> =>
    server.ttl(`${KEY_PREFIX}:${version}:${key}`);

  describe("RedisCache", () => {
    const values: [what: string, value: unknown][] = [
      ["a whole number", 5],
      ["a negative number", -7],
      ["a fraction", 1.5],
      ["null", null],
      ["digits", "12"],
      ["text", "é😀\u0000\n"],
      ["every byte", Buffer.from(Uint8Array.from({ length: 256 }, (_v, at) => at))],
      ["a Date", new Date(1_700_000_000_000)],
      ["a Map", new Map([["a", new Set([1])]])],
      ["an object", { a: [1, { b: null }], get: "x" }],
      ["a megabyte", Buffer.alloc(1 << 20, 255)],
    ];
    for (const [what, value] of values) {
      it(`gives back ${what}`, async () => {
        await cache.aset("k", value);
        expect(await cache.aget("k", "default")).to.deep.equal(value);
        expect((await cache.aget_many(["k", "none"])).k).to.deep.equal(value);
      });
    }

    it("gives the default for a key that is not there", async () => {
      expect([await cache.aget("none"), await cache.aget("none", 5)]).to.deep.equal([undefined, 5]);
    });

    const timeouts: [timeout: number | null | undefined, ttl: number][] = [
      [undefined, 60],
      [100.9, 100],
      [null, -1],
      [0, -2],
      [-5, -2],
    ];
    for (const [timeout, seconds] of timeouts) {
      it(`lets a value set with the timeout ${timeout} live so long`, async () => {
        await cache.aset("k", 1, timeout);
        expect(await ttl("k")).to.equal(seconds);
        await cache.aset("t", 1, 5);
        expect(await cache.atouch("t", timeout)).to.equal(true);
        expect(await ttl("t")).to.equal(seconds);
        expect(await cache.aadd("a", 1, timeout)).to.equal(true);
        expect(await ttl("a")).to.equal(seconds);
      });
    }

    it("touches nothing that is not there", async () => {
      expect([await cache.atouch("none"), await cache.atouch("none", null)]).to.deep.equal([
        false,
        false,
      ]);
    });

    it("adds only what is not there, however many ask at once", async () => {
      const added = await Promise.all(Array.from({ length: 20 }, (_v, at) => cache.aadd("k", at)));
      expect(added.filter(Boolean)).to.have.length(1);
      expect(await cache.aget("k")).to.equal(added.indexOf(true));
    });

    it("counts without losing one, and keeps the timeout", async () => {
      await cache.aset("n", 0, 30);
      await Promise.all(Array.from({ length: 50 }, () => cache.aincr("n")));
      expect([await cache.aincr("n", 10), await cache.adecr("n", 100)]).to.deep.equal([60, -40]);
      expect(await ttl("n")).to.equal(30);
      expect(await rejection(cache.aincr("none"))).to.be.instanceOf(ValueError);
    });

    it("deletes one, several, all", async () => {
      await cache.aset_many({ a: 1, b: 2, c: 3, d: 4 }, 10);
      expect([await cache.adelete("a"), await cache.adelete("a")]).to.deep.equal([true, false]);
      await cache.adelete_many(["b", "c", "none"]);
      await cache.adelete_many([]);
      expect({ ...(await cache.aget_many(["a", "b", "c", "d"])) }).to.deep.equal({ d: 4 });
      expect(await ttl("d")).to.equal(10);
      await cache.aclear();
      expect(await server.dbSize()).to.equal(0);
    });

    it("keeps the versions and the prefixes of a key apart", async () => {
      await cache.aset("k", "one");
      await cache.aset("k", "two", null, { version: 2 });
      expect([await cache.aget("k"), await cache.aget("k", 0, { version: 2 })]).to.deep.equal([
        "one",
        "two",
      ]);
      expect(await cache.aincr_version("k", 2)).to.equal(3);
      expect([await cache.ahas_key("k"), await cache.aget("k", 0, { version: 3 })]).to.deep.equal([
        false,
        "one",
      ]);
      const other = new RedisCache(way.url, { KEY_PREFIX: "other" });
      expect(await other.ahas_key("k", { version: 2 })).to.equal(false);
      await other.aclose();
    });

    it("gets or sets", async () => {
      expect(await cache.aget_or_set("k", async () => ({ a: 1 }), 20)).to.deep.equal({ a: 1 });
      expect(await cache.aget_or_set("k", 2)).to.deep.equal({ a: 1 });
      expect(await ttl("k")).to.equal(20);
    });

    it("reads from the second server what it wrote to the first", async () => {
      const both = new RedisCache(`${way.url};${String(url)}`, { KEY_PREFIX });
      await both.aset("k", 1);
      expect(await both.aget("k")).to.equal(1);
      await both.aclose();
    });

    it("fails at once while the server is away, logs it, and goes on when it is back", async () => {
      await cache.aset("k", "kept");
      const records = await logged(async () => {
        await way.cut();
        for (let i = 0; i < 3; i++)
          expect(await rejection(cache.aget("k"))).to.be.instanceOf(Error);
        await way.open();
      });
      expect(records[0]?.message).to.match(/^The connection to Redis failed: ./);
      expect(await cache.aget("k")).to.equal("kept");
    });
  });

  it("leaves it to a reconnectStrategy of the site's own to connect again", async () => {
    await cache.aclose();
    const patient = new RedisCache(way.url, {
      KEY_PREFIX,
      OPTIONS: { socket: { reconnectStrategy: () => 5 } },
    });
    await logged(async () => {
      await patient.aset("k", "kept");
      await way.cut();
      const cut_off = rejection(patient.aget("k"));
      await way.open();
      await cut_off;
      expect(await patient.aget("k")).to.equal("kept");
      await patient.aclose();
    });
    const connected = (await server.clientList()).filter(({ db }) => db === 9);
    expect(connected).to.have.length(1); // the spec's own
  });

  describe("sessions", () => {
    let connection: SqliteConnection & { close(): void };
    let rows: SqliteSessionRows;
    const settings = (): Partial<Settings> => ({
      CACHES: { default: { BACKEND: RedisCache, LOCATION: way.url, KEY_PREFIX } },
    });
    before(() => {
      connection = new Database(":memory:") as SqliteConnection & { close(): void };
      rows = new SqliteSessionRows(connection);
      rows.create_table();
    });
    after(() => connection.close());

    /** `fn` with this cache in force, which is closed afterwards. */
    async function with_cache(fn: () => Promise<void>): Promise<void> {
      await with_settings(settings(), async () => {
        try {
          await fn();
        } finally {
          await caches.getitem("default").aclose();
        }
      });
    }

    describe("in the cache", () => {
      stores_sessions(() => CacheStore, settings);
      keeps_clients_apart(() => CacheStore, settings);
    });
    describe("in the cache before a database", () => {
      stores_sessions(() => CachedStore.using(rows), settings);
      keeps_clients_apart(() => CachedStore.using(rows), settings);
    });

    it("answers 500 while the server of a session is away, and goes on when it is back", () =>
      with_cache(async () => {
        await survives(
          () => CacheStore,
          () => way.cut(),
          () => way.open(),
        );
      }));

    it("goes on with the database alone while the cache is away", () =>
      with_cache(() =>
        with_site(
          () => CachedStore.using(rows),
          async (site) => {
            const visitor = new Visitor(site);
            await visitor.get("/be/ada");
            const records = await logged(async () => {
              await way.cut();
              expect(await visitor.get("/who")).to.deep.equal([200, '{"who": "ada"}']);
              await way.open();
            });
            expect(records.map(({ message }) => message)).to.include(
              "The cached session could not be read.",
            );
            expect(await visitor.get("/who")).to.deep.equal([200, '{"who": "ada"}']);
          },
        ),
      ));
  });
});
