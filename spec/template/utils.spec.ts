import { expect } from "chai";
import { describe, it } from "mocha";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settings } from "nuages/conf";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import {
  type EngineHandler,
  engines,
  Nunjucks,
  type TemplateEngineSettings,
} from "nuages/template";
import {
  EngineHandler as Handler,
  get_app_template_dirs,
  InvalidTemplateEngineError,
} from "nuages/template/utils";
import { override_settings } from "nuages/test/utils";

function handler(...templates: TemplateEngineSettings[]): EngineHandler {
  return new Handler({ templates });
}

describe("template/utils: EngineHandler", () => {
  it("names an engine without a NAME after its backend", () => {
    expect([...handler({ BACKEND: Nunjucks })]).to.deep.equal(["nunjucks"]);
  });

  it("fills in what an entry leaves out", () => {
    const { BACKEND, ...rest } = handler({ BACKEND: Nunjucks }).templates.get("nunjucks") ?? {};
    expect(BACKEND).to.equal(Nunjucks);
    expect(rest).to.deep.equal({ NAME: "nunjucks", DIRS: [], APP_DIRS: false, OPTIONS: {} });
  });

  it("makes each engine once, when it is asked for", () => {
    const both = handler({ BACKEND: Nunjucks, NAME: "a" }, { BACKEND: Nunjucks, NAME: "b" });
    expect(both.getitem("b").name).to.equal("b");
    expect(both.getitem("b")).to.equal(both.getitem("b"));
    expect(both.all().map(({ name }) => name)).to.deep.equal(["a", "b"]);
    expect(both.all()[1]).to.equal(both.getitem("b"));
  });

  it("names the engines there are when it has none of that alias", () => {
    const one = handler({ BACKEND: Nunjucks, NAME: "mail" });
    expect(() => one.getitem("nope")).to.throw(InvalidTemplateEngineError, "'mail'");
    expect(new InvalidTemplateEngineError("x")).to.be.an.instanceOf(ImproperlyConfigured);
  });

  it("refuses two entries of one name", () => {
    const twice = handler({ BACKEND: Nunjucks }, { BACKEND: Nunjucks });
    expect(() => twice.all()).to.throw(ImproperlyConfigured, "'nunjucks'");
  });

  it("refuses an entry without a BACKEND, and says which", () => {
    const without = handler({} as TemplateEngineSettings); // as JavaScript may write it
    expect(() => without.all()).to.throw(ImproperlyConfigured, "TEMPLATES[0]");
  });

  it("refuses a key that no engine knows", () => {
    const entry = { BACKEND: Nunjucks, LOADERS: [] };
    expect(() => handler(entry).all()).to.throw(ImproperlyConfigured, "LOADERS");
  });
});

describe("template/utils: engines", () => {
  for (const name of ["TEMPLATES", "DEBUG", "INSTALLED_APPS"] as const) {
    it(`are made anew when ${name} changes`, () => {
      const first = override_settings({ TEMPLATES: [{ BACKEND: Nunjucks }] });
      first.enable();
      const before = engines.all();
      const second = override_settings({ [name]: settings[name] });
      second.enable();
      expect(engines.all()).not.to.equal(before);
      second.disable();
      first.disable();
    });
  }
});

describe("template/utils: get_app_template_dirs", () => {
  it("lists the folders of that name in the installed apps that have one", async () => {
    const root = await mkdtemp(join(tmpdir(), "nuages-apps-"));
    await mkdir(join(root, "with", "templates"), { recursive: true });
    await mkdir(join(root, "without"));
    const apps = override_settings({ INSTALLED_APPS: [join(root, "without"), join(root, "with")] });
    apps.enable();
    expect(get_app_template_dirs("templates")).to.deep.equal([join(root, "with", "templates")]);
    apps.disable();
    await rm(root, { recursive: true });
  });
});
