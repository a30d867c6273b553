/** Security of error pages and logs: what they say, to whom, and that what a client sent stays one line of text. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings, type Settings } from "nuages/conf";
import {
  BadRequest,
  DisallowedHost,
  PermissionDenied,
  SuspiciousOperation,
} from "nuages/core/exceptions";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { Http404, type HttpRequest, HttpResponse } from "nuages/http";
import { Nunjucks } from "nuages/template";
import { RequestFactory } from "nuages/test";
import { log_message, type LogRecord, set_log_sink } from "nuages/utils/log";
import { sensitive_post_parameters, sensitive_variables } from "nuages/views/decorators/debug";
import { ExceptionReporter, technical_500_response } from "nuages/views/debug";
import { type AnyView, type Answer, ask } from "../support/ask.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { heap_growth_of } from "../support/heap.ts";
import { logged } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";

// Up here, so that the source around what throws does not show it.
const FORM = "card=4111&city=Ulm&password=hunter2";
const SHOWN = /Ulm/;
const HIDDEN = /4111|hunter2/;

/** A view that throws. */
function throws(make: () => unknown): AnyView {
  return () => {
    throw make();
  };
}

/** What is written to standard error while `fn` runs. */
async function written(fn: () => unknown): Promise<string> {
  const texts: string[] = [];
  const { write } = process.stderr;
  const sink = set_log_sink();
  process.stderr.write = (text: unknown) => texts.push(String(text)) > 0;
  try {
    await fn();
  } finally {
    process.stderr.write = write;
    set_log_sink(sink);
  }
  return texts.join("");
}

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

describe("security/error_pages: DEBUG on", () => {
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
      expect(text).not.to.match(/the details|SECRET_KEY|error_pages\.spec/);
    }
  });
});

describe("security/error_pages: logs", () => {
  const paths: [path: string, text: string][] = [
    ["/missing%0d%0aFAKE%1b[31m/", "/missing\\r\\nFAKE\\x1b[31m/"],
    ["/%E2%80%A8", "/\\u2028"],
    ["/%C2%85", "/\\x85"],
    ["/%00%7f", "/\\x00\\x7f"],
    ["/%C3%A9", "/\\xe9"],
  ];
  for (const [path, text] of paths) {
    it(`S6: ${path} is logged as ${text}, on one line`, async () => {
      const { records } = await ask(
        () => new HttpResponse(),
        {},
        new Request(`http://testserver${path}`),
      );
      expect(records.map(({ message }) => message)).to.deep.equal([`Not Found: ${text}`]);
    });
  }

  const FAKE = "a\r\nERROR django.request: fake\x1b[31m\u2028\u0085";
  const lines: [what: string, view: AnyView][] = [
    ["a SuspiciousOperation", throws(() => new SuspiciousOperation(FAKE))],
    ["a BadRequest", throws(() => new BadRequest(FAKE))],
    ["a Host", throws(() => new DisallowedHost(`Invalid host: ${FAKE}`))],
    ["an error", throws(() => new Error(FAKE))],
    ["a text that is thrown", throws(() => `ERROR django.request: fake\n${FAKE}`)],
    ["a name of an error", throws(() => Object.assign(new Error("x"), { name: FAKE }))],
    [
      "a reason phrase",
      () => {
        const response = new HttpResponse("", { status: 400 });
        Object.defineProperty(response, "reason_phrase", { value: FAKE });
        return response;
      },
    ],
    [
      "a message of the site",
      () => {
        log_message("site", "%s", `upload ${FAKE}`, { level: "error" });
        log_message("site", FAKE, { level: "error" });
        return new HttpResponse();
      },
    ],
  ];
  for (const [what, view] of lines) {
    it(`S7: line breaks in ${what} make no other record`, async () => {
      const text = await written(async () => {
        await with_settings({ ROOT_URLCONF: [] }, async () => undefined);
        const overridden = { ALLOWED_HOSTS: ["testserver"] };
        await ask(async (request) => {
          set_log_sink();
          return view(request);
        }, overridden);
      });
      expect(text).to.include("fake");
      for (const character of "\r\x1b\u2028\u0085") expect(text).not.to.include(character);
      const starts = text.split("\n").filter((line) => /^\S/.test(line));
      expect(starts.length).to.be.within(1, 2);
      for (const line of starts)
        expect(line).to.match(/^(ERROR|WARNING) (django|site)[.\w]*: (?!fake)/);
    });
  }

  it("S8: a path is never a format", async () => {
    const { records } = await ask(
      () => new HttpResponse(),
      {},
      new Request("http://testserver/a%25sb%25o%25j"),
    );
    expect(records.map(({ message }) => message)).to.deep.equal(["Not Found: /a%sb%o%j"]);
    const text = await written(() => log_message("x", "%s %s", "%s%o", "%j", { level: "warning" }));
    expect(text).to.equal("WARNING x: %s%o %j\n");
  });

  it("S9: settings and requests are printed without secrets", () => {
    const secrets: Partial<Settings> = {
      SECRET_KEY: "hidden-key-0123456789abcdef0123456789",
      SECRET_KEY_FALLBACKS: ["hidden-old"],
      CACHES: { default: { OPTIONS: { password: "hidden-password" } } } as never,
    };
    with_settings(secrets, () => {
      const request = new RequestFactory().get("/?a=1", undefined, {
        HTTP_COOKIE: "sessionid=hidden-session",
        HTTP_AUTHORIZATION: "Bearer hidden-token",
      });
      const texts = [
        inspect(settings, { depth: 9 }),
        String(settings),
        inspect(request, { depth: 9 }),
        String(request),
        inspect({ request }, { depth: 9, showHidden: true }),
      ];
      for (const text of texts) expect(text).not.to.include("hidden-");
    });
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

  it("S13: a record is cut at 2,048 characters, however it grows by escaping", async () => {
    const records: LogRecord[] = await logged(() => {
      log_message("x", "%s", "\0".repeat(100_000));
      log_message("x", "\0".repeat(2000));
      log_message("x", "%r", "\u{10ffff}".repeat(2000));
    });
    expect(records.map(({ message }) => message.length)).to.deep.equal([2048, 2048, 2048]);
    const long = await ask(
      () => new HttpResponse(),
      {},
      new Request(`http://testserver/${"%C3%A9".repeat(2500)}`),
    );
    expect(long.records.map(({ message }) => message.length)).to.deep.equal([2048]);
  });
  it("S13: of 10,000 missing URLs nothing is kept", async () => {
    const sink = set_log_sink(() => undefined);
    try {
      await with_settings({ ROOT_URLCONF: [] }, async () => {
        const application = get_fetch_application();
        let n = 0;
        const run = async (): Promise<void> => {
          for (let i = 0; i < 10_000; i++)
            await application(new Request(`http://testserver/missing/${n++}/${"x".repeat(200)}`));
        };
        expect(await heap_growth_of(run)).to.be.below(4 * 2 ** 20);
      });
    } finally {
      set_log_sink(sink);
    }
  }).timeout(20_000);
});
