/** Specification of nuages/middleware/cache. @module */
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { BaseCache, cache, type Timeout, type VersionOptions } from "nuages/core/cache";
import {
  type HttpRequest,
  HttpResponse,
  type HttpResponseBase,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import {
  CacheMiddleware,
  FetchFromCacheMiddleware,
  UpdateCacheMiddleware,
} from "nuages/middleware/cache";
import { CommonMiddleware } from "nuages/middleware/common";
import { ContentSecurityPolicyMiddleware } from "nuages/middleware/csp";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import { TemplateResponse } from "nuages/template/response";
import type { Client } from "nuages/test";
import { freeze_time } from "nuages/test/utils";
import { path, re_path } from "nuages/urls";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { cache_page } from "nuages/views/decorators/cache";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [UpdateCacheMiddleware, FetchFromCacheMiddleware];

/** A view that counts, and a site with it at every path. */
function counting(make: (n: number, request: HttpRequest) => HttpResponseBase): {
  urls: ReturnType<typeof re_path>[];
  readonly count: number;
} {
  let count = 0;
  return {
    urls: [re_path("", (request) => make((count += 1), request))],
    get count() {
      return count;
    },
  };
}

function with_headers(headers: Record<string, string>): (n: number) => HttpResponse {
  return (n) => new HttpResponse(String(n), { headers });
}

/** How often the view runs for these requests. */
async function runs(
  make: (n: number, request: HttpRequest) => HttpResponseBase,
  requests: (client: Client) => Promise<unknown>,
  middleware: readonly MiddlewareEntry[] = MIDDLEWARE,
): Promise<number> {
  const site = counting(make);
  await with_site(
    site.urls,
    { MIDDLEWARE: middleware },
    async (client) => void (await requests(client)),
  );
  return site.count;
}

const twice = async (client: Client): Promise<void> => {
  await client.get("/");
  await client.get("/");
};

describe("middleware/cache", () => {
  quiet();
  beforeEach(() => cache.aclear());

  it("answers the second request from the cache, with its age", async () => {
    const site = counting(with_headers({ "X-A": "b" }));
    await with_site(site.urls, { MIDDLEWARE }, async (client) => {
      try {
        freeze_time(1_700_000_000);
        await client.get("/");
        freeze_time(1_700_000_007);
        const response = await client.get("/");
        expect([response.text, response.get("X-A"), response.get("Age")]).to.deep.equal([
          "1",
          "b",
          "7",
        ]);
      } finally {
        freeze_time(undefined);
      }
    });
    expect(site.count).to.equal(1);
  });

  const never: [name: string, headers: Record<string, string>][] = [
    ["Vary: *", { Vary: "*" }],
    ["Vary:  * ", { Vary: " * " }],
    ["Vary: Cookie, *", { Vary: "Cookie, *" }],
    ["Cache-Control: Private", { "Cache-Control": "Private" }],
    ["Cache-Control: NO-STORE", { "Cache-Control": "NO-STORE" }],
    ['Cache-Control: private="x"', { "Cache-Control": 'private="x"' }],
    ["Cache-Control: no-cache, max-age=60", { "Cache-Control": "no-cache, max-age=60" }],
    ["Cache-Control: max-age=0", { "Cache-Control": "max-age=0" }],
  ];
  for (const [name, headers] of never) {
    it(`never keeps a response with ${name} (M1, M2)`, async () => {
      expect(await runs(with_headers(headers), twice)).to.equal(2);
    });
  }

  it("reads directives by their names (M2)", async () => {
    const headers = { "Cache-Control": 'max-age=60, community="UCI-private"' };
    expect(await runs(with_headers(headers), twice)).to.equal(1);
  });

  it("keeps what one user sees from another (M3)", async () => {
    const show = (_n: number, request: HttpRequest): HttpResponse =>
      new HttpResponse(String(request.headers.get("Authorization")));
    const texts: string[] = [];
    const count = await runs(show, async (client) => {
      for (const Authorization of ["a", "b", "a"])
        texts.push((await client.get("/", {}, { headers: { Authorization } })).text);
    });
    expect([count, texts]).to.deep.equal([2, ["a", "b", "a"]]);
  });

  it("shares with all users what says it is public (M3)", async () => {
    const count = await runs(with_headers({ "Cache-Control": "public" }), async (client) => {
      for (const Authorization of ["a", "b"])
        await client.get("/", {}, { headers: { Authorization } });
    });
    expect(count).to.equal(1);
  });

  for (const cookie of [undefined, "lang=x"]) {
    it(`never keeps a session's cookie, with ${cookie ?? "no cookie"} in the request (M4)`, async () => {
      const log_in = (n: number): HttpResponse => {
        const response = new HttpResponse(String(n), { headers: { Vary: "Cookie" } });
        response.set_cookie("sessionid", `s${n}`);
        return response;
      };
      const count = await runs(log_in, async (client) => {
        for (let i = 0; i < 2; i++) {
          client.cookies.clear();
          if (cookie !== undefined) client.cookies.load(cookie);
          await client.get("/");
        }
      });
      expect(count).to.equal(2);
    });
  }

  it("keeps a cookie that belongs to nobody, with its attributes", async () => {
    const greet = (n: number): HttpResponse => {
      const response = new HttpResponse(String(n));
      response.set_cookie("seen", "a b", { httponly: true, path: "/x", max_age: 5 });
      return response;
    };
    const cookies: string[] = [];
    await runs(greet, async (client) => {
      for (let i = 0; i < 2; i++)
        cookies.push((await client.get("/")).cookies.getitem("seen").OutputString());
    });
    expect(cookies[1]).to.equal(cookies[0]);
    expect(cookies[1]).to.include("HttpOnly");
  });

  it("keeps hosts, schemes and queries apart (M6)", async () => {
    const count = await runs(with_headers({}), async (client) => {
      for (let i = 0; i < 2; i++) {
        await client.get("/");
        await client.get("/?a=1");
        await client.get("/?a=2");
        await client.get("/", {}, { secure: true });
        await client.get("/", {}, { SERVER_PORT: "8000" });
      }
    });
    expect(count).to.equal(5);
  });

  it("answers HEAD from the page of a GET, and never a POST (M6)", async () => {
    const count = await runs(with_headers({}), async (client) => {
      await client.get("/");
      expect((await client.head("/")).status_code).to.equal(200);
      await client.post("/");
      await client.post("/");
    });
    expect(count).to.equal(3);
  });

  const kept: [name: string, make: (n: number) => HttpResponseBase, count: number][] = [
    ["206", (n) => new HttpResponse(String(n), { status: 206 }), 2],
    ["302", (n) => new HttpResponse(String(n), { status: 302 }), 2],
    ["500", (n) => new HttpResponse(String(n), { status: 500 }), 2],
    ["a stream", (n) => new StreamingHttpResponse([String(n)]), 2],
    ["200", (n) => new HttpResponse(String(n)), 1],
  ];
  for (const [name, make, count] of kept) {
    it(`${count === 1 ? "keeps" : "does not keep"} ${name} (M6)`, async () => {
      expect(await runs(make, twice)).to.equal(count);
    });
  }

  it("lets no header into the key that the site does not believe (M7)", async () => {
    const show = (_n: number, request: HttpRequest): HttpResponse =>
      new HttpResponse(request.build_absolute_uri());
    const texts = new Set<string>();
    const count = await runs(show, async (client) => {
      for (const name of ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL"]) {
        texts.add((await client.get("/", {}, { headers: { [name]: "evil.example" } })).text);
      }
    });
    expect([count, [...texts]]).to.deep.equal([1, ["http://testserver/"]]);
  });

  it("gives every client a copy (M10)", async () => {
    const texts: (string | undefined)[] = [];
    await runs(with_headers({}), async (client) => {
      for (let i = 0; i < 3; i++) {
        const response = await client.get("/");
        texts.push(response.get("X-Seen"));
        response.set("X-Seen", "yes");
        response.set_cookie("c", "d");
      }
    });
    expect(texts).to.deep.equal([undefined, undefined, undefined]);
  });

  it("tells a request without a header from one with an empty one (M15)", async () => {
    const texts: string[] = [];
    const count = await runs(with_headers({ Vary: "X-A" }), async (client) => {
      texts.push((await client.get("/")).text);
      texts.push((await client.get("/", {}, { headers: { "X-A": "" } })).text);
      texts.push((await client.get("/")).text);
    });
    expect([count, texts]).to.deep.equal([2, ["1", "2", "1"]]);
  });

  it("does not keep a page whose nonce was used (M13)", async () => {
    const stack = [
      UpdateCacheMiddleware,
      ContentSecurityPolicyMiddleware,
      FetchFromCacheMiddleware,
    ];
    const with_nonce = (_n: number, request: HttpRequest): HttpResponse =>
      new HttpResponse(String(request.csp_nonce));
    expect(await runs(with_nonce, twice, stack)).to.equal(2);
    expect(await runs(with_headers({}), twice, stack)).to.equal(1);
  });

  it("does not serve the token of one visitor to another (L14, M13)", async () => {
    const stack = [UpdateCacheMiddleware, CsrfViewMiddleware, FetchFromCacheMiddleware];
    const form = (_n: number, request: HttpRequest): HttpResponse =>
      new HttpResponse(get_token(request));
    const texts: string[] = [];
    const count = await runs(
      form,
      async (client) => {
        for (let i = 0; i < 2; i++) {
          client.cookies.clear();
          const response = await client.get("/");
          expect(response.get("Vary")).to.equal("Cookie");
          texts.push(response.text);
        }
      },
      stack,
    );
    expect(count).to.equal(2);
    expect(texts[0]).not.to.equal(texts[1]);
  });

  it("keeps the class of a template or JSON response", () =>
    with_site(
      [
        path("json/", () => new JsonResponse({ a: 1 })),
        path("page/", (request) => new TemplateResponse(request, { render: () => "page" })),
      ],
      { MIDDLEWARE },
      async (client) => {
        for (const [url, made] of [
          ["/json/", JsonResponse],
          ["/page/", TemplateResponse],
        ] as const) {
          await client.get(url);
          const response = await client.get(url);
          expect(response).to.be.instanceOf(made);
          expect(response.has_header("Age")).to.equal(true);
          expect(response.text).to.equal(url === "/json/" ? '{"a": 1}' : "page");
        }
      },
    ));
});

/** A cache that has to be waited for. */
class Slow extends BaseCache {
  static readonly data = new Map<string, unknown>();

  override async aget(key: string, default_value?: unknown): Promise<unknown> {
    await Promise.resolve();
    return Slow.data.get(key) ?? default_value;
  }
  override async aset(
    key: string,
    value: unknown,
    _timeout?: Timeout,
    _options?: VersionOptions,
  ): Promise<void> {
    await Promise.resolve();
    Slow.data.set(key, structuredClone(value));
  }
}

describe("middleware/cache: a cache that has to be waited for", () => {
  beforeEach(() => Slow.data.clear());

  const CACHES = { default: { BACKEND: Slow } };

  it("serves the whole site", async () => {
    const site = counting(with_headers({}));
    await with_site(
      site.urls,
      { MIDDLEWARE: [CacheMiddleware, CommonMiddleware], CACHES },
      async (client) => {
        await twice(client);
        expect((await client.get("/")).text).to.equal("1");
      },
    );
    expect(site.count).to.equal(1);
  });

  it("serves cache_page, also where the response is rendered late", async () => {
    let rendered = 0;
    const view = cache_page(60)(
      (request: HttpRequest) =>
        new TemplateResponse(request, { render: () => `page ${(rendered += 1)}` }),
    );
    await with_site([path("", view)], { CACHES }, async (client) => {
      const texts = [(await client.get("/")).text, (await client.get("/")).text];
      expect(texts).to.deep.equal(["page 1", "page 1"]);
    });
  });
});

describe("middleware/cache: CacheMiddleware", () => {
  it("takes its prefix and its cache, and null for the defaults of Django", () => {
    const get_response = (): never => {
      throw new Error("not asked");
    };
    const plain = new CacheMiddleware(get_response);
    expect([plain.key_prefix, plain.cache_alias, plain.page_timeout]).to.deep.equal([
      "",
      "default",
      null,
    ]);
    const made = new CacheMiddleware(get_response, {
      key_prefix: null,
      cache_alias: null,
      cache_timeout: 5,
      page_timeout: 0,
    });
    expect([
      made.key_prefix,
      made.cache_alias,
      made.cache_timeout,
      made.page_timeout,
    ]).to.deep.equal(["", "default", 5, 0]);
  });
});
