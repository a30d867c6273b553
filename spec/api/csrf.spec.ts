/** Specification of nuages/api: the CSRF check of endpoints. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import type { CsrfPolicy } from "nuages/api/spec";
import { csrf_exempt } from "nuages/views/decorators/csrf";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import type { Client } from "nuages/test";
import { path } from "nuages/urls";
import { enforced, SECRET } from "../support/csrf.ts";
import { logged, quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

class OwnCsrf extends CsrfViewMiddleware {}

/** An API whose handlers say "done", with the policy on one of its layers. */
function api_with(csrf?: CsrfPolicy): API {
  const api = new API({ openapi: null });
  const router = api.router("", { csrf });
  router.get("a/", () => "done");
  router.post("a/", () => "done");
  router.post("exempt/", { decorators: [csrf_exempt] }, () => "done");
  return api;
}

interface Site {
  readonly csrf?: CsrfPolicy | undefined;
  readonly MIDDLEWARE?: (typeof CsrfViewMiddleware)[] | undefined;
  readonly DEBUG?: boolean | undefined;
}

/** Runs with a client that is checked, of a site with the middleware. */
function checked(site: Site, fn: (client: Client) => Promise<void>): Promise<void> {
  const { csrf, MIDDLEWARE = [CsrfViewMiddleware], DEBUG = false } = site;
  return with_site([path("", api_with(csrf).urls)], { MIDDLEWARE, DEBUG }, fn, enforced);
}

/** How a POST with these cookies and headers ends. */
async function status_of(
  site: Site,
  cookies: Record<string, string>,
  headers: Record<string, string> = {},
  url = "/a/",
): Promise<number | undefined> {
  let status: number | undefined;
  await checked(site, async (client) => {
    for (const [name, value] of Object.entries(cookies)) client.cookies.set(name, value);
    status = (await client.post(url, {}, { headers })).status_code;
  });
  return status;
}

const SESSION = { sessionid: "abcdefgh" };
const WITH_TOKEN = { ...SESSION, csrftoken: SECRET };
const TOKEN = { "X-CSRFToken": SECRET };

describe("api/csrf", () => {
  quiet();

  const cases: [
    csrf: CsrfPolicy | undefined,
    what: string,
    Record<string, string>,
    Record<string, string>,
    status: number,
  ][] = [
    [undefined, "no cookie", {}, {}, 201],
    [undefined, "the session's cookie", SESSION, {}, 403],
    [
      undefined,
      "the session's cookie and another token",
      WITH_TOKEN,
      { "X-CSRFToken": `x${SECRET.slice(1)}` },
      403,
    ],
    [undefined, "the session's cookie and the token", WITH_TOKEN, TOKEN, 201],
    [undefined, "another cookie", { theme: "dark" }, {}, 201],
    ["cookies", "the session's cookie", SESSION, {}, 403],
    ["always", "no cookie", {}, {}, 403],
    ["always", "the token", { csrftoken: SECRET }, TOKEN, 201],
    ["never", "the session's cookie", SESSION, {}, 201],
  ];
  for (const [csrf, what, cookies, headers, status] of cases) {
    it(`D12: ${csrf ?? "by default"}, a POST with ${what} is ${status}`, async () => {
      expect(await status_of({ csrf }, cookies, headers)).to.equal(status);
    });
  }

  it("D12: another site's page is refused by its Origin", async () => {
    const headers = { ...TOKEN, Origin: "https://evil.example" };
    expect(await status_of({}, WITH_TOKEN, headers)).to.equal(403);
  });

  it("D12: without the middleware nothing is checked, with a subclass of it it is", async () => {
    expect(await status_of({ MIDDLEWARE: [] }, SESSION)).to.equal(201);
    expect(await status_of({ MIDDLEWARE: [OwnCsrf] }, SESSION)).to.equal(403);
  });

  it("D12: safe methods are not checked, nor a view that is csrf_exempt", async () => {
    await checked({}, async (client) => {
      client.cookies.set("sessionid", "abcdefgh");
      expect((await client.get("/a/")).text).to.equal("done");
    });
    expect(await status_of({}, SESSION, {}, "/exempt/")).to.equal(201);
  });

  for (const DEBUG of [false, true]) {
    it(`D12: the failure is E16, ${DEBUG ? "with DEBUG" : "without DEBUG not"} with the reason`, async () => {
      const records = await logged(() =>
        checked({ DEBUG }, async (client) => {
          client.cookies.set("sessionid", "abcdefgh");
          const response = await client.post("/a/");
          const { detail } = response.json() as { detail: { msg: string; type: string }[] };
          expect(response.status_code).to.equal(403);
          expect(detail.map(({ type }) => type)).to.deep.equal(["csrf_failed"]);
          expect(detail[0]?.msg === "Forbidden").to.equal(!DEBUG);
        }),
      );
      expect(records.map(({ logger }) => logger)).to.deep.equal(["django.security.csrf"]);
    });
  }

  it("security T12: who comes with a session needs the token, who comes with a bearer token alone does not", async () => {
    const bearer = { Authorization: "Bearer abc" };
    expect(await status_of({}, SESSION)).to.equal(403);
    expect(await status_of({}, {}, bearer)).to.equal(201);
    expect(await status_of({}, SESSION, bearer)).to.equal(403);
  });
});
