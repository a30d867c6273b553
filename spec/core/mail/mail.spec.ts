/** Sending mail, and the mailers of the site. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { LazySettings } from "nuages/conf";
import { ImproperlyConfigured, ValueError } from "nuages/core/exceptions";
import {
  InvalidMailer,
  mail_admins,
  mail_managers,
  MailerDoesNotExist,
  mailers,
  outbox,
  send_mail,
  send_mass_mail,
} from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import { EmailBackend as DummyBackend } from "nuages/core/mail/backends/dummy";
import { EmailBackend } from "nuages/core/mail/backends/locmem";
import { EmailBackend as SmtpBackend } from "nuages/core/mail/backends/smtp";
import { setup_test_environment, SimpleTestCase, teardown_test_environment } from "nuages/test";
import { mail_in_memory } from "../../support/mail.ts";
import { with_settings } from "../../support/settings.ts";

/** The error with which a promise is rejected. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("core/mail", () => {
  mail_in_memory();

  it("send_mail sends one mail, in HTML too if there is some", async () => {
    expect(await send_mail("Hi", "text", null, ["a@b"], { html_message: "<p>" })).to.equal(1);
    const [mail] = outbox;
    expect([mail?.subject, mail?.body, mail?.from_email, mail?.to, mail?.sent_using]).to.deep.equal(
      ["Hi", "text", "webmaster@localhost", ["a@b"], "default"],
    );
    expect(mail?.message().get_payload()).to.have.lengthOf(2);
  });

  it("sends nothing to nobody", async () => {
    expect(await send_mail("Hi", "text", null, [])).to.equal(0);
    expect(outbox).to.have.lengthOf(0);
  });

  it("refuses headers out of a form", async () => {
    expect(await failure(send_mail("Hi\nBcc: x@y", "text", null, ["a@b"]))).to.be.instanceOf(
      ValueError,
    );
    expect(outbox).to.have.lengthOf(0);
  });

  it("send_mass_mail sends several", async () => {
    const mails = ["one", "two"].map((subject) => [subject, "", null, ["a@b"]] as const);
    expect(await send_mass_mail(mails)).to.equal(2);
    expect(outbox.map(({ subject }) => subject)).to.deep.equal(["one", "two"]);
  });

  for (const [name, send] of [
    ["ADMINS", mail_admins],
    ["MANAGERS", mail_managers],
  ] as const) {
    it(`writes to ${name}, with prefix and sender of the site`, async () => {
      await send("Hi", "text");
      expect(outbox).to.have.lengthOf(0);
      const settings = { [name]: ["a@b", "c@d"], SERVER_EMAIL: "site@a" };
      await with_settings(settings, async () => send("Hi", "text", { html_message: "<p>" }));
      const [mail] = outbox;
      expect([mail?.subject, mail?.from_email, mail?.to]).to.deep.equal([
        "[Django] Hi",
        "site@a",
        ["a@b", "c@d"],
      ]);
    });

    it(`refuses pairs in ${name}`, async () => {
      const error = await failure(
        with_settings({ [name]: [["Ann", "a@b"]] }, async () => send("Hi", "text")),
      );
      expect(error).to.be.instanceOf(ImproperlyConfigured);
    });
  }

  it("what is in outbox does not change any more", async () => {
    const { EmailMessage } = await import("nuages/core/mail");
    const message = new EmailMessage({ subject: "one", to: ["a@b"] });
    await message.send();
    message.subject = "two";
    message.to.push("c@d");
    expect([outbox[0]?.subject, outbox[0]?.to]).to.deep.equal(["one", ["a@b"]]);
    expect(outbox[0]).to.be.instanceOf(EmailMessage);
  });
});

describe("core/mail: mailers", () => {
  class Picky extends BaseEmailBackend {
    constructor({ colour: _colour, ...rest }: Record<string, unknown> = {}) {
      super(rest);
    }
  }
  const MAILERS = {
    default: { BACKEND: EmailBackend },
    quiet: { BACKEND: DummyBackend },
    picky: { BACKEND: Picky, OPTIONS: { colour: "red", size: 1 } },
    named: { BACKEND: DummyBackend, OPTIONS: { alias: "other" } },
    bare: { OPTIONS: { host: "mail.example" } },
    wrong: { BACKEND: "path.to.Backend" as unknown as typeof DummyBackend }, // as in Django
  };

  it("are made anew at each look-up, and know their alias", () => {
    with_settings({ MAILERS }, () => {
      expect(mailers.default).to.be.instanceOf(EmailBackend);
      expect(mailers.getitem("quiet").alias).to.equal("quiet");
      expect(mailers.getitem("quiet")).to.not.equal(mailers.getitem("quiet"));
      expect([...mailers]).to.deep.equal(Object.keys(MAILERS));
      expect([mailers.has("quiet"), mailers.has("toString")]).to.deep.equal([true, false]);
    });
  });

  it("use SMTP unless told otherwise", () => {
    with_settings({ MAILERS }, () => expect(mailers.getitem("bare")).to.be.instanceOf(SmtpBackend));
  });

  it("there is no other than those", async () => {
    await with_settings({ MAILERS }, async () => {
      expect(() => mailers.getitem("other")).to.throw(MailerDoesNotExist, "'other'");
      expect(() => mailers.getitem("constructor")).to.throw(MailerDoesNotExist);
      expect([mailers.get("other"), mailers.get("other", null)]).to.deep.equal([undefined, null]);
      const error = await failure(send_mail("s", "", null, ["a@b"], { using: "other" }));
      expect(error).to.be.instanceOf(MailerDoesNotExist);
    });
    with_settings({ MAILERS: {} }, () =>
      expect(() => mailers.default).to.throw(MailerDoesNotExist),
    );
  });

  for (const [alias, message] of [
    ["picky", "MAILERS['picky']: There is no option size"],
    ["named", "alias already"],
    ["wrong", "no class of mailers"],
  ] as const) {
    it(`say what is wrong with the entry ${alias}`, () => {
      with_settings({ MAILERS }, () => {
        expect(() => mailers.getitem(alias)).to.throw(InvalidMailer, message);
        expect(() => mailers.get(alias)).to.throw(InvalidMailer);
      });
    });
  }

  it("without MAILERS there is one, made of the old settings", () => {
    expect([mailers.default.alias, [...mailers]]).to.deep.equal([null, []]);
    with_settings({ EMAIL_HOST: "a.example", EMAIL_USE_TLS: true, EMAIL_PORT: 5 }, () => {
      const { host, port, use_tls } = mailers.default as SmtpBackend;
      expect([host, port, use_tls]).to.deep.equal(["a.example", 5, true]);
    });
    expect(() => mailers.getitem("other")).to.throw(MailerDoesNotExist);
  });

  it("MAILERS and the old settings exclude each other", () => {
    const settings = new LazySettings();
    expect(() => settings.configure({ MAILERS: {}, EMAIL_HOST: "a" })).to.throw(
      ImproperlyConfigured,
      "EMAIL_HOST",
    );
    settings.configure({ MAILERS: {}, EMAIL_SUBJECT_PREFIX: "" });
    expect(settings.MAILERS).to.deep.equal({});
  });
});

describe("core/mail: the test environment", () => {
  for (const [what, settings] of [
    ["MAILERS", { MAILERS: { default: { BACKEND: DummyBackend }, other: {} } }],
    ["the old settings", {}],
  ] as const) {
    it(`puts all mail into outbox, with ${what}, and empties it for each test case`, async () => {
      await with_settings(settings, async () => {
        setup_test_environment();
        try {
          await send_mail("one", "", null, ["a@b"]);
          for (const using of mailers) await send_mail("two", "", null, ["a@b"], { using });
          expect(outbox).to.have.lengthOf(1 + [...mailers].length);
          expect(new SimpleTestCase().client).to.not.equal(undefined);
          expect(outbox).to.have.lengthOf(0);
        } finally {
          teardown_test_environment();
        }
        expect(mailers.default).to.not.be.instanceOf(EmailBackend);
      });
    });
  }
});
