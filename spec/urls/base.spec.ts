import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse, QueryDict } from "nuages/http";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import {
  clear_script_prefix,
  clear_url_caches,
  get_script_prefix,
  get_urlconf,
  include,
  is_valid_path,
  NoReverseMatch,
  path,
  re_path,
  resolve,
  reverse,
  reverse_lazy,
  set_script_prefix,
  set_urlconf,
  translate_url,
} from "nuages/urls";
import { run_task } from "../../src/utils/_task.ts";
import { override_settings } from "nuages/test";

const view = (): HttpResponse => new HttpResponse();
function detail(): HttpResponse {
  return new HttpResponse();
}

const urlconf = {
  urlpatterns: [
    path("", view, { name: "home" }),
    path(
      "polls/",
      include([
        [path("<int:pk>/", detail, { name: "detail" }), path("new/", view, { name: "new" })],
        "polls",
      ]),
    ),
    path("s/<slug:s>/", view, { name: "slug" }),
    path("p/<path:p>", view, { name: "path" }),
    path("<path:rest>", view, { name: "rest" }),
    path("<str:a>-<str:b>/", view, { name: "pair" }),
    path("100%/<int:n>/", view, { name: "percent" }),
    re_path("^y/(?P<y>\\d+)/(?:m(?P<m>\\d+)/)?$", view, { name: "months" }),
  ],
};

describe("urls/base: reverse", () => {
  const built: [name: string, args: unknown[], url: string][] = [
    ["home", [], "/"],
    ["polls:detail", [5], "/polls/5/"],
    ["path", ["a b/c?d"], "/p/a%20b/c%3Fd"],
    ["rest", ["/evil.com"], "/%2Fevil.com"],
    ["rest", ["//evil.com"], "/%2F/evil.com"],
    ["pair", ["x-y", "z"], "/x-y-z/"],
    ["percent", [1], "/100%25/1/"], // Django resolves such a route, but cannot build its URL
    ["months", [2026], "/y/2026/"],
    ["months", [2026, 5], "/y/2026/m5/"],
  ];
  for (const [name, args, url] of built) {
    it(`${name} with ${JSON.stringify(args)} is ${url}`, () => {
      expect(reverse(name, { urlconf, args })).to.equal(url);
    });
  }

  const refused: [name: string, args: unknown[]][] = [
    ["slug", ["a/b"]],
    ["slug", ["a\n"]],
    ["path", ["a\r\nb"]],
    ["path", [""]],
    ["polls:detail", ["x"]],
    ["polls:detail", []],
    ["os.system", []],
    ["node:child_process", []],
    ["__proto__", []],
    ["polls:__proto__", []],
    ["constructor:detail", []],
  ];
  for (const [name, args] of refused) {
    it(`refuses ${name} with ${JSON.stringify(args)}`, () => {
      expect(() => reverse(name, { urlconf, args })).to.throw(NoReverseMatch);
    });
  }

  const told: [name: string, kwargs: Record<string, unknown>, message: string][] = [
    ["hom", {}, "There is no URL named 'hom'. Did you mean 'home'?"],
    ["polls:detial", {}, "There is no URL named 'polls:detial'. Did you mean 'polls:detail'?"],
    ["poll:detail", {}, "'poll' is no namespace. Did you mean 'polls:detail'?"],
    ["polls:more:detail", {}, "'more' is no namespace inside 'polls'"],
    ["zzzzzz", {}, "There is no URL named 'zzzzzz'."],
    [
      "polls:detail",
      { id: 5 },
      "No URL of 'polls:detail' fits the keyword arguments {'id': 5}. Tried: 'polls/<int:pk>/' (takes pk).",
    ],
    ["home", { id: 5 }, "(takes nothing)"],
    ["months", {}, "fits a call without arguments. Tried: 'y/"],
  ];
  for (const [name, kwargs, message] of told) {
    it(`tells what is wrong with ${name} and ${JSON.stringify(kwargs)}`, () => {
      expect(() => reverse(name, { urlconf, kwargs })).to.throw(NoReverseMatch, message);
    });
  }

  it("finds a view, but not the one it wraps", () => {
    expect(reverse(detail, { urlconf: [path("d/", detail)] })).to.equal("/d/");
    const wrapped = (_request: HttpRequest): HttpResponse => detail();
    expect(() => reverse(detail, { urlconf: [path("d/", wrapped)] })).to.throw(
      NoReverseMatch,
      "leads to the view detail",
    );
  });

  it("refuses args together with kwargs", () => {
    expect(() => reverse("slug", { urlconf, args: ["a"], kwargs: { s: "a" } })).to.throw(
      ValueError,
      "not from both",
    );
  });

  const queries: [query: unknown, text: string][] = [
    [{ a: 1, b: [1, "x y"], c: null }, "?a=1&b=1&b=x+y&c=None"],
    [new Map([["z", true]]), "?z=True"],
    [
      [
        ["a", 1],
        ["a", 2],
      ],
      "?a=1&a=2",
    ],
    [new QueryDict("a=1&a=2"), "?a=1&a=2"],
    [{ a: [] }, ""],
    [{ b: Buffer.from([0xff]) }, "?b=%FF"],
  ];
  for (const [query, text] of queries) {
    it(`adds the query ${text}`, () => {
      expect(reverse("home", { urlconf, query: query as Record<string, unknown> })).to.equal(
        `/${text}`,
      );
    });
  }

  it("waits for the URLconf, if it is lazy", () => {
    const lazy = reverse_lazy("home", { urlconf });
    expect(`${lazy}`).to.equal("/");
    const unknown = reverse_lazy("nowhere", { urlconf });
    expect(() => String(unknown)).to.throw(NoReverseMatch);
  });
});

describe("urls/base: the URLconf and the script prefix", () => {
  const one = [path("one/", view, { name: "page" })];
  const two = [path("two/", view, { name: "page" })];

  it("follows ROOT_URLCONF when it is overridden, and forgets what was set", () => {
    override_settings({ ROOT_URLCONF: one })(() => {
      expect(reverse("page")).to.equal("/one/");
      set_urlconf(two);
      expect(reverse("page")).to.equal("/two/");
      expect(is_valid_path("/one/")).to.equal(false);
      override_settings({ ROOT_URLCONF: two })(() => {
        expect(get_urlconf("default")).to.equal("default");
        expect(resolve("/two/").url_name).to.equal("page");
      })();
    })();
  });

  it("reads a changed URLconf after clear_url_caches", () => {
    const changing = [path("a/", view)];
    const conf = { urlpatterns: changing };
    expect(is_valid_path("/b/", { urlconf: conf })).to.equal(false);
    changing.push(path("b/", view));
    clear_url_caches();
    expect(is_valid_path("/b/", { urlconf: conf })).to.not.equal(false);
  });

  it("puts a slash behind the prefix, and takes it back", () => {
    set_script_prefix("/app");
    expect([get_script_prefix(), reverse("home", { urlconf })]).to.deep.equal(["/app/", "/app/"]);
    expect(reverse("polls:new", { urlconf })).to.equal("/app/polls/new/");
    clear_script_prefix();
    expect(get_script_prefix()).to.equal("/");
  });

  it("keeps both per task", async () => {
    const waits = Array.from({ length: 50 }, (_, n) =>
      run_task(async () => {
        set_script_prefix(`/p${n}/`);
        set_urlconf(n % 2 === 0 ? one : two);
        for (let turn = n % 7; turn >= 0; turn -= 1) await new Promise(setImmediate);
        return reverse("page");
      }),
    );
    const urls = await Promise.all(waits);
    expect(urls).to.deep.equal(urls.map((_, n) => `/p${n}/${n % 2 === 0 ? "one" : "two"}/`));
    expect([get_script_prefix(), get_urlconf()]).to.deep.equal(["/", undefined]);
  });
});

describe("urls/base: translate_url", () => {
  it("gives the URL in another language, or as it is", () => {
    const site = [...i18n_patterns(path("about/", view, { name: "about" })), path("free/", view)];
    override_settings({ ROOT_URLCONF: site, LANGUAGE_CODE: "en" })(() => {
      expect(translate_url("/en/about/?x=1#top", "de")).to.equal("/de/about/?x=1#top");
      expect(translate_url("https://h.example/en/about/", "fr")).to.equal(
        "https://h.example/fr/about/",
      );
      expect(translate_url("/free/", "de")).to.equal("/free/");
      expect(translate_url("/nowhere/", "de")).to.equal("/nowhere/");
    })();
  });
});
