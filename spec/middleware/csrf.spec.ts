/** Specification of nuages/middleware/csrf, views/csrf and views/decorators/csrf. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { SessionMiddleware } from "nuages/contrib/sessions/middleware";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import {
  CSRF_ALLOWED_CHARS,
  CSRF_SESSION_KEY,
  CsrfViewMiddleware,
  get_token,
  REASON_NO_CSRF_COOKIE,
  REASON_NO_REFERER,
  rotate_token,
} from "nuages/middleware/csrf";
import { type Client, override_settings } from "nuages/test";
import { include, path } from "nuages/urls";
import { method_decorator } from "nuages/utils/decorators";
import {
  csrf_exempt,
  csrf_protect,
  ensure_csrf_cookie,
  requires_csrf_token,
} from "nuages/views/decorators/csrf";
import { View } from "nuages/views/generic";
import { logged, quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
const OTHER = "ZbCdEfGhIjKlMnOpQrStUvWxYz012345";
const MIDDLEWARE = [CsrfViewMiddleware];
const enforced = { enforce_csrf_checks: true };

let ran = 0;
const view = (request: HttpRequest): HttpResponse => {
  ran += 1;
  return new HttpResponse(request.method === "GET" ? get_token(request) : "done");
};
const urls = [path("", view)];

/** Runs `fn` with a client that sends the cookie, and enforces the check. */
function checked(
  fn: (client: Client) => Promise<void>,
  settings: Partial<Settings> = {},
  cookie: string | null = SECRET,
): Promise<void> {
  return with_site(
    urls,
    { MIDDLEWARE, ALLOWED_HOSTS: ["testserver", "a.example"], ...settings },
    async (client) => {
      if (cookie !== null) client.cookies.set("csrftoken", cookie);
      ran = 0;
      await fn(client);
    },
    enforced,
  );
}

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
          expect(ran).to.equal(0);
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
        expect(ran).to.equal(0);
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

describe("views/decorators/csrf", () => {
  quiet();

  it("csrf_exempt spares the view alone, wrapped or of a class (L17)", () => {
    class Open extends View {
      @method_decorator(csrf_exempt)
      override dispatch(request: HttpRequest, ...args: unknown[]): ReturnType<View["dispatch"]> {
        return super.dispatch(request, ...args);
      }
      post(): HttpResponse {
        return new HttpResponse("done");
      }
    }
    const inner = [
      path("open/", csrf_exempt(view)),
      path("class/", Open.as_view()),
      path("made/", csrf_exempt(View.as_view())),
      path("closed/", view),
    ];
    return with_site(
      [path("in/", include(inner))],
      { MIDDLEWARE },
      async (client) => {
        const statuses = [];
        for (const name of ["open", "class", "made", "closed"])
          statuses.push((await client.post(`/in/${name}/`)).status_code);
        expect(statuses).to.deep.equal([200, 200, 405, 403]);
      },
      enforced,
    );
  });

  it("keep the type of the view and what was set on it", () => {
    const plain = (_request: HttpRequest, _kwargs: { n: number }): HttpResponse =>
      new HttpResponse();
    const typed = Object.assign(plain, { login_url: "/in/" });
    expectTypeOf(csrf_protect(typed)).toEqualTypeOf(typed);
    expectTypeOf(csrf_exempt(typed)).toEqualTypeOf(typed);
    for (const wrapped of [csrf_protect(typed), csrf_exempt(typed), ensure_csrf_cookie(typed)])
      expect([wrapped.login_url, wrapped.name]).to.deep.equal(["/in/", "plain"]);
  });

  it("csrf_protect checks without the middleware, and requires_csrf_token never", () =>
    with_site(
      [
        path("a/", csrf_protect(view)),
        path("b/", requires_csrf_token(view)),
        path(
          "c/",
          ensure_csrf_cookie(() => new HttpResponse()),
        ),
      ],
      { MIDDLEWARE: [] },
      async (client) => {
        const statuses = [];
        for (const name of ["a", "b"]) statuses.push((await client.post(`/${name}/`)).status_code);
        expect(statuses).to.deep.equal([403, 200]);
        expect((await client.get("/c/")).cookies.has("csrftoken")).to.equal(true);
      },
      enforced,
    ));

  it("check once, where a middleware checks too", () =>
    with_site(
      [path("", csrf_protect(view))],
      { MIDDLEWARE },
      async (client) => {
        const records = await logged(() => client.post("/"));
        expect(records).to.have.length(1);
      },
      enforced,
    ));
});

describe("views/csrf: csrf_failure", () => {
  const hostile = { "X-CSRFToken": "<token>", Referer: "https://<evil>/", Cookie: "csrftoken=<c>" };

  it("shows nothing of the request, and the reason with DEBUG alone (L18)", () =>
    checked(async (client) => {
      for (const DEBUG of [false, true]) {
        await override_settings({ DEBUG })(async () => {
          let text = "";
          const [record] = await logged(async () => {
            text = (await client.post("/", {}, { headers: hostile, secure: true })).text;
          });
          expect(record?.logger).to.equal("django.security.csrf");
          expect(record?.status_code).to.equal(403);
          for (const part of ["<token>", "<evil>", "<c>"]) expect(text).not.to.include(part);
          expect(text.includes("none of the trusted ones")).to.equal(DEBUG);
        })();
      }
    }));

  it("helps whose browser sent no referer or no cookie", () =>
    checked(
      async (client) => {
        await logged(async () => {
          const no_referer = await client.post("/", {}, { secure: true });
          expect(no_referer.text).to.include("Referer");
          const no_cookie = await client.post("/");
          expect(no_cookie.text).to.include("cookie").and.not.include("Referer");
        });
        expect(REASON_NO_REFERER).not.to.equal(REASON_NO_CSRF_COOKIE);
      },
      {},
      null,
    ));

  it("can be another view, whose error is an error like any other (L18)", () =>
    checked(
      async (client) => {
        await logged(async () => {
          const response = await client.post("/");
          expect([response.status_code, String(response.exc_info)]).to.deep.equal([
            500,
            "Error: no page",
          ]);
        });
      },
      {
        CSRF_FAILURE_VIEW: () => {
          throw new Error("no page");
        },
      },
    ));

  it("tells that view why", () =>
    checked(
      async (client) => {
        await logged(async () => {
          expect((await client.post("/")).text).to.equal(REASON_NO_CSRF_COOKIE);
        });
      },
      {
        CSRF_FAILURE_VIEW: async (_request: HttpRequest, { reason }: { reason: string }) =>
          new HttpResponse(reason, { status: 403 }),
      },
      null,
    ));
});
