import { expect } from "chai";
import { describe, it } from "mocha";
import { Error as CheckError, run_checks } from "nuages/core/checks";
import { HttpResponse } from "nuages/http";
import { include, path, re_path, type URLConf } from "nuages/urls";
import { RoutePattern, URLPattern } from "nuages/urls/resolvers";
import { View } from "nuages/views/generic/base";
import { with_settings } from "../../support/settings.ts";

const view = (): HttpResponse => new HttpResponse("ok");

function ids(urlconf: URLConf, settings: object = {}): string {
  return with_settings({ ROOT_URLCONF: urlconf, ...settings }, () =>
    run_checks({ tags: ["urls"] })
      .map(({ id, level }) => `${id} ${level}`)
      .join(", "),
  );
}

describe("core/checks/urls: the URLconf", () => {
  const inner = include([path("b", view)]);
  const app = include([[], "app"]);
  // The ids and levels are those that Django 6.1.3 gives.
  const found: [what: string, patterns: unknown[], ids: string][] = [
    ["path('a/')", [path("a/", view)], ""],
    ["path('/a/')", [path("/a/", view)], "urls.W002 30"],
    ["path('/a')", [path("/a", view)], "urls.W002 30"],
    ["re_path('^/a')", [re_path("^/a", view)], "urls.W002 30"],
    ["re_path('^\\/a')", [re_path("^\\/a", view)], "urls.W002 30"],
    ["re_path(/^\\/a/)", [re_path(/^\/a/, view)], "urls.W002 30"],
    ["re_path('/a/')", [re_path("/a/", view)], ""],
    ["re_path('a$', include(…))", [re_path("a$", inner)], "urls.W001 30"],
    ["re_path('a\\$', include(…))", [re_path("a\\$", inner)], ""],
    ["path('/a/', include(…))", [path("/a/", inner)], ""],
    ["path('/a', include(…))", [path("/a", inner)], "urls.W002 30"],
    [
      "path('/a', include([path('/b')])): the inner one first",
      [path("/a", include([path("/b", view)]))],
      "urls.W002 30",
    ],
    ["the name x:y", [path("a", view, { name: "x:y" })], "urls.W003 30"],
    ["path('<int:n')", [path("<int:n", view)], "urls.W010 30"],
    ["path('a>')", [path("a>", view)], "urls.W010 30"],
    ["path('<a>><b')", [path("<a>><b", view)], "urls.W010 30, urls.W010 30"],
    ["path('(?P<n>\\d+)')", [path("(?P<n>\\d+)", view)], "2_0.W001 30"],
    ["path('^a')", [path("^a", view)], "2_0.W001 30"],
    ["path('a$')", [path("a$", view)], "2_0.W001 30"],
    ["a namespace twice", [path("a", app), path("b", app)], "urls.W005 30"],
    ["a namespace in another of its name", [path("a", include([[path("b", app)], "app"]))], ""],
    ["text", ["a"], "urls.E004 40"],
    ["a list", [["a", view]], "urls.E004 40"],
    ["a number", [3], "urls.E004 40"],
    ["something else that resolves", [{ resolve: view }], ""],
    ["a class for a view", [new URLPattern(new RoutePattern("a"), View as never)], "urls.E009 40"],
  ];
  for (const [what, patterns, expected] of found) {
    it(`says of ${what}: ${expected || "nothing"}`, () => {
      expect(ids({ urlpatterns: patterns as never })).to.equal(expected);
      expect(ids(patterns as never)).to.equal(expected);
    });
  }

  it("lets a route begin with a slash without APPEND_SLASH", () => {
    expect(ids([path("/a", view)], { APPEND_SLASH: false })).to.equal("");
  });

  it("has nothing to say without ROOT_URLCONF", () => {
    expect(ids(undefined as never)).to.equal("");
  });

  it("wants a slash at the end of STATIC_URL and MEDIA_URL", () => {
    const urls = { STATIC_URL: "/static", MEDIA_URL: "media" };
    expect(ids([], urls)).to.equal("urls.E006 40, urls.E006 40");
    expect(ids([], { STATIC_URL: "static/", MEDIA_URL: "" })).to.equal("");
  });

  const handlers: [what: string, urlconf: object, ids: string][] = [
    ["(request, exception)", { handler404: (_request: unknown, _error: unknown) => view() }, ""],
    ["(request) for a 404", { handler404: (_request: unknown) => view() }, ""],
    [
      "(request, exception) for a 500",
      { handler500: (_request: unknown, _error: unknown) => view() },
      "urls.E007 40",
    ],
    [
      "(a, b, c)",
      { handler400: (_a: unknown, _b: unknown, _c: unknown) => view() },
      "urls.E007 40",
    ],
    ["a class", { handler403: View }, "urls.E007 40"],
    ["text", { handler403: "views.forbidden" }, "urls.E008 40"],
  ];
  for (const [what, urlconf, expected] of handlers) {
    it(`says of an error handler that is ${what}: ${expected || "nothing"}`, () => {
      expect(ids({ urlpatterns: [], ...urlconf })).to.equal(expected);
    });
  }

  it("names the pattern", () => {
    with_settings({ ROOT_URLCONF: [path("/a", view, { name: "first" })] }, () => {
      const [message] = run_checks({ tags: ["urls"] });
      expect(message?.msg).to.contain("'/a' [name='first']");
      expect(message).not.to.be.instanceOf(CheckError);
    });
  });
});
