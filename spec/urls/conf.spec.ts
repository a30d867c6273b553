import { expect } from "chai";
import { describe, it } from "mocha";
import { settings } from "nuages/conf";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import {
  include,
  type Included,
  path,
  re_path,
  resolve,
  Resolver404,
  reverse,
  URLPattern,
  URLResolver,
} from "nuages/urls";
import { i18n_patterns } from "nuages/conf/urls/i18n";

const view = (): HttpResponse => new HttpResponse();
/** What a program without types may give. */
const anything = (value: unknown): never => value as never;

describe("urls/conf: path", () => {
  it("gives a URLPattern for a view, a URLResolver for an include()", () => {
    expect(path("a/", view)).to.be.instanceOf(URLPattern);
    expect(path("a/", include([]))).to.be.instanceOf(URLResolver);
  });

  it("K7: takes what include() returns from a getter, and reads the patterns from one when it is asked", () => {
    let reads = 0;
    const site = {
      get urls(): Included {
        return include([[path("b/", view, { name: "b" })], "app"], { namespace: "here" });
      },
      get urlpatterns(): URLPattern[] {
        reads += 1;
        return [path("d/", view, { name: "d" }) as URLPattern];
      },
    };
    const urlconf = [path("a/", site.urls), path("c/", [site, "app", "there"])];
    expect(reads).to.equal(0);
    expect(reverse("here:b", { urlconf })).to.equal("/a/b/");
    expect(resolve("/c/d/", { urlconf }).view_name).to.equal("there:d");
    expect(resolve("/a/b/", { urlconf }).func).to.equal(view);
    expect(reads).to.equal(1);
  });

  class Page {
    static as_view(): typeof view {
      return view;
    }
  }
  class Plain {}
  const wrong_views: [what: string, value: unknown, message: string][] = [
    [
      "a class-based view",
      Page,
      "The route 'a/<int:n>/' has a class for a view: give Page.as_view().",
    ],
    ["an instance of one", new Page(), "has an instance of Page for a view: give Page.as_view()."],
    ["another class", Plain, "has the class Plain for a view"],
    ["a list of patterns", [path("b/", view)], "put include() around it"],
    ["nothing", undefined, "it has None"],
    ["text", "views.index", "it has 'views.index'"],
    ["a number", 5, "needs a view"],
  ];
  for (const [what, value, message] of wrong_views) {
    it(`refuses ${what} for a view and names the route`, () => {
      expect(() => path("a/<int:n>/", anything(value))).to.throw(TypeError, message);
      expect(() => re_path("^a/$", anything(value))).to.throw(TypeError, "'^a/$'");
    });
  }

  for (const kwargs of [[1], "a", 5, new Map()]) {
    it(`refuses ${JSON.stringify(kwargs)} for kwargs`, () => {
      expect(() => path("a/", view, { kwargs: anything(kwargs) })).to.throw(
        TypeError,
        "'a/' must be a plain object",
      );
    });
  }

  const wrong_routes: [route: string, message: string][] = [
    [
      "<foo:x>/",
      "The route '<foo:x>/' uses the unknown converter 'foo'. There are int, path, slug, str, uuid",
    ],
    ["<itn:x>/", "Did you mean 'int'?"],
    ["<int: x>/", "has white space inside '<int: x>'"],
    ["<\tx>/", "white space"],
    ["<int:1x>/", "names a parameter '1x'"],
    ["<slug:my-slug>/", "names a parameter 'my-slug'"],
    ["<int:a>/<str:a>/", "has two parameters named 'a'"],
  ];
  for (const [route, message] of wrong_routes) {
    it(`refuses the route ${JSON.stringify(route)}`, () => {
      expect(() => path(route, view)).to.throw(ImproperlyConfigured, message);
    });
  }

  it("says what is wrong with a regular expression when it is first used", () => {
    const urlconf = [re_path("^a/$", view), re_path("^x(/$", view, { name: "x" })];
    expect(resolve("/a/", { urlconf }).route).to.equal("^a/$");
    expect(() => resolve("/b/", { urlconf })).to.throw(
      ImproperlyConfigured,
      "'^x(/$' cannot be used",
    );
    expect(() => reverse("x", { urlconf })).to.throw(ImproperlyConfigured, "missing )");
  });

  it("takes a RegExp, whose $ is the very end and whose g and y have no effect", () => {
    const urlconf = [
      re_path(/^a\/(?<year>\d{4})\/$/gy, view, { name: "year" }),
      re_path(/^B\/(\d+)(x)?\/$/i, view, { name: "number" }),
    ];
    for (let n = 0; n < 2; n += 1)
      expect({ ...resolve("/a/2026/", { urlconf }).kwargs }).to.deep.equal({ year: "2026" });
    expect(resolve("/b/12/", { urlconf }).args).to.deep.equal(["12", null]);
    expect(resolve("/a/2026/", { urlconf }).route).to.equal("^a\\/(?<year>\\d{4})\\/$");
    expect(() => resolve("/a/2026/\n", { urlconf })).to.throw(Resolver404);
    expect(reverse("year", { urlconf, kwargs: { year: 2026 } })).to.equal("/a/2026/");
    expect(reverse("number", { urlconf, args: [5] })).to.equal("/B/5/");
  });
});

describe("urls/conf: include", () => {
  const patterns = [path("x/", view, { name: "x" }), path("y/", view, { name: "y" })];
  const included: [what: string, value: Included, app_name: unknown, namespace: unknown][] = [
    ["a list", include(patterns), undefined, undefined],
    ["a module", include({ urlpatterns: patterns }), undefined, undefined],
    ["a module with app_name", include({ urlpatterns: patterns, app_name: "app" }), "app", "app"],
    ["a pair", include([patterns, "app"]), "app", "app"],
    ["a pair with a namespace", include([patterns, "app"], { namespace: "one" }), "app", "one"],
    ["an empty list", include([]), undefined, undefined],
  ];
  for (const [what, [, app_name, namespace], expected_app_name, expected_namespace] of included) {
    it(`takes ${what}`, () => {
      expect([app_name, namespace]).to.deep.equal([expected_app_name, expected_namespace]);
    });
  }

  const wrong: [what: string, make: () => unknown, message: string][] = [
    [
      "a namespace without an app_name",
      () => include(patterns, { namespace: "n" }),
      "the namespace 'n'",
    ],
    ["three items", () => include(anything([patterns, "app", "ns"])), "a list of 3 items"],
    ["text", () => include(anything("polls.urls")), "not 'polls.urls'"],
    ["nothing", () => include(anything(undefined)), "not None"],
    ["i18n_patterns", () => include(i18n_patterns(...patterns)), "root URLconf"],
  ];
  for (const [what, make, message] of wrong) {
    it(`refuses ${what}`, () => {
      expect(make).to.throw(ImproperlyConfigured, message);
    });
  }

  it("says so when a URLconf has no patterns", () => {
    const urlconf = [path("a/", include(anything({ urls: [] })))];
    expect(() => resolve("/a/x/", { urlconf })).to.throw(
      ImproperlyConfigured,
      "no list of urlpatterns",
    );
    expect(() => resolve("/", { urlconf: anything("mysite.urls") })).to.throw(
      ImproperlyConfigured,
      "'mysite.urls'",
    );
  });
});

describe("urls: paths that no guard may read otherwise", () => {
  const urlconf = [
    path("admin/", view),
    path("n/<int:n>/", view),
    path("s/<slug:s>/", view),
    path("t/<str:t>/", view),
    path("p/<path:p>", view),
    path("é/", view),
    path("key/", view),
    re_path("^r/\\d+$", view),
  ];
  const matching: [path: string, kwargs: Record<string, unknown>][] = [
    ["/admin/", {}],
    ["/n/007/", { n: 7 }],
    ["/n/999999999999999/", { n: 999999999999999 }],
    ["/n/9007199254740991/", { n: 9007199254740991 }],
    ["/n/0000000000000000007/", { n: 7 }],
    ["/t/a\nb/", { t: "a\nb" }],
    ["/p/a/b", { p: "a/b" }],
    ["/p//b", { p: "/b" }],
    ["/é/", {}],
  ];
  for (const [text, kwargs] of matching) {
    it(`${JSON.stringify(text)} matches`, () => {
      expect({ ...resolve(text, { urlconf }).kwargs }).to.deep.equal(kwargs);
    });
  }
  const unmatched = [
    ..."/admin/\n /admin\n/ //admin/ /admin// /ADMIN/ /admin;x=1/ /admin/. /./admin/ /\uff41dmin/ /e\u0301/ /\u212aey/".split(
      " ",
    ),
    ..."/n/1\n/ /n/-1/ /n/+1/ /n/1.0/ /n/1e3/ /n/0x10/ /n/١/ /s/a\n/ /t/a/b/ /r/1\n".split(" "),
    "/n/ 1/",
    "/n/9007199254740993/",
    `/n/${"9".repeat(400)}/`,
    "/p/a\nb",
    "",
    "admin/",
  ];
  for (const text of unmatched) {
    it(`${JSON.stringify(text.slice(0, 30))} does not match`, () => {
      expect(() => resolve(text, { urlconf })).to.throw(Resolver404);
    });
  }
});

describe("urls: names that objects have already", () => {
  it("keeps kwargs in an object without a prototype", () => {
    const urlconf = [path("<str:constructor>/<str:then>/<str:__proto__>/", view, { name: "odd" })];
    const { kwargs } = resolve("/a/b/c/", { urlconf });
    expect(Object.getPrototypeOf(kwargs)).to.equal(null);
    expect(Object.entries(kwargs)).to.deep.equal([
      ["constructor", "a"],
      ["then", "b"],
      ["__proto__", "c"],
    ]);
    expect(reverse("odd", { urlconf, args: ["a", "b", "c"] })).to.equal("/a/b/c/");
    const names = ["constructor", "then", "__proto__"];
    const given = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    expect(reverse("odd", { urlconf, kwargs: given })).to.equal("/1/2/3/");
  });

  it("does not read names from the prototype of what it is given", () => {
    const urlconf = [path("<str:toString>/", view, { name: "odd" })];
    expect(() => reverse("odd", { urlconf, kwargs: {} })).to.throw("fits a call without arguments");
  });

  it("calls views with what the URL gave", async () => {
    const seen: unknown[] = [];
    const note = (_request: HttpRequest, ...args: unknown[]): HttpResponse => {
      seen.push(args);
      return new HttpResponse();
    };
    const { Client } = await import("nuages/test");
    const { override_settings } = await import("nuages/test");
    const urlconf = [
      path("k/<int:n>/", note),
      re_path("^p/(\\d+)/(x)?$", note),
      re_path("^b/(\\d+)/$", note, { kwargs: { k: 1 } }),
      path("e/", note),
    ];
    const changed = override_settings({ ROOT_URLCONF: urlconf, MIDDLEWARE: [] });
    changed.enable();
    try {
      const client = new Client();
      for (const url of ["/k/5/", "/p/6/", "/b/7/", "/e/"]) await client.get(url);
    } finally {
      changed.disable();
    }
    expect(seen.map((args) => JSON.stringify(args))).to.deep.equal([
      '[{"n":5}]',
      '["6",null]',
      '["7",{"k":1}]',
      "[{}]",
    ]);
    expect(settings.configured).to.equal(true);
  });
});
