/** Handing mails to a mail server. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { EmailMessage, InvalidMailer } from "nuages/core/mail";
import { EmailBackend, type SmtpOptions } from "nuages/core/mail/backends/smtp";
import { type MailServer, with_mail_server } from "../../../support/smtp.ts";

const mail = (to: string[] = ["a@b.example"], body = "Grüße"): EmailMessage =>
  new EmailMessage({ subject: "s", body, from_email: "Me <me@a.example>", to });

const mailer = ({ port }: MailServer, more: SmtpOptions = {}): EmailBackend =>
  new EmailBackend({ alias: "default", host: "127.0.0.1", port, timeout: 5, ...more });

async function failure(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    () => new Error("There was no error."),
    (error: unknown) => error as Error, // what is thrown here is one
  );
}

describe("core/mail/backends/smtp", () => {
  it("hands over mails on one connection, to all who get them", async () => {
    await with_mail_server(async (server) => {
      const first = mail(["Ann <ann@münchen.example>"], ".\n..dots\nend");
      first.bcc.push("bcc@b.example");
      expect(await mailer(server).send_messages([first, mail()])).to.equal(2);
      const [one, two] = server.mails;
      expect([one?.from, one?.to]).to.deep.equal([
        "me@a.example",
        ["ann@xn--mnchen-3ya.example", "bcc@b.example"],
      ]);
      expect(one?.text).to.match(/\r\n\r\n\.\r\n\.\.dots\r\nend\r\n$/);
      expect(one?.text).to.not.contain("bcc@");
      expect(two?.text).to.contain("\r\nSubject: s\r\n").and.to.contain("Grüße");
      expect(server.connections).to.equal(1);
      expect(server.commands.at(-1)).to.equal("QUIT");
      expect(server.commands.some((line) => line.startsWith("AUTH"))).to.equal(false);
    });
  });

  it("logs in if there are name and password", async () => {
    await with_mail_server(async (server) => {
      await mailer(server, { username: "me", password: "secret" }).send_messages([mail()]);
      const login = server.commands.find((line) => line.startsWith("AUTH PLAIN")) ?? "";
      const text = Buffer.from(login.slice("AUTH PLAIN ".length), "base64").toString();
      expect(text).to.equal("\0me\0secret");
    });
  });

  it("keeps a connection that was opened, and makes a new one when it is gone", async () => {
    await with_mail_server(async (server) => {
      const backend = mailer(server);
      expect([await backend.open(), await backend.open()]).to.deep.equal([true, false]);
      await Promise.all([backend.send_messages([mail()]), backend.send_messages([mail()])]);
      expect([server.connections, server.mails.length]).to.deep.equal([1, 2]);
      await backend.close();
      await backend.close();
      await backend.send_messages([mail()]);
      expect([server.connections, server.mails.length]).to.deep.equal([2, 3]);
      expect(await backend.send_messages([])).to.equal(0);
      expect(await backend.send_messages([mail([])])).to.equal(0);
    });
  });

  const failures: [what: string, answers: Record<string, string>, code: string][] = [
    ["greets with a refusal", { GREETING: "554 no" }, "EPROTOCOL"],
    ["refuses the login", { "AUTH PLAIN": "535 no" }, "EAUTH"],
    ["refuses the sender", { MAIL: "550 no" }, "EENVELOPE"],
    ["refuses all who should get it", { RCPT: "550 no" }, "EENVELOPE"],
    ["refuses the mail", { "\n.": "554 no" }, "EMESSAGE"],
    ["hangs up", { DATA: "" }, "ECONNECTION"],
  ];
  for (const [what, answers, code] of failures) {
    it(`throws if the server ${what}, and leaves no connection`, async () => {
      await with_mail_server(async (server) => {
        const backend = mailer(server, { username: "me", password: "secret" });
        expect((await failure(backend.send_messages([mail()]))).code).to.equal(code);
        expect(server.mails).to.have.lengthOf(0);
      }, answers);
    });
  }

  it("throws if there is no server", async () => {
    let port = 0;
    await with_mail_server(async (server) => void (port = server.port));
    const backend = new EmailBackend({ alias: "default", host: "127.0.0.1", port, timeout: 5 });
    expect((await failure(backend.send_messages([mail()]))).code).to.equal("ESOCKET");
  });

  it("goes no further without encryption, if it was asked for", async () => {
    await with_mail_server(async (server) => {
      const backend = mailer(server, { use_tls: true, username: "me", password: "secret" });
      expect((await failure(backend.send_messages([mail()]))).code).to.equal("ETLS");
      expect(server.commands.filter((line) => /^(AUTH|MAIL)/.test(line))).to.deep.equal([]);
    });
  });

  it("reads key and certificate of the client before it connects", async () => {
    await with_mail_server(async (server) => {
      for (const more of [{ ssl_keyfile: "/nowhere" }, { ssl_certfile: "/nowhere" }])
        expect((await failure(mailer(server, more).send_messages([mail()]))).code).to.equal(
          "ENOENT",
        );
      expect(server.connections).to.equal(0);
    });
  });

  it("speaks TLS from the beginning, if it was asked to", async () => {
    await with_mail_server(async (server) => {
      const error = await failure(mailer(server, { use_ssl: true }).send_messages([mail()]));
      expect(error.message).to.match(/SSL|TLS/i);
      expect(server.mails).to.have.lengthOf(0);
    });
  });

  for (const to of ["a@b.example, c@d.example", "a@b.example\r\nDATA", "a b", ""] as const) {
    it(`refuses ${JSON.stringify(to)} as the one address of a mail`, async () => {
      await with_mail_server(async (server) => {
        const message = mail(["ok@b.example"]);
        message.recipients = () => [to];
        expect(await failure(mailer(server).send_messages([message]))).to.be.instanceOf(ValueError);
        expect(server.mails).to.have.lengthOf(0);
      });
    });
  }

  const options: [options: SmtpOptions, message: string][] = [
    [{}, "host"],
    [{ host: "a", use_tls: true, use_ssl: true }, "use_ssl"],
    [{ host: "a", fail_silently: true }, "fail_silently"],
  ];
  for (const [given, message] of options) {
    it(`refuses the options ${JSON.stringify(given)}`, () => {
      expect(() => new EmailBackend({ alias: "a", ...given })).to.throw(InvalidMailer, message);
    });
  }

  it("does not print its password", () => {
    const backend = new EmailBackend({ alias: "a", host: "b", password: "hidden" });
    expect(inspect({ backend })).to.equal("{ backend: <EmailBackend: 'a'> }");
  });

  it("has the port of its kind of encryption", () => {
    const port = (more: SmtpOptions): number =>
      new EmailBackend({ alias: "a", host: "b", ...more }).port;
    expect([port({}), port({ use_tls: true }), port({ use_ssl: true })]).to.deep.equal([
      25, 587, 465,
    ]);
  });
});
