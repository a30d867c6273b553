/** Security of templates: what they cannot reach, what they escape, and that no value makes them run long. @module */
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { AbstractBaseUser } from "nuages/contrib/auth/base_user";
import { SessionBase } from "nuages/contrib/sessions/backends/base";
import { ValueError } from "nuages/core/exceptions";
import { render as render_response } from "nuages/shortcuts";
import { Nunjucks, TemplateDoesNotExist, TemplateSyntaxError } from "nuages/template";
import { mark_safe } from "nuages/utils/safestring";
import { get_language, override } from "nuages/utils/translation";
import { cpu_time } from "../support/cpu_time.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { turns } from "../support/turns.ts";
import { ask } from "../support/ask.ts";

type Values = Record<string, unknown>;

function engine(options: Values = {}, DIRS: string[] = []): Nunjucks {
  return new Nunjucks({ NAME: "n", DIRS, APP_DIRS: false, OPTIONS: options });
}
const plain = engine();
function render(template: string, context: Values = {}): string {
  return plain.from_string(template).render(context);
}
/** What JSON from a client makes. */
function json(text: string): unknown {
  return JSON.parse(text) as unknown;
}

describe("security/templates: files", () => {
  const directory = temporary_directory({
    "tpl/page.html": "page",
    "tpl/sub/out.html": "{% include '../../tpl-secret/x.html' %}",
    "tpl-secret/x.html": "secret",
  });
  let made: Nunjucks;
  before(() => (made = engine({}, [directory.path("tpl")])));

  const outside: [name: string, given: (root: string) => unknown][] = [
    ["../tpl-secret/x.html", () => "../tpl-secret/x.html"],
    ["an absolute path", (root) => join(root, "tpl-secret/x.html")],
    ["sub/../../tpl-secret/x.html", () => "sub/../../tpl-secret/x.html"],
  ];
  for (const [name, given] of outside) {
    it(`R1: ${name} is not there, whoever asks for it`, () => {
      const n = given(directory.root);
      expect(() => made.get_template(String(n))).to.throw(TemplateDoesNotExist);
      for (const tag of ["include n", "extends n", "import n as m", "from n import m"])
        expect(() => made.from_string(`{% ${tag} %}`).render({ n }), tag).to.throw(
          TemplateDoesNotExist,
        );
    });
  }
  it("R1: a relative name does not leave the directory", () => {
    expect(() => made.get_template("sub/out.html").render()).to.throw(TemplateDoesNotExist);
    expect(made.get_template("page.html").render()).to.equal("page");
  });

  const names: [name: string, given: unknown][] = [
    ["../../etc/passwd", "../../etc/passwd"],
    ["/etc/passwd", "/etc/passwd"],
    ["a name with NUL", "page.html\0"],
    ["C:\\x", "C:\\x"],
    ["..\\x", "..\\x"],
    ["10 KB", "x".repeat(10_240)],
    ["nothing", ""],
    ["an object", { toString: () => "page.html" }],
    ["null", null],
    ["undefined", undefined],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
    ["a directory", "sub"],
  ];
  for (const [name, given] of names) {
    it(`R2: ${name} is no template`, () => {
      for (const tag of ["include n", "extends n", "import n as m"]) {
        const found = (): string => made.from_string(`{% ${tag} %}`).render({ n: given });
        expect(found, tag).to.throw(Error).that.satisfies(is_template_error);
      }
    });
  }
  function is_template_error(error: unknown): boolean {
    return error instanceof TemplateDoesNotExist || error instanceof TemplateSyntaxError;
  }
});

describe("security/templates: what they cannot reach", () => {
  const attacks: [template: string, context?: Values][] = [
    [`{{ "".constructor.constructor("return 7*7")() }}`],
    [`{{ range.constructor("return 7*7")() }}`],
    [`{{ cycler.constructor }}`],
    [`{{ joiner.constructor("return 7*7")() }}`],
    [`{{ x["__proto__"] }}`, { x: {} }],
    [`{{ x[k][k]("return 7*7")() }}`, { x: "", k: ["constructor"] }],
    [`{{ l | join(",", "constructor") }}`, { l: [{}] }],
    [`{{ l | sum("constructor") }}`, { l: [{}] }],
    [`{{ l | selectattr("constructor") | length or "" }}`, { l: [{}] }],
    [`{{ l | join(",", "constructor.constructor") }}`, { l: [{}] }],
    [`{% for g, i in l | groupby("constructor") %}{{ g }}{% endfor %}`, { l: [{}] }],
    [`{{ (l | sort(false, false, "constructor"))[0].constructor }}`, { l: [{}] }],
  ];
  for (const [template, context] of attacks) {
    it(`R3: ${template} shows nothing`, () => {
      let text = "";
      try {
        text = render(template, context);
      } catch (error) {
        expect(error).to.be.instanceOf(TemplateSyntaxError);
      }
      expect(text).not.to.match(/49|native code|Object/);
    });
  }

  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "evil"]) {
    it(`R4: ${name} is no name of an empty context`, () => {
      if (Object.isExtensible(Object.prototype))
        Object.defineProperty(Object.prototype, "evil", { configurable: true, value: "evil" });
      try {
        expect(render(`{{ ${name} }}`)).to.equal("");
      } finally {
        Reflect.deleteProperty(Object.prototype, "evil");
      }
    });
  }

  for (const template of ["{{ o._p }}", "{{ o.__class__ }}", "{{ o['_p'] }}", "{{ o._f() }}"]) {
    it(`R5: ${template} is a syntax error`, () => {
      expect(() => render(template, { o: { _p: 1 } })).to.throw(TemplateSyntaxError, "underscore");
    });
  }

  it("R6: a function that needs no arguments is called, one that alters data never", () => {
    let altered = 0;
    const f = (): string => "called";
    const g = Object.assign(() => `altered ${++altered}`, { alters_data: true });
    expect(render("{{ o.f }}{{ f }}{{ o.g }}{{ g }}", { o: { f, g }, f, g })).to.equal(
      "calledcalled",
    );
    expect(() => render("{{ o.g() }}", { o: { g } })).to.throw(TemplateSyntaxError);
    expect(
      render("{{ l | join(',', 'g') }}{{ l | selectattr('g') | length }}", { l: [{ g }] }),
    ).to.equal("0");
    expect(altered).to.equal(0);
  });

  class Session extends SessionBase {
    called: string[] = [];
    override flush(): void {
      this.called.push("flush");
    }
    override save(): void {
      this.called.push("save");
    }
    override delete_session(): void {
      this.called.push("delete_session");
    }
    override cycle_key(): void {
      this.called.push("cycle_key");
    }
    override exists(): boolean {
      return true;
    }
  }
  class User extends AbstractBaseUser {
    called: string[] = [];
    delete(): void {
      this.called.push("delete");
    }
    override set_unusable_password(): void {
      this.called.push("set_unusable_password");
    }
    override get_username(): string {
      return "name";
    }
  }
  const objects: [object: Session | User, harmless: string, altering: string[]][] = [
    [new Session(), "exists", ["flush", "save", "delete_session", "cycle_key", "clear", "aflush"]],
    [new User(), "get_username", ["delete", "set_unusable_password", "save"]],
  ];
  for (const [o, harmless, altering] of objects) {
    for (const method of altering) {
      it(`R6: ${o.constructor.name}.${method} is not called, by whatever way`, () => {
        const context = { o, m: method };
        expect(render(`{{ o.${method} }}{{ o[m] }}`, context)).to.equal("");
        for (const way of [
          `{{ o.${method}() }}`,
          "{{ o[m]() }}",
          `{% set f = o.${method} %}{{ f() }}`,
        ])
          expect(() => render(way, context), way).to.throw(TemplateSyntaxError, "changes data");
        expect(o.called).to.deep.equal([]);
        expect(render(`{{ o.${harmless} }}`, context)).not.to.equal("");
      });
    }
  }
});

describe("security/templates: sorting", () => {
  const l = [{ n: 2 }, { n: 1 }];
  for (const path of ["0.__class__", "constructor.name", "__proto__", "constructor", "toString"]) {
    it(`R13: sort by ${path} finds nothing to sort by`, () => {
      expect(
        render("{% for x in l | sort(false, false, path) %}{{ x.n }}{% endfor %}", { l, path }),
      ).to.equal("21");
    });
  }
  it("R13: sort by an own key sorts", () => {
    expect(
      render("{% for x in l | sort(false, false, 'n') %}{{ x.n }}{% endfor %}", { l }),
    ).to.equal("12");
  });
  it("R13: dictsort of JSON has its own keys only", () => {
    const d = json('{"b": 1, "__proto__": 2, "constructor": 3}');
    expect(render("{% for k, v in d | dictsort %}{{ k }}{{ v }} {% endfor %}", { d })).to.equal(
      "b1 constructor3 __proto__2 ",
    );
  });
  it("R11: there is no tag that shows the whole context", () => {
    expect(() => render("{% debug %}", { x: "<script>" })).to.throw(TemplateSyntaxError);
  });
});

describe("security/templates: escaping", () => {
  const ATTACK = "<b>&\"'\\`";
  const ESCAPED = "&lt;b&gt;&amp;&quot;&#x27;\\`";
  class Texted {
    toString(): string {
      return ATTACK;
    }
  }
  class Numbered extends Number {
    override toString(): string {
      return ATTACK;
    }
  }

  const bare: [what: string, value: unknown, text: string][] = [
    [
      "an object without a prototype",
      Object.assign(Object.create(null), { a: "<" }),
      "{&#x27;a&#x27;: &#x27;&lt;&#x27;}",
    ],
    ["JSON with a key toString", json('{"toString": 1}'), "{&#x27;toString&#x27;: 1}"],
    [
      "JSON with keys val and length",
      json('{"val": "<b>", "length": 3}'),
      "{&#x27;val&#x27;: &#x27;&lt;b&gt;&#x27;, &#x27;length&#x27;: 3}",
    ],
    [
      "JSON with a key __html__",
      json('{"__html__": "<b>"}'),
      "{&#x27;__html__&#x27;: &#x27;&lt;b&gt;&#x27;}",
    ],
  ];
  for (const [what, value, text] of bare) {
    const row = what.includes("val") || what.includes("html") ? "R9" : "R7";
    it(`${row}: ${what} is shown as text, escaped`, () => {
      expect(render("{{ x }}", { x: value })).to.equal(text);
      expect(render("{{ x | escape }}{{ x | string }}", { x: value })).to.equal(text + text);
      expect(render("{{ x | safe }}", { x: value })).not.to.match(/\[object/);
    });
  }
  it("R9: a key called length makes no list of JSON", () => {
    const x = json('{"length": 1000000000, "<b>": 1}');
    expect(render("{% for k in x %}{{ k }} {% endfor %}", { x })).to.equal("length &lt;b&gt; ");
    expect(render("{% for k, v in x %}{{ v }} {% endfor %}", { x })).to.equal("1000000000 1 ");
  });

  const shapes: [what: string, template: string, value: unknown][] = [
    ["a text", "{{ x }}", ATTACK],
    ["an object with toString", "{{ x }}", new Texted()],
    ["a number of a class of its own", "{{ x }}", new Numbered(1)],
    ["a String", "{{ x }}", new String(ATTACK)],
    ["an error", "{{ x }}", new Error(ATTACK)],
    ["the key of a dictionary", "{% for k, v in x %}{{ k }}{% endfor %}", { [ATTACK]: 1 }],
    ["the item of a list", "{{ x[0] }}", [ATTACK]],
    ["what a function gives", "{{ x }}", () => ATTACK],
    ["an attribute", "{{ x.y }}", { y: ATTACK }],
    ["escape", "{{ x | escape }}", ATTACK],
    ["e", "{{ x | e }}", ATTACK],
    ["forceescape", "{{ x | forceescape }}", ATTACK],
    ["escape, twice", "{{ x | escape | escape }}", ATTACK],
  ];
  for (const [what, template, value] of shapes) {
    it(`R8: ${what} is escaped: Django's five characters`, () => {
      expect(render(template, { x: value })).to.equal(ESCAPED);
    });
  }
  it("R8: in a list and a dictionary it is escaped, too", () => {
    for (const x of [
      [ATTACK],
      { [ATTACK]: ATTACK },
      new Map([[ATTACK, ATTACK]]),
      new Set([ATTACK]),
    ])
      expect(render("{{ x }}", { x })).not.to.match(/[<>"']/);
  });

  const once: [template: string, text: string][] = [
    ["{{ [x, x] | join(s) }}", "&lt;b&gt;&lt;s&gt;&lt;b&gt;"],
    ["{{ [h, x] | join(s) }}", "<i></i>&lt;s&gt;&lt;b&gt;"],
    ["{{ [x, x] | join(h) }}", "&lt;b&gt;<i></i>&lt;b&gt;"],
    ["{{ x | replace('b', s) }}", "&lt;&lt;s&gt;&gt;"],
    ["{{ h | replace('i', x) }}", "<&lt;b&gt;></&lt;b&gt;>"],
    ["{{ h | replace('<i>', x) }}", "&lt;b&gt;</i>"],
    ["{{ h | truncate(3, true, x) }}", "<i>&lt;b&gt;"],
    ["{{ x | truncate(1, true, x) }}", "&lt;&lt;b&gt;"],
    ["{{ x | nl2br }}", "&lt;b&gt;"],
    [
      "{{ u | urlize }}",
      '<a href="http://a.com/" rel="nofollow">http://a.com/</a>&quot;onclick=x&lt;b&gt;',
    ],
    [
      "{{ u | urlize | safe }}",
      '<a href="http://a.com/" rel="nofollow">http://a.com/</a>&quot;onclick=x&lt;b&gt;',
    ],
    ["{{ 'a<b>b' | striptags }}", "ab"],
    ["{{ '<<b>script>x' | striptags }}", "x"],
    ["{{ '&lt;b&gt;' | striptags }}", "&amp;lt;b&amp;gt;"],
    ["{{ (x | safe) + x }}", "&lt;b&gt;&lt;b&gt;"],
    ["{{ x | safe ~ x }}", "&lt;b&gt;&lt;b&gt;"],
    ["{{ x | safe }}", "<b>"],
    ["{{ x | safe | upper }}", "&lt;B&gt;"],
    ["{% set y %}{{ x }}<i>{% endset %}{{ y }}", "&lt;b&gt;<i>"],
    ["{% set y = x %}{{ y }}", "&lt;b&gt;"],
    [
      "{% macro m(a) %}<i>{{ a }}{{ caller() }}{% endmacro %}{% call m(x) %}{{ x }}{% endcall %}",
      "<i>&lt;b&gt;&lt;b&gt;",
    ],
    ["{% macro m(a) %}{{ a }}{% endmacro %}{{ m(m(x)) }}", "&lt;b&gt;"],
    ["{% filter replace('i', x) %}<i>{% endfilter %}", "<&lt;b&gt;>"],
    ["{% filter join(x) %}ab{% endfilter %}", "a&lt;b&gt;b"],
    ["{% filter truncate(1, true, x) %}abc{% endfilter %}", "a&lt;b&gt;"],
    ["{% filter upper %}{{ x }}{% endfilter %}", "&LT;B&GT;"],
    ["{{ x | default(s) }}{{ z | default(s) }}", "&lt;b&gt;&lt;s&gt;"],
    [
      "{{ x | center(5) }}|{{ x | indent(1, true) }}|{{ x | trim }}",
      " &lt;b&gt; | &lt;b&gt;|&lt;b&gt;",
    ],
    ["{{ x | batch(2) }}{{ x | slice(1) }}", ""],
    ["{{ x | dump }}", "&quot;&lt;b&gt;&quot;"],
    [
      "{{ x | title }}{{ x | capitalize }}{{ x | lower }}{{ x | reverse }}",
      "&lt;B&gt;&lt;b&gt;&lt;b&gt;&gt;b&lt;",
    ],
    ["{{ x if true }}{{ x or 1 }}{{ [x] }}", "&lt;b&gt;&lt;b&gt;[&#x27;&lt;b&gt;&#x27;]"],
  ];
  for (const [template, text] of once) {
    it(`R10: ${template} is escaped once`, () => {
      const context = {
        x: "<b>",
        s: "<s>",
        h: mark_safe("<i></i>"),
        u: 'http://a.com/"onclick=x<b>',
      };
      const found = render(template, context);
      if (text === "") expect(found).not.to.match(/[<>]/);
      else expect(found).to.equal(text);
    });
  }
});

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
