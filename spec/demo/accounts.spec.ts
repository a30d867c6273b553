import { expect } from "chai";
import { describe, it } from "mocha";
import { MD5PasswordHasher } from "nuages/contrib/auth/hashers";
import { User } from "../../demo/accounts/models.ts";
import { Browser, demo_site } from "./_site.ts";

const PASSWORD = "cirrus and stratus";

let count = 0;
const new_name = (): string => `ada${++count}`;

describe("demo: accounts", () => {
  demo_site({ PASSWORD_HASHERS: [MD5PasswordHasher] });

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
});
