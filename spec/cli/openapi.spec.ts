/** The command `nuages openapi`. @module */
import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { call_command, CommandError, get_commands } from "nuages/core/management";
import { temporary_directory } from "../support/files.ts";
import { type Ended, run } from "../support/program.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

describe("cli: openapi", () => {
  const here = temporary_directory({
    "package.json": '{ "type": "module" }',
    "api.ts": `
import { API } from "nuages/api";
export const api: API = new API({ title: "One" });
export { api as again };
api.get("users/<int:id>/", () => "");`,
    "both.mjs": `
import { API } from "nuages/api";
export { api } from "./api.ts";
export const staff = new API({ title: "Staff", namespace: "staff" });`,
    "mounted.mjs": `
import { API } from "nuages/api";
import { path } from "nuages/urls";
const api = new API({ title: "Mounted" });
api.get("a/", () => "");
export const urlpatterns = [path("below/<slug:team>/", api.urls)];`,
    "project.mjs": `
import { path } from "nuages/urls";
import { api } from "./api.ts";
export const ROOT_URLCONF = [path("site/api/", api.urls)];
export const API = { OPENAPI_VERSION: "3.2.0" };`,
    "none.mjs": "export const api = {};",
  });
  const nuages = (...args: string[]): Promise<Ended> =>
    run(["openapi", ...args], { cwd: here.root });

  before(() => {
    mkdirSync(here.path("node_modules"));
    symlinkSync(PACKAGE, here.path("node_modules/nuages"));
  });

  it("prints the document of the API that a module exports, without settings", async () => {
    const { status, stdout, stderr } = await nuages("api");
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
    const document = JSON.parse(stdout) as { paths: object; info: object; openapi: string };
    expect(document.openapi).to.equal("3.1.1");
    expect(document.info).to.deep.equal({ title: "One", version: "1.0.0" });
    expect(document.paths).to.have.all.keys("/users/{id}/");
    expect(stdout).to.match(/^\{\n {2}"openapi"/);
  });

  it("prints paths as the project has them, in the version of its setting", async () => {
    const { stdout } = await nuages("api.ts", "--settings", "project");
    const document = JSON.parse(stdout) as { paths: object; openapi: string };
    expect(document.openapi).to.equal("3.2.0");
    expect(document.paths).to.have.all.keys("/site/api/users/{id}/");
  });

  it("finds the API in the urlpatterns of a module, and its paths with them", async () => {
    const { stdout } = await nuages("mounted.mjs", "--indent", "0");
    expect(stdout).to.match(/^\{"openapi":.*\}\n$/);
    const document = JSON.parse(stdout) as { paths: object; info: object };
    expect(document.info).to.include({ title: "Mounted" });
    expect(document.paths).to.have.all.keys("/below/{team}/a/");
  });

  it("prints the one of several APIs that is named", async () => {
    const { stdout } = await nuages("both#staff");
    expect((JSON.parse(stdout) as { info: object }).info).to.include({ title: "Staff" });
  });

  const wrong: [args: string[], status: number, told: RegExp][] = [
    [[], 2, /module is missing/],
    [["both"], 1, /several APIs.*both#api, both#staff/],
    [["both#nope"], 1, /no API nope/],
    [["none"], 1, /none exports neither an API nor urlpatterns/],
    [["missing"], 1, /no module .*missing\. openapi takes a path/],
    [["api", "--indent", "x"], 2, /--indent: x is no number/],
  ];
  for (const [args, status, told] of wrong) {
    it(`refuses ${args.join(" ") || "nothing"}`, async () => {
      const ended = await nuages(...args);
      expect(ended.stderr).to.match(told);
      expect(ended.status).to.equal(status);
      expect(ended.stdout).to.equal("");
    });
  }

  it("is among the commands", async () => {
    expect([...get_commands().keys()]).to.include("openapi");
    const error: unknown = await call_command("openapi", "nope.js").catch((e: unknown) => e);
    expect(error).to.be.instanceOf(CommandError);
  });
});
