/** What every store that keeps sessions on the server does, in a site and on its own. @module */
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import {
  SessionMiddleware,
  UpdateError,
  CreateError,
  type SessionBase,
} from "nuages/contrib/sessions";
import { SynchronousOnlyOperation } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { Client, override_settings } from "nuages/test";
import { path } from "nuages/urls";
import { session_store } from "../../../src/contrib/sessions/_engine.ts";
import { keyed_stores } from "../../support/sessions.ts";
import { quiet } from "../../support/log.ts";

function does(act: (session: SessionBase) => unknown) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const result = await act(request.session);
    return new HttpResponse(JSON.stringify(result ?? null));
  };
}

const ROOT_URLCONF = {
  urlpatterns: [
    path("none/", () => new HttpResponse("nothing")),
    path(
      "get/",
      does((session) => session.get("a")),
    ),
    path(
      "aget/",
      does((session) => session.aget("a")),
    ),
    path(
      "set/",
      does((session) => session.set("a", { n: [1, "é"] })),
    ),
    path(
      "aset/",
      does((session) => session.aset("a", 2)),
    ),
    path(
      "cycle/",
      does((session) => session.cycle_key()),
    ),
    path(
      "acycle/",
      does((session) => session.acycle_key()),
    ),
    path(
      "flush/",
      does((session) => session.flush()),
    ),
    path(
      "aflush/",
      does((session) => session.aflush()),
    ),
    path(
      "flush-and-set/",
      does((session) => (session.flush(), session.set("a", "new"))),
    ),
  ],
};

for (const { name, settings } of keyed_stores()) {
  describe(`contrib/sessions: a site with sessions in ${name}`, () => {
    const site = override_settings({ ...settings, MIDDLEWARE: [SessionMiddleware], ROOT_URLCONF });
    let client: Client;
    const key = (): string => String(client.cookies.get("sessionid")?.value);
    const get = async (url: string): Promise<unknown> => JSON.parse((await client.get(url)).text);
    const is_stored = (of: string): Promise<boolean> => new (session_store())().aexists(of);

    quiet();
    before(() => site.enable());
    after(() => site.disable());
    before(() => (client = new Client()));

    it("sets no cookie and no Vary as long as nobody looks", async () => {
      const response = await client.get("/none/");
      expect([response.cookies.size, response.has_header("Vary")]).to.deep.equal([0, false]);
    });

    it("keeps data under a key of 32 characters", async () => {
      await client.get("/set/");
      expect(key()).to.match(/^[a-z0-9]{32}$/);
      expect(await get("/get/")).to.deep.equal({ n: [1, "é"] });
      expect(await get("/aget/")).to.deep.equal({ n: [1, "é"] });
    });

    it("does not say Vary: Cookie for a session that was loaded and not looked at", async () => {
      const response = await client.get("/none/");
      expect(response.has_header("Vary")).to.equal(false);
      expect((await client.get("/get/")).headers.get("Vary")).to.equal("Cookie");
    });

    for (const url of ["/cycle/", "/acycle/"]) {
      it(`changes the key and keeps the data: ${url}`, async () => {
        const old = key();
        await client.get(url);
        expect(key())
          .to.match(/^[a-z0-9]{32}$/)
          .and.not.equal(old);
        expect(await is_stored(old)).to.equal(false);
        expect(await get("/get/")).to.deep.equal({ n: [1, "é"] });
      });
    }

    for (const url of ["/flush/", "/aflush/"]) {
      it(`ends the session: ${url}`, async () => {
        await client.get("/set/");
        const old = key();
        const response = await client.get(url);
        expect(response.cookies.getitem("sessionid").get("max-age")).to.equal(0);
        expect(await is_stored(old)).to.equal(false);
        expect(await get("/get/")).to.equal(null);
      });
    }

    it("begins a new session after the end of one in the same request", async () => {
      await client.get("/aset/");
      const old = key();
      await client.get("/flush-and-set/");
      expect([await is_stored(old), key() === old, await get("/get/")]).to.deep.equal([
        false,
        false,
        "new",
      ]);
    });

    it("is saved and found again on its own, too", async () => {
      const Store = session_store();
      const session = new Store();
      await session.aset("a", 1);
      await session.asave();
      const again = new Store(session.session_key);
      expect(await again.aget("a")).to.equal(1);
      expect(session.get("a")).to.equal(1);
    });

    it("refuses a second session of one key, and to save one that is gone", async () => {
      const Store = session_store();
      const session = new Store();
      await session.acreate();
      const error = await session.asave({ must_create: true }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(CreateError);
      await new Store(session.session_key).adelete_session();
      const other = await session.asave().catch((thrown: unknown) => thrown);
      expect(other).to.be.instanceOf(UpdateError);
      expect(await is_stored(String(session.session_key))).to.equal(false);
    });

    it("answers at once if its storage does, and else says what to do", async () => {
      const Store = session_store();
      const session = new Store();
      session.set("a", 1);
      if (session._waits) {
        expect(() => session.save()).to.throw(SynchronousOnlyOperation, "await asave()");
        expect(() => new Store("unknown12").get("a")).to.throw(SynchronousOnlyOperation);
      } else {
        session.save();
        expect(new Store(session.session_key).get("a")).to.equal(1);
      }
    });

    it("gives the client its session", async () => {
      await client.get("/aset/");
      const session = await client.session;
      expect(session.get("a")).to.equal(2);
      session.set("a", 3);
      await session.asave();
      expect(await get("/get/")).to.equal(3);
    });
  });
}
