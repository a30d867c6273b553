import { expect } from "chai";
import { describe, it } from "mocha";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Client } from "nuages/test";
import { path } from "nuages/urls";
import { MemoryRows } from "../support/sessions.ts";
import { with_settings } from "../support/settings.ts";
import { site_with_users } from "../support/users.ts";

describe("test: the client and its session", () => {
  const rows = new MemoryRows({ waits: true });
  const { user } = site_with_users({
    SESSION_ENGINE: DbStore.using(rows),
    MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware],
    ROOT_URLCONF: {
      urlpatterns: [path("me/", (request) => new HttpResponse(request.user.get_username()))],
    },
  });
  const me = async (client: Client): Promise<string> => (await client.get("/me/")).text;

  it("makes and saves a session if there is none", async () => {
    const client = new Client();
    const session = await client.session;
    expect(rows.table.has(String(session.session_key))).to.equal(true);
    expect(client.cookies.get("sessionid")?.value).to.equal(session.session_key);
    expect((await client.asession()).session_key).to.equal(session.session_key);
  });

  for (const log_in of ["login", "alogin"] as const) {
    it(`logs in with credentials: ${log_in}`, async () => {
      const client = new Client();
      expect(await client[log_in]({ username: "ann", password: "wrong" })).to.equal(false);
      expect(await me(client)).to.equal("");
      expect(await client[log_in]({ username: "ann", password: "secret" })).to.equal(true);
      expect(await me(client)).to.equal("ann");
    });
  }

  for (const force of ["force_login", "aforce_login"] as const) {
    it(`logs in anybody: ${force}`, async () => {
      const client = new Client();
      await client[force](user("ann"));
      expect(await me(client)).to.equal("ann");
      await client[force](user("bob"), { backend: "some.other" });
      expect([user("bob").backend, await me(client)]).to.deep.equal(["some.other", ""]);
    });
  }

  for (const log_out of ["logout", "alogout"] as const) {
    it(`logs out, and drops all cookies: ${log_out}`, async () => {
      const client = new Client();
      await client.force_login(user("ann"));
      client.cookies.set("theme", "dark");
      const key = String(client.cookies.get("sessionid")?.value);
      await client[log_out]();
      expect([client.cookies.size, rows.table.has(key), await me(client)]).to.deep.equal([
        0,
        false,
        "",
      ]);
    });
  }

  it("needs a backend that loads users", async () => {
    class Mute {}
    await with_settings({ AUTHENTICATION_BACKENDS: [Mute] }, async () => {
      const failing = new Client().force_login(user("ann"));
      expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(ImproperlyConfigured);
    });
  });
});
