/** Specification of nuages/middleware/csrf: the token, Origin and Referer, and secrets in sessions. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { SessionMiddleware } from "nuages/contrib/sessions/middleware";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import {
  CSRF_ALLOWED_CHARS,
  CSRF_SESSION_KEY,
  CsrfViewMiddleware,
  get_token,
  rotate_token,
} from "nuages/middleware/csrf";
import { type Client, override_settings } from "nuages/test";
import { path } from "nuages/urls";
import { checked, enforced, SECRET, times_run, view } from "../support/csrf.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const OTHER = "ZbCdEfGhIjKlMnOpQrStUvWxYz012345";
const MIDDLEWARE = [CsrfViewMiddleware];
const urls = [path("", view)];

async function status_of(
  client: Client,
  headers: Record<string, string>,
  secure = false,
): Promise<number> {
  return (await client.post("/", {}, { headers, secure })).status_code;
}

describe("middleware/csrf: the token", () => {
  quiet();

  const refused: [name: string, cookie: string | null, token: string | undefined][] = [
    ["no cookie", null, SECRET],
    ["a cookie alone", SECRET, undefined],
    ["another token", SECRET, OTHER],
    ["both empty", "", ""],
    ["characters outside the alphabet", `${SECRET.slice(1)}-`, `${SECRET.slice(1)}-`],
    ["characters outside ASCII", SECRET, `${SECRET.slice(1)}é`],
    ...[31, 33, 63, 65].map((size): [string, string, string] => [
      `${size} characters`,
      "a".repeat(size),
      "a".repeat(size),
    ]),
  ];
  for (const [name, cookie, token] of refused) {
    it(`is refused: ${name} (L1)`, () =>
      checked(
        async (client) => {
          const data = token === undefined ? {} : { csrfmiddlewaretoken: token };
          expect((await client.post("/", data)).status_code).to.equal(403);
          expect(times_run()).to.equal(0);
        },
        {},
        cookie,
      ));
  }

  it("is accepted masked and unmasked, from a masked cookie too (L2)", () =>
    checked(async (client) => {
      const masked = (await client.get("/")).text;
      expect(masked).to.match(/^[a-zA-Z0-9]{64}$/);
      for (const token of [SECRET, masked]) {
        expect((await client.post("/", { csrfmiddlewaretoken: token })).status_code).to.equal(200);
      }
      client.cookies.set("csrftoken", masked);
      expect((await client.post("/", { csrfmiddlewaretoken: SECRET })).status_code).to.equal(200);
    }));

  const places: [name: string, form: string, header: string | undefined, status: number][] = [
    ["a wrong field and a right header", `csrfmiddlewaretoken=${OTHER}`, SECRET, 403],
    ["a right field and a wrong header", `csrfmiddlewaretoken=${SECRET}`, OTHER, 200],
    ["an empty field and a right header", "csrfmiddlewaretoken=", SECRET, 200],
    [
      "two fields, the last right",
      `csrfmiddlewaretoken=${OTHER}&csrfmiddlewaretoken=${SECRET}`,
      undefined,
      200,
    ],
  ];
  for (const [name, form, header, status] of places) {
    it(`with ${name} gives ${status} (L3)`, () =>
      checked(async (client) => {
        const headers = header === undefined ? {} : { "X-CSRFToken": header };
        const content_type = "application/x-www-form-urlencoded";
        const response = await client.post("/", form, { headers, content_type });
        expect(response.status_code).to.equal(status);
      }));
  }

  it("does not count in the query (L3)", () =>
    checked(async (client) => {
      const response = await client.post(`/?csrfmiddlewaretoken=${SECRET}`);
      expect(response.status_code).to.equal(403);
    }));

  for (const method of ["PUT", "PATCH", "DELETE", "FOO"]) {
    it(`is asked of ${method} (L4)`, () =>
      checked(async (client) => {
        expect((await client.generic(method, "/")).status_code).to.equal(403);
        const headers = { "X-CSRFToken": SECRET };
        expect((await client.generic(method, "/", "", { headers })).status_code).to.equal(200);
      }));
  }

  for (const method of ["GET", "HEAD", "OPTIONS", "TRACE"]) {
    it(`is not asked of ${method} (L4)`, () =>
      checked(async (client) => {
        expect((await client.generic(method, "/")).status_code).to.equal(200);
      }));
  }

  it("is not spared by another header (L4, L10)", () =>
    checked(async (client) => {
      for (const headers of [
        { "X-HTTP-Method-Override": "GET" },
        { "X-Requested-With": "XMLHttpRequest" },
      ])
        expect((await client.post("/", {}, { headers })).status_code).to.equal(403);
    }));

  const bodies: [content_type: string, body: string][] = [
    ["text/plain", "a=1"],
    ["application/json", "{}"],
    ["APPLICATION/JSON", "{}"],
    ["", "a=1"],
    ["text/plain", ""],
    ["multipart/form-data; boundary=", "--x"],
    ["multipart/form-data; boundary=x", "--y\r\n"],
  ];
  for (const [content_type, body] of bodies) {
    it(`is asked of a body ${JSON.stringify(body)} of type ${content_type || "none"} (L5)`, () =>
      checked(async (client) => {
        const { status_code } = await client.generic("POST", "/", body, { content_type });
        expect(status_code).to.be.oneOf([400, 403]);
        expect(times_run()).to.equal(0);
      }));
  }

  it("differs from page to page, and always verifies (L13)", () =>
    checked(async (client) => {
      const tokens = [(await client.get("/")).text, (await client.get("/")).text];
      expect(tokens[0]).not.to.equal(tokens[1]);
      expect(client.cookies.getitem("csrftoken").value).to.equal(SECRET);
      for (const csrfmiddlewaretoken of tokens)
        expect((await client.post("/", { csrfmiddlewaretoken })).status_code).to.equal(200);
    }));

  it("uses every character, and none more often than another", () =>
    checked(async (client) => {
      const counts = new Map<string, number>();
      for (let i = 0; i < 200; i++) {
        for (const character of (await client.get("/")).text.slice(0, 32))
          counts.set(character, (counts.get(character) ?? 0) + 1);
      }
      expect(counts.size).to.equal(CSRF_ALLOWED_CHARS.length);
      // 6400 characters, 103 of each expected; ten standard deviations off is no chance
      for (const count of counts.values()) expect(count).to.be.within(1, 205);
    }));

  it("of the wrong form is replaced by a new one (L12)", () =>
    checked(
      async (client) => {
        const response = await client.get("/");
        const cookie = response.cookies.getitem("csrftoken");
        expect(String(cookie.value)).to.match(/^[a-zA-Z0-9]{32}$/);
        expect(response.get("Vary")).to.equal("Cookie");
      },
      {},
      '"><script>',
    ));

  it("leaves no trace where nobody asks for it", () =>
    with_site(
      [path("", () => new HttpResponse())],
      { MIDDLEWARE },
      async (client) => {
        client.cookies.set("csrftoken", SECRET);
        const response = await client.get("/");
        expect([response._has_cookies, response.has_header("Vary")]).to.deep.equal([false, false]);
        expect(response.wsgi_request.META.CSRF_COOKIE).to.equal(SECRET);
      },
      enforced,
    ));

  it("changes with rotate_token", () =>
    with_site(
      [
        path("", (request) => {
          rotate_token(request);
          return new HttpResponse(get_token(request));
        }),
      ],
      { MIDDLEWARE },
      async (client) => {
        client.cookies.set("csrftoken", SECRET);
        const response = await client.get("/");
        const secret = response.cookies.getitem("csrftoken").value;
        expect(secret).not.to.equal(SECRET);
        expect(response.wsgi_request.META.CSRF_COOKIE).to.equal(secret);
      },
    ));
});

describe("middleware/csrf: Origin and Referer", () => {
  quiet();

  const headers = { "X-CSRFToken": SECRET, Host: "a.example" };

  it("lets the site's own origin pass (L6)", () =>
    checked(async (client) => {
      expect(await status_of(client, { ...headers, Origin: "http://a.example" })).to.equal(200);
    }));

  for (const Origin of [
    "null",
    "http://evil.com",
    "",
    "http://a.example/",
    "HTTP://A.EXAMPLE",
    "http://a.example.",
    "http://a.example:80",
    "https://[",
  ]) {
    it(`refuses the origin ${JSON.stringify(Origin)} (L6)`, () =>
      checked(async (client) => {
        expect(await status_of(client, { ...headers, Origin })).to.equal(403);
      }));
  }

  const trusted: [Origin: string, status: number][] = [
    ["https://x.t.example", 200],
    ["https://t.example", 200],
    ["http://x.t.example", 403],
    ["https://xt.example", 403],
    ["https://ok.example:8443", 200],
    ["https://ok.example", 403],
  ];
  for (const [Origin, status] of trusted) {
    it(`answers the origin ${Origin} with ${status} (L7)`, () =>
      checked(
        async (client) => {
          expect(await status_of(client, { ...headers, Origin })).to.equal(status);
        },
        { CSRF_TRUSTED_ORIGINS: ["https://*.t.example", "https://ok.example:8443"] },
      ));
  }

  it("follows CSRF_TRUSTED_ORIGINS when it changes", () =>
    checked(async (client) => {
      const ask = (): Promise<number> =>
        status_of(client, { ...headers, Origin: "https://b.example" });
      expect(await ask()).to.equal(403);
      const more = override_settings({ CSRF_TRUSTED_ORIGINS: ["https://b.example"] });
      expect(await more(ask)()).to.equal(200);
    }));

  for (const Referer of [
    undefined,
    "",
    "http://a.example/x",
    "https://evil.com/a.example",
    "https://x.a.example/",
    "https://a.example@evil.com/",
    "https://A.EXAMPLE/",
    "https://a.example:443/",
    "https://[",
    "/x",
  ]) {
    it(`refuses the referer ${JSON.stringify(Referer)} on HTTPS (L8)`, () =>
      checked(async (client) => {
        const sent = Referer === undefined ? headers : { ...headers, Referer };
        expect(await status_of(client, sent, true)).to.equal(403);
      }));
  }

  it("lets the site's own referer pass, and asks for none on HTTP (L8)", () =>
    checked(async (client) => {
      const sent = { ...headers, Referer: "https://a.example/x" };
      expect(await status_of(client, sent, true)).to.equal(200);
      expect(await status_of(client, headers)).to.equal(200);
    }));

  it("looks at the referer only without an origin (L9)", () =>
    checked(async (client) => {
      const own = { ...headers, Origin: "https://a.example" };
      expect(await status_of(client, own, true)).to.equal(200);
      const mixed = { ...headers, Origin: "http://a.example", Referer: "https://a.example/" };
      expect(await status_of(client, mixed, true)).to.equal(403);
    }));

  it("stops a cookie that a subdomain planted (L11)", () =>
    checked(async (client) => {
      const sent = { ...headers, Referer: "http://sub.a.example/" };
      expect(await status_of(client, sent, true)).to.equal(403);
    }));
});

describe("middleware/csrf: sessions", () => {
  quiet();

  it("can keep the secret, and then send no cookie of its own", () =>
    with_site(
      urls,
      { MIDDLEWARE: [SessionMiddleware, CsrfViewMiddleware], CSRF_USE_SESSIONS: true },
      async (client) => {
        const token = (await client.get("/")).text;
        expect(client.cookies.has("csrftoken")).to.equal(false);
        expect((await client.session).get(CSRF_SESSION_KEY)).to.match(/^[a-zA-Z0-9]{32}$/);
        const ask = async (csrfmiddlewaretoken: string): Promise<number> =>
          (await client.post("/", { csrfmiddlewaretoken })).status_code;
        expect([await ask(token), await ask(SECRET)]).to.deep.equal([200, 403]);
      },
      enforced,
    ));

  it("must be there for that", () =>
    with_site(urls, { MIDDLEWARE, CSRF_USE_SESSIONS: true }, async (client) => {
      const response = await client.get("/");
      expect(response.exc_info).to.be.instanceOf(ImproperlyConfigured);
    }));
});
