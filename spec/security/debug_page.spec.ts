/** Security of the page that explains an error while DEBUG is on: no script, no secret, and no more than fits. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { DisallowedHost, SuspiciousOperation } from "nuages/core/exceptions";
import { Http404, type HttpRequest, HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { ExceptionReporter, technical_500_response } from "nuages/views/debug";
import { sensitive_post_parameters, sensitive_variables } from "nuages/views/decorators/debug";
import { type Answer, type AnyView, ask, throws } from "../support/ask.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { with_settings } from "../support/settings.ts";

// Up here, so that the source around what throws does not show it.
const FORM = "card=4111&city=Ulm&password=hunter2";
const SHOWN = /Ulm/;
const HIDDEN = /4111|hunter2/;

describe("security/debug_page: DEBUG on", () => {
  const EVIL = "<script>alert(1)</script>";
  const DEBUG: Partial<Settings> = { DEBUG: true };

  function evil_request(): Request {
    return new Request(
      `http://testserver/?${encodeURIComponent(EVIL)}=${encodeURIComponent(EVIL)}`,
      {
        method: "POST",
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          Cookie: `a=${EVIL}`,
          "X-Evil": EVIL,
        },
        body: `${encodeURIComponent(EVIL)}=${encodeURIComponent(EVIL)}`,
      },
    );
  }
  it("S2: no script of a client stands in the page", async () => {
    const view: AnyView = (request) => {
      void (request as HttpRequest).POST;
      const error = new Error(EVIL, { cause: new Error(EVIL) });
      error.name = EVIL;
      error.stack = `${EVIL}: ${EVIL}\n    at ${EVIL} (/${EVIL}.ts:1:1)`;
      throw error;
    };
    for (const status of [500, 400]) {
      const thrown = status === 500 ? view : throws(() => new SuspiciousOperation(EVIL));
      const answer = await ask(thrown, DEBUG, evil_request());
      expect(answer.status).to.equal(status);
      expect(answer.text).to.include("&lt;script&gt;");
      expect(answer.text).not.to.include("<script");
    }
    const missing = new Request(`http://testserver/${encodeURIComponent(EVIL)}?${EVIL}`);
    const answer = await ask(view, DEBUG, missing);
    expect([answer.status, answer.text.includes("<script")]).to.deep.equal([404, false]);
  });

  const hidden: Partial<Settings> = {
    DEBUG: true,
    SECRET_KEY: "hidden-1-0123456789abcdef0123456789abcdef",
    CACHES: {
      default: {
        BACKEND: class {},
        LOCATION: "redis://name:hidden-2@host",
        OPTIONS: { list: [{ deep: { API_TOKEN: "hidden-3" } }] },
      },
    } as never,
  };
  const secret_request = (accept: string): Request =>
    new Request("http://testserver/", {
      headers: {
        Accept: accept,
        Authorization: "Bearer hidden-4",
        Cookie: "sessionid=hidden-5; csrftoken=hidden-6; theme=dark",
      },
    });
  for (const accept of ["text/html", "text/plain", "application/json"]) {
    it(`S3, S12: secrets are hidden at any depth in an answer for ${accept}`, async () => {
      process.env["NUAGES_SPEC"] = "hidden-7";
      const answer = await ask(
        throws(() => "no source to show"),
        hidden,
        secret_request(accept),
      );
      delete process.env["NUAGES_SPEC"];
      expect(answer.status).to.equal(500);
      expect(answer.headers.get("Content-Type")).to.match(
        accept === "text/html" ? /^text\/html/ : /^text\/plain/,
      );
      expect(answer.text).to.include("dark");
      expect(answer.text).not.to.match(/hidden-[1-7]/);
    });
  }

  it("S4: what decorators call sensitive is in no page and no log", async () => {
    const view = sensitive_variables()(
      sensitive_post_parameters("card")((request: HttpRequest): HttpResponse => {
        void request.POST;
        throw new Error("failed");
      }),
    );
    const form = (accept: string): Request =>
      new Request("http://testserver/", {
        method: "POST",
        headers: { Accept: accept, "Content-Type": "application/x-www-form-urlencoded" },
        body: FORM,
      });
    for (const accept of ["text/html", "text/plain"]) {
      const { text, records } = await ask(view as AnyView, DEBUG, form(accept));
      expect(text).to.match(SHOWN);
      expect(text).not.to.match(HIDDEN);
      expect(records.map(({ message }) => message).join()).not.to.match(HIDDEN);
    }
    let report = "";
    await ask(
      (request) => {
        try {
          return (view as AnyView)(request);
        } catch (error) {
          return new ExceptionReporter(request, error).get_traceback_text().then((text) => {
            report = text;
            return new HttpResponse();
          });
        }
      },
      {},
      form("text/html"),
    );
    expect(report).to.match(SHOWN);
    expect(report).not.to.match(HIDDEN);
  });

  let getters = 0;
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 50_000; depth++) deep = [deep];
  const heavy: [what: string, value: unknown][] = [
    ["100 MB long", "x".repeat(100_000_000)],
    ["a list of 1,000,000", Array(1_000_000).fill("x")],
    ["cyclic", cyclic],
    ["50,000 lists deep", deep],
    [
      "a Proxy that throws",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("trap");
          },
          ownKeys: () => {
            throw new Error("trap");
          },
        },
      ),
    ],
    [
      "with a getter",
      {
        get value(): string {
          getters++;
          return "x";
        },
      },
    ],
  ];
  for (const [what, value] of heavy) {
    it(`S5: a value that is ${what} is cut at 4,096 characters, in half a second`, async () => {
      const STORAGES = { x: { OPTIONS: { value } } } as never;
      const page = (): Promise<Answer> =>
        ask(
          throws(() => "no source"),
          { DEBUG: true, STORAGES },
        );
      const { status, text } = await page();
      expect(status).to.equal(500);
      expect(text).to.include("STORAGES");
      expect(text.length).to.be.below(200_000);
      for (const [shown = ""] of text.matchAll(/x{1000,}/g))
        expect(shown.length).to.be.at.most(4096);
      expect(getters).to.equal(0);
      expect(await cpu_time_of(page, 2)).to.be.below(500);
    });
    it(`S5: an error whose message or fields are ${what} has its page in half a second`, async () => {
      const thrown: AnyView = () => {
        throw Object.assign(new Error(typeof value === "string" ? value : ""), { value });
      };
      const { status, text } = await ask(thrown, DEBUG);
      expect(status).to.equal(500);
      expect(text.length).to.be.below(200_000);
      expect(getters).to.equal(0);
    });
  }
  it("S5: a path, a form, a cookie, a header and a message are cut at 4,096 characters", async () => {
    const made = new RequestFactory().post(
      `/${"p".repeat(15_000)}/`,
      { field: "f".repeat(100_000) },
      { HTTP_COOKIE: `c=${"c".repeat(10_000)}`, HTTP_X: "h".repeat(10_000) },
    );
    await with_settings({ DEBUG: true, ROOT_URLCONF: [] }, async () => {
      for (const accept of ["text/html", "text/plain"]) {
        made.META.HTTP_ACCEPT = accept;
        const text = String(
          (await technical_500_response(made, new Error("e".repeat(10_000)))).content,
        );
        for (const letter of "pfche") {
          const longest = Math.max(
            ...Array.from(text.matchAll(new RegExp(`${letter}{100,}`, "g")), ([run]) => run.length),
          );
          expect(longest, letter).to.be.within(1000, 4096);
        }
      }
    });
  });

  it("S10: a host that is not listed learns nothing", async () => {
    const stranger = (): Request => new Request("http://attacker.example/");
    for (const error of [
      new Error("the details"),
      new DisallowedHost("the details"),
      new Http404("the details"),
    ]) {
      const { status, text } = await ask(
        throws(() => error),
        { ...DEBUG, ALLOWED_HOSTS: [] },
        stranger(),
      );
      expect(status).to.equal(400);
      expect(text).not.to.match(/the details|SECRET_KEY|debug_page\.spec|support\/ask/);
    }
  });
});
