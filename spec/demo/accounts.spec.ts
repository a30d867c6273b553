import { expect } from "chai";
import { describe, it } from "mocha";
import { MD5PasswordHasher } from "nuages/contrib/auth/hashers";
import { outbox } from "nuages/core/mail";
import { User } from "../../demo/accounts/models.ts";
import { IN_MEMORY } from "../support/mail.ts";
import { Browser, demo_site } from "./_site.ts";

const PASSWORD = "cirrus and stratus";

let count = 0;
const new_name = (): string => `ada${++count}`;

describe("demo: accounts", () => {
  demo_site({ PASSWORD_HASHERS: [MD5PasswordHasher], ...IN_MEMORY });

  /** A browser that has just signed up. */
  async function signed_up(username: string): Promise<Browser> {
    const browser = new Browser();
    await browser.submit("/accounts/signup/", { username, password: PASSWORD });
    return browser;
  }

  it("signs up, logs in at once, and welcomes by name", async () => {
    const username = new_name();
    const response = await new Browser().submit("/accounts/signup/", {
      username,
      password: PASSWORD,
    });
    expect(response.redirect_chain).to.deep.equal([["/accounts/profile/", 302]]);
    expect(response.text).to.include(`You are ${username}`).and.include(`Welcome, ${username}!`);
  });

  it("keeps the hash of a password, not the password", async () => {
    const username = new_name();
    await signed_up(username);
    expect(User.objects.get({ username })?.password).to.match(/^md5\$/);
  });

  it("sends who is not logged in to the login page, and back afterwards", async () => {
    const username = new_name();
    await signed_up(username);
    const browser = new Browser();
    const { redirect_chain } = await browser.client.get("/accounts/profile/", {}, { follow: true });
    const login = "/accounts/login/?next=/accounts/profile/";
    expect(redirect_chain).to.deep.equal([[login, 302]]);
    const response = await browser.submit(login, { username, password: PASSWORD });
    expect(response.redirect_chain).to.deep.equal([["/accounts/profile/", 302]]);
    expect(response.text).to.include(`<a href="/accounts/profile/">${username}</a>`);
  });

  it("does not say whether it was the name or the password that was wrong", async () => {
    const username = new_name();
    await signed_up(username);
    const alerts = [];
    for (const name of [username, "nobody"]) {
      const form = { username: name, password: "wrong" };
      const { text } = await new Browser().submit("/accounts/login/", form);
      expect(text).to.include(`value="${name}"`);
      alerts.push(/role="alert">([^<]+)/.exec(text)?.[1]);
    }
    expect(alerts[0]).to.match(/\w/).and.equal(alerts[1]);
  });

  it("logs out by a form, and by nothing else", async () => {
    const username = new_name();
    const browser = await signed_up(username);
    expect((await browser.client.get("/accounts/logout/")).status_code).to.equal(405);
    expect(await browser.page("/")).to.include(username);
    const response = await browser.submit("/accounts/profile/", {}, "/accounts/logout/");
    expect(response.redirect_chain).to.deep.equal([["/", 302]]);
    expect(response.text).not.to.include(username);
  });

  it("shows nobody's name on the page that is kept for everybody", async () => {
    const username = new_name();
    const browser = await signed_up(username);
    expect(await browser.page("/cached/")).not.to.include(username);
  });

  const refused: [what: string, fields: Record<string, string>, error: RegExp][] = [
    ["an empty name", { username: " ", password: PASSWORD }, /A user name has/],
    ["a name of markup", { username: "<b>", password: PASSWORD }, /A user name has/],
    ["a long name", { username: "x".repeat(31), password: PASSWORD }, /A user name has/],
    ["a short password", { username: "short", password: "1234567" }, /A password has/],
    ["nothing", {}, /A user name has[^]*A password has/],
  ];
  for (const [what, fields, error] of refused) {
    it(`refuses ${what}`, async () => {
      const response = await new Browser().submit("/accounts/signup/", fields);
      expect(response.status_code).to.equal(400);
      expect(response.text).to.match(error).and.not.include("<b>");
    });
  }

  it("gives a name to one user only", async () => {
    const username = new_name();
    await signed_up(username);
    const form = { username, password: PASSWORD };
    const { text } = await new Browser().submit("/accounts/signup/", form);
    expect(text).to.include("Somebody else has this name");
  });

  it("sends a link to who forgot the password, sets a new one, and logs in", async () => {
    const username = new_name();
    const form = { username, password: PASSWORD, email: `${username}@example.com` };
    await new Browser().submit("/accounts/signup/", form);
    outbox.length = 0;
    const browser = new Browser();
    expect(await browser.page("/accounts/login/")).to.include('href="/accounts/password_reset/"');
    const asked = await browser.submit("/accounts/password_reset/", {
      email: `${username.toUpperCase()}@example.com`,
    });
    expect(asked.text).to.include("Look at your mail");
    expect(outbox.map(({ to }) => to)).to.deep.equal([[`${username}@example.com`]]);
    const [, link = ""] = /http:\/\/testserver(\S+)/.exec(outbox[0]?.body ?? "") ?? [];
    const { redirect_chain } = await browser.client.get(link, {}, { follow: true });
    const page = redirect_chain[0]?.[0] ?? "";
    const wrong = { new_password1: "one", new_password2: "two" };
    expect((await browser.submit(page, wrong)).text).to.include('role="alert"');
    const fields = { new_password1: "cumulus", new_password2: "cumulus" };
    expect((await browser.submit(page, fields)).text).to.include(`You are ${username}`);
    expect(await new Browser().client.get(link).then(({ text }) => text)).to.include("not good");
  });

  it("does not tell who has an account, nor mail to users without an address", async () => {
    await signed_up(new_name());
    outbox.length = 0;
    const response = await new Browser().submit("/accounts/password_reset/", {
      email: "nobody@example.com",
    });
    expect(response.text).to.include("Look at your mail");
    const empty = await new Browser().submit("/accounts/password_reset/", { email: "" });
    expect(empty.text).to.include('role="alert"');
    expect(outbox).to.have.lengthOf(0);
  });
});
