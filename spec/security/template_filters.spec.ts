/** What filters make of numbers, dates and templates that mean harm. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { intcomma } from "nuages/contrib/humanize";
import { ValueError } from "nuages/core/exceptions";
import { Nunjucks, TemplateDoesNotExist } from "nuages/template";
import { date, filesizeformat, floatformat, stringformat } from "nuages/template/defaultfilters";
import { render_to_string } from "nuages/template/loader";
import { override_settings } from "nuages/test";
import { override } from "nuages/utils/timezone";
import { cpu_time } from "../support/cpu_time.ts";

function engine(templates: Record<string, string> = {}): Nunjucks {
  return new Nunjucks({ NAME: "nunjucks", DIRS: [], APP_DIRS: false, OPTIONS: { templates } });
}

function render(source: string, context: Record<string, unknown>): string {
  return engine().from_string(source).render(context);
}

const LIMIT = 200; // milliseconds of processor time

describe("security/template_filters: numbers of any size", () => {
  const digits = "1".repeat(100_000);
  const costly: [title: string, run: () => unknown, expected: RegExp][] = [
    ["intcomma of 100,000 digits", () => intcomma(digits), /^1\.1{99999}e\+99999$/],
    ["intcomma of 100,000 digits and letters", () => intcomma(`${digits}x`), /^1,111,.*,111x$/],
    ["intcomma of a bigint of 100,000 digits", () => intcomma(BigInt(digits)), /e\+99999$/],
    ["intcomma of 1e200000", () => intcomma("1e200000"), /^1e\+200000$/],
    ["intcomma of 1e-200000", () => intcomma("1e-200000"), /^1e-200000$/],
    ["floatformat of 1e200000", () => floatformat("1e200000"), /^1e200000$/],
    ["floatformat of 1e-200000", () => floatformat("1e-200000", 2), /^1e-200000$/],
    ["floatformat of 1e999999999999", () => floatformat("1e999999999999", 2), /^1e9{12}$/],
    ["floatformat of 100,000 digits", () => floatformat(digits, 2), /^1{100000}$/],
    ["floatformat of a long fraction", () => floatformat(`0.${digits}`, 2), /^0\.1{100000}$/],
    ["floatformat of zeros and a point", () => floatformat(`${"0".repeat(100_000)}x`, 2), /^$/],
    ["filesizeformat of 100,000 digits", () => filesizeformat(digits), /^0\u00a0bytes$/],
    ["stringformat with 10,000,000 places", () => stringformat(1.5, ".10000000f"), /^$/],
    ["stringformat of width 10,000,000", () => stringformat(1, "10000000d"), /^$/],
    ["floatformat with 1,000,000 places", () => floatformat("1.5", 1_000_000), /^1\.50{999999}$/],
  ];
  for (const [title, run, expected] of costly) {
    it(`I15: ${title} takes ${LIMIT} ms at most`, () => {
      expect(String(run())).to.match(expected);
      expect(cpu_time(run)).to.be.at.most(LIMIT);
    });
  }

  for (const places of [1_000_001, 10_000_000, "-10000000", "10000000g", 1e300]) {
    it(`I15: floatformat with ${places} places is refused`, () => {
      const run = (): unknown => floatformat("1.5", places);
      expect(run).to.throw(ValueError, /limit/);
      expect(() => render("{{ 1.5 | floatformat(n) }}", { n: places })).to.throw(ValueError);
    });
  }

  it("I15: a number that JavaScript takes for infinity keeps its digits", () => {
    expect(String(floatformat("9".repeat(150), "g"))).to.equal("999,".repeat(50).slice(0, -1));
    expect(intcomma("9".repeat(150))).to.equal("999,".repeat(50).slice(0, -1));
    expect(intcomma("1e309")).to.equal("1e+309");
  });
});

describe("security/template_filters: names of settings", () => {
  const at = new Date("2026-01-02T15:04:05Z");

  it(
    "R12: a format that is the name of a setting is read as letters",
    override_settings({ SECRET_KEY: "what nobody may see" })(() => {
      override("Europe/Paris", () => {
        const letters = "ndJanuaryCRJanuaryCET_KJanuary2026"; // what Django gives
        expect(date(at, "SECRET_KEY")).to.equal(letters);
        expect(render('{{ d | date("SECRET_KEY") }}', { d: at })).to.equal(letters);
        expect(render("{{ d | time(f) }}", { d: at, f: "SECRET_KEY" })).to.equal("");
      });
    }),
  );

  it(
    "R12: only the names of date and number formats are looked up",
    override_settings({ TIME_ZONE: "UTC", SHORT_DATE_FORMAT: "Y" })(() => {
      expect(date(at, "SHORT_DATE_FORMAT")).to.equal("2026");
      for (const name of ["DATABASES", "constructor", "__proto__", "toString", "LANGUAGE_CODE"])
        expect(date(at, name)).not.to.include("object").and.not.to.include("en-us");
    }),
  );
});

const PROJECT = new URL("../../", import.meta.url);
const docs = readFileSync(new URL("docs/templates.md", PROJECT), "utf8").replace(/\s+/g, " ");

describe("security/template_filters: templates as code", () => {
  const source = "{{ 6 * 7 }}";

  it("R17: only from_string takes the text of a template; elsewhere it is a name", () => {
    const made = engine();
    expect(made.from_string(source).render()).to.equal("42");
    expect(() => made.get_template(source)).to.throw(TemplateDoesNotExist);
    override_settings({ TEMPLATES: [{ BACKEND: Nunjucks }] })(() => {
      expect(() => render_to_string(source)).to.throw(TemplateDoesNotExist);
      expect(() => render_to_string([source])).to.throw(TemplateDoesNotExist);
    })();
    expect(() => made.from_string("{% include name %}").render({ name: source })).to.throw(
      TemplateDoesNotExist,
    );
  });

  it("R17: text in a context is never a template", () => {
    expect(render("{{ x }}{{ x | safe }}", { x: source })).to.equal(source + source);
  });

  it("R17: the documentation says that a template is code", () => {
    expect(docs).to.include("A template is code");
    expect(docs).to.match(/give `from_string` no text from a request/);
  });

  it("R18: the documentation says what escaping does not cover", () => {
    expect(docs).to.match(/quote every attribute/);
    expect(docs).to.include("`javascript:`");
  });

  it("R18: as in Django, escaping covers neither unquoted attributes nor javascript: URLs", () => {
    expect(render("<a href={{ x }}>", { x: "a onclick=f()" })).to.equal("<a href=a onclick=f()>");
    expect(render('<a href="{{ x }}">', { x: "javascript:f()" })).to.equal(
      '<a href="javascript:f()">',
    );
  });
});

/** The templates below a folder of the project. */
function templates(folder: string): string[] {
  const found = readdirSync(new URL(folder, PROJECT), { recursive: true, encoding: "utf8" });
  return found.filter((path) => path.endsWith(".html")).map((path) => `${folder}${path}`);
}

/** The tags of a template, with nothing in place of what its quotes, variables and statements hold. */
function tags(source: string): string[] {
  const html = source
    .replace(/\{#[^]*?#\}|\{%[^]*?%\}|<!--[^]*?-->/g, "")
    .replace(/\{\{[^]*?\}\}/g, "V");
  return [...html.matchAll(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi)].map(([tag]) =>
    tag.replace(/"[^"]*"|'[^']*'/g, '""'),
  );
}

function unquoted(source: string): string[] {
  return tags(source).filter((tag) => /=(?!"")/.test(tag));
}

describe("security/template_filters: attributes", () => {
  for (const path of [...templates("demo/"), ...templates("templates/")]) {
    it(`R18: ${path} quotes every attribute`, () => {
      const source = readFileSync(new URL(path, PROJECT), "utf8");
      expect(unquoted(source)).to.deep.equal([]);
    });
  }

  it("R18: an attribute without quotes would be found", () => {
    expect(unquoted("<a href={{ url('x', n=1) }}>")).to.deep.equal(["<a href=V>"]);
    expect(unquoted("<p class='{{ a }}' {% if x == 1 %}id=a{% endif %}>")).to.have.length(1);
    expect(unquoted('<a href="{{ url("x") }}" title=\'{{ a > b }}\'>')).to.deep.equal([]);
  });
});
