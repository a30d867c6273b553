/** Forgotten passwords: the link in the mail, and where it leads. @module */
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { INTERNAL_RESET_SESSION_TOKEN } from "nuages/contrib/auth/views";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { SecurityMiddleware } from "nuages/middleware/security";
import { Client } from "nuages/test";
import { freeze_time } from "nuages/test/utils";
import { urlsafe_base64_encode } from "nuages/utils/http";
import { quiet } from "../../support/log.ts";
import { mail_in_memory } from "../../support/mail.ts";
import { ask_for_mail, link, reset_settings } from "../../support/password_reset.ts";
import { with_settings } from "../../support/settings.ts";
import { QuickHasher, site_with_users } from "../../support/users.ts";

describe("contrib/auth: the link of a password reset", () => {
  const site = site_with_users(reset_settings);
  mail_in_memory();
  quiet();
  afterEach(() => freeze_time(undefined));
  beforeEach(async () => {
    Object.assign(site.user("ann"), { email: "ann@example.com", last_login: null });
    await site.user("ann").set_password("secret");
    await ask_for_mail("ann@example.com");
  });

  const new_password = { new_password1: "brand-new", new_password2: "brand-new" };
  const is_password = async (password: string): Promise<boolean> =>
    site.user("ann").check_password(password);

  it("leads to a page without the token, where a new password is set", async () => {
    const client = new Client();
    const first = await client.get(link());
    expect([first.status_code, first.url]).to.deep.equal([302, "/a/reset/MQ/set-password/"]);
    const page = await client.get(first.url);
    expect(page.text).to.contain('name="new_password1"').and.to.contain('name="new_password2"');
    for (const response of [first, page]) {
      expect(response.headers.get("Referrer-Policy")).to.equal("same-origin");
      expect(response.headers.get("Cache-Control")).to.contain("no-store");
    }
    const done = await client.post(first.url, new_password);
    expect([done.status_code, done.url]).to.deep.equal([302, "/a/reset/done/"]);
    expect(await is_password("brand-new")).to.equal(true);
    expect((await client.session).has(INTERNAL_RESET_SESSION_TOKEN)).to.equal(false);
    expect((await client.get(done.url)).text).to.contain('href="/a/login/"');
    expect((await client.get("/me/")).url).to.contain("/a/login/");
  });

  it("logs in then, if told", async () => {
    const client = new Client();
    const { url } = await client.get(link().replace("/a/reset/", "/in/"));
    await client.post(url, new_password);
    expect((await client.get("/me/")).text).to.equal("ann");
  });

  it("keeps to the Referrer-Policy of the site, and has one of its own if that has none", async () => {
    for (const [policy, header] of [
      ["no-referrer", "no-referrer"],
      [["a", "b"], "a,b"],
      [null, "same-origin"],
    ] as const) {
      const more = {
        SECURE_REFERRER_POLICY: policy,
        MIDDLEWARE: [SecurityMiddleware, ...(reset_settings.MIDDLEWARE ?? [])],
      };
      const response = await with_settings(more, async () => new Client().get(link()));
      expect(response.headers.get("Referrer-Policy")).to.equal(header);
    }
  });

  const entered: [what: string, fields: Record<string, string>, message: string][] = [
    ["nothing", {}, "Please fill in this field."],
    ["two passwords", { new_password1: "a", new_password2: "b" }, "not the same password"],
    [
      "too much (P4)",
      { new_password1: "x".repeat(4097), new_password2: "x".repeat(4097) },
      "At most 4096",
    ],
  ];
  for (const [what, fields, message] of entered) {
    it(`asks again for ${what}`, async () => {
      const client = new Client();
      const { url } = await client.get(link());
      const before = QuickHasher.runs;
      const response = await client.post(url, fields);
      expect([response.status_code, QuickHasher.runs]).to.deep.equal([200, before]);
      expect(response.text).to.contain(message).and.to.contain('name="new_password1"');
    });
  }

  const spoilt: [what: string, url: () => string | Promise<string>][] = [
    ["another token", () => link().replace(/.\/$/, "_/")],
    ["another user", () => link().replace("/MQ/", `/${uid("2")}/`)],
    ["nobody", () => link().replace("/MQ/", `/${uid("99")}/`)],
    ["what is no base64", () => link().replace("/MQ/", "/M/")],
    ["what is no UTF-8", () => link().replace("/MQ/", "/_w/")],
    ["another letter", () => link().replace("/MQ/", "/%C3%A9/")],
    ["a name of Object", () => link().replace("/MQ/", `/${uid("__proto__")}/`)],
    ["no token in the session", () => "/a/reset/MQ/set-password/"],
    [
      "a user who has logged in since",
      () => {
        site.user("ann").last_login = new Date();
        return link();
      },
    ],
    [
      "a password that was changed",
      async () => {
        await site.user("ann").set_password("other");
        return link();
      },
    ],
    [
      "a link of three days ago",
      () => {
        freeze_time(Date.now() / 1000 + 259_202);
        return link();
      },
    ],
  ];
  for (const [what, url] of spoilt) {
    it(`P8: is refused for ${what}`, async () => {
      const client = new Client();
      const target = await url();
      for (const response of [await client.get(target), await client.post(target, new_password)]) {
        expect(response.status_code).to.equal(200);
        expect(response.text).to.contain("This link is not good").and.to.not.contain("<form");
      }
      expect(await is_password("brand-new")).to.equal(false);
    });
  }

  it("P8: is good once", async () => {
    const client = new Client();
    const used = link();
    const { url } = await client.get(used);
    await client.post(url, new_password);
    for (const target of [used, url])
      expect((await client.get(target)).text).to.contain("This link is not good");
  });

  it("needs the CSRF token like every form", async () => {
    const client = new Client({ enforce_csrf_checks: true });
    const { url } = await client.get(link());
    expect((await client.post(url, new_password)).status_code).to.equal(403);
    expect(await is_password("secret")).to.equal(true);
  });

  it("needs its two names in the URL", async () => {
    const error = await new Client().get("/short/x/").catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ImproperlyConfigured);
    expect(String(error)).to.contain("<uidb64>");
  });
});

function uid(key: string): string {
  return urlsafe_base64_encode(Buffer.from(key));
}
