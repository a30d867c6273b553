/** Errors that are written to the administrators. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { outbox } from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import type { HttpRequest } from "nuages/http";
import { Client, RequestFactory } from "nuages/test";
import { path } from "nuages/urls";
import { AdminEmailHandler, type LogRecord, set_log_sink } from "nuages/utils/log";
import { ExceptionReporter } from "nuages/views/debug";
import { logged } from "../support/log.ts";
import { mail_in_memory } from "../support/mail.ts";
import { with_settings } from "../support/settings.ts";

const record = (more: Partial<LogRecord> = {}): LogRecord => ({
  logger: "django.request",
  level: "error",
  message: "Internal Server Error: /x/",
  ...more,
});

describe("utils/log: AdminEmailHandler", () => {
  mail_in_memory({ ADMINS: ["admin@a.example"] });

  it("mails the error, its request, and no secrets", async () => {
    const request = new RequestFactory().post("/x/?a=b", { password: "hidden-1" });
    const error = new Error("broken");
    await new AdminEmailHandler().emit(record({ request, error }));
    const [mail] = outbox;
    expect([mail?.to, mail?.subject, outbox.length]).to.deep.equal([
      ["admin@a.example"],
      "[Django] ERROR (EXTERNAL IP): Internal Server Error: /x/",
      1,
    ]);
    expect(mail?.body).to.match(/^Internal Server Error: \/x\/\n\nError at \/x\/\nbroken\n/);
    expect(mail?.body).to.contain("admin_email.spec.ts").and.to.contain("http://testserver/x/?a=b");
    expect(mail?.body).to.not.match(/hidden-1|spec-secret-key|DEBUG is on/);
    expect(mail?.message().get_payload()).to.deep.equal([]);
  });

  it("has the page too if told", async () => {
    await new AdminEmailHandler({ include_html: true }).emit(record({ error: new Error("x") }));
    expect(outbox[0]?.message().get_payload()[1]?.get("Content-Type")).to.contain("text/html");
  });

  const subjects: [what: string, more: () => Partial<LogRecord>, subject: string][] = [
    ["no request", () => ({}), "ERROR: Internal Server Error: /x/"],
    [
      "a request from inside",
      () => ({ request: from("10.0.0.1") }),
      "ERROR (internal IP): Internal",
    ],
    ["several lines", () => ({ message: "a\r\nb" }), "ERROR: a\\r\\nb"],
  ];
  for (const [what, more, subject] of subjects) {
    it(`has a subject for ${what}`, async () => {
      const settings = { INTERNAL_IPS: ["10.0.0.1"], EMAIL_SUBJECT_PREFIX: "" };
      await with_settings(settings, async () => new AdminEmailHandler().emit(record(more())));
      expect(outbox[0]?.subject).to.contain(subject);
    });
  }

  it("is told by the log sink, of errors alone, while DEBUG is off", async () => {
    const handler = new AdminEmailHandler();
    for (const level of ["debug", "info", "warning"] as const) handler.handle(record({ level }));
    with_settings({ DEBUG: true }, () => handler.handle(record()));
    const ROOT_URLCONF = {
      urlpatterns: [
        path("x/", () => {
          throw new Error("broken");
        }),
      ],
    };
    let told: Promise<void> | undefined;
    class Noted extends AdminEmailHandler {
      override async emit(given: LogRecord): Promise<void> {
        return (told = super.emit(given));
      }
    }
    const mailing = new Noted();
    const before = set_log_sink((given) => mailing.handle(given));
    try {
      const client = new Client({ raise_request_exception: false });
      const response = await with_settings({ ROOT_URLCONF }, async () => client.get("/x/"));
      expect(response.status_code).to.equal(500);
      await told;
    } finally {
      set_log_sink(before);
    }
    expect(outbox.map(({ subject }) => subject)).to.deep.equal([
      "[Django] ERROR (EXTERNAL IP): Internal Server Error: /x/",
    ]);
  });

  it("is silent without administrators, and without a mailer", async () => {
    await with_settings({ ADMINS: [] }, async () => new AdminEmailHandler().emit(record()));
    await with_settings({ MAILERS: {} }, async () => new AdminEmailHandler().emit(record()));
    await new AdminEmailHandler({ using: "other" }).emit(record());
    expect(outbox).to.have.lengthOf(0);
  });

  it("can send elsewhere, and report in its own way", async () => {
    const sent: string[] = [];
    class Elsewhere extends AdminEmailHandler {
      override async send_mail(subject: string, message: string): Promise<void> {
        sent.push(subject, message);
      }
    }
    class Short extends ExceptionReporter {
      override async get_traceback_text(): Promise<string> {
        return "short";
      }
    }
    const handler = new Elsewhere({ reporter_class: Short });
    await with_settings({ ADMINS: [] }, async () => handler.emit(record()));
    expect(sent).to.deep.equal([
      "ERROR: Internal Server Error: /x/",
      "Internal Server Error: /x/\n\nshort",
    ]);
  });

  it("logs what it cannot send, and sends only so many at a time", async () => {
    const waiting: (() => void)[] = [];
    class Slow extends BaseEmailBackend {
      override async send_messages(): Promise<number> {
        await new Promise<void>((resolve) => waiting.push(resolve));
        throw new Error("no server");
      }
    }
    const handler = new AdminEmailHandler();
    const records = await with_settings({ MAILERS: { default: { BACKEND: Slow } } }, async () =>
      logged(async () => {
        for (let n = 0; n < 25; n++) handler.handle(record());
        while (waiting.length < 20) await new Promise((resolve) => setImmediate(resolve));
        for (const stop of waiting) stop();
        await new Promise((resolve) => setImmediate(resolve));
      }),
    );
    const texts = records.map(({ level, message }) => `${level}: ${message}`);
    expect(texts.filter((text) => text.includes("too many"))).to.have.lengthOf(5);
    expect(texts.filter((text) => text.includes("no server"))).to.have.lengthOf(20);
    expect(texts.every((text) => text.startsWith("warning"))).to.equal(true);
  });
});

function from(REMOTE_ADDR: string): HttpRequest {
  return new RequestFactory({ REMOTE_ADDR }).get("/x/");
}
