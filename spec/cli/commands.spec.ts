/** The program `nuages`: how it finds settings and commands, and what each prints. @module */
import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { SystemCheckError, CommandError, call_command, get_commands } from "nuages/core/management";
import { HttpResponse } from "nuages/http";
import { include, path, re_path } from "nuages/urls";
import { View } from "nuages/views/generic/base";
import { read_address } from "../../src/cli/runserver.ts";
import { load_settings } from "../../src/core/management/_settings.ts";
import { temporary_directory } from "../support/files.ts";
import { type Ended, run } from "../support/program.ts";
import { with_settings } from "../support/settings.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const view = (): HttpResponse => new HttpResponse("ok");

/** What a command prints, with these settings. */
async function printed(settings: Partial<Settings>, ...command: unknown[]): Promise<string> {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    const [name, ...args] = command;
    return (await with_settings(settings, () => call_command(String(name), ...args))) ?? "";
  } finally {
    process.stdout.write = write;
  }
}

describe("cli: settings", () => {
  const here = temporary_directory({
    "package.json": '{ "type": "module" }',
    "constants.ts": 'export const SECRET_KEY: string = "x";\nexport const MEDIA_URL = "/m";\n',
    "by_default.mjs": 'export default { MEDIA_URL: "/m" };\n',
    "named.mjs":
      'export const settings = { MEDIA_URL: "/m" };\nexport const other = { MEDIA_URL: "/n" };\n',
    "itself.ts": 'import { settings } from "nuages";\nsettings.configure({ MEDIA_URL: "/m" });\n',
    "wrong.mjs": "export const ALOWED_HOSTS = [];\n",
    "broken.mjs": 'throw new TypeError("broken here");\n',
    "app/management/commands/greet.ts": `
import { BaseCommand } from "nuages/core/management";
export class Command extends BaseCommand {
  handle(): string { return "Hello from an app."; }
}`,
    "app/management/commands/_private.ts": "",
    "with_app.mjs": 'export const INSTALLED_APPS = ["app"];\n',
  });
  const nuages = (args: string[], env = {}): Promise<Ended> => run(args, { cwd: here.root, env });

  before(() => {
    mkdirSync(here.path("node_modules"));
    symlinkSync(PACKAGE, here.path("node_modules/nuages"));
  });

  const modules: [named: string, MEDIA_URL: string][] = [
    ["constants.ts", "/m"],
    ["constants", "/m"],
    ["by_default.mjs", "/m"],
    ["named", "/m"],
    ["named.mjs#other", "/n"],
  ];
  for (const [named, MEDIA_URL] of modules) {
    it(`come from ${named}`, async () => {
      expect(await load_settings(here.path(named))).to.include({ MEDIA_URL });
    });
  }

  it("come from a module that configures them itself", async () => {
    const { stdout } = await nuages(["diffsettings", "--settings", "itself"]);
    expect(stdout).to.contain("MEDIA_URL = '/m'\n");
  });

  it("come from NUAGES_SETTINGS_MODULE, but for --settings", async () => {
    const env = { NUAGES_SETTINGS_MODULE: here.path("named.mjs#other") };
    expect((await nuages(["diffsettings"], env)).stdout).to.contain("'/n'");
    expect((await nuages(["diffsettings", "--settings=named"], env)).stdout).to.contain("'/m'");
  });

  const wrong: [what: string, args: string[], told: RegExp][] = [
    ["no settings", ["check"], /^CommandError: There are no settings\. .*NUAGES_SETTINGS_MODULE/],
    ["a wrong name", ["check", "--settings", "wrong"], /^ImproperlyConfigured: .*ALLOWED_HOSTS/],
    [
      "a broken module",
      ["check", "--settings", "broken"],
      /^TypeError: broken here\n +at .*broken/,
    ],
  ];
  for (const [what, args, told] of wrong) {
    it(`tells ${what}, with the status 1`, async () => {
      const { status, stderr } = await nuages(args);
      expect(stderr).to.match(told);
      expect(status).to.equal(1);
    });
  }

  for (const named of ["nope", "named#nope"]) {
    it(`do not come from ${named}, which is not there`, async () => {
      const error: unknown = await load_settings(here.path(named)).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(CommandError);
      expect((error as Error).message).to.contain("nope");
    });
  }

  it("bring the commands of their apps", async () => {
    const { stdout } = await nuages(["greet", "--settings", "with_app"]);
    expect(stdout).to.equal("Hello from an app.\n");
    const env = { NUAGES_SETTINGS_MODULE: "with_app" };
    const { stdout: help } = await nuages(["help"], env);
    expect(help).to.contain("greet  (app)").and.not.to.contain("private");
  });

  it("are not needed for help, and for the version", async () => {
    const { stdout } = await nuages([]);
    expect(stdout).to.contain("startproject").and.to.contain("NUAGES_SETTINGS_MODULE");
    expect((await nuages(["check", "--help"])).stdout).to.contain("--fail-level");
    expect((await nuages(["--version"])).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it("ends with the status 2 for a command or an option that is not there", async () => {
    const unknown = await nuages(["nope"]);
    expect(unknown.status).to.equal(2);
    expect(unknown.stderr).to.contain("'nope'").and.to.contain("runserver");
    expect((await nuages(["check", "--nope"])).status).to.equal(2);
  });
});

describe("cli: check", () => {
  const broken = { MEDIA_URL: "/media", ROOT_URLCONF: [path("/a", view)] };

  it("fails from the fail level on", async () => {
    const checked = (args: string[]): Promise<unknown> =>
      quietly(() => printed(broken, "check", ...args).catch((error: unknown) => error));
    expect(await checked([])).to.be.instanceOf(SystemCheckError);
    expect(await checked(["--fail-level", "CRITICAL"])).to.equal("");
    expect(await checked(["--tag", "caches", "--fail-level", "DEBUG"])).to.equal("");
    expect(await checked(["-t", "urls", "-t", "caches"])).to.be.instanceOf(SystemCheckError);
  });

  it("lists the tags", async () => {
    const tags = (await printed({}, "check", { list_tags: true })).split("\n");
    expect(tags).to.include("security").and.to.include("urls");
    expect(tags).to.deep.equal(tags.toSorted());
  });

  it("refuses a tag that no check has", async () => {
    const error: unknown = await printed({}, "check", { tags: ["nope"] }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(CommandError);
  });

  it("counts what is silenced", async () => {
    const settings = { ...broken, SILENCED_SYSTEM_CHECKS: ["urls.E006"] };
    const text = await errors_of(() => printed(settings, "check"));
    expect(text).to.contain("found 1 issue (1 silenced)").and.to.contain("urls.W002");
  });
});

/** What is written to standard error meanwhile. */
async function errors_of(fn: () => Promise<unknown>): Promise<string> {
  const write = process.stderr.write;
  let text = "";
  process.stderr.write = (chunk) => ((text += String(chunk)), true);
  try {
    await fn();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

/** The result, without what is written to standard error meanwhile. */
async function quietly<T>(fn: () => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  await errors_of(async () => (result = { value: await fn() }));
  if (result === undefined) throw new Error("Nothing came.");
  return result.value;
}

describe("cli: urls", () => {
  it("lists routes, views and names in the order in which they are tried", async () => {
    class Page extends View {}
    const blog = include([[re_path("^(?P<n>\\d+)/$", view, { name: "post" })], "blog"]);
    const ROOT_URLCONF = [
      path("", Page.as_view(), { name: "home" }),
      path("blog/", blog, {}),
      path("old/<int:n>/" as string, view),
    ];
    expect((await printed({ ROOT_URLCONF }, "urls")).split("\n")).to.deep.equal([
      "/                   Page  home",
      "/blog/(?P<n>\\d+)/$  view  blog:post",
      "/old/<int:n>/       view",
    ]);
  });
});

describe("cli: diffsettings", () => {
  it("shows what is not the default, sorted", async () => {
    const lines = (await printed({ DEBUG: true, SITE_ID: 1 }, "diffsettings")).split("\n");
    expect(lines).to.include("DEBUG = True").and.to.include("SITE_ID = 1  ###");
    expect(lines.join()).not.to.contain("APPEND_SLASH");
    expect(lines).to.deep.equal(lines.toSorted());
  });

  it("shows all on demand, and both values", async () => {
    const all = await printed({}, "diffsettings", { all: true });
    expect(all).to.contain("### APPEND_SLASH = True");
    const unified = await printed({ DEBUG: true }, "diffsettings", "--output", "unified");
    expect(unified).to.contain("- DEBUG = False\n+ DEBUG = True");
  });
});

describe("cli: findstatic", () => {
  const here = temporary_directory({ "a/style.css": "a", "b/style.css": "b" });

  it("tells all places, or the first", async () => {
    const settings = { STATICFILES_DIRS: [here.path("a"), here.path("b")] };
    const all = await printed(settings, "findstatic", "style.css");
    expect(all).to.equal(
      `style.css is here:\n  ${here.path("a/style.css")}\n  ${here.path("b/style.css")}`,
    );
    const first = await printed(settings, "findstatic", "style.css", "--first", "-v", "0");
    expect(first).to.equal(here.path("a/style.css"));
    const searched = await printed(settings, "findstatic", "style.css", { verbosity: 2 });
    expect(searched).to.contain(`directories:\n  ${here.path("a")}\n`);
  });

  it("tells that there is none", async () => {
    const text = await errors_of(() => printed({}, "findstatic", "nope.css"));
    expect(text).to.equal("There is no static file nope.css.\n");
  });
});

describe("cli: runserver", () => {
  const addresses: [given: string | undefined, ipv6: boolean, host: string, port: number][] = [
    [undefined, false, "127.0.0.1", 8000],
    [undefined, true, "::1", 8000],
    ["8080", false, "127.0.0.1", 8080],
    ["8080", true, "::1", 8080],
    ["0:80", false, "0.0.0.0", 80],
    ["0:80", true, "::", 80],
    ["1.2.3.4:80", false, "1.2.3.4", 80],
    ["[::1]:80", false, "::1", 80],
    ["a.example:80", true, "a.example", 80],
  ];
  for (const [given, ipv6, host, port] of addresses) {
    it(`U6: listens on ${host}:${port} for ${given}${ipv6 ? " with --ipv6" : ""}`, () => {
      expect(read_address(given, ipv6)).to.deep.equal({ host, port });
    });
  }

  for (const given of ["x", "80:", "1.2.3.4", "::1:80", "70000", "a b:80", "1.2.3.4:80x"]) {
    it(`refuses ${given}`, () => {
      expect(() => read_address(given, false)).to.throw(CommandError, given);
    });
  }

  it("refuses an address of IPv4 with --ipv6", () => {
    expect(() => read_address("1.2.3.4:80", true)).to.throw(CommandError, "1.2.3.4");
  });

  it("refuses to serve nobody", async () => {
    const settings = { DEBUG: false, ALLOWED_HOSTS: [] };
    const error: unknown = await printed(settings, "runserver").catch((e: unknown) => e);
    expect(error).to.be.instanceOf(CommandError);
    expect((error as Error).message).to.contain("ALLOWED_HOSTS");
  });
});

describe("core/management: get_commands", () => {
  it("knows those of the framework", () => {
    const names = ["check", "diffsettings", "findstatic", "runserver", "startapp", "startproject"];
    expect([...get_commands().keys()]).to.include.members([...names, "urls"]);
  });

  it("calls no command that is not there", async () => {
    const error: unknown = await call_command("constructor").catch((e: unknown) => e);
    expect(error).to.be.instanceOf(CommandError);
  });
});
