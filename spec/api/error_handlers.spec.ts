/** Specification of nuages/api: the error handlers of a URLconf. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  API,
  handler400,
  handler403,
  handler404,
  handler500,
  MessagePackRenderer,
  NotFound,
} from "nuages/api";
import type { Settings } from "nuages/conf";
import { BadRequest, PermissionDenied, SuspiciousOperation } from "nuages/core/exceptions";
import { Http404, HttpResponse, type HttpRequest } from "nuages/http";
import { Client, type TestResponse } from "nuages/test";
import { include, path } from "nuages/urls";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { quiet } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";

const errors = new Map<string, () => unknown>([
  ["suspicious", () => new SuspiciousOperation("secret")],
  ["bad", () => new BadRequest("secret")],
  ["denied", () => new PermissionDenied("secret")],
  ["missing", () => new Http404("secret")],
  ["broken", () => new Error("secret")],
  ["http", () => new NotFound("secret")],
]);

/** Throws, outside of any view, what the query names. */
class Throwing extends MiddlewareMixin {
  override process_request(request: HttpRequest): void {
    const error = errors.get(request.GET.get("throw") ?? "");
    if (error !== undefined) throw error() as Error;
  }
}

const api = new API({ namespace: "whole" });
api.get("known/", () => "known");
const packed = new API({ namespace: "packed", renderers: [new MessagePackRenderer()] });
const handlers = { handler400, handler403, handler404, handler500 };
const urlpatterns = [
  path("api/", api.urls),
  path("t/<slug:tenant>/", include({ urlpatterns: [path("packed/", packed.urls)] })),
  path("plain/", () => new HttpResponse("plain")),
];

async function get(
  url: string,
  settings: Partial<Settings> = {},
  headers: Record<string, string> = {},
): Promise<TestResponse> {
  const site = { ROOT_URLCONF: { urlpatterns, ...handlers }, MIDDLEWARE: [Throwing], ...settings };
  return with_settings(site, () =>
    new Client({ raise_request_exception: false }).get(url, null, { headers }),
  );
}

const HTML = "text/html; charset=utf-8";

describe("api/error_handlers", () => {
  quiet();

  const cases: [what: string, query: string, status: number, type: string, msg: string][] = [
    ["a URL that nothing matches", "", 404, "not_found", "Not Found"],
    ["Http404", "?throw=missing", 404, "not_found", "Not Found"],
    ["SuspiciousOperation", "?throw=suspicious", 400, "bad_request", "Bad Request"],
    ["BadRequest", "?throw=bad", 400, "bad_request", "Bad Request"],
    ["PermissionDenied", "?throw=denied", 403, "permission_denied", "Forbidden"],
    ["any other error", "?throw=broken", 500, "internal_error", "Internal Server Error"],
  ];
  for (const [what, query, status, type, msg] of cases) {
    it(`EF7: ${what} is ${status} in JSON below the prefix of an API, Django's page elsewhere`, async () => {
      const below = await get(`/api/none/${query}`);
      expect([below.status_code, below.get("Content-Type")]).to.deep.equal([
        status,
        "application/json",
      ]);
      expect(below.json()).to.deep.equal({ detail: [{ msg, type }] });
      for (const url of ["/none/", "/apis/", "/api"]) {
        const elsewhere = await get(`${url}${query}`);
        expect([elsewhere.status_code, elsewhere.get("Content-Type")]).to.deep.equal([
          status,
          HTML,
        ]);
        expect(elsewhere.text).not.to.include("secret");
      }
    });
  }

  it("EF7: in the formats of that API", async () => {
    const below = await get("/t/one/packed/none/");
    expect([below.status_code, below.get("Content-Type")]).to.deep.equal([
      404,
      "application/x-msgpack",
    ]);
    expect((await get("/t/one/none/")).get("Content-Type")).to.equal(HTML);
    const problem = await get("/api/none/", {}, { Accept: "application/problem+json" });
    expect(problem.json()).to.include({ type: "about:blank", title: "Not Found", status: 404 });
  });

  it("EF7: a browser that asks for a page gets JSON there, too", async () => {
    const below = await get("/api/none/", {}, { Accept: "text/html" });
    expect(below.get("Content-Type")).to.equal("application/json");
    expect(below.get("X-Content-Type-Options")).to.equal("nosniff");
  });

  it("EF7: an HTTPException outside of endpoints is an error as any other", async () => {
    for (const url of ["/api/none/?throw=http", "/none/?throw=http"])
      expect((await get(url)).status_code).to.equal(500);
  });

  it("EF7: without the handlers it is Django's page everywhere", async () => {
    const below = await get("/api/none/", { ROOT_URLCONF: { urlpatterns } });
    expect([below.status_code, below.get("Content-Type")]).to.deep.equal([404, HTML]);
  });

  it("EF7: with DEBUG it is Django's technical page, for which no handler is asked", async () => {
    const missing = await get("/api/none/", { DEBUG: true });
    expect([missing.status_code, missing.get("Content-Type")]).to.deep.equal([404, HTML]);
    expect(missing.text).to.include("api/");
    const broken = await get("/api/none/?throw=broken", { DEBUG: true });
    expect([broken.status_code, broken.get("Content-Type")?.startsWith("text/")]).to.deep.equal([
      500,
      true,
    ]);
  });

  it("EF7: what is found is not touched", async () => {
    expect((await get("/api/known/")).text).to.equal("known");
    expect((await get("/plain/")).text).to.equal("plain");
  });
});
