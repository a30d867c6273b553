/** Security of templates: no value makes them run long, grow without end, or meet another rendering. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { render as render_response } from "nuages/shortcuts";
import { Nunjucks } from "nuages/template";
import { get_language, override } from "nuages/utils/translation";
import { ask } from "../support/ask.ts";
import { cpu_time } from "../support/cpu_time.ts";
import { quiet } from "../support/log.ts";
import { engine, plain, render } from "../support/templates.ts";
import { turns } from "../support/turns.ts";

describe("security/templates: too much", () => {
  it("R14: groups are called what the values say", () => {
    const l = ["__proto__", "constructor", "toString", "toString", "length", "<b>"].map((k) => ({
      k,
    }));
    const text = render("{% for g, i in l | groupby('k') %}{{ g }}:{{ i | length }} {% endfor %}", {
      l,
    });
    expect(text).to.equal("__proto__:1 constructor:1 toString:2 length:1 &lt;b&gt;:1 ");
  });

  const slow: [template: string, x: string][] = [
    ["{{ x | striptags }}", "<!--".repeat(50_000)],
    ["{{ x | striptags }}", "<".repeat(50_000)],
    ["{{ x | trim }}", `a${" ".repeat(100_000)}a`],
    ["{{ x | urlize }}", "a.".repeat(50_000)],
    ["{{ x | urlize }}", `http://${"(".repeat(50_000)}`],
    ["{{ x | truncate(10) }}", "a".repeat(1_000_000)],
    ["{{ x | title }}", "a ".repeat(200_000)],
    ["{{ x | replace('a', 'b') }}", "a".repeat(1_000_000)],
    ["{{ x | wordcount }}", "a ".repeat(200_000)],
    ["{{ x | escape }}", "<".repeat(500_000)],
  ];
  for (const [template, x] of slow) {
    it(`R15: ${template} of ${x.length} characters takes half a second at most`, () => {
      const compiled = plain.from_string(template);
      expect(cpu_time(() => compiled.render({ x }), 2)).to.be.below(500);
    });
  }
  const sizes = [
    "'x' | center(n)",
    "'x' | indent(n, true)",
    "range(n)",
    "range(0, n)",
    "[1] | batch(n, 0)",
  ];
  for (const expression of sizes) {
    it(`R15: ${expression} for n = 100,000,000 is refused`, () => {
      expect(() => render(`{{ ${expression} }}`, { n: 1e8 })).to.throw(ValueError, "limit");
      expect(render(`{{ ${expression} | length }}`, { n: 2 })).to.match(/^[0-9]$/);
    });
  }
  it("R15: the limit of indent is for all lines together", () => {
    const x = "\n".repeat(10_000);
    expect(() => render("{{ x | indent(1000) }}", { x })).to.throw(ValueError, "limit");
  });

  const deep: [what: string, source: string][] = [
    ["5,000 nested ifs", `${"{% if 1 %}".repeat(5000)}${"{% endif %}".repeat(5000)}`],
    ["5,000 brackets", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`],
    ["a template that includes itself", "begun{% include 'self.html' %}"],
    ["a template that extends itself", "begun{% extends 'self.html' %}"],
    ["a macro that calls itself", "begun{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"],
  ];
  describe("in a request", () => {
    quiet();
    for (const [what, source] of deep) {
      it(`R16: ${what} is a 500 without a part of the page, and the next request is answered`, async () => {
        const TEMPLATES = [
          {
            BACKEND: Nunjucks,
            OPTIONS: { templates: { "self.html": source, "fine.html": "fine" } },
          },
        ];
        const page = (name: string) => () =>
          ask((request) => render_response(request, name), { TEMPLATES });
        const broken = await page("self.html")();
        expect(broken.status).to.equal(500);
        expect(broken.text).not.to.include("begun");
        const fine = await page("fine.html")();
        expect([fine.status, fine.text]).to.deep.equal([200, "fine"]);
      });
    }
    it("R16: a template of 5 MB is rendered", () => {
      expect(render(`${"x".repeat(5_000_000)}{{ 1 }}`)).to.have.lengthOf(5_000_001);
    });
  });

  it("R19: renderings at the same time do not meet", async () => {
    const made = engine({
      templates: {
        "page.html":
          "{% set n = n + 1 %}{% import 'm.html' as m %}{{ m.m(n) }} {{ language() }} {{ x }}",
        "m.html": "{% macro m(n) %}{{ n }}{% endmacro %}",
      },
    });
    made.env.addGlobal("language", () => get_language());
    const raw = engine({ autoescape: false, templates: { "page.html": "{{ x }}" } });
    const pages = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        override(n % 2 === 0 ? "de" : "fr", {}, async () => {
          await turns(n % 3);
          const safe = made.get_template("page.html").render({ n, x: "<b>" });
          await turns(n % 5);
          return `${safe} ${raw.get_template("page.html").render({ x: "<b>" })}`;
        }),
      ),
    );
    expect(pages).to.deep.equal(
      pages.map((_, n) => `${n + 1} ${n % 2 === 0 ? "de" : "fr"} &lt;b&gt; <b>`),
    );
  });
});
