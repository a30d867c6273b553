/** Security of logs: what a client sent stays one line of text, and no secret stands in it. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings, type Settings } from "nuages/conf";
import { BadRequest, DisallowedHost, SuspiciousOperation } from "nuages/core/exceptions";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { log_message, type LogRecord, set_log_sink } from "nuages/utils/log";
import { type AnyView, ask, throws } from "../support/ask.ts";
import { heap_growth_of } from "../support/heap.ts";
import { logged, written } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";

describe("security/logs: what a client sent", () => {
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
