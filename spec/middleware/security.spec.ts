/** Specification of nuages/middleware/security and clickjacking. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { PermissionDenied } from "nuages/core/exceptions";
import { HttpResponse, HttpResponseRedirect } from "nuages/http";
import { XFrameOptionsMiddleware } from "nuages/middleware/clickjacking";
import { CommonMiddleware } from "nuages/middleware/common";
import { SecurityMiddleware } from "nuages/middleware/security";
import { path, re_path } from "nuages/urls";
import {
  xframe_options_exempt,
  xframe_options_sameorigin,
} from "nuages/views/decorators/clickjacking";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [SecurityMiddleware, XFrameOptionsMiddleware, CommonMiddleware];
const view = (): HttpResponse => new HttpResponse();

const urls = [
  path("", view),
  path("moved/", () => new HttpResponseRedirect("/")),
  path("denied/", () => {
    throw new PermissionDenied();
  }),
  path("broken/", () => {
    throw new Error("broken");
  }),
  path("own/", () => new HttpResponse("", { headers: { "Referrer-Policy": "origin" } })),
  path("exempt/", xframe_options_exempt(view)),
  path("same/", xframe_options_sameorigin(view)),
];

describe("middleware/security: headers", () => {
  quiet();

  const statuses: [path: string, status: number, headers?: Record<string, string>][] = [
    ["/", 200],
    ["/moved/", 302],
    ["/denied/", 403],
    ["/missing/", 404],
    ["/broken/", 500],
    ["/", 400, { Host: "evil.com" }],
  ];
  for (const [url, status, headers] of statuses) {
    it(`are on a response ${status} (K6)`, () =>
      with_site(urls, { MIDDLEWARE }, async (client) => {
        const response = await client.get(url, {}, { headers });
        expect(response.status_code).to.equal(status);
        const names = [
          "X-Content-Type-Options",
          "Referrer-Policy",
          "Cross-Origin-Opener-Policy",
          "X-Frame-Options",
        ];
        expect(names.map((name) => response.get(name))).to.deep.equal([
          "nosniff",
          "same-origin",
          "same-origin",
          "DENY",
        ]);
      }));
  }

  it("of the view are kept (K6)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      expect((await client.get("/own/")).get("Referrer-Policy")).to.equal("origin");
    }));

  it("about frames are for the view to say (K15)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      expect((await client.get("/exempt/")).has_header("X-Frame-Options")).to.equal(false);
      expect((await client.get("/same/")).get("X-Frame-Options")).to.equal("SAMEORIGIN");
    }));

  it("of several referrer policies are one header", () =>
    with_site(
      urls,
      { MIDDLEWARE, SECURE_REFERRER_POLICY: ["no-referrer", "origin"] },
      async (client) => {
        expect((await client.get("/")).get("Referrer-Policy")).to.equal("no-referrer,origin");
      },
    ));

  it("are left out where the settings say so", () =>
    with_site(
      urls,
      {
        MIDDLEWARE: [SecurityMiddleware],
        SECURE_CONTENT_TYPE_NOSNIFF: false,
        SECURE_REFERRER_POLICY: null,
        SECURE_CROSS_ORIGIN_OPENER_POLICY: null,
      },
      async (client) => {
        expect([...(await client.get("/")).items()].map(([name]) => name)).to.deep.equal([
          "Content-Type",
        ]);
      },
    ));
});

describe("middleware/security: HTTPS", () => {
  quiet();

  it("is demanded for a year over HTTPS alone, also on redirects and errors (K5)", () =>
    with_site(urls, { MIDDLEWARE, SECURE_HSTS_SECONDS: 31_536_000 }, async (client) => {
      const told = async (url: string, secure: boolean): Promise<string | undefined> =>
        (await client.get(url, {}, { secure })).get("Strict-Transport-Security");
      expect(await told("/", false)).to.equal(undefined);
      for (const url of ["/", "/moved/", "/broken/", "/missing/"])
        expect(await told(url, true), url).to.equal("max-age=31536000");
    }));

  it("is never demanded with SECURE_HSTS_SECONDS 0 (K5)", () =>
    with_site(urls, { MIDDLEWARE }, async (client) => {
      const response = await client.get("/", {}, { secure: true });
      expect(response.has_header("Strict-Transport-Security")).to.equal(false);
    }));

  const redirects: [target: string, location: string][] = [
    ["//evil.com/", "https://testserver//evil.com/"],
    ["/x?a=%0d%0ab", "https://testserver/x?a=%0d%0ab"],
    ["/é/", "https://testserver/%C3%A9/"],
  ];
  for (const [target, location] of redirects) {
    it(`is where ${target} is redirected to (K4)`, () =>
      with_site([re_path("", view)], { MIDDLEWARE, SECURE_SSL_REDIRECT: true }, async (client) => {
        for (const method of ["GET", "POST"]) {
          const response = await client.request({
            REQUEST_METHOD: method,
            PATH_INFO: Buffer.from(target.split("?", 1)[0] ?? "").toString("latin1"),
            QUERY_STRING: target.split("?")[1] ?? "",
          });
          expect([response.status_code, response.get("Location")]).to.deep.equal([301, location]);
        }
      }));
  }

  it("is not for exempt paths, which are matched without their first slash (K4)", () =>
    with_site(
      [re_path("", view)],
      { MIDDLEWARE, SECURE_SSL_REDIRECT: true, SECURE_REDIRECT_EXEMPT: ["^plain/", /^open/g] },
      async (client) => {
        const statuses = [];
        for (const url of ["/plain/x", "/open", "/open", "/x/plain/"])
          statuses.push((await client.get(url)).status_code);
        expect(statuses).to.deep.equal([200, 200, 200, 301]);
      },
    ));

  it("is never redirected to on a host that is not the site's (K3)", () =>
    with_site(urls, { MIDDLEWARE, SECURE_SSL_REDIRECT: true }, async (client) => {
      const response = await client.get("/", {}, { headers: { Host: "evil.com" } });
      expect(response.status_code).to.equal(400);
      expect(response.has_header("Location")).to.equal(false);
    }));

  it("is redirected to on SECURE_SSL_HOST, whatever the Host (K3)", () =>
    with_site(
      urls,
      { MIDDLEWARE, SECURE_SSL_REDIRECT: true, SECURE_SSL_HOST: "secure.example" },
      async (client) => {
        const response = await client.get("/", {}, { headers: { Host: "evil.com" } });
        expect(response.get("Location")).to.equal("https://secure.example/");
      },
    ));
});
