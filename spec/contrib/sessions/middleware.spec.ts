import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { type SessionBase, SessionMiddleware } from "nuages/contrib/sessions";
import * as cache_engine from "nuages/contrib/sessions/backends/cache";
import { SessionStore as CacheStore } from "nuages/contrib/sessions/backends/cache";
import { SessionStore as CachedDbStore } from "nuages/contrib/sessions/backends/cached_db";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as SignedStore } from "nuages/contrib/sessions/backends/signed_cookies";
import type { Settings } from "nuages/conf";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import type { HttpResponseBase } from "nuages/http/response";
import { Client, RequestFactory, type TestResponse } from "nuages/test";
import { path } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import { session_store } from "../../../src/contrib/sessions/_engine.ts";
import { logged } from "../../support/log.ts";
import { DistantCache, MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";

const KEY = "0123456789abcdefghijklmnopqrstuv";

const ROOT_URLCONF = {
  urlpatterns: [
    path("none/", () => new HttpResponse("nothing")),
    path("get/", (request) => new HttpResponse(String(request.session.get("a")))),
    path("set/", (request) => (request.session.set("a", 1), new HttpResponse("set"))),
    path("flush/", (request) => (request.session.flush(), new HttpResponse("flushed"))),
    path("fail/", (request) => {
      request.session.set("a", 1);
      return new HttpResponse("failed", { status: 500 });
    }),
  ],
};

/** What a site with this store answers to a client with a session cookie, and what it logs. */
async function answer(
  url: string,
  settings: Partial<Settings>,
): Promise<{ response: TestResponse; records: LogRecord[] }> {
  return with_settings({ MIDDLEWARE: [SessionMiddleware], ROOT_URLCONF, ...settings }, async () => {
    const client = new Client({ raise_request_exception: false });
    client.cookies.set("sessionid", KEY);
    let response: TestResponse | undefined;
    const records = await logged(async () => (response = await client.get(url)));
    if (response === undefined) throw new Error("no response");
    return { response, records };
  });
}

describe("contrib/sessions/middleware: a storage that is down", () => {
  function broken_rows(): MemoryRows {
    const rows = new MemoryRows({ waits: true });
    rows.failure = new Error("connection refused");
    return rows;
  }
  const stores: [string, () => Partial<Settings>][] = [
    ["rows", () => ({ SESSION_ENGINE: DbStore.using(broken_rows()) })],
    ["cached rows", () => ({ SESSION_ENGINE: CachedDbStore.using(broken_rows()) })],
    [
      "cache",
      () => ({ SESSION_ENGINE: CacheStore, CACHES: { default: { BACKEND: BrokenCache } } }),
    ],
  ];
  class BrokenCache extends DistantCache {
    override async aget(): Promise<unknown> {
      throw new Error("connection refused");
    }
  }

  for (const [name, settings] of stores) {
    it(`fails the request that looks, logs it, and keeps the client's cookie: ${name}`, async () => {
      const { response, records } = await answer("/get/", settings());
      expect([response.status_code, response.cookies.size]).to.deep.equal([500, 0]);
      const [record] = records.filter(({ logger }) => logger === "django.contrib.sessions");
      expect(record?.level).to.equal("error");
      expect(record?.message).to.equal("A session could not be read: connection refused");
    });

    it(`does not fail the request that does not look: ${name}`, async () => {
      expect((await answer("/none/", settings())).response.text).to.equal("nothing");
    });
  }

  it("fails a logout whose session could not be deleted", async () => {
    const rows = new MemoryRows({ waits: true });
    const SESSION_ENGINE = DbStore.using(rows);
    const session = new SESSION_ENGINE();
    await session.acreate();
    rows.table.set(KEY, { ...session.create_model_instance({}), session_key: KEY });
    const failing = ROOT_URLCONF.urlpatterns.map((pattern) => pattern);
    failing.push(
      path("break/", (request) => {
        rows.failure = new Error("disk full");
        request.session.flush();
        return new HttpResponse("logged out");
      }),
    );
    const { response, records } = await answer("/break/", {
      SESSION_ENGINE,
      ROOT_URLCONF: { urlpatterns: failing },
    });
    expect(response.status_code).to.equal(500);
    expect(records[0]?.message).to.equal("A session could not be deleted: disk full");
  });

  it("keeps a session whose new key could not be saved", async () => {
    const rows = new MemoryRows({ waits: true });
    const SESSION_ENGINE = DbStore.using(rows);
    const session = new SESSION_ENGINE();
    await session.acreate();
    rows.table.set(KEY, { ...session.create_model_instance({ a: 1 }), session_key: KEY });
    const urlpatterns = [
      path("cycle/", (request) => {
        request.session.cycle_key();
        rows.insert = () => Promise.reject(new Error("disk full"));
        return new HttpResponse("logged in");
      }),
    ];
    const { response } = await answer("/cycle/", { SESSION_ENGINE, ROOT_URLCONF: { urlpatterns } });
    expect([response.status_code, rows.table.has(KEY)]).to.deep.equal([500, true]);
  });

  it("goes on with the database alone if only the cache is down", async () => {
    const rows = new MemoryRows({ waits: true });
    const settings = {
      SESSION_ENGINE: CachedDbStore.using(rows),
      CACHES: { default: { BACKEND: DistantCache } },
    };
    DistantCache.failure = new Error("no cache");
    try {
      const { response, records } = await answer("/set/", settings);
      expect([response.status_code, rows.table.size]).to.deep.equal([200, 1]);
      expect(records.map(({ message }) => message)).to.include(
        "The cached session could not be written.",
      );
    } finally {
      DistantCache.failure = undefined;
    }
  });
});

describe("contrib/sessions/middleware: SessionMiddleware", () => {
  it("makes no promise for sessions in cookies", () => {
    const middleware = new SessionMiddleware(async () => new HttpResponse());
    const request = new RequestFactory().get("/");
    expect(middleware.process_request(request)).to.equal(undefined);
    request.session.set("a", 1);
    const response: unknown = middleware.process_response(request, new HttpResponse());
    expect(response).to.be.instanceOf(HttpResponse);
  });

  it("asks the storage once for a client with a cookie, and not at all for one without", async () => {
    const rows = new MemoryRows({ waits: true });
    await answer("/get/", { SESSION_ENGINE: DbStore.using(rows) });
    expect(rows.reads).to.equal(1);
    await with_settings(
      { MIDDLEWARE: [SessionMiddleware], ROOT_URLCONF, SESSION_ENGINE: DbStore.using(rows) },
      () => new Client().get("/get/"),
    );
    expect(rows.reads).to.equal(1);
  });

  it("saves nothing after a 5xx (N10)", async () => {
    const rows = new MemoryRows({ waits: true });
    const { response } = await answer("/fail/", { SESSION_ENGINE: DbStore.using(rows) });
    expect([rows.table.size, response.cookies.size]).to.deep.equal([0, 0]);
  });

  const engines: [string, unknown, unknown][] = [
    ["a class", CacheStore, CacheStore],
    ["a module", cache_engine, CacheStore],
    ["nothing: sessions in signed cookies", undefined, SignedStore],
  ];
  for (const [name, SESSION_ENGINE, store] of engines) {
    it(`takes as SESSION_ENGINE ${name}`, () => {
      with_settings({ SESSION_ENGINE: SESSION_ENGINE as never }, () =>
        expect(session_store()).to.equal(store),
      );
    });
  }

  for (const SESSION_ENGINE of ["django.contrib.sessions.backends.db", {}, HttpResponse]) {
    it(`refuses as SESSION_ENGINE ${String(SESSION_ENGINE)}`, () => {
      with_settings({ SESSION_ENGINE: SESSION_ENGINE as never }, () =>
        expect(() => session_store()).to.throw(ImproperlyConfigured, "SESSION_ENGINE"),
      );
    });
  }

  it("gives request.session the type of sessions", () => {
    expectTypeOf<HttpRequest["session"]>().toEqualTypeOf<SessionBase>();
    expectTypeOf<SessionMiddleware["process_response"]>().returns.toEqualTypeOf<
      HttpResponseBase | Promise<HttpResponseBase>
    >();
  });
});
