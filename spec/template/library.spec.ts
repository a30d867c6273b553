import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { Nunjucks, TemplateDoesNotExist, TemplateSyntaxError } from "nuages/template";
import type { Context } from "nuages/template/context";
import { stringfilter } from "nuages/template/defaultfilters";
import { Library } from "nuages/template/library";
import { mark_safe, SafeString } from "nuages/utils/safestring";

const TEMPLATES = { "one.html": "<i>{{ v }}{{ csrf_token }}{{ hidden }}</i>" };

function rendered(
  register: Library,
  source: string,
  context: Record<string, unknown> = {},
): string {
  const OPTIONS = { libraries: [register], templates: TEMPLATES };
  const engine = new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS });
  return engine.from_string(source).render(context);
}

describe("template/library: filters", () => {
  it("are registered under a name, or that of the function", () => {
    const register = new Library();
    const shout = register.filter("loud", (value: unknown) => `${String(value)}!`);
    register.filter(function twice(value: unknown, by?: unknown) {
      return `${String(value)}${String(by ?? value)}`;
    });
    expect(shout("a")).to.equal("a!");
    expect(Object.keys(register.filters)).to.deep.equal(["loud", "twice"]);
    expect(
      rendered(register, "{{ x | loud }} {{ x | twice }} {{ x | twice('-') }}", { x: "a" }),
    ).to.equal("a! aa a-");
  });

  it("are escaped, and keep what is safe only with is_safe", () => {
    const register = new Library();
    register.filter("plain", (value: unknown) => String(value));
    register.filter("kept", (value: unknown) => String(value), { is_safe: true });
    const source = "{{ x | plain }} {{ x | safe | plain }} {{ x | kept }} {{ x | safe | kept }}";
    expect(rendered(register, source, { x: "<b>" })).to.equal("&lt;b&gt; &lt;b&gt; &lt;b&gt; <b>");
  });

  it("are told whether the template escapes, with needs_autoescape", () => {
    const register = new Library();
    const told: unknown[] = [];
    register.filter(
      "told",
      (value: unknown, arg: unknown, autoescape: unknown) => told.push([value, arg, autoescape]),
      { needs_autoescape: true },
    );
    rendered(register, "{{ 1 | told(2) }}{{ 1 | told }}");
    expect(told).to.deep.equal([
      [1, 2, true],
      [1, undefined, true],
    ]);
  });

  it("count before Django's of the same name", () => {
    const register = new Library();
    register.filter("upper", () => "mine");
    expect(rendered(register, "{{ 'x' | upper }}")).to.equal("mine");
  });

  it("stringfilter gives the function text, and marks what it makes of safe text if it is registered so", () => {
    const first = stringfilter((value: string, count?: number) => value.slice(0, count ?? 1));
    expectTypeOf(first).parameter(0).toEqualTypeOf<unknown>();
    expect(first(123, 2)).to.equal("12");
    expect(first(mark_safe("<b>"))).to.equal("<");
    new Library().filter("first", first, { is_safe: true });
    expect(first(mark_safe("<b>"))).to.deep.equal(new SafeString("<"));
    expect(first("<b>")).to.equal("<");
  });

  it("have a name that can be written, and a function", () => {
    const register = new Library();
    expect(() => register.filter(() => "")).to.throw(ValueError, /no name/);
    expect(() => register.filter("a b", () => "")).to.throw(ValueError, /a b/);
    expect(() => register.filter("x", undefined as never)).to.throw(ValueError, /needs a function/);
  });

  it("cannot wait", () => {
    const register = new Library();
    register.filter("x", (value: unknown) => value);
    expect(() => rendered(register, "{{ p | x }}", { p: Promise.resolve() })).to.throw(
      TemplateSyntaxError,
      /promise/,
    );
  });
});

describe("template/library: tags", () => {
  it("simple_tag prints what the function gives, escaped unless it is safe", () => {
    const register = new Library();
    register.simple_tag(function tag(text: string, options?: { safe?: boolean }) {
      return options?.safe ? mark_safe(text) : text;
    });
    const source = "{{ tag('<b>') }}{{ tag('<b>', safe=true) }}{% set x = tag('y') %}{{ x }}";
    expect(rendered(register, source)).to.equal("&lt;b&gt;<b>y");
  });

  it("simple_tag takes the context, and sets values in it", () => {
    const register = new Library();
    register.simple_tag(
      (context: Context, name: string) => {
        context.set("seen", "yes");
        return context.get(name, "nothing");
      },
      { takes_context: true, name: "show" },
    );
    const source = "{{ show('a') }} {{ show('b') }} {{ seen }}";
    expect(rendered(register, source, { a: "<1>" })).to.equal("&lt;1&gt; nothing yes");
  });

  it("simple_block_tag is given the content of a call block", () => {
    const register = new Library();
    register.simple_block_tag(
      (content: SafeString, level: string) =>
        mark_safe(`<p class="${level}">${String(content)}</p>`),
      { name: "box" },
    );
    expect(rendered(register, "{% call box('n') %}{{ x }}{% endcall %}", { x: "<b>" })).to.equal(
      '<p class="n">&lt;b&gt;</p>',
    );
    expect(() => rendered(register, "{{ box('n') }}")).to.throw(TypeError, /content/);
    expect(() => register.simple_block_tag(() => "", { name: "x", end_name: "endx" })).to.throw(
      ValueError,
    );
  });

  it("inclusion_tag shows a template with what the function gives, and the token", () => {
    const register = new Library();
    register.inclusion_tag("one.html", function one(v: unknown) {
      return { v };
    });
    const context = { csrf_token: "T", hidden: "no" };
    expect(rendered(register, "{{ one('<b>') }}", context)).to.equal("<i>&lt;b&gt;T</i>");
  });

  it("inclusion_tag takes the first template that exists, or a template", () => {
    const register = new Library();
    const values = (): Record<string, unknown> => ({ v: 1 });
    register.inclusion_tag(["none.html", "one.html"], values, { name: "some" });
    register.inclusion_tag(["none.html"], values, { name: "missing" });
    register.inclusion_tag({ render: ({ v }) => `<u>${String(v)}</u>` }, values, { name: "made" });
    expect(rendered(register, "{{ some() }}{{ made() }}")).to.equal("<i>1</i><u>1</u>");
    expect(() => rendered(register, "{{ missing() }}")).to.throw(TemplateDoesNotExist);
  });

  it("inclusion_tag takes the context, and a Context or Map from the function", () => {
    const register = new Library();
    const given = (context: Context): Context => context;
    register.inclusion_tag("one.html", given, { takes_context: true, name: "all" });
    register.inclusion_tag("one.html", () => new Map([["v", 2]]), { name: "map" });
    expect(rendered(register, "{{ all() }}{{ map() }}", { v: 1, hidden: 3 })).to.equal(
      "<i>13</i><i>2</i>",
    );
  });

  it("inclusion_tag refuses what is no object of values", () => {
    const register = new Library();
    register.inclusion_tag("one.html", () => "text", { name: "bad" });
    expect(() => rendered(register, "{{ bad() }}")).to.throw(TypeError, /bad/);
  });

  it("tag is a function that templates call as it is", () => {
    const register = new Library();
    register.tag("now", () => "now");
    register.tag_function(function later() {
      return this.lookup("x");
    });
    expect(rendered(register, "{{ now() }} {{ later() }}", { x: 5 })).to.equal("now 5");
    expect(() => register.tag("x", undefined as never)).to.throw(ValueError);
  });
});
