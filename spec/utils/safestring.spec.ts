/** Specification of nuages/utils/safestring. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import nunjucks from "nunjucks";
import { conditional_escape } from "nuages/utils/html";
import { mark_safe, SafeData, SafeString, SafeText } from "nuages/utils/safestring";
// for what it does when it is loaded: nunjucks learns of our safe strings
import { Nunjucks } from "nuages/template/backends/nunjucks";

describe("utils/safestring", () => {
  const safe = mark_safe("<b>");

  it("marks a text, which stays a text for everything else", () => {
    expect(safe).to.be.instanceOf(SafeString);
    expect(`${safe}|${safe.length}|${safe.slice(1)}|${JSON.stringify({ safe })}`).to.equal(
      '<b>|3|b>|{"safe":"<b>"}',
    );
    expect(String(mark_safe(5))).to.equal("5");
  });

  it("loses the mark in every operation", () => {
    const joined = safe.concat(`${mark_safe("<i>")}`);
    expect(joined).to.equal("<b><i>");
    expect(String(conditional_escape(joined))).to.equal("&lt;b&gt;&lt;i&gt;");
  });

  it("leaves what knows its own HTML as it is", () => {
    const own = { __html__: () => "<u>" };
    expect(mark_safe(own)).to.equal(own);
    expect(mark_safe(safe)).to.equal(safe);
    expect(String(conditional_escape(own))).to.equal("<u>");
  });

  it("makes a function whose result is marked", () => {
    const shout = mark_safe((text: string, mark: string) => text.toUpperCase() + mark);
    expectTypeOf(shout).toEqualTypeOf<(text: string, mark: string) => SafeString>();
    expect(shout("a", "!")).to.be.instanceOf(SafeString);
    expect(String(shout("a", "!"))).to.equal("A!");
  });

  it("counts as SafeData, like a subclass of it and nunjucks' own safe strings", () => {
    class Own extends SafeData {}
    expect(safe instanceof SafeData).to.equal(true);
    expect(new Own() instanceof SafeData).to.equal(true);
    expect(new nunjucks.runtime.SafeString("<b>") instanceof SafeData).to.equal(true);
    expect(safe instanceof Own).to.equal(false);
    for (const other of ["<b>", new String("<b>"), { val: "<b>" }, null])
      expect(other instanceof SafeData, inspect(other)).to.equal(false);
  });

  it("is known by its old name", () => {
    expect(SafeText).to.equal(SafeString);
  });

  it("prints as Python's repr", () => {
    expect(inspect(mark_safe("it's"))).to.equal('"it\'s"');
  });

  it("is not escaped by nunjucks, nor nunjucks' own by us", () => {
    expect(Nunjucks).to.be.a("function");
    const env = nunjucks.configure({ autoescape: true });
    expect(env.renderString("{{ a }}{{ b }}{{ b | safe }}", { a: safe, b: "<i>" })).to.equal(
      "<b>&lt;i&gt;<i>",
    );
    expect(String(conditional_escape(new nunjucks.runtime.SafeString("<i>")))).to.equal("<i>");
  });
});
