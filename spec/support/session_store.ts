/** What every session store does on its real storage, and what a site says while that is down. @module */
import { expect } from "chai";
import { it } from "mocha";
import type { Settings } from "nuages/conf";
import {
  CreateError,
  SessionMiddleware,
  type SessionStoreClass,
  UpdateError,
} from "nuages/contrib/sessions";
import { caches } from "nuages/core/cache";
import { type HttpRequest, HttpResponse, JsonResponse } from "nuages/http";
import { path } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import { logged } from "./log.ts";
import { type TestServer, with_server } from "./server.ts";
import { with_settings } from "./settings.ts";

/** The views of a site with sessions: what `who` is, to set it, to log out. */
const urlpatterns = [
  path("who", async (request: HttpRequest) => {
    return new JsonResponse({ who: (await request.session.aget("who")) ?? null });
  }),
  path("be/<str:who>", async (request: HttpRequest, { who }: { who: string }) => {
    await request.session.aset("who", who);
    return new HttpResponse(who);
  }),
  path("out", async (request: HttpRequest) => {
    await request.session.aflush();
    return new HttpResponse("out");
  }),
];

/** The site over that store, on a real server. */
export async function with_site(
  store: () => SessionStoreClass,
  fn: (server: TestServer) => Promise<void>,
): Promise<void> {
  await with_server(urlpatterns, fn, { SESSION_ENGINE: store(), MIDDLEWARE: [SessionMiddleware] });
}

/** A client that keeps its session cookie. */
export class Visitor {
  cookie = "";
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** The status and the text of the answer. */
  async get(url: string): Promise<[status: number, text: string]> {
    const response = await this.#server.fetch(url, { headers: { Cookie: this.cookie } });
    for (const line of response.headers.getSetCookie()) this.cookie = line.split(";", 1)[0] ?? "";
    return [response.status, await response.text()];
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

type SettingsOfSpecs = () => Partial<Settings>;

const none: SettingsOfSpecs = () => ({});

/** `it` with these settings in force; the caches it used are closed. */
function spec_for(store: () => SessionStoreClass, settings: SettingsOfSpecs) {
  return (title: string, fn: (Store: SessionStoreClass) => Promise<void>): void => {
    it(title, () =>
      with_settings(settings(), async () => {
        try {
          await fn(store());
        } finally {
          for (const cache of caches.all({ initialized_only: true })) await cache.aclose();
        }
      }),
    );
  };
}

/** The specs of a store; the settings are in force for each. */
export function stores_sessions(
  store: () => SessionStoreClass,
  settings: SettingsOfSpecs = none,
): void {
  const spec = spec_for(store, settings);

  spec("gives back what was saved, whatever JSON has", async (Store) => {
    const values = {
      "": null,
      é: "😀\u0000".slice(0, 2),
      list: [1, 1.5, true, { a: [] }],
      __proto__x: 1,
    };
    const session = new Store();
    await session.aupdate({ ...values, long: "x".repeat(200_000) });
    await session.acreate();
    const again = new Store(session.session_key);
    expect(Object.fromEntries(await again.aitems())).to.deep.equal({
      ...values,
      long: "x".repeat(200_000),
    });
    expect(session.session_key).to.match(/^[a-z0-9]{32}$/);
  });

  spec("takes no key that a client chose", async (Store) => {
    const chosen = "a".repeat(32);
    const session = new Store(chosen);
    await session.aset("who", "mallory");
    await session.asave();
    expect(session.session_key).to.not.equal(chosen);
    expect(await new Store().aexists(chosen)).to.equal(false);
  });

  spec("looks for no key that is none", async (Store) => {
    for (const key of ["' OR ''='", "%".repeat(32), "A".repeat(32), "é".repeat(32), "a".repeat(41)])
      expect([await new Store().aexists(key), await new Store(key).aget("who")], key).to.deep.equal(
        [false, undefined],
      );
  });

  spec("changes the key and keeps the data", async (Store) => {
    const session = new Store();
    await session.aset("who", "ada");
    await session.acreate();
    const before = String(session.session_key);
    await session.acycle_key();
    expect(await session.aexists(before)).to.equal(false);
    expect(await new Store(session.session_key).aget("who")).to.equal("ada");
  });

  spec("refuses a second session of one key", async (Store) => {
    const session = new Store();
    await session.acreate();
    expect(await rejection(session.asave({ must_create: true }))).to.be.instanceOf(CreateError);
  });

  spec("does not bring back a session that was deleted meanwhile", async (Store) => {
    const session = new Store();
    await session.acreate();
    const other = new Store(session.session_key);
    await other.aset("who", "ada");
    await session.aflush();
    expect(await rejection(other.asave())).to.be.instanceOf(UpdateError);
    expect(await session.aexists(String(other.session_key))).to.equal(false);
  });

  spec("forgets a session when it is over", async (Store) => {
    const session = new Store();
    await session.aset("who", "ada");
    await session.aset_expiry(-1);
    await session.acreate();
    expect(await new Store(session.session_key).aget("who")).to.equal(undefined);
  });

  spec("ends a session at its logout", async (Store) => {
    await with_site(
      () => Store,
      async (server) => {
        const visitor = new Visitor(server);
        await visitor.get("/be/ada");
        const { cookie } = visitor;
        await visitor.get("/out");
        visitor.cookie = cookie;
        expect(await visitor.get("/who")).to.deep.equal([200, '{"who": null}']);
      },
    );
  });
}

/** That sessions of clients who come at the same time do not meet. */
export function keeps_clients_apart(
  store: () => SessionStoreClass,
  settings: SettingsOfSpecs = none,
): void {
  const spec = spec_for(store, settings);

  spec("keeps the sessions of many clients apart", async (Store) => {
    await with_site(
      () => Store,
      async (server) => {
        const visitors = Array.from({ length: 25 }, () => new Visitor(server));
        await Promise.all(visitors.map((visitor, at) => visitor.get(`/be/${at}`)));
        const answers = await Promise.all(visitors.map((visitor) => visitor.get("/who")));
        expect(answers).to.deep.equal(visitors.map((_v, at) => [200, `{"who": "${at}"}`]));
      },
    );
  });
}

/**
 * What a site says while the storage is down, and after that.
 * @param down Takes the storage down; @param up brings it back.
 */
export async function survives(
  store: () => SessionStoreClass,
  down: () => Promise<void>,
  up: () => Promise<void>,
): Promise<LogRecord[]> {
  let records: LogRecord[] = [];
  await with_site(store, async (server) => {
    const [ada, bob] = [new Visitor(server), new Visitor(server)];
    await ada.get("/be/ada");
    const { cookie } = ada;
    records = await logged(async () => {
      await down();
      for (const url of ["/who", "/be/eve", "/out"]) {
        const [status] = await ada.get(url);
        expect([url, status, ada.cookie]).to.deep.equal([url, 500, cookie]);
      }
      const [status] = await bob.get("/be/bob");
      expect([status, bob.cookie]).to.deep.equal([500, ""]);
      await up();
    });
    expect(await ada.get("/who")).to.deep.equal([200, '{"who": "ada"}']);
    expect(await bob.get("/who")).to.deep.equal([200, '{"who": null}']);
    expect(await bob.get("/be/bob")).to.deep.equal([200, "bob"]);
  });
  expect(records.map(({ message }) => message).join("\n")).to.match(/A session could not be read/);
  expect(records.map(({ message }) => message).join("\n")).to.match(
    /could not be (written|deleted)/,
  );
  return records;
}
