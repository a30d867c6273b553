/** Security of URLs: one reading of a path, no rounding, no backtracking, no way out of what the site declared. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { HttpResponse, JsonResponse, type HttpRequest } from "nuages/http";
import { resolve_url } from "nuages/shortcuts";
import {
  include,
  NoReverseMatch,
  path,
  re_path,
  resolve,
  Resolver404,
  reverse,
  set_script_prefix,
  set_urlconf,
  type URLPatterns,
} from "nuages/urls";
import { LocalePrefixPattern } from "nuages/urls/resolvers";
import { serve } from "nuages/views/static";
import type { GetResponse } from "nuages/utils/deprecation";
import { override } from "nuages/utils/translation";
import { cpu_time } from "../support/cpu_time.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { turns } from "../support/turns.ts";

/** Answers with the kwargs that the URL gave, and with the path as the view sees it. */
function tell(request: HttpRequest, kwargs: Record<string, unknown>): JsonResponse {
  return new JsonResponse({ path: request.path_info, ...kwargs });
}
function view(): HttpResponse {
  return new HttpResponse();
}

/** Status and body of the answer to this request target, byte for byte. */
async function asked(server: TestServer, target: string): Promise<[status: number, body: string]> {
  const answer = await server.raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return [Number(answer.split(" ", 2)[1]), answer.slice(answer.indexOf("\r\n\r\n") + 4)];
}

const SITE: URLPatterns = [
  path("admin/", tell),
  path("n/<int:n>/", tell),
  path("s/<slug:s>/", tell),
  path("t/<str:t>/", tell),
  path("p/<path:p>", tell),
  path("é/", tell),
  path("key/", tell),
  re_path("^d/\\d+$", tell),
  re_path("^z/\\d+\\Z", tell),
];

describe("security/urls: one reading of a path", () => {
  quiet();

  const targets: [row: string, target: string, expected: Record<string, unknown> | 404][] = [
    ["J1", "/admin/%0A", 404],
    ["J1", "/admin%0A/", 404],
    ["J1", "/n/1%0A/", 404],
    ["J1", "/s/a%0A/", 404],
    ["J1", "/d/1%0A", 404],
    ["J1", "/z/1%0A", 404],
    ["J2", "/n/9007199254740991/", { n: 9007199254740991 }],
    ["J2", "/n/9007199254740993/", 404],
    ["J2", `/n/${"9".repeat(400)}/`, 404],
    ["J2", `/n/${"9".repeat(5000)}/`, 404],
    ["J3", "/n/-1/", 404],
    ["J3", "/n/+1/", 404],
    ["J3", "/n/1.0/", 404],
    ["J3", "/n/1e3/", 404],
    ["J3", "/n/0x10/", 404],
    ["J3", "/n/%201/", 404],
    ["J3", "/n/%D9%A1/", 404],
    ["J4", "/t/a%2Fb/", 404],
    ["J4", "/t/a%252Fb/", { t: "a%2Fb" }],
    ["J4", "/p/a%2Fb", { p: "a/b" }],
    ["J4", "/%61dmin/", { path: "/admin/" }],
    ["J5", "//admin/", 404],
    ["J5", "/admin//", 404],
    ["J5", "/ADMIN/", 404],
    ["J5", "/admin;x=1/", 404],
    ["J5", "/admin/.", 404],
    ["J5", "/./admin/", 404],
    ["J15", "/%C3%A9/", { path: "/é/" }],
    ["J15", "/%EF%BD%81dmin/", 404],
    ["J15", "/e%CC%81/", 404],
    ["J15", "/%E2%84%AAey/", 404],
  ];
  for (const [row, target, expected] of targets) {
    const text = target.length > 40 ? `${target.slice(0, 20)}… (${target.length})` : target;
    it(`${row}: ${text} ${expected === 404 ? "is found nowhere" : "is found"}`, async () => {
      await with_server(SITE, async (server) => {
        const [status, body] = await asked(server, target);
        expect(status).to.equal(expected === 404 ? 404 : 200);
        if (expected !== 404) expect(JSON.parse(body)).to.include(expected);
      });
    });
  }

  const directory = temporary_directory({ "admin/secret.txt": "secret" });
  it("J4: a middleware, the resolver and the static view see the same path", async () => {
    const seen: string[] = [];
    const note = (get_response: GetResponse): GetResponse => {
      return (request) => {
        seen.push(request.path_info);
        return get_response(request);
      };
    };
    const files: URLPatterns = [
      path("static/<path:name>", (request: HttpRequest, { name }: { name: string }) => {
        seen.push(`/static/${name}`);
        return serve(request, name, { document_root: directory.root });
      }),
    ];
    await with_server(
      files,
      async (server) => {
        for (const name of ["admin/secret.txt", "%61dmin/secret.txt", "admin%2Fsecret.txt"]) {
          const [status, body] = await asked(server, `/static/${name}`);
          expect([status, body]).to.deep.equal([200, "secret"]);
        }
      },
      { MIDDLEWARE: [note] },
    );
    expect(seen).to.deep.equal(Array(6).fill("/static/admin/secret.txt"));
  });
});

describe("security/urls: patterns", () => {
  const pathological: [route: string, path: string][] = [
    ["<str:a>-<str:b>-<str:c>-<str:d>/", `/${"-".repeat(5000)}`],
    ["<str:a>-<str:b>-<str:c>-<str:d>/x", `/${"-".repeat(5000)}/y`],
    ["<slug:a><path:b>x", `/${"a".repeat(5000)}`],
    ["<path:a>/<slug:b>/<path:c>/x", `/${"a/".repeat(3000)}`],
    ["<slug:a>-<slug:b>-<slug:c>-<slug:d>/", `/${"a-".repeat(3000)}`],
  ];
  for (const [route, text] of pathological) {
    it(`J6: ${route} does not match ${text.length} characters, and says so within 100 ms`, () => {
      const urlconf = [path(route, view)];
      const look = (): void => void expect(() => resolve(text, { urlconf })).to.throw(Resolver404);
      look();
      expect(cpu_time(look, 2)).to.be.below(100);
    });
  }
  it("J6: hyphens are shared out as Python does it", () => {
    const urlconf = [path("<str:a>-<str:b>-<str:c>-<str:d>/", view)];
    const { kwargs } = resolve(`/${"-".repeat(5000)}/`, { urlconf });
    expect({ ...kwargs }).to.deep.equal({ a: "-".repeat(4994), b: "-", c: "-", d: "-" });
  });

  const dialect: [regex: string, text: string, kwargs: Record<string, string> | null][] = [
    ["^(?P<n>\\d+)$", "\u0661", { n: "\u0661" }], // a digit of another script
    ["^(?P<n>\\w+)$", "é", { n: "é" }],
    ["^(?P<n>.)$", "\n", null],
    ["^(?P<n>.)$", "\u2028", { n: "\u2028" }],
    ["^(?P<n>a)$", "a\n", null],
    ["^(?P<n>a)\\Z", "a\n", null],
    ["(?i)^(?P<n>key)$", "\u212aey", { n: "\u212aey" }], // the Kelvin sign
    ["^key$", "\u212aey", null],
    ["^(?P<n>\\s)$", "\x1c", { n: "\x1c" }],
    ["^(?P<n>\\s)$", "\ufeff", null],
    ["^(?a:\\d)$", "\u0661", null],
  ];
  for (const [regex, text, kwargs] of dialect) {
    it(`J8: ${regex} ${kwargs === null ? "does not match" : "matches"} ${JSON.stringify(text)}, as in Python`, () => {
      const urlconf = [re_path(regex, view)];
      if (kwargs === null) expect(() => resolve(`/${text}`, { urlconf })).to.throw(Resolver404);
      else expect({ ...resolve(`/${text}`, { urlconf }).kwargs }).to.deep.equal(kwargs);
    });
  }
  for (const regex of ["^(?i)key$", "(?P<n>a)(?P<n>b)", "(?<n>a)", "[a", "(?P<n", "\\p{L}"]) {
    it(`J8: ${regex}, which Python refuses, is refused`, () => {
      expect(() => resolve("/x", { urlconf: [re_path(regex, view)] })).to.throw(
        ImproperlyConfigured,
      );
    });
  }
});

describe("security/urls: reverse", () => {
  const urlconf = [path("<path:p>", view, { name: "p" }), path("s/<slug:s>/", view, { name: "s" })];
  const urls: [value: string, url: string][] = [
    ["/evil.com", "/%2Fevil.com"],
    ["//evil.com", "/%2F/evil.com"],
    ["\\evil.com", "/%5Cevil.com"],
  ];
  for (const [value, url] of urls) {
    it(`J9: ${value} becomes ${url}: never another host`, () => {
      expect(reverse("p", { urlconf, kwargs: { p: value } })).to.equal(url);
    });
  }

  for (const name of ["os.system", "node:child_process", "__proto__", "constructor", "toString"]) {
    it(`J10: ${name} is no name of a URL`, () => {
      expect(() => reverse(name, { urlconf })).to.throw(NoReverseMatch);
    });
  }
  for (const name of ["javascript:alert(1)", "node:child_process", "__proto__", "constructor"]) {
    it(`J10: ${name} is no name, and no URL to go to either`, () => {
      with_settings({ ROOT_URLCONF: urlconf }, () => {
        expect(() => resolve_url(name)).to.throw(NoReverseMatch);
      });
    });
  }

  const unfit: [name: string, value: string][] = [
    ["s", "a/b"],
    ["s", "a\n"],
    ["s", ""],
    ["p", "a\r\nb"],
    ["p", "a\n"],
  ];
  for (const [name, value] of unfit) {
    it(`J11: ${JSON.stringify(value)} does not fit ${name}`, () => {
      expect(() => reverse(name, { urlconf, args: [value] })).to.throw(NoReverseMatch);
      expect(() => reverse(name, { urlconf, kwargs: { [name]: value } })).to.throw(NoReverseMatch);
    });
  }
});

describe("security/urls: names that objects have already", () => {
  const names = ["__proto__", "constructor", "then", "toString"];
  it("J12: are names of kwargs like any other", async () => {
    const route = names.map((name) => `<str:${name}>/`).join("");
    let given: object | undefined;
    const note = (_request: HttpRequest, kwargs: object): HttpResponse => {
      given = kwargs;
      return new HttpResponse("reached");
    };
    const ROOT_URLCONF = [path(route, note, { name: "odd" })];
    await with_settings({ ROOT_URLCONF }, async () => {
      const response = await get_fetch_application()(new Request("http://testserver/a/b/c/d/"));
      expect(await response.text()).to.equal("reached");
      expect(Object.getPrototypeOf(given)).to.equal(null);
      expect(Object.entries(given ?? {})).to.deep.equal([
        ["__proto__", "a"],
        ["constructor", "b"],
        ["then", "c"],
        ["toString", "d"],
      ]);
      const kwargs = JSON.parse('{"__proto__":1,"constructor":2,"then":3,"toString":4}') as Record<
        string,
        unknown
      >;
      expect(reverse("odd", { kwargs })).to.equal("/1/2/3/4/");
      expect(() => reverse("odd", { kwargs: {} })).to.throw(NoReverseMatch);
    });
    expect(Reflect.has({}, "a")).to.equal(false);
  });

  it("J12: are names of kwargs that the route adds", () => {
    const kwargs = JSON.parse('{"__proto__": {"admin": true}}') as Record<string, unknown>;
    const match = resolve("/x/", { urlconf: [path("x/", view, { kwargs })] });
    expect(Reflect.get(match.kwargs, "admin")).to.equal(undefined);
    expect(Object.keys(match.kwargs)).to.deep.equal(["__proto__"]);
  });
});

describe("security/urls: many routes, long paths", () => {
  /** Numbers that look random and are the same in every run. */
  function* numbers(): Generator<number, never> {
    let state = 4711;
    for (;;) {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      yield state >> 8;
    }
  }
  const random = numbers();
  const below = (limit: number): number => random.next().value % limit;
  const WORDS = ["a", "b", "a-b", "1", "12", "x"];
  const PARTS = [...WORDS, "<int:i>", "<slug:s>", "<str:t>"];
  const EXPRESSIONS: Record<string, string> = {
    "<int:i>": "\\d+",
    "<slug:s>": "[-\\w]+",
    "<str:t>": "[^/]+",
  };
  function pick(words: readonly string[]): string {
    return words[below(words.length)] ?? "";
  }
  function random_route(): string {
    const parts = new Set(Array.from({ length: 1 + below(4) }, () => pick(PARTS)));
    return [...parts].map((part) => `${part}/`).join("");
  }

  it("J13: 100,000 paths lead where the first matching route of 500 leads", () => {
    const routes = Array.from({ length: 500 }, random_route);
    const expressions = routes.map(
      (route) => new RegExp(`^${route.replace(/<\w+:\w>/g, (part) => EXPRESSIONS[part] ?? "")}$`),
    );
    const urlconf = routes.map((route, index) => path(route, view, { name: `n${index}` }));
    const known = new Map<string, string>();
    let matches = 0;
    for (let n = 0; n < 100_000; n++) {
      const text = Array.from({ length: 1 + below(4) }, () => `${pick([...WORDS, "é", ""])}/`).join(
        "",
      );
      let expected = known.get(text);
      if (expected === undefined) {
        expected = `n${expressions.findIndex((expression) => expression.test(text))}`;
        known.set(text, expected);
      }
      let found = "n-1";
      try {
        found = String(resolve(`/${text}`, { urlconf }).url_name);
        matches++;
      } catch (error) {
        if (!(error instanceof Resolver404)) throw error;
      }
      if (found !== expected) expect([text, found]).to.deep.equal([text, expected]);
    }
    expect(matches).to.be.within(10_000, 90_000);
  }).timeout(10_000);

  it("J13: among 10,000 routes a path of 16 KB is looked up within 20 ms", () => {
    const prefix = "a/".repeat(20);
    const urlconf = Array.from({ length: 10_000 }, (_, n) =>
      path(`${prefix}r${n}/<slug:s>/`, view, { name: `n${n}` }),
    );
    expect(resolve(`/${prefix}r9999/x/`, { urlconf }).url_name).to.equal("n9999");
    const texts = [
      `/${prefix}${"a/".repeat(8000)}`,
      `/${prefix}r9999/${"x".repeat(16_000)}`,
      `/${prefix}r99999/${"x".repeat(16_000)}/`,
    ];
    for (const text of texts) {
      const look = (): void => void expect(() => resolve(text, { urlconf })).to.throw(Resolver404);
      look();
      expect(cpu_time(look)).to.be.below(20);
    }
  });

  it("J13: 300 includes inside each other are looked up within 20 ms", () => {
    let inner: URLPatterns = [path("leaf/", view, { name: "leaf" })];
    for (let depth = 0; depth < 300; depth++)
      inner = [path("a/", include(inner)), path("b/", view)];
    const found = (): unknown => resolve(`/${"a/".repeat(300)}leaf/`, { urlconf: inner }).url_name;
    const lost = (): void =>
      void expect(() => resolve(`/${"a/".repeat(8000)}`, { urlconf: inner })).to.throw(Resolver404);
    expect(found()).to.equal("leaf");
    lost();
    expect(cpu_time(found)).to.be.below(20);
    expect(cpu_time(lost)).to.be.below(20);
  });
});

describe("security/urls: what belongs to one request", () => {
  for (const language of [".*", "(", "a+", "[a-z]"]) {
    it(`J14: the language ${language} is text, not a pattern`, () => {
      with_settings({ LANGUAGE_CODE: "en" }, () => {
        override(language, {}, () => {
          const pattern = new LocalePrefixPattern();
          expect(pattern.match("aa/x/")).to.equal(null);
          expect(pattern.regex.test("aa/x/")).to.equal(false);
          expect(pattern.match(`${language}/x/`)?.[0]).to.equal("x/");
        });
      });
    });
  }
  describe("a language that no site has", () => {
    quiet();
    it("J14: is found nowhere", async () => {
      const ROOT_URLCONF = i18n_patterns(path("x/", view));
      await with_settings({ ROOT_URLCONF, LANGUAGE_CODE: "en" }, async () => {
        const application = get_fetch_application();
        const statuses = ["en", ".*", "(", "e[n]"].map(
          async (code) => (await application(new Request(`http://testserver/${code}/x/`))).status,
        );
        expect(await Promise.all(statuses)).to.deep.equal([200, 404, 404, 404]);
      });
    });
  });

  it("J16: prefix and URLconf are each request's own", async () => {
    const other = [path("other/", view, { name: "here" })];
    const ROOT_URLCONF = [
      path("root/", view, { name: "here" }),
      path("ask/<int:n>/", async (_request: HttpRequest, { n }: { n: number }) => {
        if (n % 2 === 1) set_urlconf(other);
        if (n % 3 === 1) set_script_prefix(`/p${n}/`);
        await turns(n % 5);
        return new HttpResponse(reverse("here"));
      }),
    ];
    await with_settings({ ROOT_URLCONF }, async () => {
      const application = get_fetch_application();
      const texts = await Promise.all(
        Array.from({ length: 60 }, async (_, n) =>
          (await application(new Request(`http://testserver/ask/${n}/`))).text(),
        ),
      );
      const expected = texts.map(
        (_, n) => `${n % 3 === 1 ? `/p${n}` : ""}/${n % 2 === 1 ? "other" : "root"}/`,
      );
      expect(texts).to.deep.equal(expected);
      expect(reverse("here")).to.equal("/root/");
    });
  });
});
