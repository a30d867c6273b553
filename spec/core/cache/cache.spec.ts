/** Specification of nuages/core/cache. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  BaseCache,
  cache,
  CacheHandler,
  caches,
  close_caches,
  InvalidCacheBackendError,
  type VersionOptions,
} from "nuages/core/cache";
import { DEFAULT_TIMEOUT } from "nuages/core/cache/backends/base";
import { DummyCache } from "nuages/core/cache/backends/dummy";
import { LocMemCache } from "nuages/core/cache/backends/locmem";
import { make_template_fragment_key } from "nuages/core/cache/utils";
import { ImproperlyConfigured, NotImplementedError, ValueError } from "nuages/core/exceptions";
import { freeze_time, override_settings } from "nuages/test/utils";

let stores = 0;

/** A cache with a store of its own. */
function local(params: Record<string, unknown> = {}): LocMemCache {
  return new LocMemCache(`spec-${stores++}`, params);
}

describe("core/cache: caches", () => {
  it("makes a cache of each alias, once, and anew when CACHES changes", () => {
    const before = caches.getitem("default");
    expect(caches.getitem("default")).to.equal(before);
    const other = override_settings({
      CACHES: { default: { BACKEND: DummyCache }, more: { BACKEND: LocMemCache } },
    });
    other(() => {
      expect(caches.getitem("default")).to.be.instanceOf(DummyCache);
      expect([...caches]).to.deep.equal(["default", "more"]);
      expect(caches.has("more")).to.equal(true);
      expect(caches.all()).to.have.length(2);
    })();
    expect(caches.getitem("default")).to.be.instanceOf(LocMemCache);
  });

  it("refuses an alias that CACHES does not have, whatever its name", () => {
    for (const alias of ["missing", "constructor", "__proto__"])
      expect(() => caches.getitem(alias)).to.throw(InvalidCacheBackendError, alias);
  });

  it("needs a default, and classes", () => {
    const none = new CacheHandler({ settings: { other: { BACKEND: LocMemCache } } });
    expect(() => none.getitem("other")).to.throw(ImproperlyConfigured, "default");
    const path = new CacheHandler({ settings: { default: { BACKEND: "a.b.Cache" } } });
    expect(() => path.getitem("default")).to.throw(InvalidCacheBackendError);
  });

  it("stands for the default cache at each use as `cache`", () => {
    const dummy = override_settings({ CACHES: { default: { BACKEND: DummyCache } } });
    cache.set("k", 1);
    expect(dummy(() => cache.get("k", "none"))()).to.equal("none");
    expect(cache.get("k")).to.equal(1);
    expect("aget_or_set" in cache).to.equal(true);
  });

  it("closes what was used", () => {
    let closed = 0;
    class Closing extends LocMemCache {
      override close(): void {
        closed += 1;
      }
    }
    override_settings({ CACHES: { default: { BACKEND: Closing }, b: { BACKEND: Closing } } })(
      () => {
        caches.getitem("b");
        close_caches();
      },
    )();
    expect(closed).to.equal(1);
  });
});

describe("core/cache: LocMemCache", () => {
  it("gives copies (M10)", () => {
    const store = local();
    const value = { list: [1], when: new Date(5), map: new Map([["a", 1]]) };
    store.set("k", value);
    value.list.push(2);
    const first = store.get("k") as typeof value;
    first.list.push(3);
    expect(store.get("k")).to.deep.equal({
      list: [1],
      when: new Date(5),
      map: new Map([["a", 1]]),
    });
    expect(Buffer.isBuffer((store.set("b", Buffer.from("x")), store.get("b")))).to.equal(true);
  });

  it("refuses what is no data", () => {
    expect(() => local().set("k", () => 1)).to.throw(TypeError);
  });

  it("keeps null, undefined and false as values", () => {
    const store = local();
    for (const value of [null, undefined, false, 0, ""]) {
      store.set("k", value);
      expect(store.get("k", "default")).to.equal(value);
    }
  });

  for (const key of ["__proto__", "constructor", "toString"]) {
    it(`takes ${key} for a key like any other (M8)`, () => {
      const store = local();
      expect(store.get(key, "none")).to.equal("none");
      store.set_many(new Map([[key, 1]]));
      const found = store.get_many([key, "other"]);
      expect(Object.keys(found)).to.deep.equal([key]);
      expect(Object.getPrototypeOf(found)).to.equal(null);
    });
  }

  for (const key of ["a b", "a\n", "k".repeat(251)]) {
    it(`warns of the key ${JSON.stringify(key.slice(0, 5))} (M8)`, () => {
      const { emitWarning } = process;
      const warnings: unknown[][] = [];
      process.emitWarning = (...args: unknown[]) => void warnings.push(args);
      try {
        local().set(key, 1);
      } finally {
        process.emitWarning = emitWarning;
      }
      expect(warnings).to.have.length(1);
      expect(warnings[0]?.[1]).to.equal("CacheKeyWarning");
    });
  }

  it("forgets after the timeout, at-once for 0, never for null", () => {
    const store = local({ TIMEOUT: 60 });
    try {
      freeze_time(1000);
      store.set("default", 1);
      store.set("again", 1, DEFAULT_TIMEOUT);
      store.set("never", 1, null);
      store.set("at-once", 1, 0);
      store.set("before", 1, -1);
      expect(
        ["default", "again", "never", "at-once", "before"].map((k) => store.has(k)),
      ).to.deep.equal([true, true, true, false, false]);
      freeze_time(1060);
      expect(["default", "again", "never"].map((k) => store.has(k))).to.deep.equal([
        false,
        false,
        true,
      ]);
    } finally {
      freeze_time(undefined);
    }
  });

  it("drops the third that was used least recently when it is full (M9)", () => {
    const store = local({ OPTIONS: { MAX_ENTRIES: 9 } });
    for (let i = 0; i < 9; i++) store.set(`k${i}`, i);
    store.get("k0");
    store.set("k9", 9);
    const left = Array.from({ length: 10 }, (_, i) => i).filter((i) => store.has(`k${i}`));
    expect(left).to.deep.equal([0, 4, 5, 6, 7, 8, 9]);
  });

  it("never holds more than MAX_ENTRIES (M9)", () => {
    const store = local();
    for (let i = 0; i < 20_000; i++) store.set(`k${i}`, i);
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`);
    expect(Object.keys(store.get_many(keys)).length).to.be.at.most(300);
  });

  it("adds only what is not there, and touches only what is", () => {
    const store = local();
    expect([store.add("k", 1), store.add("k", 2), store.get("k")]).to.deep.equal([true, false, 1]);
    expect([store.touch("k", 5), store.touch("none")]).to.deep.equal([true, false]);
    expect([store.delete("k"), store.delete("k")]).to.deep.equal([true, false]);
  });

  it("adds to numbers, and keeps their timeout", () => {
    const store = local();
    try {
      freeze_time(0);
      store.set("n", 1, 10);
      expect([store.incr("n"), store.incr("n", 5), store.decr("n", 10)]).to.deep.equal([2, 7, -3]);
      freeze_time(10);
      expect(() => store.incr("n")).to.throw(ValueError);
    } finally {
      freeze_time(undefined);
    }
  });

  it("keeps versions apart", () => {
    const store = local({ VERSION: 2, KEY_PREFIX: "p" });
    store.set("k", "two");
    store.set("k", "one", undefined, { version: 1 });
    expect(store.make_key("k")).to.equal("p:2:k");
    expect(store.get("k", null, { version: 1 })).to.equal("one");
    expect(store.incr_version("k")).to.equal(3);
    expect([store.get("k"), store.get("k", null, { version: 3 })]).to.deep.equal([
      undefined,
      "two",
    ]);
    expect(() => store.decr_version("none")).to.throw(ValueError);
  });

  it("makes a value only if there is none", async () => {
    const store = local();
    const make = (): number => 5;
    expect([store.get_or_set("k", make), store.get_or_set("k", 6)]).to.deep.equal([5, 5]);
    expect(await store.aget_or_set("a", async () => 7)).to.equal(7);
    expect(store.get_or_set("null", null)).to.equal(null);
  });

  it("shares its store with caches of the same name", () => {
    const [one, two] = [new LocMemCache("spec-shared"), new LocMemCache("spec-shared")];
    one.set("k", 1);
    expect(two.get("k")).to.equal(1);
    two.clear();
    expect(one.has("k")).to.equal(false);
  });
});

describe("core/cache: BaseCache", () => {
  it("falls back on the defaults for numbers that cannot be read", () => {
    const odd = new BaseCache({ TIMEOUT: "x", OPTIONS: { MAX_ENTRIES: "y" } });
    expect(odd.default_timeout).to.equal(300);
    expect(new BaseCache({ TIMEOUT: "5" }).default_timeout).to.equal(5);
    expect(new BaseCache({ TIMEOUT: null }).get_backend_timeout()).to.equal(null);
  });

  it("tells what a backend lacks", async () => {
    expect(() => new BaseCache().get("k")).to.throw(NotImplementedError, "aget()");
  });

  it("goes through the sync form of a backend that has its own", async () => {
    const called: string[] = [];
    class Own extends LocMemCache {
      override get(key: string, default_value?: unknown, options?: VersionOptions): unknown {
        called.push(`get ${key}`);
        return super.get(key, default_value, options);
      }
      override get_many(keys: Iterable<string>): Record<string, unknown> {
        called.push("get_many");
        return Object.fromEntries(Array.from(keys, (key) => [key, 1]));
      }
    }
    const own = new Own("spec-own");
    expect(await own.aget_many(["a"])).to.deep.equal({ a: 1 });
    await own.aget("b");
    expect(called).to.deep.equal(["get_many", "get b"]);
  });

  it("has each method in an a-form", async () => {
    const store = local();
    await store.aset("n", 1);
    expect(await store.aincr("n", 2)).to.equal(3);
    expect(await store.adecr("n")).to.equal(2);
    expect(await store.aadd("n", 5)).to.equal(false);
    expect(await store.atouch("n", 5)).to.equal(true);
    expect(await store.ahas_key("n")).to.equal(true);
    expect(await store.aset_many({ a: 1, b: 2 })).to.deep.equal([]);
    expect({ ...(await store.aget_many(["a", "b", "c"])) }).to.deep.equal({ a: 1, b: 2 });
    await store.adelete_many(["a"]);
    expect(await store.aincr_version("b")).to.equal(2);
    expect(await store.adecr_version("b", 1, { version: 2 })).to.equal(1);
    expect(await store.adelete("b")).to.equal(true);
    await store.aclear();
    expect(await store.aget("n", "gone")).to.equal("gone");
    await store.aclose();
  });
});

describe("core/cache: DummyCache", () => {
  it("keeps nothing", () => {
    const dummy = new DummyCache("");
    dummy.set("k", 1);
    expect([
      dummy.add("k", 1),
      dummy.get("k", 5),
      dummy.touch("k"),
      dummy.delete("k"),
    ]).to.deep.equal([true, 5, false, false]);
    expect(dummy.has("k")).to.equal(false);
    dummy.clear();
  });
});

describe("core/cache/utils: make_template_fragment_key", () => {
  it("keeps lists of values apart", () => {
    const keys = [undefined, [], ["ab", "c"], ["a", "bc"], ["a"], [1], ["1"]].map((vary_on) =>
      make_template_fragment_key("f", { vary_on }),
    );
    expect(keys[0]).to.equal("template.cache.f.d41d8cd98f00b204e9800998ecf8427e");
    expect(keys[1]).to.equal(keys[0]);
    expect(keys[5]).to.equal(keys[6]);
    expect(new Set(keys).size).to.equal(5);
  });
});
