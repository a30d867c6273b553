import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { IndexError, ViewDoesNotExist } from "nuages/core/exceptions";
import { Http404, HttpResponse } from "nuages/http";
import { override_settings } from "nuages/test";
import {
  get_callable,
  get_resolver,
  include,
  path,
  re_path,
  resolve,
  Resolver404,
  ResolverMatch,
  URLPattern,
  URLResolver,
} from "nuages/urls";
import { LocalePrefixPattern, RegexPattern, RoutePattern } from "nuages/urls/resolvers";

function detail(): HttpResponse {
  return new HttpResponse();
}

describe("urls/resolvers: ResolverMatch", () => {
  const urlconf = [
    path(
      "polls/",
      include([[path("<int:pk>/", detail, { name: "detail", kwargs: { x: 1 } })], "polls"], {
        namespace: "one",
      }),
    ),
    path("plain/", detail),
  ];

  it("tells view, arguments and names", () => {
    const match = resolve("/polls/5/", { urlconf });
    const { func, args, url_name, app_name, namespace, view_name, route } = match;
    expect({ func, args, url_name, app_name, namespace, view_name, route }).to.deep.equal({
      func: detail,
      args: [],
      url_name: "detail",
      app_name: "polls",
      namespace: "one",
      view_name: "one:detail",
      route: "polls/<int:pk>/",
    });
    expect(resolve("/plain/", { urlconf }).view_name).to.equal("detail");
  });

  it("reads as a list, too", () => {
    const match = resolve("/polls/5/", { urlconf });
    const [func, args, kwargs] = match;
    expect([func, args, Object.entries(kwargs ?? {})]).to.deep.equal([
      detail,
      [],
      [
        ["pk", 5],
        ["x", 1],
      ],
    ]);
    expect(match.getitem(2)).to.equal(match.kwargs);
    expect(() => match.getitem(3)).to.throw(IndexError);
  });

  it("prints what Django prints", () => {
    expect(inspect(resolve("/polls/5/", { urlconf }))).to.equal(
      "ResolverMatch(func=detail, args=(), kwargs={'pk': 5, 'x': 1}, url_name='detail', app_names=['polls'], " +
        "namespaces=['one'], route='polls/<int:pk>/', captured_kwargs={'pk': 5}, extra_kwargs={'x': 1})",
    );
    expect(inspect(resolve("/plain/", { urlconf }))).to.equal(
      "ResolverMatch(func=detail, args=(), kwargs={}, url_name=None, app_names=[], namespaces=[], route='plain/')",
    );
  });

  it("can be made by hand", () => {
    const match = new ResolverMatch(
      detail,
      ["a"],
      {},
      { url_name: "x", app_names: [null, "a", ""], namespaces: ["n", null] },
    );
    expect([match.app_name, match.view_name, match.tried, match.route]).to.deep.equal([
      "a",
      "n:x",
      null,
      null,
    ]);
    expect(String(match)).to.contain("args=('a',)");
  });

  it("does not hand out what the next request will read", () => {
    const first = resolve("/polls/5/", { urlconf });
    first.app_names.push("changed");
    Object.assign(first.extra_kwargs ?? {}, { x: 2 });
    first.kwargs.x = 3;
    const second = resolve("/polls/5/", { urlconf });
    expect(second.app_names).to.deep.equal(["polls"]);
    expect([{ ...second.extra_kwargs }, second.kwargs.x]).to.deep.equal([{ x: 1 }, 1]);
  });
});

describe("urls/resolvers: the texts of patterns", () => {
  const printed: [object: unknown, text: string][] = [
    [path("a/<int:n>/", detail, { name: "a" }), "<URLPattern 'a/<int:n>/' [name='a']>"],
    [path("a/", detail), "<URLPattern 'a/'>"],
    [re_path("^a/$", detail), "<URLPattern '^a/$'>"],
    [path("a/", include([path("b/", detail)])), "<URLResolver <URLPattern list> (None:None) 'a/'>"],
    [
      path("a/", include([[path("b/", detail)], "app"], { namespace: "n" })),
      "<URLResolver <URLPattern list> (app:n) 'a/'>",
    ],
    [path("a/", include([])), "<URLResolver [] (None:None) 'a/'>"],
    [path("a/", include({ urlpatterns: [] })), "<URLResolver <URLconf> (None:None) 'a/'>"],
    [get_resolver([path("a/", detail)]), "<URLResolver <URLPattern list> (None:None) '^/'>"],
  ];
  for (const [object, text] of printed) {
    it(`prints ${text}`, () => {
      expect(inspect(object)).to.equal(text);
      expect(String(object)).to.equal(text);
    });
  }
});

describe("urls/resolvers: patterns by themselves", () => {
  const matched: [pattern: RoutePattern | RegexPattern, path: string, match: unknown][] = [
    [new RoutePattern("a/"), "a/b/", ["b/", [], {}]],
    [new RoutePattern("a/", { is_endpoint: true }), "a/b/", null],
    [new RoutePattern("<int:n>"), "12ab", ["ab", [], { n: 12 }]],
    [new RoutePattern("<int:n>", { is_endpoint: true }), "12ab", null],
    [new RegexPattern("b"), "abc", ["c", [], {}]],
    [new RegexPattern("(b)(x)?"), "abc", ["c", ["b", null], {}]],
    [new RegexPattern("^(?P<x>a)(?P<y>z)?"), "abc", ["bc", [], { x: "a" }]],
    [new RegexPattern("a$", { is_endpoint: true }), "a\n", null],
  ];
  for (const [pattern, text, expected] of matched) {
    it(`${pattern.describe()} with ${JSON.stringify(text)}`, () => {
      const found = pattern.match(text);
      expect(found && [found[0], found[1], { ...found[2] }]).to.deep.equal(expected);
    });
  }

  it("lets a URLPattern and a URLResolver be used without a site", () => {
    const leaf = new URLPattern(new RoutePattern("b/<slug:s>/", { is_endpoint: true }), detail, {
      name: "leaf",
    });
    expect(leaf.resolve("b/x/")?.kwargs.s).to.equal("x");
    expect(leaf.resolve("c/")).to.equal(undefined);
    expect(leaf.lookup_str).to.equal("detail");
    const resolver = new URLResolver(
      new RegexPattern("^(\\d+)/"),
      [leaf, re_path("^(\\w+)$", detail)],
      {
        default_kwargs: {},
        app_name: "app",
        namespace: "n",
      },
    );
    expect(resolver.resolve("5/b/x/").view_name).to.equal("n:leaf");
    expect(resolver.resolve("5/y").args).to.deep.equal(["5", "y"]);
    expect(resolver.reverse("leaf", { args: ["x"] })).to.equal("b/x/");
    expect(() => resolver.resolve("x")).to.throw(Resolver404);
  });
});

describe("urls/resolvers: what was tried", () => {
  const urlpatterns = [
    path("a/", include([path("x/", detail), path("y/", detail)])),
    path("b/", include([])),
    path("c/", detail),
  ];

  it("is told by the error, with the rest of the path", () => {
    try {
      resolve("/a/z/", { urlconf: urlpatterns });
      expect.fail("it resolved");
    } catch (error) {
      if (!(error instanceof Resolver404)) throw error;
      expect(error).to.be.instanceOf(Http404);
      expect(error.path).to.equal("a/z/");
      const chains = error.tried.map((chain) =>
        chain.map((item) => String(item.pattern)).join(" "),
      );
      expect(chains).to.deep.equal(["a/ x/", "a/ y/", "b/", "c/"]);
      expect(error.message).to.equal("No URL pattern matches '/a/z/'.");
      expect(error.value).to.be.an("object");
    }
  });

  it("is nothing for a path without a slash, or an error made by hand", () => {
    const resolver = get_resolver(urlpatterns);
    expect(() => resolver.resolve("a/"))
      .to.throw(Resolver404)
      .with.property("tried")
      .that.deep.equals([]);
    expect(new Resolver404({ path: "x" }).tried).to.deep.equal([]);
    expect([new Resolver404("text").path, new Resolver404("text").message]).to.deep.equal([
      "",
      "text",
    ]);
  });
});

describe("urls/resolvers: URLResolver", () => {
  const handler = (): HttpResponse => new HttpResponse("mine", { status: 404 });

  it("takes the error handler of the URLconf, or the default page", async () => {
    await import("nuages/core/handlers"); // which knows the default pages
    const resolver = get_resolver({ urlpatterns: [], handler404: handler });
    expect(resolver.resolve_error_handler(404)).to.equal(handler);
    expect(resolver.resolve_error_handler(500)).to.be.a("function");
    const wrong = get_resolver({ urlpatterns: [], handler404: "views.missing" as never });
    expect(() => wrong.resolve_error_handler(404)).to.throw(
      ViewDoesNotExist,
      "'views.missing' is no view",
    );
    expect(get_callable(handler)).to.equal(handler);
  });

  it("is one per URLconf, and that of ROOT_URLCONF without one", () => {
    const urlconf = { urlpatterns: [path("a/", detail)] };
    expect(get_resolver(urlconf)).to.equal(get_resolver(urlconf));
    override_settings({ ROOT_URLCONF: urlconf })(() => {
      expect(get_resolver()).to.equal(get_resolver(urlconf));
      expect(get_resolver(null)).to.equal(get_resolver(urlconf));
    })();
  });

  it("shows its namespaces, applications and names", () => {
    const app = [path("x/", detail, { name: "x" })];
    const resolver = get_resolver([
      path("a/", include([app, "app"], { namespace: "one" })),
      path("b/", include([app, "app"], { namespace: "two" })),
      path("c/", detail, { name: "c" }),
    ]);
    expect([...resolver.namespace_dict.keys()]).to.deep.equal(["two", "one"]);
    expect([...resolver.app_dict]).to.deep.equal([["app", ["two", "one"]]]);
    expect([...resolver.reverse_dict.keys()]).to.deep.equal([detail, "c"]);
  });

  it("copes with 300 includes inside each other, and 16 KB of path", () => {
    let inner: (URLPattern | URLResolver)[] = [path("leaf/", detail, { name: "leaf" })];
    for (let depth = 0; depth < 300; depth += 1)
      inner = [path("a/", include(inner)), path("b/", detail)];
    const resolver = get_resolver(inner);
    expect(resolver.resolve(`/${"a/".repeat(300)}leaf/`).url_name).to.equal("leaf");
    expect(() => resolver.resolve(`/${"a/".repeat(8000)}`)).to.throw(Resolver404);
  });
});

describe("urls/resolvers: LocalePrefixPattern", () => {
  it("is the active language, or nothing for the default one without a prefix", () => {
    override_settings({ LANGUAGE_CODE: "en" })(() => {
      expect(new LocalePrefixPattern().language_prefix).to.equal("en/");
      expect(new LocalePrefixPattern({ prefix_default_language: false }).language_prefix).to.equal(
        "",
      );
      expect(new LocalePrefixPattern().match("en/x/")?.[0]).to.equal("x/");
      expect(new LocalePrefixPattern().match("de/x/")).to.equal(null);
      expect(new LocalePrefixPattern().describe()).to.equal("'en/'");
      expect(new LocalePrefixPattern().regex.test("en/")).to.equal(true);
    })();
  });

  it("leaves the patterns as they are without USE_I18N", () => {
    const pattern = path("a/", detail);
    override_settings({ USE_I18N: false })(() => {
      expect(i18n_patterns(pattern, { prefix_default_language: false })).to.deep.equal([pattern]);
    })();
  });
});
