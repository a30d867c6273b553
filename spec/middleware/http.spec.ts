/** Specification of nuages/middleware/http. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { HttpResponse } from "nuages/http";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { path } from "nuages/urls";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [ConditionalGetMiddleware];
const urls = [
  path("", () => new HttpResponse("page")),
  path("secret/", () => new HttpResponse("s", { headers: { "Cache-Control": "No-Store=1" } })),
  path("broken/", () => new HttpResponse("b", { status: 500 })),
];

describe("middleware/http: ConditionalGetMiddleware", () => {
  quiet();

  it("answers what the client has with a bare 304 (K11)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      const etag = (await client.get("/")).get("ETag") ?? "";
      for (const tag of ["*", etag, `W/${etag}`]) {
        const response = await client.get("/", {}, { headers: { "If-None-Match": tag } });
        expect(response.status_code, tag).to.equal(304);
        expect(response.content.length).to.equal(0);
        expect(response.has_header("Content-Type")).to.equal(false);
        expect(response.get("ETag")).to.equal(etag);
      }
    }));

  it("leaves other methods alone (K11)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      const response = await client.post("/", {}, { headers: { "If-None-Match": "*" } });
      expect(response.status_code).to.equal(200);
      expect(response.has_header("ETag")).to.equal(false);
    }));

  it("makes no ETag of what nobody may store, and answers an error as it is (K11)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      expect((await client.get("/secret/")).has_header("ETag")).to.equal(false);
      const response = await client.get("/broken/", {}, { headers: { "If-None-Match": "*" } });
      expect(response.status_code).to.equal(500);
    }));
});
