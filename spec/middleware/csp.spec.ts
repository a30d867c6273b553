/** Specification of nuages/middleware/csp. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BadHeaderError, type HttpRequest, HttpResponse } from "nuages/http";
import { ContentSecurityPolicyMiddleware, get_nonce } from "nuages/middleware/csp";
import { path } from "nuages/urls";
import { CSP } from "nuages/utils/csp";
import { csp_override } from "nuages/views/decorators/csp";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [ContentSecurityPolicyMiddleware];
const SECURE_CSP = { "script-src": [CSP.SELF, CSP.NONCE] };
const HEADER = "Content-Security-Policy";

const twice = (request: HttpRequest): HttpResponse =>
  new HttpResponse(`${get_nonce(request)} ${get_nonce(request)}`);

describe("middleware/csp", () => {
  quiet();

  it("has one nonce for a request, in the page and in the header (K13)", () =>
    with_site([path("", twice)], { MIDDLEWARE, SECURE_CSP }, async (client) => {
      const responses = await Promise.all([client.get("/"), client.get("/"), client.get("/")]);
      const nonces = responses.map((response) => {
        const [nonce, again] = response.text.split(" ");
        expect(again).to.equal(nonce);
        expect(response.get(HEADER)).to.equal(`script-src 'self' 'nonce-${nonce}'`);
        return nonce;
      });
      expect(new Set(nonces).size).to.equal(3);
    }));

  it("has none in the header when the page has none (K13)", () =>
    with_site([path("", () => new HttpResponse())], { MIDDLEWARE, SECURE_CSP }, async (client) => {
      expect((await client.get("/")).get(HEADER)).to.equal("script-src 'self'");
    }));

  it("sends no word that would break the header apart (K14)", () =>
    with_site(
      [
        path(
          "",
          csp_override({ "img-src": ["a\r\nX: y"] })(() => new HttpResponse()),
        ),
      ],
      { MIDDLEWARE },
      async (client) => {
        const response = await client.get("/");
        expect(response.status_code).to.equal(500);
        expect(response.exc_info).to.be.instanceOf(BadHeaderError);
      },
    ));

  it("is not there without the middleware", () =>
    with_site(
      [path("", (request) => new HttpResponse(String(get_nonce(request))))],
      { SECURE_CSP },
      async (client) => {
        expect((await client.get("/")).text).to.equal("undefined");
      },
    ));
});
