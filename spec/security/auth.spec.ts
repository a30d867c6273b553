/** Security of logins: who the server says is there, tokens from before, and stored hashes that are none. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { authenticate, login } from "nuages/contrib/auth";
import { RemoteUserBackend } from "nuages/contrib/auth/backends";
import { check_password, make_password } from "nuages/contrib/auth/hashers";
import { AuthenticationMiddleware, RemoteUserMiddleware } from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/cache";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import { Client, RequestFactory } from "nuages/test";
import { path } from "nuages/urls";
import { site } from "../support/ask.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { logged } from "../support/log.ts";
import { get } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";
import { QuickHasher, site_with_users } from "../support/users.ts";

const rf = new RequestFactory();

describe("security/auth: RemoteUserMiddleware", () => {
  class Backend extends RemoteUserBackend {
    static {
      this.prototype.create_unknown_user = false;
    }
  }
  const hello = (request: HttpRequest): HttpResponse =>
    new HttpResponse(`<${request.user.get_username()}>`);
  const urlpatterns = site(hello);
  const MIDDLEWARE = [SessionMiddleware, AuthenticationMiddleware, RemoteUserMiddleware];
  const settings = { MIDDLEWARE, SESSION_ENGINE: SessionStore, AUTHENTICATION_BACKENDS: [Backend] };
  site_with_users({ ROOT_URLCONF: urlpatterns, ...settings });

  const told: [what: string, given: Record<string, unknown>, text: string][] = [
    ["REMOTE_USER of the server", { REMOTE_USER: "ann" }, "<ann>"],
    ["the header Remote-User", { headers: { "Remote-User": "ann" } }, "<>"],
    ["HTTP_REMOTE_USER", { HTTP_REMOTE_USER: "ann" }, "<>"],
  ];
  for (const [what, given, text] of told) {
    it(`K18: ${what} ${text === "<>" ? "logs in nobody" : "logs in"}`, async () => {
      expect((await new Client().get("/", {}, given)).text).to.equal(text);
    });
  }

  for (const name of ["Remote-User", "Remote_User", "REMOTE_USER", "remote_user"]) {
    it(`K18: the header ${name} over a connection logs in nobody`, async () => {
      await with_server(
        urlpatterns,
        async (server) => {
          expect(await get(server, `Host: x\r\n${name}: ann`)).to.match(/^HTTP\/1\.1 200 [^]*<>$/);
        },
        settings,
      );
    });

    it(`K18: the header ${name} behind the Fetch door logs in nobody`, async () => {
      const request = new Request("http://testserver/", { headers: { [name]: "ann" } });
      const response = await get_fetch_application()(request);
      expect([response.status, await response.text()]).to.deep.equal([200, "<>"]);
    });
  }

  it("K18: a header counts where the site names it, and no other spelling of it does", async () => {
    class FromProxy extends RemoteUserMiddleware {
      static {
        this.prototype.header = "HTTP_X_PROXY_USER";
      }
    }
    const named = { MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, FromProxy] };
    await with_server(
      urlpatterns,
      async (server) => {
        expect(await get(server, "Host: x\r\nX-Proxy-User: ann")).to.match(/<ann>$/);
        expect(await get(server, "Host: x\r\nX_Proxy_User: ann")).to.match(/<>$/);
      },
      { ...settings, ...named },
    );
  });

  it("K18: once the server names nobody, the session is gone", async () => {
    const client = new Client();
    expect((await client.get("/", {}, { REMOTE_USER: "ann" })).text).to.equal("<ann>");
    const key = client.cookies.getitem("sessionid").value as string; // the client keeps text
    expect(await new SessionStore().aexists(key)).to.equal(true);
    expect((await client.get("/")).text).to.equal("<>");
    expect(await new SessionStore().aexists(key)).to.equal(false);
  });
});

describe("security/auth: CSRF and logging in", () => {
  const MIDDLEWARE = [SessionMiddleware, CsrfViewMiddleware, AuthenticationMiddleware];
  const { user } = site_with_users({ MIDDLEWARE });
  const urlpatterns = [
    path("", (request: HttpRequest) => {
      return new HttpResponse(request.method === "GET" ? get_token(request) : "done");
    }),
    path("login/", async (request: HttpRequest) => {
      login(request, user("ann"));
      return new HttpResponse("welcome");
    }),
  ];

  for (const CSRF_USE_SESSIONS of [false, true]) {
    const place = CSRF_USE_SESSIONS ? "the session" : "the cookie";
    it(`L15: after a login no token from before passes, with the secret in ${place}`, async () => {
      await with_site(
        urlpatterns,
        { CSRF_USE_SESSIONS },
        async (client) => {
          const post = async (url: string, csrfmiddlewaretoken: string): Promise<number> =>
            (await client.post(url, { csrfmiddlewaretoken })).status_code;
          const before = (await client.get("/")).text;
          expect(await post("/", before)).to.equal(200);
          expect(await post("/login/", before)).to.equal(200);
          const records = await logged(async () => {
            expect(await post("/", before)).to.equal(403);
          });
          expect(records.map(({ logger }) => logger)).to.deep.equal(["django.security.csrf"]);
          expect(await post("/", (await client.get("/")).text)).to.equal(200);
        },
        { enforce_csrf_checks: true },
      );
    });
  }
});

describe("security/auth: stored hashes that are none", () => {
  const { user } = site_with_users();

  const stored: [what: string, make: (good: string) => string][] = [
    ["!x", () => "!x"],
    ["!", () => "!"],
    ["garbage", () => "garbage"],
    ["nothing", () => ""],
    ["pbkdf2_sha256$x$y$z", () => "pbkdf2_sha256$x$y$z"],
    ["pbkdf2_sha256$$$", () => "pbkdf2_sha256$$$"],
    ["pbkdf2_sha256$1$$z", () => "pbkdf2_sha256$1$$z"],
    ["of a hasher that is not there", (good) => good.replace("pbkdf2_sha256", "constructor")],
    ...["x", "", "0", "-1", "10000001", "1000000000000"].map(
      (rounds): [string, (good: string) => string] => [
        `of ${rounds || "no"} rounds`,
        (good) => good.replace("$1$", () => `$${rounds}$`),
      ],
    ),
  ];
  for (const [what, make] of stored) {
    it(`P5: ${what} matches no password, soon and without an error`, async () => {
      const good = await make_password("secret");
      expect(good).to.match(/^pbkdf2_sha256\$1\$/);
      expect(await check_password("secret", good)).to.equal(true);
      const encoded = make(good);
      expect(encoded).not.to.equal(good);
      for (const password of ["secret", "", encoded])
        expect(await check_password(password, encoded)).to.equal(false);
      expect(await cpu_time_of(() => check_password("secret", encoded))).to.be.below(100);
    });

    it(`P5: nobody logs in whose hash is ${what}`, async () => {
      const ann = user("ann");
      const before = ann.password;
      const credentials = { username: "ann", password: "secret" };
      try {
        ann.password = make(await make_password("secret"));
        const runs = QuickHasher.runs;
        expect(await authenticate(rf.get("/"), credentials)).to.equal(undefined);
        expect(QuickHasher.runs).to.be.above(runs); // it takes as long as with a real hash
      } finally {
        ann.password = before;
      }
      expect(await authenticate(rf.get("/"), credentials)).to.equal(ann);
    });
  }
});
