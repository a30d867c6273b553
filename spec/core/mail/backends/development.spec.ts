/** Mailers that send nothing: they print, write files, or drop. @module */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { NotImplementedError } from "nuages/core/exceptions";
import { EmailMessage, InvalidMailer, mailers } from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import { EmailBackend as ConsoleBackend } from "nuages/core/mail/backends/console";
import { EmailBackend as DummyBackend } from "nuages/core/mail/backends/dummy";
import { EmailBackend as FileBackend } from "nuages/core/mail/backends/filebased";
import { with_settings } from "../../../support/settings.ts";

const mail = (subject: string): EmailMessage =>
  new EmailMessage({ subject, body: "Grüße", to: ["a@b"], headers: { Date: "today" } });
const RULE = "-".repeat(79);

describe("core/mail/backends/console", () => {
  it("prints mails as they can be read", async () => {
    let printed = "";
    const stream = { write: (text: string) => (printed += text) };
    const backend = new ConsoleBackend({ alias: "a", stream });
    expect(await backend.send_messages([mail("one"), mail("two")])).to.equal(2);
    expect(printed.split(RULE)).to.have.lengthOf(3);
    expect(printed).to.match(/^Content-Type[^]*\nSubject: one\n[^]*\n\nGrüße\n\n-{79}\n/);
    expect(new ConsoleBackend().stream).to.equal(process.stdout);
  });
});

describe("core/mail/backends/dummy, base", () => {
  it("drops mails", async () => {
    expect(await new DummyBackend().send_messages([mail("one")])).to.equal(1);
  });

  it("a mailer says how mails are sent", async () => {
    class Bare extends BaseEmailBackend {}
    const bare = new Bare();
    expect(await bare.open()).to.equal(false);
    await bare.close();
    const error = await bare.send_messages([]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NotImplementedError);
  });
});

describe("core/mail/backends/filebased", () => {
  let directory = "";
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "nuages-mail-"))));
  afterEach(async () => rm(directory, { recursive: true, force: true }));

  it("writes the mails of a mailer to one file, which only its owner can read", async () => {
    const file_path = join(directory, "a", "b");
    const backend = new FileBackend({ alias: "a", file_path });
    expect(await backend.send_messages([])).to.equal(0);
    expect(await backend.send_messages([mail("one")])).to.equal(1);
    await backend.send_messages([mail("two")]);
    await new FileBackend({ alias: "a", file_path }).send_messages([mail("three")]);
    const names = (await readdir(file_path)).filter((name) => /^\d{8}-\d{6}-\w+\.log$/.test(name));
    expect(names).to.have.lengthOf(2);
    const texts = await Promise.all(
      names.map(async (name) => readFile(join(file_path, name), "utf8")),
    );
    const both = texts.find((text) => text.includes("Subject: two")) ?? "";
    expect(both).to.match(/\nSubject: one\n[^]*\n\nGrüße\n\n-{79}\nContent-Type/);
    const { mode } = await stat(join(file_path, names[0] ?? ""));
    expect(mode & 0o077).to.equal(0);
  });

  it("needs a directory", async () => {
    expect(() => new FileBackend({ alias: "a" })).to.throw(InvalidMailer, "file_path");
    with_settings({ EMAIL_BACKEND: FileBackend }, () => {
      expect(() => mailers.default).to.throw(InvalidMailer, "EMAIL_FILE_PATH");
    });
    await writeFile(join(directory, "file"), "");
    const backend = new FileBackend({ alias: "a", file_path: join(directory, "file", "x") });
    const error = await backend.send_messages([mail("one")]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(InvalidMailer);
  });

  it("takes the directory of the old setting", async () => {
    const settings = { EMAIL_BACKEND: FileBackend, EMAIL_FILE_PATH: directory };
    await with_settings(settings, async () => mail("one").send());
    expect(await readdir(directory)).to.have.lengthOf(1);
  });
});
