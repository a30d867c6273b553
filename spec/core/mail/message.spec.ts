/** What mails look like, and what they refuse. @module */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import {
  BadHeaderError,
  DNS_NAME,
  EmailMessage,
  type EmailMessageOptions,
  EmailMultiAlternatives,
  make_msgid,
} from "nuages/core/mail";
import { freeze_time } from "nuages/test/utils";
import { with_settings } from "../../support/settings.ts";

const headers = { Date: "today", "Message-ID": "<1@example>" };

function written(options: EmailMessageOptions): string {
  return new EmailMessage({ subject: "s", body: "b", to: ["a@b.example"], headers, ...options })
    .message()
    .as_string();
}

function field(name: string, options: EmailMessageOptions): string | undefined {
  return new RegExp(`^${name}: (.*(?:\\n[ \\t].*)*)`, "m").exec(written(options))?.[1];
}

describe("core/mail: EmailMessage", () => {
  afterEach(() => freeze_time(undefined));

  it("is written as Django writes it", () => {
    expect(
      written({ subject: "Hi", body: "One\r\nTwo", to: ["a@b.example", "Ann <c@d.example>"] }),
    ).to.equal(
      [
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 7bit",
        "MIME-Version: 1.0",
        "Subject: Hi",
        "From: webmaster@localhost",
        "To: a@b.example, Ann <c@d.example>",
        "Date: today",
        "Message-ID: <1@example>",
        "",
        "One",
        "Two",
        "",
      ].join("\n"),
    );
  });

  it("can be read", () => {
    const message = new EmailMessage({ to: ["a@b"], headers }).message();
    expect(message.items().map(([name]) => name)).to.include.members(["Subject", "To", "Date"]);
    expect([message.get("DATE"), message.get("X"), message.get("X", "y")]).to.deep.equal([
      "today",
      undefined,
      "y",
    ]);
    expect(String(message)).to.equal(message.as_string());
    expect(String(DNS_NAME))
      .to.equal(DNS_NAME.get_fqdn())
      .and.match(/^[\w.-]+$/);
  });

  it("ends its lines as a mail server wants them, if told", () => {
    const bytes = new EmailMessage({ body: "ä\nb", to: ["a@b"], headers })
      .message()
      .as_bytes({ linesep: "\r\n" });
    expect(bytes.toString().replaceAll("\r\n", "")).to.not.match(/[\r\n]/);
    expect(bytes.toString()).to.match(/\r\n\r\nä\r\nb\r\n$/);
  });

  const subjects: [subject: string, text: string][] = [
    ["Grüße", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="],
    ["雲雲雲", "=?utf-8?b?6Zuy6Zuy6Zuy?="],
    ["=?utf-8?q?x?=", "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?="],
    ["a\0b", "=?utf-8?q?a=00b?="],
    ["word ".repeat(16).trim(), `${"word ".repeat(14).trim()}\n word word`],
  ];
  for (const [subject, text] of subjects) {
    it(`writes the subject ${JSON.stringify(subject.slice(0, 20))} in ASCII`, () => {
      expect(field("Subject", { subject })).to.equal(text);
    });
  }

  it("breaks a long subject into encoded words of whole characters", () => {
    const subject = "雲🌩".repeat(40);
    const words = field("Subject", { subject })?.split("\n ") ?? [];
    const texts = words.map((word) => {
      expect(word.length).to.be.at.most(75);
      return Buffer.from(/^=\?utf-8\?b\?(.*)\?=$/.exec(word)?.[1] ?? "", "base64").toString();
    });
    expect(texts.join("")).to.equal(subject);
  });

  const addresses: [given: string, text: string][] = [
    ["Jürgen <j@münchen.example>", "=?utf-8?q?J=C3=BCrgen?= <j@xn--mnchen-3ya.example>"],
    ['"Doe, J." <j@d.example>', '"Doe, J." <j@d.example>'],
    ["J. Doe (home) <j@d.example>", '"J. Doe" <j@d.example>'],
    ['"a b"@c.example', '"a b"@c.example'],
    ["root", "root"],
    ["a@[127.0.0.1]", "a@[127.0.0.1]"],
    ["a@b.example, c@d.example", "a@b.example, c@d.example"],
  ];
  for (const [given, text] of addresses) {
    it(`writes the address ${given} as ${text}`, () => {
      expect(field("To", { to: [given] })).to.equal(text);
    });
  }

  const refused: [what: string, options: EmailMessageOptions][] = [
    ["a subject of two lines", { subject: "a\nBcc: eve@evil.example" }],
    ["a subject with CR", { subject: "a\rBcc: eve@evil.example" }],
    ["a subject with a line separator", { subject: "a\u2028b" }],
    ["an address of two lines", { to: ["a@b.example\nBcc: eve@evil.example"] }],
    ["a line break after an address", { cc: ["a@b.example\n"] }],
    ["a sender of two lines", { from_email: "a@b.example\r\nX: y" }],
    ["a reply_to of two lines", { reply_to: ["a@b.example\nX: y"] }],
    ["a header of two lines", { headers: { "X-A": "a\nX-B: b" } }],
    ["a header name of two lines", { headers: { "X-A: a\nX-B": "b" } }],
    ["a header name with a space", { headers: { "X A": "b" } }],
    ["the header Bcc", { headers: { Bcc: "eve@evil.example" } }],
    ["a header that is there already", { headers: { Subject: "again" } }],
    ["what is no address", { to: ["not an address"] }],
    ["two addresses without a comma", { to: ["<a@b.example> <c@d.example>"] }],
    ["an address with two @", { to: ["a@b@c.example"] }],
    ["a local part that is not ASCII", { to: ["é@b.example"] }],
    ["an address that ends too early", { to: ["Ann <a@b.example"] }],
    ["a comment without an end", { to: ["a@b.example (x"] }],
    ["a file name of two lines", { attachments: [file("a\nX: y", "text/plain")] }],
  ];
  for (const [what, options] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => written(options)).to.throw(BadHeaderError);
    });
  }

  it("refuses a media type that is none, at once", () => {
    expect(() => new EmailMessage({ attachments: [file("a", "text/plain\nX: y")] })).to.throw(
      ValueError,
      "no media type",
    );
  });

  it("refuses a text where addresses belong", () => {
    // @ts-expect-error the type says so, too
    expect(() => new EmailMessage({ to: "a@b.example" })).to.throw(TypeError, "list of addresses");
  });

  it("names the other addressees, but for those that nobody shall see", () => {
    const message = new EmailMessage({
      to: ["to@a.example"],
      cc: ["cc@a.example", ""],
      bcc: ["bcc@a.example"],
      reply_to: ["re@a.example"],
      headers: { From: "Boss <boss@a.example>", To: "undisclosed-recipients:;", "X-Kind": "a" },
    });
    const text = message.message().as_string();
    expect(message.recipients()).to.deep.equal(["to@a.example", "cc@a.example", "bcc@a.example"]);
    expect(text).to.contain("\nFrom: Boss <boss@a.example>\nTo: undisclosed-recipients:;\n");
    expect(text).to.contain("\nCc: cc@a.example\nReply-To: re@a.example\n");
    expect(text).to.contain("\nX-Kind: a\n");
    expect(text).to.not.contain("bcc");
  });

  it("has a date and an id of its own", () => {
    freeze_time(1_700_000_000);
    const message = (): string => new EmailMessage({ to: ["a@b"] }).message().as_string();
    expect(message()).to.match(/\nDate: Tue, 14 Nov 2023 22:13:20 \+0000\nMessage-ID: <\S+@\S+>\n/);
    const local = { EMAIL_USE_LOCALTIME: true, TIME_ZONE: "America/Chicago" };
    expect(with_settings(local, message)).to.contain("Date: Tue, 14 Nov 2023 16:13:20 -0600");
    expect(make_msgid({ domain: "a.example" })).to.match(/^<[\d.]+@a\.example>$/);
    expect(make_msgid()).to.not.equal(make_msgid());
  });

  const bodies: [what: string, body: string, encoding: string, text: string][] = [
    ["short ASCII", "a\n.b\nFrom c", "7bit", "a\n.b\nFrom c\n"],
    ["short lines", "Wörter", "8bit", "Wörter\n"],
    ["nothing", "", "7bit", "\n"],
    [
      "a long line",
      `${"x".repeat(75)}=yy \nz`,
      "quoted-printable",
      `${"x".repeat(75)}=\n=3Dyy=20\nz\n`,
    ],
    [
      "long lines of other letters",
      "雲".repeat(30),
      "base64",
      "6Zuy".repeat(19) + "\n" + "6Zuy".repeat(11) + "Cg==\n",
    ],
  ];
  for (const [what, body, encoding, text] of bodies) {
    it(`writes ${what} as ${encoding}`, () => {
      expect(field("Content-Transfer-Encoding", { body })).to.equal(encoding);
      expect(written({ body }).split("\n\n").slice(1).join("\n\n")).to.equal(text);
    });
  }

  it("has files", async () => {
    const message = new EmailMessage({ body: "b", to: ["a@b"], headers });
    message.attach('no"te.txt', Buffer.from("tëxt"));
    message.attach("ü.bin", new Uint8Array([0, 255]));
    message.attach("bad.txt", new Uint8Array([0xff]));
    message.attach(null, "{}", { mimetype: "application/json" });
    message.attach("in.eml", new EmailMessage({ body: "inner", headers }), {
      mimetype: "message/rfc822",
    });
    const directory = await mkdtemp(join(tmpdir(), "nuages-mail-"));
    try {
      await writeFile(join(directory, "a.csv"), "1,2");
      await message.attach_file(join(directory, "a.csv"));
    } finally {
      await rm(directory, { recursive: true });
    }
    const parts = message.message().get_payload();
    expect(
      parts.map((part) => [part.get("content-type"), part.get("content-disposition")]),
    ).to.deep.equal([
      ['text/plain; charset="utf-8"', undefined],
      ['text/plain; charset="utf-8"', 'attachment; filename="no\\"te.txt"'],
      ["application/octet-stream", "attachment; filename*=utf-8''%C3%BC.bin"],
      ["application/octet-stream", 'attachment; filename="bad.txt"'],
      ["application/json", "attachment"],
      ["message/rfc822", 'attachment; filename="in.eml"'],
      ['text/csv; charset="utf-8"', 'attachment; filename="a.csv"'],
    ]);
    expect(parts[2]?.as_string()).to.match(/\n\nAP8=\n$/);
    expect(parts[5]?.as_string()).to.match(/\n\nContent-Type: text\/plain[^]*\n\ninner\n$/);
  });
});

function file(
  filename: string,
  mimetype: string,
): { filename: string; content: string; mimetype: string } {
  return { filename, content: "x", mimetype };
}

describe("core/mail: EmailMultiAlternatives", () => {
  it("has the same in several forms, the best one last", () => {
    const message = new EmailMultiAlternatives({ subject: "s", body: "text", to: ["a@b"] });
    message.attach_alternative("<p>text</p>", "text/html");
    message.attach("a.txt", "file");
    const mixed = message.message();
    expect(mixed.get("Content-Type")).to.match(/^multipart\/mixed; boundary="/);
    const [both, attached] = mixed.get_payload();
    expect(both?.get("Content-Type")).to.match(/^multipart\/alternative; boundary="/);
    expect(both?.get_payload().map((part) => part.get("Content-Type"))).to.deep.equal([
      'text/plain; charset="utf-8"',
      'text/html; charset="utf-8"',
    ]);
    expect(attached?.get("Content-Disposition")).to.equal('attachment; filename="a.txt"');
    expect([message.body_contains("text"), message.body_contains("p>")]).to.deep.equal([
      true,
      false,
    ]);
  });

  it("is an ordinary mail without them", () => {
    const message = new EmailMultiAlternatives({ body: "text", to: ["a@b"] });
    expect(message.message().get_payload()).to.deep.equal([]);
    expect(message.body_contains("text")).to.equal(true);
  });
});
