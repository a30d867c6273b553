/** Specification of nuages/views/csrf: the page of a request that was refused. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { REASON_NO_CSRF_COOKIE, REASON_NO_REFERER } from "nuages/middleware/csrf";
import { override_settings } from "nuages/test";
import { checked } from "../support/csrf.ts";
import { logged } from "../support/log.ts";

describe("views/csrf: csrf_failure", () => {
  const hostile = { "X-CSRFToken": "<token>", Referer: "https://<evil>/", Cookie: "csrftoken=<c>" };

  it("shows nothing of the request, and the reason with DEBUG alone (L18)", () =>
    checked(async (client) => {
      for (const DEBUG of [false, true]) {
        await override_settings({ DEBUG })(async () => {
          let text = "";
          const [record] = await logged(async () => {
            text = (await client.post("/", {}, { headers: hostile, secure: true })).text;
          });
          expect(record?.logger).to.equal("django.security.csrf");
          expect(record?.status_code).to.equal(403);
          for (const part of ["<token>", "<evil>", "<c>"]) expect(text).not.to.include(part);
          expect(text.includes("none of the trusted ones")).to.equal(DEBUG);
        })();
      }
    }));

  it("helps whose browser sent no referer or no cookie", () =>
    checked(
      async (client) => {
        await logged(async () => {
          const no_referer = await client.post("/", {}, { secure: true });
          expect(no_referer.text).to.include("Referer");
          const no_cookie = await client.post("/");
          expect(no_cookie.text).to.include("cookie").and.not.include("Referer");
        });
        expect(REASON_NO_REFERER).not.to.equal(REASON_NO_CSRF_COOKIE);
      },
      {},
      null,
    ));

  it("can be another view, whose error is an error like any other (L18)", () =>
    checked(
      async (client) => {
        await logged(async () => {
          const response = await client.post("/");
          expect([response.status_code, String(response.exc_info)]).to.deep.equal([
            500,
            "Error: no page",
          ]);
        });
      },
      {
        CSRF_FAILURE_VIEW: () => {
          throw new Error("no page");
        },
      },
    ));

  it("tells that view why", () =>
    checked(
      async (client) => {
        await logged(async () => {
          expect((await client.post("/")).text).to.equal(REASON_NO_CSRF_COOKIE);
        });
      },
      {
        CSRF_FAILURE_VIEW: async (_request: HttpRequest, { reason }: { reason: string }) =>
          new HttpResponse(reason, { status: 403 }),
      },
      null,
    ));
});
