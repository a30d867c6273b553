/** Security of sessions: what clients send in place of a session cookie, and what requests do to each other. @module */
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { type SessionBase, SessionMiddleware, VALID_KEY_CHARS } from "nuages/contrib/sessions";
import { SessionStore as CacheStore } from "nuages/contrib/sessions/backends/cache";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as SignedStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { caches } from "nuages/core/cache";
import { dumps } from "nuages/core/signing";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { Client, override_settings } from "nuages/test";
import { path } from "nuages/urls";
import { session_store } from "../../../src/contrib/sessions/_engine.ts";
import { new_session_key } from "../../../src/contrib/sessions/backends/base.ts";
import { freeze } from "../../../src/utils/_clock.ts";
import { logged, quiet } from "../../support/log.ts";
import { with_server } from "../../support/server.ts";
import { all_stores, keyed_stores, MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";
import { gate } from "../../support/turns.ts";

const CHOSEN = "chosenchosenchosenchosenchosen12";
const SIGNED_SALT = "django.contrib.sessions.backends.signed_cookies";

function does(act: (session: SessionBase) => unknown) {
  return async (request: HttpRequest): Promise<HttpResponse> =>
    new HttpResponse(JSON.stringify((await act(request.session)) ?? null));
}

const urlpatterns = [
  path(
    "get/",
    does((session) => session.get("a")),
  ),
  path(
    "set/",
    does((session) => session.set("a", 1)),
  ),
  path(
    "flush/",
    does((session) => session.flush()),
  ),
];

function site(settings: Partial<Settings>): void {
  const overridden = override_settings({
    MIDDLEWARE: [SessionMiddleware],
    ROOT_URLCONF: { urlpatterns },
    ...settings,
  });
  before(() => overridden.enable());
  after(() => overridden.disable());
}

function client_with(cookie: string): Client {
  const client = new Client();
  client.cookies.set("sessionid", cookie);
  return client;
}

for (const { name, settings } of keyed_stores()) {
  describe(`contrib/sessions: a key the client chose, ${name}`, () => {
    site(settings);

    it("N1: is never used: a new one takes its place", async () => {
      const client = client_with(CHOSEN);
      await client.get("/set/");
      expect(client.cookies.get("sessionid")?.value).to.not.equal(CHOSEN);
      expect(await new (session_store())().aexists(CHOSEN)).to.equal(false);
    });
  });
}

const ODD_KEYS = [
  "abc",
  "x".repeat(5000),
  "a\0bcdefghij",
  "../../etc/passwd",
  "x'; DROP TABLE django_session; --",
  "__proto__",
  "constructor",
  "sessionid:x",
  "django.contrib.sessions.cacheabcdefgh",
];

for (const { name, settings } of all_stores()) {
  describe(`contrib/sessions: what is no key, ${name}`, () => {
    site(settings);
    quiet();

    for (const key of ODD_KEYS) {
      it(`N2: ${JSON.stringify(key.slice(0, 40))} is an empty session`, async () => {
        const response = await client_with(key).get("/get/");
        expect([response.status_code, response.text]).to.deep.equal([200, "null"]);
        const cookie = response.cookies.getitem("sessionid");
        // sessions in cookies begin anew with an empty one, as in Django
        expect(cookie.get("max-age") === 0 || settings.SESSION_ENGINE === SignedStore).to.equal(
          true,
        );
      });
    }
  });
}

describe("contrib/sessions: storages and strangers", () => {
  it("N4: 10,000 unknown keys, reading and logging out leave the store empty", async () => {
    const rows = new MemoryRows({ waits: false });
    const SESSION_ENGINE = DbStore.using(rows);
    await with_settings(
      { SESSION_ENGINE, MIDDLEWARE: [SessionMiddleware], ROOT_URLCONF: { urlpatterns } },
      async () => {
        for (let count = 0; count < 10_000; count++) {
          const store = new SESSION_ENGINE(new_session_key());
          store.get("a");
          store.flush();
        }
        for (const url of ["/get/", "/flush/"]) {
          expect((await new Client().get(url)).cookies.size).to.equal(0);
          await client_with(new_session_key()).get(url);
        }
      },
    );
    expect(rows.table.size).to.equal(0);
  });

  it("N5: a session that a logout ends while another request saves it stays ended", async () => {
    const rows = new MemoryRows({ waits: true });
    const slow = gate();
    const entered = gate();
    const views = [
      ...urlpatterns,
      path("slow/", async (request) => {
        request.session.set("a", "slow");
        entered.open();
        await slow.promise;
        return new HttpResponse("saved");
      }),
    ];
    await with_settings(
      {
        SESSION_ENGINE: DbStore.using(rows),
        MIDDLEWARE: [SessionMiddleware],
        ROOT_URLCONF: { urlpatterns: views },
      },
      async () => {
        const client = new Client();
        await client.get("/set/");
        const other = client_with(String(client.cookies.get("sessionid")?.value));
        let status = 0;
        const records = await logged(async () => {
          const running = other.get("/slow/");
          await entered.promise;
          await client.get("/flush/");
          slow.open();
          status = (await running).status_code;
        });
        expect([status, rows.table.size, records.length]).to.deep.equal([400, 0, 1]);
      },
    );
  });

  const damaged: [what: string, data: string][] = [
    ["damaged", "eyJhIjoxfQ:1r31eq:QBbBwH2_uVli_OAHzJgMvioouYsy4Vry3TeSLknUaR4"],
    [
      "signed with another key",
      dumps({ a: 1 }, { salt: "django.contrib.sessions.SessionStore", key: "other" }),
    ],
    ["signed for another use", dumps({ a: 1 }, { salt: "other" })],
    ["not signed", '{"a":1}'],
  ];
  for (const [what, session_data] of damaged) {
    it(`N6: stored data that is ${what} is an empty session, and one warning`, async () => {
      const rows = new MemoryRows({ waits: false });
      rows.table.set(CHOSEN, { session_key: CHOSEN, session_data, expire_date: new Date(9e12) });
      const session = new (DbStore.using(rows))(CHOSEN);
      const records = await logged(() => expect(session.get("a")).to.equal(undefined));
      expect(records.map(({ logger, level }) => [logger, level])).to.deep.equal([
        ["django.security.SuspiciousSession", "warning"],
      ]);
    });
  }

  const cookies: [what: string, cookie: () => string][] = [
    ["changed", () => dumps({ a: 1 }, { salt: SIGNED_SALT }).replace(/^e/, "f")],
    ["from another salt", () => dumps({ a: 1 }, { salt: "django.contrib.messages" })],
    ["of 1 MB", () => "A".repeat(1_000_000)],
    ["a list", () => dumps([1], { salt: SIGNED_SALT })],
  ];
  for (const [what, cookie] of cookies) {
    it(`N7: a session cookie that is ${what} is an empty session`, () => {
      const session = new SignedStore(cookie());
      expect([session.get("a"), [...session.keys()], session.modified]).to.deep.equal([
        undefined,
        [],
        true,
      ]);
    });
  }

  it("N7: a session cookie is valid for SESSION_COOKIE_AGE, also after a logout, and no longer", () => {
    freeze(1_700_000_000);
    try {
      const session = new SignedStore();
      session.set("a", 1);
      session.save();
      const cookie = session.session_key;
      session.flush();
      expect(new SignedStore(cookie).get("a")).to.equal(1);
      freeze(1_700_000_000 + 1_209_601);
      expect(new SignedStore(cookie).get("a")).to.equal(undefined);
    } finally {
      freeze(undefined);
    }
  });

  it("N12: keys in a cache have the prefix of sessions, so that no other entry is reached", () => {
    caches.getitem("default").set("abcdefghijkl", { a: 1 });
    expect(new CacheStore("abcdefghijkl").get("a")).to.equal(undefined);
    const session = new CacheStore();
    expect(session.cache_key).to.match(/^django\.contrib\.sessions\.cache[a-z0-9]{32}$/);
  });

  it("N12: the end of a session without a key leaves it without one", () => {
    const session = new CacheStore();
    session.flush();
    expect([session.session_key, session.is_empty()]).to.deep.equal([null, true]);
  });

  it("N13: 100,000 keys are all different, each of 32 characters of 36", () => {
    const keys = new Set<string>();
    const used = new Set<string>();
    for (let count = 0; count < 100_000; count++) keys.add(new_session_key());
    for (const key of keys) for (const character of key) used.add(character);
    expect(keys.size).to.equal(100_000);
    expect([...used].toSorted().join("")).to.equal(Array.from(VALID_KEY_CHARS).toSorted().join(""));
    expect([...keys].every((key) => key.length === 32)).to.equal(true);
  });
});

for (const { name, settings } of all_stores()) {
  describe(`contrib/sessions: names of JavaScript's own, ${name}`, () => {
    it("N8: are keys like any other, nested too", async () => {
      await with_settings(settings, async () => {
        const Store = session_store();
        const session = new Store();
        const nested = JSON.parse(
          '{"__proto__":{"admin":true},"constructor":{"prototype":1}}',
        ) as unknown;
        for (const key of ["__proto__", "constructor", "toString"]) session.set(key, nested);
        await session.asave();
        const again = new Store(session.session_key);
        expect(await again.aget("__proto__")).to.deep.equal(nested);
        expect([...again.keys()]).to.deep.equal(["__proto__", "constructor", "toString"]);
        expect(again.get("hasOwnProperty")).to.equal(undefined);
        expect("admin" in Object.prototype).to.equal(false);
      });
    });
  });
}

describe("contrib/sessions: the cookie", () => {
  it("N8: holds JSON alone: a value with a toJSON of its own is refused", () => {
    const session = new SignedStore();
    session.set("a", { toJSON: () => "code ran" });
    expect(() => session.save()).to.throw(TypeError);
    session.set("a", new Date(0));
    expect(() => session.save()).to.throw(TypeError);
  });

  async function cookie_of(url: string, settings: Partial<Settings>): Promise<string> {
    return with_settings(
      { MIDDLEWARE: [SessionMiddleware], ROOT_URLCONF: { urlpatterns }, ...settings },
      async () => {
        const client = new Client();
        const name = settings.SESSION_COOKIE_NAME ?? "sessionid";
        client.cookies.set(name, CHOSEN);
        const cookie = (await client.get(url)).cookies.getitem(name).OutputString();
        return cookie.replace(/=[^;]*|; expires=[^;]*/g, (text) =>
          text.startsWith("=") ? text : "",
        );
      },
    );
  }

  const engine = { SESSION_ENGINE: DbStore.using(new MemoryRows({ waits: false })) };

  it("N9: is HttpOnly and Lax, for the whole site and two weeks", async () => {
    expect(await cookie_of("/set/", engine)).to.match(
      /^sessionid=[a-z0-9]{32}; HttpOnly; Max-Age=1209600; Path=\/; SameSite=Lax$/,
    );
  });

  const changed: Partial<Settings> = {
    ...engine,
    SESSION_COOKIE_NAME: "__Host-sessionid",
    SESSION_COOKIE_AGE: 60,
    SESSION_COOKIE_SECURE: true,
    SESSION_COOKIE_SAMESITE: "Strict",
  };

  it("N9: is what the settings say, and satisfies the prefix __Host-", async () => {
    expect(await cookie_of("/set/", changed)).to.match(
      /^__Host-sessionid=[a-z0-9]{32}; HttpOnly; Max-Age=60; Path=\/; SameSite=Strict; Secure$/,
    );
  });

  it("N9: is deleted with the path, the domain and the SameSite it was set with", async () => {
    expect(await cookie_of("/get/", changed)).to.equal(
      '__Host-sessionid=""; Max-Age=0; Path=/; SameSite=Strict; Secure',
    );
    const elsewhere = { SESSION_COOKIE_DOMAIN: "example.com", SESSION_COOKIE_PATH: "/app/" };
    expect(await cookie_of("/get/", { ...engine, ...elsewhere })).to.equal(
      'sessionid=""; Domain=example.com; Max-Age=0; Path=/app/; SameSite=Lax',
    );
  });

  it("N11: two clients over one connection, at the same time, see each their own session", async () => {
    const SESSION_ENGINE = DbStore.using(new MemoryRows({ waits: true }));
    const names = ["ann", "bob"];
    const views = [
      path("who/<str:name>/", async (request, { name }) => {
        request.session.set("name", name);
        await new Promise((resolve) => setImmediate(resolve));
        return new HttpResponse(String(await request.session.aget("name")));
      }),
      path("me/", async (request) => new HttpResponse(String(request.session.get("name")))),
    ];
    await with_server(
      views,
      async (server) => {
        const logged_in = await Promise.all(
          names.map(async (name) => {
            const response = await server.fetch(`/who/${name}/`);
            expect(response.headers.get("vary")).to.equal("Cookie");
            return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
          }),
        );
        const requests = logged_in.map(
          (cookie) => `GET /me/ HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`,
        );
        const answers = await server.raw(requests.join(""), /ann[^]*bob/);
        expect(answers).to.match(/\r\n\r\nann[^]*\r\n\r\nbob/);
      },
      { SESSION_ENGINE, MIDDLEWARE: [SessionMiddleware] },
    );
  });
});
