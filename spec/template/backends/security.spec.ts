import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Nunjucks, TemplateDoesNotExist, TemplateSyntaxError } from "nuages/template";
import { override_settings } from "nuages/test/utils";

function engine(DIRS: string[], templates: Record<string, string> = {}): Nunjucks {
  return new Nunjucks({ NAME: "n", DIRS, APP_DIRS: false, OPTIONS: { templates } });
}

function render(template: string, context: Record<string, unknown> = {}): string {
  return engine([]).from_string(template).render(context);
}

describe("template/backends/nunjucks: files", () => {
  let root: string;
  let made: Nunjucks;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "nuages-templates-"));
    await mkdir(join(root, "tpl", "sub"), { recursive: true });
    await mkdir(join(root, "tpl-secret"));
    await writeFile(join(root, "tpl", "page.html"), "page");
    await writeFile(join(root, "tpl", "sub", "up.html"), "{% include '../page.html' %}");
    await writeFile(
      join(root, "tpl", "sub", "out.html"),
      "{% include '../../tpl-secret/x.html' %}",
    );
    await writeFile(join(root, "tpl-secret", "x.html"), "secret");
    made = engine([join(root, "tpl")]);
  });
  after(() => rm(root, { recursive: true }));

  it("are found in the directories", () => {
    expect(made.get_template("page.html").render()).to.equal("page");
    expect(made.get_template("page.html").origin.name).to.equal(join(root, "tpl", "page.html"));
    expect(made.get_template("sub/up.html").render()).to.equal("page");
  });

  const outside: [what: string, name: (root: string) => string][] = [
    ["a sibling whose name begins alike", () => "../tpl-secret/x.html"],
    ["a parent directory", () => "../../../../../../etc/passwd"],
    ["a way out through a folder", () => "sub/../../tpl-secret/x.html"],
    ["an absolute path", (directory) => join(directory, "tpl-secret", "x.html")],
    ["the absolute path of a template", (directory) => join(directory, "tpl", "..", "tpl-secret")],
    ["a NUL", () => "page.html\0"],
    ["a Windows path", () => "C:\\x"],
    ["a backslash", () => "..\\tpl-secret\\x.html"],
    ["10 KB of name", () => "x".repeat(10_240)],
    ["a directory", () => "sub"],
    ["a file used as a directory", () => "page.html/x"],
    ["no name", () => ""],
    ["a prototype's name", () => "__proto__"],
  ];
  for (const [what, name] of outside) {
    it(`are not found by ${what}, whoever asks`, () => {
      expect(() => made.get_template(name(root))).to.throw(TemplateDoesNotExist);
      for (const tag of ["include n", "extends n", "import n as m", "from n import m"]) {
        const template = made.from_string(`{% ${tag} %}`);
        expect(() => template.render({ n: name(root) }), tag).to.throw(TemplateDoesNotExist);
      }
    });
  }

  it("are not found by an object", () => {
    expect(() => render("{% include n %}", { n: { toString: () => "page.html" } })).to.throw(
      TemplateDoesNotExist,
    );
  });

  it("are not left by a relative name", () => {
    expect(() => made.get_template("sub/out.html").render()).to.throw(TemplateDoesNotExist);
  });

  it("are read once; what is not there stays so", async () => {
    const name = join(root, "tpl", "once.html");
    expect(() => made.get_template("once.html")).to.throw(TemplateDoesNotExist);
    await writeFile(name, "new");
    expect(() => made.get_template("once.html")).to.throw(TemplateDoesNotExist);
    expect(
      engine([join(root, "tpl")])
        .get_template("once.html")
        .render(),
    ).to.equal("new");
  });

  it("are read again while DEBUG, if they have changed", async () => {
    const debug = override_settings({ DEBUG: true });
    debug.enable();
    const reading = engine([join(root, "tpl", "sub"), join(root, "tpl")]);
    debug.disable();
    const file = join(root, "tpl", "changing.html");
    expect(() => reading.get_template("changing.html")).to.throw(TemplateDoesNotExist);
    await writeFile(file, "one");
    const first = reading.get_template("changing.html");
    expect(first.render()).to.equal("one");
    expect(reading.get_template("changing.html")).to.equal(first);
    await writeFile(file, "two");
    await utimes(file, 1, 1);
    expect(reading.get_template("changing.html").render()).to.equal("two");
    await writeFile(join(root, "tpl", "sub", "changing.html"), "before it");
    expect(reading.get_template("changing.html").render()).to.equal("before it");
  });
});

describe("template/backends/nunjucks: what templates cannot reach", () => {
  const attacks: [template: string, context?: Record<string, unknown>][] = [
    [`{{ "".constructor.constructor("return 7*7")() }}`],
    [`{{ range.constructor("return 7*7")() }}`],
    [`{{ cycler.constructor }}`],
    [`{{ x["__proto__"] }}`, { x: {} }],
    [`{{ x[k][k]("return 7*7")() }}`, { x: "", k: "constructor" }],
    [`{{ x[k] }}`, { x: {}, k: "__proto__" }],
    [`{{ x[k] }}`, { x: {}, k: ["__proto__"] }],
    [`{{ x[k][k]("return 7*7")() }}`, { x: "", k: ["constructor"] }],
    [`{{ f.prototype }}{{ f["prototype"] }}`, { f: function named(): void {} }],
    [`{% set c = "".constructor %}{{ c }}`],
    [`{% for k in [].constructor %}{{ k }}{% endfor %}`],
    [`{{ ["a"] | map("constructor") }}`],
    [`{{ "x" | constructor }}`],
    [`{{ "x" is constructor }}`],
    ['{{ x"&&Function`return\\x207*7```&&"y }}'],
    ['{% for x"y in [1] %}{% endfor %}'],
    ['{% set x"y = 1 %}'],
    ['{% macro x"y() %}{% endmacro %}'],
    ['{% block x"y %}{% endblock %}'],
    [`{{ {"a"+process.exit(): 1} }}`],
  ];
  for (const [template, context] of attacks) {
    it(template, () => {
      let text = "";
      try {
        text = render(template, context);
      } catch (error) {
        expect(error).to.be.an.instanceOf(TemplateSyntaxError);
      }
      expect(text).not.to.match(/49|native code|Object/);
    });
  }

  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "evil"]) {
    it(`${name} is no name of an empty context`, () => {
      if (Object.isExtensible(Object.prototype))
        Object.defineProperty(Object.prototype, "evil", { configurable: true, value: "evil" });
      try {
        expect(render(`{{ ${name} }}`)).to.equal("");
        expect(render(`{% include n ignore missing %}{{ ${name} }}`, { n: "x" })).to.equal("");
      } finally {
        Reflect.deleteProperty(Object.prototype, "evil");
      }
    });
  }

  for (const template of ["{{ o._p }}", "{{ o.__class__ }}", "{{ o['_p'] }}", "{{ o._f() }}"]) {
    it(`${template} is private`, () => {
      expect(() => render(template, { o: {} })).to.throw(TemplateSyntaxError, "underscore");
    });
  }

  it("a method that alters data is not called", () => {
    let calls = 0;
    const flush = Object.assign(() => ++calls, { alters_data: true });
    expect(
      render("{{ s.flush }}{{ flush }}{% if s.flush %}{% endif %}", { s: { flush }, flush }),
    ).to.equal("");
    expect(() => render("{{ s.flush() }}", { s: { flush } })).to.throw(
      TemplateSyntaxError,
      "s.flush",
    );
    expect(() => render("{% set f = s.flush %}{{ f() }}", { s: { flush } })).to.throw(
      TemplateSyntaxError,
    );
    expect(() => render("{{ flush() }}", { flush })).to.throw(TemplateSyntaxError);
    expect(calls).to.equal(0);
  });

  it("a key called __proto__ is a key", () => {
    expect(
      render("{% for k, v in o %}{{ k }}{{ v }}{% endfor %}", {
        o: JSON.parse('{"__proto__": 1}') as unknown,
      }),
    ).to.equal("__proto__1");
  });
});

describe("template/backends/nunjucks: too much", () => {
  it("5,000 nested tags are a syntax error", () => {
    expect(() => render("{% if 1 %}".repeat(5000))).to.throw(TemplateSyntaxError);
  });

  for (const [name, text] of [
    ["include", "{% include 'self.html' %}"],
    ["extends", "{% extends 'self.html' %}"],
    ["import", "{% import 'self.html' as x %}"],
  ] as const) {
    it(`a template with ${name} of itself is a syntax error`, () => {
      const made = engine([], { "self.html": text });
      expect(() => made.get_template("self.html").render()).to.throw(TemplateSyntaxError);
      expect(() => made.get_template("self.html").render()).to.throw(TemplateSyntaxError);
      expect(made.from_string("fine").render()).to.equal("fine");
    });
  }

  it("a macro that calls itself without end is an error, and the next template is rendered", () => {
    expect(() => render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")).to.throw(RangeError);
    expect(render("fine")).to.equal("fine");
  });

  it("a template of 5 MB is rendered", () => {
    expect(render(`${"x".repeat(5_000_000)}{{ 1 }}`)).to.have.lengthOf(5_000_001);
  });
});
