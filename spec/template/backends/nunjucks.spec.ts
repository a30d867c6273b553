import { expect } from "chai";
import { describe, it } from "mocha";
import nunjucks from "nunjucks";
import { ImproperlyConfigured, PermissionDenied, ValueError } from "nuages/core/exceptions";
import { Http404 } from "nuages/http";
import { HttpRequest } from "nuages/http/request";
import { Nunjucks, type NunjucksOptions } from "nuages/template";
import { SafeString } from "nuages/utils/safestring";
import { override_settings } from "nuages/test/utils";

/** An engine of these templates. */
export function engine(templates: Record<string, string>, more: NunjucksOptions = {}): Nunjucks {
  const OPTIONS = { templates, ...more };
  return new Nunjucks({ NAME: "nunjucks", DIRS: [], APP_DIRS: false, OPTIONS });
}

function render(template: string, context: Record<string, unknown> = {}): string {
  return engine({}).from_string(template).render(context);
}

describe("template/backends/nunjucks: what is printed", () => {
  const printed: [value: unknown, text: string][] = [
    ["<b> & \"q\" 'a'", "&lt;b&gt; &amp; &quot;q&quot; &#x27;a&#x27;"], // Django's form of the last
    ["\\ ` /", "\\ ` /"], // exactly Django's five characters
    [undefined, ""],
    [null, "None"],
    [true, "True"],
    [1.5, "1.5"],
    [1e21, "1000000000000000000000"],
    [["<", 1], "[&#x27;&lt;&#x27;, 1]"],
    [new SafeString("<b>"), "<b>"],
    [{ __html__: () => "<i>" }, "<i>"],
    [{ val: "<b>", length: 3 }, "{&#x27;val&#x27;: &#x27;&lt;b&gt;&#x27;, &#x27;length&#x27;: 3}"],
    [{ __html__: "<b>" }, "{&#x27;__html__&#x27;: &#x27;&lt;b&gt;&#x27;}"],
    [{ toString: 1 }, "{&#x27;toString&#x27;: 1}"],
    [Object.assign(Object.create(null), { a: "<" }), "{&#x27;a&#x27;: &#x27;&lt;&#x27;}"],
    [{ toString: () => "<o>" }, "&lt;o&gt;"],
    [() => "<called>", "&lt;called&gt;"],
    [class Hidden {}, ""],
    [(needed: string) => needed, ""],
  ];
  for (const [value, text] of printed) {
    it(`prints ${nameof(value)} as ${text}`, () => {
      expect(render("{{ v }}", { v: value })).to.equal(text);
    });
  }

  it("does not escape with autoescape off", () => {
    const plain = engine({ "a.txt": "{{ v }} {{ n }}" }, { autoescape: false });
    expect(plain.get_template("a.txt").render({ v: "<", n: null })).to.equal("< None");
  });

  it("escapes once what blocks, macros, callers and filter blocks print", () => {
    const template =
      "{% set s %}<b>{{ v }}</b>{% endset %}{{ s }}" +
      "{% macro m(x) %}<i>{{ x }}{{ caller() }}</i>{% endmacro %}{% call m(v) %}{{ v }}{% endcall %}" +
      "{% filter upper %}<u>{{ v }}</u>{% endfilter %}";
    expect(render(template, { v: "<" })).to.equal("<b>&lt;</b><i>&lt;&lt;</i><U>&LT;</U>");
  });

  it("forgets that a text is safe once something was added to it", () => {
    expect(render("{{ a + b }}{{ a ~ b }}", { a: new SafeString("<b>"), b: "<" })).to.equal(
      "&lt;b&gt;&lt;".repeat(2),
    );
  });

  it("takes the mark of nunjucks' own safe filter", () => {
    expect(render("{{ '<b>' | safe }}")).to.equal("<b>");
  });

  it("says that it cannot wait for a promise", () => {
    expect(() => render("{{ v }}", { v: Promise.resolve(1) })).to.throw("await it in the view");
  });
});

describe("template/backends/nunjucks: values", () => {
  const rendered: [template: string, context: Record<string, unknown>, text: string][] = [
    ["{{ o.f }}", { o: { f: () => "called" } }, "called"],
    ["{{ o.f.x }}", { o: { f: () => ({ x: 1 }) } }, "1"],
    ["{{ o.f(2) }}", { o: { f: (n: number) => n + 1 } }, "3"],
    [
      "{{ o.f() }}",
      {
        o: new (class {
          #x = 7;
          f(): number {
            return this.#x;
          }
        })(),
      },
      "7",
    ],
    ["{{ m.k }} {{ m.other }}", { m: new Map([["k", "v"]]) }, "v "],
    ["{{ a.b.c.d }}", { a: {} }, ""],
    ["{{ l[1] }}{{ o['k'] }}{{ o[k] }}", { l: [1, 2], o: { k: 3 }, k: "k" }, "233"],
    ["{{ o.constructor }}", { o: { constructor: "Lotus" } }, "Lotus"],
    ["{% if l %}y{% else %}n{% endif %}", { l: [] }, "n"],
    ["{% if o %}y{% else %}n{% endif %}", { o: {} }, "n"],
    ["{% if not l and (s or 1) %}y{% endif %}", { l: [], s: "" }, "y"],
    ["{{ l or 'none' }}{{ l and 1 }}", { l: [] }, "none[]"],
    ["{{ 'y' if l else 'n' }}{{ 'y' if l }}", { l: [] }, "n"],
    ["{{ not a == 2 }}", { a: 1 }, "True"],
    [
      "{{ 1 in l }} {{ 'b' in 'abc' }} {{ 'k' in o }} {{ 'x' in null }}",
      { l: [1], o: { k: 0 } },
      "True True True False",
    ],
    ["{{ 'toString' in o }}", { o: {} }, "False"],
    ["{{ {'__proto__': 1}.x }}", {}, ""],
  ];
  for (const [template, context, text] of rendered) {
    it(`renders ${template}`, () => {
      expect(render(template, context)).to.equal(text);
    });
  }

  it("looks a name up in a dictionary before among its methods, as Django does", () => {
    class Form {
      has(key: string): boolean {
        return key === "get";
      }
      getitem(key: string): string {
        return `the field ${key}`;
      }
      get(): string {
        return "the method";
      }
    }
    expect(render("{{ f.get }}", { f: new Form() })).to.equal("the field get");
  });

  it("leaves the context it is given alone", () => {
    const context = Object.freeze({ x: 1 });
    expect(render("{% set x = 2 %}{% set y = 3 %}{{ x }}{{ y }}", context)).to.equal("23");
    expect(context).to.deep.equal({ x: 1 });
  });
});

describe("template/backends/nunjucks: loops", () => {
  const rendered: [template: string, context: Record<string, unknown>, text: string][] = [
    ["{% for x in l %}{{ x }}{% endfor %}", { l: [1, 2] }, "12"],
    ["{% for x in l %}{{ x }}{% else %}none{% endfor %}", { l: [] }, "none"],
    ["{% for x in l %}{{ x }}{% else %}none{% endfor %}", {}, "none"],
    ["{% for x in l %}{{ x }}{% endfor %}", { l: new Set([1, 2]) }, "12"],
    ["{% for x in l %}{{ x }},{% endfor %}", { l: "a😀" }, "a,😀,"],
    ["{% for k in o %}{{ k }}{% endfor %}", { o: { a: 1, b: 2 } }, "ab"],
    ["{% for k, v in o %}{{ k }}{{ v }}{% endfor %}", { o: { a: 1, b: 2 } }, "a1b2"],
    ["{% for k, v in o %}{{ k }}{{ v }}{% endfor %}", { o: new Map([["a", 1]]) }, "a1"],
    ["{% for a, b in l %}{{ a }}{{ b }};{% endfor %}", { l: [[1, 2], [3]] }, "12;3;"],
    [
      "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{% endfor %}",
      { l: [0] },
      "1010TrueTrue1",
    ],
    [
      "{% for x in l %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}{{ forloop.first }}{{ forloop.last }}{{ forloop.length }}{% endfor %}",
      { l: [0] },
      "1010TrueTrue1",
    ],
    [
      "{% for x in l %}{% for y in l %}{{ forloop.parentloop.counter }}{{ forloop.counter }} {% endfor %}{% endfor %}",
      { l: [0, 0] },
      "11 12 21 22 ",
    ],
    ["{% for x in l %}{% set y = x %}{% endfor %}{{ y }}", { l: [1] }, ""],
    ["{% set y = 0 %}{% for x in l %}{% set y = x %}{% endfor %}{{ y }}", { l: [1, 2] }, "2"],
    ["{% for x in l %}{{ x }}{% endfor %}{{ x }}", { l: [1], x: "outer" }, "1outer"],
    ["{% asyncEach x in l %}{{ x }}{% endeach %}", { l: [1, 2] }, "12"],
  ];
  for (const [template, context, text] of rendered) {
    it(`renders ${template} as ${text}`, () => {
      expect(render(template, context)).to.equal(text);
    });
  }

  it("shows the loop to what the body includes", () => {
    const { env } = engine({
      "list.html": "{% for x in l %}{% include 'item.html' %}{% endfor %}",
      "item.html": "{{ x }}{{ loop.index }}{{ forloop.last }} ",
    });
    expect(env.render("list.html", { l: ["a", "b"] })).to.equal("a1False b2True ");
  });

  it("refuses a range of more than a million numbers", () => {
    expect(() => render("{% for x in range(100000000) %}{% endfor %}")).to.throw(ValueError);
    expect(render("{{ range(3) }}{{ range(5, 1, -2) }}{{ range(0) }}")).to.equal(
      "[0, 1, 2][5, 3][]",
    );
  });
});

describe("template/backends/nunjucks: several templates", () => {
  const site = {
    "base.html": "[{% block a %}A{% endblock %}|{% block b %}B{{ x }}{% endblock %}]",
    "child.html": "{% extends 'base.html' %}ignored{% block a %}child {{ super() }}{% endblock %}",
    "grandchild.html": "{% extends 'child.html' %}{% block a %}grand {{ super() }}{% endblock %}",
    "dir/page.html":
      "{% extends '../base.html' %}{% block b %}{% include './part.html' %}{% endblock %}",
    "dir/part.html": "part {{ x }}",
    "forms.html":
      "{% macro field(name, type='text') %}<{{ name }} {{ type }}>{% endmacro %}{% set v = 1 %}",
    "uses.html": "{% import 'forms.html' as forms %}{{ forms.field('a') }}{{ forms.v }}",
    "from.html": "{% from 'forms.html' import field as f %}{{ f('<', type='b') }}",
    "any.html": "{% include ['none.html', 'dir/part.html'] %}",
    "optional.html": "{% include 'none.html' ignore missing %}ok",
    "parent.html": "{% extends parent %}",
  };
  const rendered: [name: keyof typeof site, text: string][] = [
    ["child.html", "[child A|Bx]"],
    ["grandchild.html", "[grand child A|Bx]"],
    ["dir/page.html", "[A|part x]"],
    ["uses.html", "<a text>1"],
    ["from.html", "<&lt; b>"],
    ["any.html", "part x"],
    ["optional.html", "ok"],
  ];
  for (const [name, text] of rendered) {
    it(`renders ${site[name]}`, () => {
      expect(engine(site).get_template(name).render({ x: "x" })).to.equal(text);
    });
  }

  it("extends a template that the context gives", () => {
    const templates = engine(site);
    const parent = templates.get_template("base.html");
    expect(templates.get_template("parent.html").render({ parent })).to.equal("[A|B]");
  });
});

describe("template/backends/nunjucks: the environment", () => {
  it("is the place for filters, globals and tags of the site", () => {
    const environment = ({
      loader,
      ...options
    }: {
      loader: nunjucks.ILoader;
    }): nunjucks.Environment =>
      new nunjucks.Environment(loader, options)
        .addFilter("shout", (text: string) => `${text}!`)
        .addGlobal("site", "Ours");
    const made = engine({ "a.html": "{{ site }} {{ 'hey' | shout }}" }, { environment });
    expect(made.get_template("a.html").render()).to.equal("Ours hey!");
    made.env.addFilter("twice", (text: string) => text + text);
    expect(made.from_string("{{ 'a' | twice }}").render()).to.equal("aa");
  });

  it("may have loaders of the site", () => {
    const environment = (): nunjucks.Environment =>
      new nunjucks.Environment({
        getSource: (name: string) => ({ src: `from ${name}`, path: name, noCache: false }),
      });
    expect(engine({}, { environment }).get_template("db").render()).to.equal("from db");
  });

  it("may not have an asynchronous loader", () => {
    const environment = (): nunjucks.Environment =>
      new nunjucks.Environment({ async: true, getSource: () => undefined });
    expect(() => engine({}, { environment })).to.throw(ImproperlyConfigured);
  });

  it("passes tags and white space options on", () => {
    const options = { trimBlocks: true, tags: { variableStart: "<$", variableEnd: "$>" } };
    expect(
      engine({}, options).from_string("{% if 1 %}\n<$ x $>{% endif %}").render({ x: 1 }),
    ).to.equal("1");
  });

  it("takes an extension's tags", () => {
    const extension = {
      tags: ["hello"],
      parse(
        parser: { nextToken(): { value: string }; advanceAfterBlockEnd(name: string): void },
        nodes: { CallExtension: new (...args: unknown[]) => unknown },
      ): unknown {
        parser.advanceAfterBlockEnd(parser.nextToken().value);
        return new nodes.CallExtension(this, "run");
      },
      run: (context: { lookup(name: string): unknown }) => `<hello ${String(context.lookup("x"))}>`,
    };
    const made = engine({});
    made.env.addExtension("hello", extension);
    expect(made.from_string("{% hello %}").render({ x: 1 })).to.equal("&lt;hello 1&gt;");
  });
});

describe("template/backends/nunjucks: names without a value", () => {
  function shown(template: string, debug: boolean, options: NunjucksOptions = {}): string {
    const setting = override_settings({ DEBUG: debug });
    setting.enable();
    try {
      return engine({}, options)
        .from_string(template)
        .render({ o: { k: undefined } });
    } finally {
      setting.disable();
    }
  }

  it("print nothing", () => {
    expect(shown("{{ x }}{{ o.x }}{{ x.y }}", false)).to.equal("");
  });

  it("are shown while DEBUG, but not a member that is there and has no value", () => {
    expect(shown("{{ x }} {{ o.x }} {{ x['y z'] }}", true)).to.equal(
      "{{ x }} {{ o.x }} {{ x[&quot;y z&quot;] }}",
    );
    expect(shown("{{ o.k }}", true)).to.equal("");
  });

  it("print nothing while DEBUG either, if throwOnUndefined is false", () => {
    expect(shown("{{ x }}{{ o.x }}", true, { throwOnUndefined: false })).to.equal("");
  });

  it("are errors, if throwOnUndefined is true", () => {
    expect(() => shown("{{ o.x }}", false, { throwOnUndefined: true })).to.throw(
      "o.x has no value",
    );
  });
});

describe("template/backends/nunjucks: the request", () => {
  const request = new HttpRequest();
  request.path = "/here/";

  it("is known to a template that is rendered with it", () => {
    expect(engine({}).from_string("{{ request.path }}").render({}, request)).to.equal("/here/");
    expect(engine({}).from_string("{{ request.path }}").render({})).to.equal("");
  });

  it("is given to the context processors, whose values come before the context's", () => {
    const context_processors = [(r: HttpRequest) => ({ a: r.path, b: 1 }), () => ({ b: 2 })];
    const made = engine({}, { context_processors });
    expect(made.from_string("{{ a }}{{ b }}{{ c }}").render({ b: 0, c: 3 }, request)).to.equal(
      "/here/23",
    );
    expect(made.from_string("{{ a }}{{ b }}{{ c }}").render({ b: 0, c: 3 })).to.equal("03");
  });
});

describe("template/backends/nunjucks: a context processor", () => {
  for (const value of [undefined, null, "text", Promise.resolve({})]) {
    it(`that gives ${nameof(value)} is named in an error`, () => {
      const faulty = (): never => value as never; // as JavaScript may write it
      const made = engine({}, { context_processors: [faulty] });
      expect(() => made.from_string("").render({}, new HttpRequest())).to.throw(
        TypeError,
        "faulty",
      );
    });
  }
});

describe("template/backends/nunjucks: errors", () => {
  const site = {
    "boom.html": "1\n2 {{ ok }}\n  {{ boom() }}\n4",
    "outer.html": "\n\n\n{% include 'boom.html' %}",
    "child.html": "{% extends 'parent.html' %}\n{% block b %}\n{{ boom() }}{% endblock %}",
    "parent.html": "\n\n\n{% block b %}{% endblock %}{{ boom2() }}",
    "macros.html": "\n{% macro m() %}\n{{ boom() }}{% endmacro %}",
    "macro.html": "{% import 'macros.html' as x with context %}{{ x.m() }}",
    "broken.html": "a\nb {% if %}\nc",
    "filter.html": "\n{{ x | nofilter }}",
    "include.html": "\n{% include 'missing.html' %}",
    "call.html": "\n{{ nothing.at.all() }}",
    "open.html": "1\n{% if x %}\n3\n",
  };
  const places: [name: keyof typeof site, place: string, ...more: string[]][] = [
    ["boom.html", "boom.html, line 3", "{{ boom() }}", "ouch"],
    ["outer.html", "boom.html, line 3"],
    ["child.html", "child.html, line 3"],
    ["macro.html", "macros.html, line 3"],
    ["broken.html", "broken.html, line 2", "b {% if %}"],
    ["filter.html", "filter.html, line 2", "nofilter"],
    ["include.html", "include.html, line 2", "missing.html"],
    ["call.html", "call.html, line 2", "nothing.at.all"],
    ["open.html", "open.html, line 3", "endif"],
  ];
  function boom(): never {
    throw new ValueError("ouch");
  }
  for (const [name, ...parts] of places) {
    it(`say that ${parts.join(", ")}`, () => {
      const fails = (): string => engine(site).get_template(name).render({ boom });
      for (const part of parts) expect(fails).to.throw(part);
    });
  }

  it("stay what they were, with the place in message, stack and template_debug", () => {
    const thrown = new ValueError("ouch");
    const fails = (): string =>
      engine(site)
        .get_template("boom.html")
        .render({ boom: () => raise(thrown) });
    expect(fails).to.throw(thrown);
    expect(thrown.stack).to.match(/ouch\n.*\n.*\n    at template \(<memory>\/boom\.html:3:\d+\)\n/);
    expect(thrown).to.have.nested.property("template_debug.line", 3);
    expect(Object.keys(thrown)).to.deep.equal([]);
  });

  for (const answer of [new Http404("not here"), new PermissionDenied("not you")]) {
    it(`keep the message of ${answer.name}, which clients may see`, () => {
      const fails = (): string =>
        engine({})
          .from_string("{{ f() }}")
          .render({ f: () => raise(answer) });
      expect(fails).to.throw(answer);
      expect(answer.message).to.match(/^not (?:here|you)$/);
    });
  }

  for (const value of [null, undefined, "text", Symbol("s"), {}]) {
    it(`are made of ${nameof(value)}, thrown`, () => {
      const fails = (): string =>
        engine({})
          .from_string("{{ f() }}")
          .render({ f: () => raise(value) });
      expect(fails).to.throw("<template>, line 1");
    });
  }

  it("do not stop at an error that cannot be changed", () => {
    const frozen = Object.freeze(new Error("cold"));
    expect(() => render("{{ f() }}", { f: () => raise(frozen) })).to.throw(frozen);
  });
});

function raise(value: unknown): never {
  throw value; // oxlint-disable-line typescript/only-throw-error -- what programs may throw
}

function nameof(value: unknown): string {
  if (typeof value === "function")
    return `a ${String(value).startsWith("class") ? "class" : "function"}`;
  return typeof value === "object" && value !== null && !(Symbol.iterator in value)
    ? `{${Object.keys(value).join()}}`
    : String(value);
}
