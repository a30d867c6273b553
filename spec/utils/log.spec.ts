/** Specification of nuages/utils/log. @module */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect } from "chai";
import { describe, it } from "mocha";
import { HttpResponse, HttpResponseNotFound, HttpResponseServerError } from "nuages/http";
import { RequestFactory } from "nuages/test";
import {
  log_message,
  log_response,
  type LogRecord,
  request_logger,
  set_log_sink,
} from "nuages/utils/log";
import { path } from "nuages/urls";
import { logged } from "../support/log.ts";
import { with_site } from "../support/site.ts";

describe("utils/log: log_response", () => {
  const levels: [response: HttpResponse, level: string][] = [
    [new HttpResponse(), "info"],
    [new HttpResponseNotFound(), "warning"],
    [new HttpResponseServerError(), "error"],
  ];
  for (const [response, level] of levels) {
    it(`tells of ${response.status_code} as ${level}, once`, async () => {
      const request = new RequestFactory().get("/x/");
      const records = await logged(() => {
        log_response("%s: %s", response.reason_phrase, request.path, { response, request });
        log_response("again", { response, request });
      });
      expect(records).to.deep.equal([
        {
          logger: "django.request",
          level,
          message: `${response.reason_phrase}: /x/`,
          status_code: response.status_code,
          request,
        },
      ]);
    });
  }

  it("takes a logger, a level and an error", async () => {
    const error = new Error("no");
    const [record] = await logged(() =>
      log_response("Forbidden", {
        response: new HttpResponse("", { status: 403 }),
        logger: "django.security.csrf",
        level: "critical",
        exception: error,
      }),
    );
    expect(record).to.include({ logger: "django.security.csrf", level: "critical", error });
  });
});

describe("utils/log: log_message", () => {
  it("has the logger django.request for requests", () => {
    expect(request_logger.name).to.equal("django.request");
  });

  const written: [message: string, args: unknown[], text: string][] = [
    ["a %s", ["b\r\nERROR c"], "a b\\r\\nERROR c"],
    ["%s", ["\x1b[31m\u2028\x85\0\x7fé😀"], "\\x1b[31m\\u2028\\x85\\x00\\x7f\\xe9\\U0001f600"],
    ["%s", ["a\\nb"], "a\\\\nb"],
    ["100%% of %d, %r", [5, "x"], "100% of 5, 'x'"],
    ["%s", ["/a%sb%o%j"], "/a%sb%o%j"],
    [
      "%s %s",
      [{ toString: 1, valueOf: 1 }, JSON.parse('{"then":1}')],
      "{'toString': 1, 'valueOf': 1} {'then': 1}",
    ],
  ];
  for (const [message, args, text] of written) {
    it(`writes ${JSON.stringify(args)} as ${JSON.stringify(text)} (S6, S8, T4)`, async () => {
      const [record] = await logged(() => log_message(request_logger, message, ...args));
      expect(record?.message).to.equal(text);
    });
  }

  it("spells out line breaks even of the message itself (S7)", async () => {
    const [record] = await logged(() => log_message("x", "a\r\nERROR b\u2029"));
    expect(record?.message).to.equal("a\\x0d\\x0aERROR b\\u2029");
  });

  it("cuts a record at 2048 characters (S13)", async () => {
    const [record] = await logged(() => log_message("x", "%s", "a".repeat(100_000)));
    expect(record?.message.length).to.equal(2048);
    expect(record?.message.endsWith("a…")).to.equal(true);
  });

  it("publishes records on the diagnostics channel nuages:log", () => {
    const heard: unknown[] = [];
    const listener = (record: unknown): void => void heard.push(record);
    subscribe("nuages:log", listener);
    const sink = set_log_sink(() => undefined);
    try {
      log_message("django.server", "%s", "up", { status_code: 200 });
    } finally {
      set_log_sink(sink);
      unsubscribe("nuages:log", listener);
    }
    expect(heard).to.deep.equal([
      { logger: "django.server", level: "info", message: "up", status_code: 200 },
    ]);
  });

  it("does not let a sink that throws break the request", () => {
    const sink = set_log_sink(() => {
      throw new Error("full");
    });
    try {
      expect(() => log_message("x", "quiet", { level: "info" })).not.to.throw();
    } finally {
      set_log_sink(sink);
    }
  });
});

describe("utils/log: requests", () => {
  const view = (): HttpResponse => new HttpResponse();

  for (const [url, text] of [
    ["/missing%0d%0aFAKE%1b[31m/", "/missing\\r\\nFAKE\\x1b[31m/"],
    ["/%E2%80%A8%C2%85%00%7f", "/\\u2028\\x85\\x00\\x7f"],
    ["/a%25sb%25o%25j", "/a%sb%o%j"],
  ] as const) {
    it(`logs a 404 of ${url} on one line (S6)`, async () => {
      const records: LogRecord[] = [];
      await with_site([path("", view)], {}, async (client) => {
        records.push(...(await logged(() => client.get(url))));
      });
      expect(records.map(({ message }) => message)).to.deep.equal([`Not Found: ${text}`]);
    });
  }
});
