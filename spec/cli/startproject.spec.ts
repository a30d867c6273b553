/** A new project: its files, and that it runs. @module */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { call_command } from "nuages/core/management";
import { CommandError } from "nuages/core/management/base";
import { temporary_directory } from "../support/files.ts";
import { type Ended, run, running } from "../support/program.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/** The error of a command. */
function refusal(name: string, ...args: unknown[]): Promise<unknown> {
  return call_command(name, ...args).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("cli/startproject", () => {
  const here = temporary_directory({ "taken/keep.txt": "kept", "half/half/urls.ts": "mine" });
  const project = (path: string): string => here.path(`mysite/${path}`);
  const manage = (...args: string[]): Promise<Ended> =>
    run(args, { cwd: here.path("mysite"), script: project("manage.ts") });

  let written: string[] = [];

  before(async () => {
    await call_command("startproject", "mysite", here.path("mysite"));
    written = readdirSync(here.path("mysite"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(project("").length));
    mkdirSync(project("node_modules/@types"), { recursive: true });
    symlinkSync(PACKAGE, project("node_modules/nuages"));
    symlinkSync(join(PACKAGE, "node_modules/@types/node"), project("node_modules/@types/node"));
  });

  it("writes the settings, the URLs, and the command line", () => {
    expect(written.toSorted()).to.deep.equal(
      [".gitignore", "manage.ts", "package.json", "tsconfig.json"]
        .concat(["mysite/main.ts", "mysite/settings.ts", "mysite/urls.ts"])
        .toSorted(),
    );
  });

  it("U5: makes a key that is marked as one for development, a new one each time", async () => {
    await call_command("startproject", "mysite", here.path("other"));
    const keys = ["mysite", "other"].map((directory) => {
      const text = readFileSync(here.path(`${directory}/mysite/settings.ts`), "utf8");
      expect(text).to.contain("ALLOWED_HOSTS: []").and.to.contain("DEBUG: ");
      return /"django-insecure-([a-z0-9!@#$%^&*(\-_=+)]{50})"/.exec(text)?.[1];
    });
    expect(keys[0]).to.be.a("string");
    expect(keys[0]).not.to.equal(keys[1]);
    expect(readFileSync(project(".gitignore"), "utf8").split("\n")).to.include(".env");
  });

  it("has Django's middleware in Django's order", async () => {
    const { stdout } = await manage("diffsettings");
    const classes = /^MIDDLEWARE = (.*)$/m.exec(stdout)?.[1]?.match(/\w+Middleware/g);
    expect(classes).to.deep.equal(
      [
        "Security",
        "Session",
        "Common",
        "CsrfView",
        "Authentication",
        "Message",
        "XFrameOptions",
      ].map((name) => `${name}Middleware`),
    );
    expect(stdout).to.contain("DEBUG = True\n").and.to.contain("TIME_ZONE = 'UTC'\n");
  });

  it("passes the type checker", async () => {
    const compiler = join(PACKAGE, "node_modules/typescript/bin/tsc");
    const args = ["-p", project("tsconfig.json"), "--customConditions", "nuages-source"];
    const { stdout, status } = await run(args, { cwd: here.root, script: compiler });
    expect(stdout).to.equal("");
    expect(status).to.equal(0);
  });

  it("passes the checks, and tells before a deployment what is left to do", async () => {
    const checked = await manage("check");
    expect(checked).to.deep.equal({
      status: 0,
      stdout: "The system checks found no issues (0 silenced).\n",
      stderr: "",
    });
    const deployed = await manage("check", "--deploy", "--fail-level", "CRITICAL");
    expect(deployed.status).to.equal(0);
    const ids = [...deployed.stderr.matchAll(/\((\w+\.[EW]\d+)\)/g)].map(([, id]) => id);
    // those of Django's own startproject
    const numbers = ["W004", "W008", "W009", "W011", "W016", "W018", "W020"];
    expect(ids).to.deep.equal(["mail.E001", ...numbers.map((number) => `security.${number}`)]);
    expect((await manage("check", "--deploy")).status).to.equal(1);
  });

  it("U6: runserver answers on loopback, says that it is for development, and logs requests", async () => {
    const options = { cwd: here.path("mysite"), script: project("manage.ts") };
    const server = running(["runserver", "0", "--noreload"], options);
    try {
      const line = await server.line(/listens on/);
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0] ?? "";
      await server.line(/not use it in production/);
      const page = await fetch(`${url}caf%C3%A9?a=1`);
      expect([page.status, page.headers.get("x-frame-options")]).to.deep.equal([200, "DENY"]);
      expect(await server.line(/GET/)).to.match(/"GET \/caf%C3%A9\?a=1 HTTP\/1\.1" 200 \d+ ms$/);
    } finally {
      await server.stop();
    }
  });

  it("starts anew when the code changes, and waits while it is broken", async () => {
    const urls = project("mysite/urls.ts");
    const options = { cwd: here.path("mysite"), script: project("manage.ts") };
    const before_ = readFileSync(urls, "utf8");
    const server = running(["runserver", "0"], options);
    const url = async (): Promise<string> =>
      /http:\S+/.exec(await server.line(/listens on/))?.[0] ?? "";
    try {
      expect((await fetch(await url())).status).to.equal(200);
      writeFileSync(urls, "this is no code");
      await server.line(/urls\.ts has changed/);
      await server.line(/Error/);
      const view = '[path("", () => new HttpResponse("new"))]';
      writeFileSync(
        urls,
        `import { HttpResponse, path } from "nuages";\nexport const urlpatterns = ${view};\n`,
      );
      const page = await fetch(await url());
      expect(await page.text()).to.equal("new");
    } finally {
      await server.stop();
      writeFileSync(urls, before_);
    }
  });

  it("puts the files of an app where they are asked for, good to be included", async () => {
    await call_command("startapp", "blog", project("blog"));
    writeFileSync(
      project("with_blog.ts"),
      'export * from "./mysite/settings.ts";\nexport const ROOT_URLCONF = await import("./all.ts");\n',
    );
    writeFileSync(
      project("all.ts"),
      'import { include, path } from "nuages";\nimport * as blog from "./blog/urls.ts";\nexport const urlpatterns = [path("blog/", include(blog))];\n',
    );
    const { stdout, stderr } = await manage("urls", "--settings", "with_blog");
    expect(stderr).to.equal("");
    expect(stdout).to.equal("/blog/  index  blog:index\n");
  });

  const wrong = ["1site", "my-site", "my site", "../site", "/tmp/site", "", "nuages", "a/b"];
  for (const name of wrong) {
    it(`refuses the name ${JSON.stringify(name)}`, async () => {
      const error = await refusal("startproject", name, here.path("never"));
      expect(error).to.be.instanceOf(CommandError);
      expect(existsSync(here.path("never"))).to.equal(false);
    });
  }

  it("replaces no file, and then writes none", async () => {
    const error = await refusal("startproject", "half", here.path("half"));
    expect((error as Error).message).to.contain("half/urls.ts exists already");
    expect(readdirSync(here.path("half"))).to.deep.equal(["half"]);
    expect(readFileSync(here.path("half/half/urls.ts"), "utf8")).to.equal("mine");
  });

  it("puts its files beside others", async () => {
    await call_command("startproject", "beside", here.path("taken"));
    expect(readFileSync(here.path("taken/keep.txt"), "utf8")).to.equal("kept");
    expect(existsSync(here.path("taken/beside/settings.ts"))).to.equal(true);
  });

  for (const template of ["evil.tar.gz", "evil.zip", ".", "https://a.example/evil.zip"]) {
    it(`F37: reads no template, such as ${template}, and writes nothing`, async () => {
      const target = here.path("from_template");
      const error = await refusal("startproject", "site", target, { template });
      expect(error).to.be.instanceOf(CommandError);
      expect((error as Error).message).to.contain("--template is not supported");
      expect(existsSync(target)).to.equal(false);
      expect(existsSync(join(dirname(target), "site"))).to.equal(false);
    });
  }
});
