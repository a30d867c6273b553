/** What one request sets, no other sees: language, URLconf, script prefix. @module */
import { once } from "node:events";
import { createServer, get as http_get, Agent } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_node_application } from "nuages/core/handlers";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { override_settings } from "nuages/test";
import { get_script_prefix, path, reverse, set_script_prefix, set_urlconf } from "nuages/urls";
import { activate, get_language } from "nuages/utils/translation";
import { run_alone } from "../support/child.ts";

const inner = [path("inner/", () => new HttpResponse(), { name: "page" })];

function state(): string {
  return `${get_language()} ${get_script_prefix()} ${reverse("page")}`;
}

async function change(_request: HttpRequest, { n }: { n: number }): Promise<HttpResponse> {
  activate(n % 2 === 0 ? "de" : "fr");
  set_script_prefix(`/p${n}`);
  if (n % 3 === 0) set_urlconf(inner);
  for (let turn = n % 7; turn >= 0; turn -= 1) await new Promise(setImmediate);
  return new HttpResponse(state());
}

function change_at_once(): HttpResponse {
  activate("ja");
  set_script_prefix("/sync");
  return new HttpResponse(state());
}

const site = [
  path("change/<int:n>/", change),
  path("at-once/", change_at_once),
  path("read/", () => new HttpResponse(state()), { name: "page" }),
];
const settings = { ROOT_URLCONF: site, MIDDLEWARE: [], ALLOWED_HOSTS: ["*"], LANGUAGE_CODE: "en" };

const UNCHANGED = "en / /read/";
const changed = (n: number): string =>
  `${n % 2 === 0 ? "de" : "fr"} /p${n}/ /p${n}/${n % 3 === 0 ? "inner" : "read"}/`;

async function check(ask: (path: string) => Promise<string>): Promise<void> {
  expect(await ask("/at-once/")).to.equal("ja /sync/ /sync/read/");
  expect(await ask("/read/")).to.equal(UNCHANGED);
  const numbers = Array.from({ length: 60 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => ask(`/change/${n}/`)));
  expect(answers).to.deep.equal(numbers.map(changed));
  const after = await Promise.all(numbers.map(() => ask("/read/")));
  expect(new Set(after)).to.deep.equal(new Set([UNCHANGED]));
  expect(get_language()).to.equal("en");
}

describe("utils/_task: requests beside each other", () => {
  it("keep their values on the connections of node:http", async () => {
    const override = override_settings(settings);
    override.enable();
    const server = createServer(get_node_application()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const agent = new Agent({ keepAlive: true, maxSockets: 4 }); // a connection serves many requests
    const { port } = server.address() as AddressInfo;
    try {
      await check(
        (url) =>
          new Promise((resolve, reject) => {
            http_get({ port, path: url, agent }, (response) => {
              let text = "";
              response.setEncoding("utf-8");
              response.on("data", (chunk: string) => (text += chunk));
              response.on("end", () => resolve(text));
            }).on("error", reject);
          }),
      );
    } finally {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      override.disable();
    }
  });

  it("keep their values behind the Fetch door", async () => {
    const override = override_settings(settings);
    override.enable();
    try {
      const application = get_fetch_application();
      await check(async (url) => (await application(new Request(`http://localhost${url}`))).text());
    } finally {
      override.disable();
    }
  });
});

/** Whether the requests of a program that imports these modules each run in a context of their own. */
async function uses_tasks(...modules: string[]): Promise<boolean> {
  const imports = modules.map((module) => `await import(${JSON.stringify(module)});`).join("\n");
  const task = JSON.stringify(import.meta.resolve("../../src/utils/_task.ts"));
  const code = `${imports} console.log((await import(${task})).tasks_used());`;
  return (await run_alone(code)).trim() === "true";
}

describe("utils/_task: a site without them", () => {
  it("costs nothing in a site that sets no language and no time zone", async () => {
    const used = await uses_tasks(
      "nuages",
      "nuages/contrib/auth/views",
      "nuages/contrib/humanize",
      "nuages/contrib/messages",
      "nuages/contrib/sessions",
      "nuages/core/handlers/fetch",
      "nuages/core/mail",
      "nuages/middleware/csrf",
      "nuages/template/backends/nunjucks",
      "nuages/template/defaultfilters",
      "nuages/views/i18n",
    );
    expect(used).to.equal(false);
  });

  for (const module of ["translation", "timezone"]) {
    it(`is used from the first request on where nuages/utils/${module} is imported`, async () => {
      expect(await uses_tasks(`nuages/utils/${module}`)).to.equal(true);
    });
  }
});
