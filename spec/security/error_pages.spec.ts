/** Security of error pages: what they say while DEBUG is off, and errors in the handling of errors. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { BadRequest, PermissionDenied, SuspiciousOperation } from "nuages/core/exceptions";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { Http404, HttpResponse } from "nuages/http";
import { Nunjucks } from "nuages/template";
import { set_log_sink } from "nuages/utils/log";
import { ExceptionReporter } from "nuages/views/debug";
import { type AnyView, ask, throws } from "../support/ask.ts";
import { with_settings } from "../support/settings.ts";

describe("security/error_pages: DEBUG off", () => {
  const SENT = "buy at evil.com";
  const errors: [status: number, error: () => unknown][] = [
    [404, () => new Http404(SENT)],
    [403, () => new PermissionDenied(SENT)],
    [400, () => new SuspiciousOperation(SENT)],
    [400, () => new BadRequest(SENT)],
    [500, () => new Error(SENT)],
  ];
  for (const [status, error] of errors) {
    it(`S1: the page of a ${status} for ${(error() as Error).name} says nothing of request or error`, async () => {
      const request = new Request(`http://testserver/?q=${SENT}`, { headers: { "X-Sent": SENT } });
      const answer = await ask(throws(error), {}, request);
      expect(answer.status).to.equal(status);
      expect(answer.text).not.to.match(/buy|evil|\.ts/);
    });
  }
  it("S1: nor is a missing page called by its name, with a template of the site or without", async () => {
    const request = (): Request => new Request(`http://testserver/<b>${SENT}`);
    const templates = { "404.html": "<h1>Gone</h1>{{ x }}" };
    const TEMPLATES = [{ BACKEND: Nunjucks, OPTIONS: { templates } }];
    const view: AnyView = () => new HttpResponse();
    const own = await ask(view, { TEMPLATES }, request());
    expect([own.status, own.text]).to.deep.equal([404, "<h1>Gone</h1>"]);
    const standard = await ask(view, {}, request());
    expect(standard.status).to.equal(404);
    expect(standard.text).not.to.match(/buy|evil|<b>/);
  });
  it("S1: what a site shows of the path in its own page is escaped", async () => {
    const templates = { "404.html": "{{ request_path }} {{ exception }}" };
    const TEMPLATES = [{ BACKEND: Nunjucks, OPTIONS: { templates } }];
    const { text } = await ask(
      throws(() => new Http404("<i>")),
      { TEMPLATES },
    );
    expect(text).not.to.match(/<i>/);
    const missing = await ask(
      throws(() => 0),
      { TEMPLATES },
      new Request("http://testserver/a'b"),
    );
    expect(missing.text).to.match(/^\/a(%27|&#x27;)b /);
  });
});

describe("security/error_pages: an error in the handling of an error", () => {
  class BrokenReporter extends ExceptionReporter {
    override get_traceback_html(): never {
      throw new Error("the reporter");
    }
  }
  const broken: [what: string, settings: Partial<Settings>, view: AnyView][] = [
    [
      "the debug page",
      { DEBUG: true, DEFAULT_EXCEPTION_REPORTER: BrokenReporter as never },
      throws(() => new Error("first")),
    ],
    [
      "handler404",
      { ROOT_URLCONF: { urlpatterns: [], handler404: throws(() => new Error("second")) } as never },
      throws(() => 0),
    ],
    [
      "handler500",
      {
        ROOT_URLCONF: {
          urlpatterns: [],
          handler500: throws(() => new Error("second")),
          handler404: throws(() => new Error("first")),
        } as never,
      },
      throws(() => 0),
    ],
    [
      "the template of a 500",
      { TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates: { "500.html": "{{ f() }}" } } }] },
      throws(() => new Error("first")),
    ],
  ];
  for (const [what, overridden, view] of broken) {
    it(`S11: in ${what} ends with a plain 500, logged, and the next request is answered`, async () => {
      const answer = await ask(view, overridden);
      expect(answer.status).to.equal(500);
      expect(answer.text).not.to.match(/first|second|the reporter|\.ts/);
      expect(answer.records.filter(({ level }) => level === "error").length).to.be.within(1, 3);
      expect((await ask(() => new HttpResponse("fine"))).text).to.equal("fine");
    });
  }
  it("S11: in a log handler it does not reach the client", async () => {
    let calls = 0;
    const sink = set_log_sink(() => {
      calls++;
      throw new Error("the sink");
    });
    const { write } = process.stderr;
    process.stderr.write = () => true;
    try {
      await with_settings({ ROOT_URLCONF: [] }, async () => {
        const response = await get_fetch_application()(new Request("http://testserver/x"));
        expect(response.status).to.equal(404);
      });
    } finally {
      process.stderr.write = write;
      set_log_sink(sink);
    }
    expect(calls).to.equal(1);
  });
});
