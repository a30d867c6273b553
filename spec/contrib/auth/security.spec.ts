/** Security of users and passwords: what login tells, what it costs, and what ends with it. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { authenticate, BACKEND_SESSION_KEY, SESSION_KEY } from "nuages/contrib/auth";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as SignedStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { PBKDF2PasswordHasher } from "nuages/contrib/auth/hashers";
import { alogin, login, logout } from "nuages/contrib/auth";
import { HttpResponse } from "nuages/http";
import { Client } from "nuages/test";
import { path } from "nuages/urls";
import { with_server } from "../../support/server.ts";
import { MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";
import { QuickHasher, site_with_users } from "../../support/users.ts";

describe("contrib/auth: what a failed login costs", () => {
  site_with_users();

  const failures: [what: string, username: string, password: string][] = [
    ["an unknown user", "nobody", "secret"],
    ["a user without a password", "una", "secret"],
    ["a wrong password", "ann", "wrong"],
    ["an inactive user", "eve", "secret"],
    ["an inactive user, and a wrong password", "eve", "wrong"],
  ];
  for (const [what, username, password] of failures) {
    it(`P1, P2: ${what} costs one hash, and gives nobody`, async () => {
      const before = QuickHasher.runs;
      expect(await authenticate(null, { username, password })).to.equal(undefined);
      expect(QuickHasher.runs - before).to.equal(1);
    });
  }
});

describe("contrib/auth: the event loop", () => {
  class SlowHasher extends PBKDF2PasswordHasher {
    static {
      this.prototype.iterations = 100_000;
    }
  }
  site_with_users({ PASSWORD_HASHERS: [SlowHasher] });

  it("P3: goes on while passwords are hashed", async () => {
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const logins = Array.from({ length: 4 }, () =>
      authenticate(null, { username: "ann", password: "wrong" }),
    );
    await Promise.all(logins);
    done = true;
    expect(turns).to.be.greaterThan(20);
  });
});

const rows = new MemoryRows({ waits: true });
const stores = [
  ["rows", DbStore.using(rows)],
  ["signed cookies", SignedStore],
] as const;

for (const [name, SESSION_ENGINE] of stores) {
  describe(`contrib/auth: sessions of users, ${name}`, () => {
    const site = site_with_users({
      SESSION_ENGINE,
      ROOT_URLCONF: {
        urlpatterns: [
          path("cart/", (request) => (request.session.set("cart", 1), new HttpResponse())),
          path("me/", (request) => {
            const seen = [request.user.get_username(), request.session.get("cart", null)];
            return new HttpResponse(JSON.stringify(seen));
          }),
          path("in/<str:who>/", (request, { who }) => {
            login(request, site.user(who));
            return new HttpResponse();
          }),
          path("ain/<str:who>/", async (request, { who }) => {
            await alogin(request, site.user(who));
            return new HttpResponse();
          }),
          path("out/", (request) => (logout(request), new HttpResponse())),
        ],
      },
    });
    const key = (client: Client): unknown => client.cookies.get("sessionid")?.value;
    const me = async (client: Client): Promise<unknown> =>
      JSON.parse((await client.get("/me/")).text);

    for (const url of ["/in", "/ain"]) {
      it(`N3: a login changes the key and keeps the data: ${url}`, async () => {
        const client = new Client();
        await client.get("/cart/");
        const before = key(client);
        await client.get(`${url}/ann/`);
        expect(key(client)).to.not.equal(before);
        expect(await me(client)).to.deep.equal(["ann", 1]);
      });

      it(`N3: another user begins with an empty session: ${url}`, async () => {
        const client = new Client();
        await client.get(`${url}/ann/`);
        await client.get("/cart/");
        await client.get(`${url}/bob/`);
        expect(await me(client)).to.deep.equal(["bob", null]);
      });
    }

    it("N3: a logout ends the session and deletes the cookie", async () => {
      const client = new Client();
      await client.get("/in/ann/");
      const before = rows.table.size;
      const response = await client.get("/out/");
      expect(response.cookies.getitem("sessionid").get("max-age")).to.equal(0);
      if (SESSION_ENGINE !== SignedStore) expect(rows.table.size).to.equal(before - 1);
      expect(await me(client)).to.deep.equal(["", null]);
    });

    it("P11: another password ends all sessions at their next request", async () => {
      const clients = [new Client(), new Client()];
      for (const client of clients) await client.get("/in/ann/");
      await site.user("ann").set_password("other");
      for (const client of clients) expect(await me(client)).to.deep.equal(["", null]);
    });

    it("does not take the user of a session that names a backend of the client's choice", async () => {
      const client = new Client();
      await client.get("/in/ann/");
      const session = await client.session;
      session.set(BACKEND_SESSION_KEY, "__proto__");
      session.set(SESSION_KEY, "__proto__");
      await session.asave();
      client.cookies.set("sessionid", session.session_key);
      expect(await me(client)).to.deep.equal(["", null]);
    });
  });
}

describe("contrib/auth: two users at the same time", () => {
  const site = site_with_users({ SESSION_ENGINE: DbStore.using(new MemoryRows({ waits: true })) });

  it("N11: request.user is that of the request, over one connection too", async () => {
    const urlpatterns = [
      path("in/<str:who>/", async (request, { who }) => {
        await alogin(request, site.user(who));
        return new HttpResponse();
      }),
      path("me/", async (request) => {
        await new Promise((resolve) => setImmediate(resolve));
        return new HttpResponse(`<${request.user.get_username()}>`);
      }),
    ];
    await with_server(urlpatterns, async (server) => {
      const cookies = await Promise.all(
        ["ann", "bob"].map(async (who) => {
          const response = await server.fetch(`/in/${who}/`);
          return response.headers
            .getSetCookie()
            .map((cookie) => cookie.split(";")[0])
            .join("; ");
        }),
      );
      const requests = cookies.map(
        (cookie) => `GET /me/ HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`,
      );
      const answers = await server.raw([...requests, ...requests].join(""), /(?:<bob>[^]*){2}/);
      expect(answers.match(/<\w*>/g)).to.deep.equal(["<ann>", "<bob>", "<ann>", "<bob>"]);
    });
  });

  it("shows nobody where AuthenticationMiddleware is not used", async () => {
    const seen: unknown[] = [];
    const urlpatterns = [
      path("", (request) => {
        seen.push(request.user, request._has_user);
        return new HttpResponse();
      }),
    ];
    await with_settings({ MIDDLEWARE: [], ROOT_URLCONF: { urlpatterns } }, () =>
      new Client().get("/"),
    );
    expect(seen).to.deep.equal([undefined, false]);
  });
});
