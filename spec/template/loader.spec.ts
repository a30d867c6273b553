import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Nunjucks, TemplateDoesNotExist, TemplateSyntaxError } from "nuages/template";
import { get_template, render_to_string, select_template } from "nuages/template/loader";
import { InvalidTemplateEngineError } from "nuages/template/utils";
import { override_settings } from "nuages/test/utils";

const site = override_settings({
  TEMPLATES: [
    {
      BACKEND: Nunjucks,
      NAME: "first",
      DIRS: ["/nowhere/first"],
      OPTIONS: { templates: { "both.html": "first", "broken.html": "{% if %}" } },
    },
    {
      BACKEND: Nunjucks,
      NAME: "second",
      OPTIONS: {
        templates: { "both.html": "second", "own.html": "own {{ x }}", "broken.html": "fine" },
      },
    },
  ],
});

function caught(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("template/loader", () => {
  beforeEach(() => {
    site.enable();
  });
  afterEach(() => {
    site.disable();
  });

  it("asks the engines in order", () => {
    expect(get_template("both.html").render()).to.equal("first");
    expect(get_template("own.html").render({ x: 1 })).to.equal("own 1");
  });

  it("asks only the engine that `using` names", () => {
    expect(get_template("both.html", { using: "second" }).render()).to.equal("second");
    expect(() => get_template("own.html", { using: "first" })).to.throw(TemplateDoesNotExist);
    expect(() => get_template("own.html", { using: "third" })).to.throw(InvalidTemplateEngineError);
  });

  it("goes no further than the first engine that has the template, broken or not", () => {
    expect(() => get_template("broken.html")).to.throw(TemplateSyntaxError);
  });

  it("gathers the failures of all engines, and every place that was searched", () => {
    const error = caught(() => get_template("no.html"));
    if (!(error instanceof TemplateDoesNotExist)) throw new Error("it did not fail as it should");
    expect(error.template_name).to.equal("no.html");
    expect(error.chain.map(({ backend }) => backend?.name)).to.deep.equal(["first", "second"]);
    expect(error.message).to.include("/nowhere/first/no.html");
  });

  it("selects by name first, then by engine", () => {
    expect(select_template(["no.html", "own.html", "both.html"]).name).to.equal("own.html");
  });

  it("does not take a text for a list of names", () => {
    expect(() => select_template("own.html")).to.throw(TypeError);
  });

  it("selects nothing from an empty list", () => {
    expect(() => select_template([])).to.throw(TemplateDoesNotExist);
  });

  it("renders a template, or the first of several, to a text", () => {
    expect(render_to_string("own.html", { x: "<" })).to.equal("own &lt;");
    expect(render_to_string(["no.html", "both.html"], null, { using: "second" })).to.equal(
      "second",
    );
  });
});
