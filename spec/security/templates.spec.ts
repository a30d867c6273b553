/** Security of templates: the files and values that they cannot reach. @module */
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { AbstractBaseUser } from "nuages/contrib/auth/base_user";
import { SessionBase } from "nuages/contrib/sessions/backends/base";
import { type Nunjucks, TemplateDoesNotExist, TemplateSyntaxError } from "nuages/template";
import { temporary_directory } from "../support/files.ts";
import { engine, json, render, type Values } from "../support/templates.ts";

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
