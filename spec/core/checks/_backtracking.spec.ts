/** `nuages.W001`: expressions on which a client can make the server wait. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { run_checks } from "nuages/core/checks";
import { HttpResponse } from "nuages/http";
import { include, path, re_path, register_converter, type URLPatterns } from "nuages/urls";
import { with_settings } from "../../support/settings.ts";

const view = (): HttpResponse => new HttpResponse("ok");

function ids(urlpatterns: URLPatterns): string[] {
  return with_settings({ ROOT_URLCONF: urlpatterns }, () =>
    run_checks({ tags: ["urls"] }).map(({ id }) => String(id)),
  );
}

describe("core/checks: nested quantifiers in URLs", () => {
  const slow: (string | RegExp)[] = [
    "^(a+)+$",
    "(a*)*",
    "(a|a)*",
    "(a|aa)+",
    "(\\w+\\s?)*$",
    "([^/]+/?)*",
    "(.*)*",
    "(?:a{1,3})+",
    "((ab)*)*",
    "([a-z]+|\\d+|\\w)*",
    "(?i:(a|A)+)",
    "(a|b|ab)+c",
    "^(?P<path>(?:[\\w-]+/?)+)$",
    "([a-z0-9])(([-.]|_+)?([a-z0-9]+))*@", // of the e-mail expressions that one finds
    "x(?=(a+)+b)",
    /^(a+)+$/,
    /^(?<word>\p{L}+)+$/u,
    /([^]+)*x/,
  ];
  for (const route of slow) {
    it(`J7: ${route} is warned about`, () => {
      expect(ids([re_path(route, view)])).to.deep.equal(["nuages.W001"]);
    });
  }

  const fast: (string | RegExp)[] = [
    "^(?:[\\w-]+/)*$",
    "^(?P<y>[0-9]{4})/(?P<s>[\\w-]+)/$",
    "(\\d{1,3}\\.){1,3}\\d{1,3}",
    "[^/]+(?:/[^/]+)*",
    "a*b*c*$",
    "(?:[0-9a-f]{2})*",
    "(\\d+,)*\\d+",
    "(a|b)*",
    "(?:(?:a++)+)$",
    "(ab*c)*",
    "(?:\\.\\w+)*",
    "(a+)?",
    "(a+){3}",
    /^(?:\p{L}+-)*$/u,
    "(", // wrong: its first use tells
  ];
  for (const route of fast) {
    it(`J7: ${route} is not`, () => {
      expect(ids([re_path(route, view)])).to.deep.equal([]);
    });
  }

  it("J7: finds it in an include, above one, and in a converter, and names it", () => {
    register_converter(
      class {
        regex = "(?:[a-z]+-?)+";
        to_python = String;
        to_url = String;
      },
      "slowslug",
    );
    const inner = [re_path("^(b+)+$", view, { name: "inner" })];
    const patterns = [
      re_path("^(a+)+/", include(inner)),
      path("<slowslug:slug>/" as string, view),
      path("<int:n>/<path:rest>", view),
    ];
    with_settings({ ROOT_URLCONF: patterns }, () => {
      const messages = run_checks({ tags: ["urls"] });
      expect(messages.map(({ id, level }) => [id, level])).to.deep.equal(
        Array.from({ length: 3 }, () => ["nuages.W001", 30]),
      );
      expect(messages[1]?.msg).to.contain("'^(b+)+$' [name='inner']");
      expect(messages[2]?.msg).to.contain("'(?:[a-z]+-?)+'").and.to.contain("<slowslug:slug>/");
    });
  });

  it("takes its time with no expression, however big", () => {
    const branches = Array.from({ length: 200 }, (_, n) => `w${n}-[a-z]+`).join("|");
    const optional = "[a-z]?".repeat(200);
    const start = performance.now();
    ids([re_path(`(?:${branches})*`, view), re_path(`(?:${optional}/)*`, view)]);
    expect(performance.now() - start).to.be.below(1000);
  });
});
