/** Forgotten passwords: the mail, and who gets one. @module */
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { PasswordResetForm } from "nuages/contrib/auth/forms";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { Site } from "nuages/contrib/sites";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { outbox } from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import { QueryDict } from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { TemplateDoesNotExist } from "nuages/template/exceptions";
import { Client, RequestFactory } from "nuages/test";
import type { TestResponse } from "nuages/test/client";
import { logged, quiet } from "../../support/log.ts";
import { mail_in_memory } from "../../support/mail.ts";
import { ask_for_mail, reset_settings } from "../../support/password_reset.ts";
import { with_settings } from "../../support/settings.ts";
import { DistantUsers, site_with_users } from "../../support/users.ts";

/** What a client sees of an answer. */
function seen(response: TestResponse): unknown {
  return [response.status_code, response.text, Object.fromEntries(response.items())];
}

describe("contrib/auth: the mail of a password reset", () => {
  const site = site_with_users(reset_settings);
  mail_in_memory();
  quiet();
  beforeEach(() => Object.assign(site.user("ann"), { email: "ann@example.com" }));

  it("asks for an address, on a page of the framework where the site has none", async () => {
    const response = await new Client().get("/a/password_reset/");
    expect(response.status_code).to.equal(200);
    expect(response.text).to.contain("<title>Password reset</title>");
    expect(response.text).to.match(/<input id="email" name="email" type="email"/);
    expect(response.text).to.contain("csrfmiddlewaretoken");
  });

  it("sends a link, and says no more than that", async () => {
    const response = await ask_for_mail("ann@example.com");
    expect([response.status_code, response.url]).to.deep.equal([302, "/a/password_reset/done/"]);
    expect((await new Client().get(response.url)).text).to.contain("If there is an account");
    const [mail] = outbox;
    expect([outbox.length, mail?.to, mail?.subject]).to.deep.equal([
      1,
      ["ann@example.com"],
      "A new password for testserver",
    ]);
    expect(mail?.body).to.match(/\n {4}ann\n[^]*\nhttp:\/\/testserver\/a\/reset\/MQ\/\w+-\w+\/\n/);
  });

  it("takes templates, sender and values of the site", async () => {
    const response = await ask_for_mail("ann@example.com", "/own/");
    expect(response.url).to.equal("/sent/");
    const [mail] = outbox;
    expect([mail?.subject, mail?.body, mail?.from_email]).to.deep.equal([
      "Line onetwo",
      "http testserver testserver ann@example.com ann",
      "Site <site@a.example>",
    ]);
    expect(mail?.message().get_payload()[1]?.as_string()).to.contain("<p>ann</p>");
  });

  const wrong: [email: string, message: string][] = [
    ["", "Please fill in this field."],
    ["ann", "This is no e-mail address."],
    ["ann@example.com\nBcc: eve@evil.example", "This is no e-mail address."],
    [`${"a".repeat(250)}@b.example`, "At most 254 characters, please."],
  ];
  for (const [email, message] of wrong) {
    it(`shows the form again for ${JSON.stringify(email.slice(0, 20))}`, async () => {
      const response = await ask_for_mail(email);
      expect([response.status_code, outbox.length]).to.deep.equal([200, 0]);
      expect(response.text).to.contain(message);
    });
  }

  it("goes to all who have the address, and are active with a password of their own", async () => {
    for (const name of ["bob", "eve", "una"])
      Object.assign(site.user(name), { email: "Ann@Example.com" });
    try {
      await ask_for_mail(" ANN@example.com ");
      expect(outbox.map(({ to }) => to)).to.deep.equal([["ann@example.com"], ["Ann@Example.com"]]);
    } finally {
      for (const name of ["bob", "eve", "una"])
        Object.assign(site.user(name), { email: undefined });
    }
  });

  const alike: [stored: string, asked: string, is_same: boolean][] = [
    ["mike@example.org", "mi\u212ae@example.org", true], // the Kelvin sign is a K
    ["mike@example.org", "MIKE@EXAMPLE.ORG", true],
    ["mike@example.org", "m\u0131ke@example.org", false], // a dotless i is none
    ["m\u0131ke@example.org", "mike@example.org", false],
    ["mike@example.org", "mike@exampl\u00e9.org", false],
  ];
  for (const [stored, asked, is_same] of alike) {
    it(`P6: ${asked} is ${is_same ? "" : "not "}${stored}, and mail goes to the stored address only`, async () => {
      Object.assign(site.user("ann"), { email: stored });
      // Whatever the store finds, the form looks again.
      class Found extends PasswordResetForm {
        override clean(): void {
          this.cleaned_data["email"] = asked;
        }
      }
      const { users } = site;
      const filter = users.filter_by_email.bind(users);
      users.filter_by_email = () => [site.user("ann")];
      try {
        const form = new Found({ data: new QueryDict("") });
        expect(await form.is_valid()).to.equal(true);
        await form.save({ request: new RequestFactory().get("/") });
      } finally {
        users.filter_by_email = filter;
      }
      expect(outbox.map(({ to }) => to)).to.deep.equal(is_same ? [[stored]] : []);
    });
  }

  class Broken extends BaseEmailBackend {
    override async send_messages(): Promise<number> {
      throw new Error("no server");
    }
  }
  class Silent extends BaseEmailBackend {
    override async send_messages(): Promise<number> {
      return new Promise(() => undefined); // a server that never answers
    }
  }

  it("P7: an address that nobody has gets the same answer, after the same work", async () => {
    const before = site.users.email_lookups;
    const known = await ask_for_mail("ann@example.com");
    const unknown = await ask_for_mail("nobody@example.com");
    const inactive = await with_settings({}, async () => {
      Object.assign(site.user("eve"), { email: "eve@example.com" });
      return ask_for_mail("eve@example.com");
    });
    expect(seen(unknown)).to.deep.equal(seen(known));
    expect(seen(inactive)).to.deep.equal(seen(known));
    expect([outbox.length, site.users.email_lookups - before]).to.deep.equal([1, 3]);
  });

  it("P7: a mail is written for nobody too", async () => {
    let written = 0;
    const count = { count: () => (written += 1) };
    const form = new PasswordResetForm({ data: new QueryDict("email=nobody@example.com") });
    expect(await form.is_valid()).to.equal(true);
    const TEMPLATES = [
      { BACKEND: Nunjucks, OPTIONS: { templates: { "count.txt": "{{ extra.count() }}" } } },
    ];
    await with_settings({ TEMPLATES }, async () =>
      form.save({
        domain_override: "a.example",
        email_template_name: "count.txt",
        extra_email_context: { extra: count },
      }),
    );
    expect([written, outbox.length]).to.deep.equal([1, 0]);
  });

  for (const [what, MAILERS, failures] of [
    ["fails", { default: { BACKEND: Broken } }, 1],
    ["is not there", {}, 1],
    ["never answers", { default: { BACKEND: Silent } }, 0],
  ] as const) {
    it(`P7: a mailer that ${what} changes nothing of the answer; a failure is logged`, async () => {
      const expected = seen(await ask_for_mail("ann@example.com"));
      const records = await with_settings({ MAILERS }, async () =>
        logged(async () =>
          expect(seen(await ask_for_mail("ann@example.com"))).to.deep.equal(expected),
        ),
      );
      const failed = records.filter(({ logger }) => logger === "django.contrib.auth");
      expect(failed).to.have.lengthOf(failures);
      for (const { level, message, error } of failed) {
        expect([level, message]).to.deep.equal([
          "error",
          "The password reset mail to user 1 failed.",
        ]);
        expect(error).to.be.instanceOf(Error);
      }
    });
  }

  it("P7: a template that breaks does so unseen; one that is missing is missed for everybody", async () => {
    const answers: unknown[] = [];
    const records = await logged(async () => {
      for (const email of ["ann@example.com", "nobody@example.com"])
        answers.push(seen(await ask_for_mail(email, "/breaks/")));
    });
    expect(answers[0]).to.deep.equal(answers[1]);
    expect(records.map(({ logger }) => logger)).to.deep.equal(["django.contrib.auth"]);
    for (const email of ["ann@example.com", "nobody@example.com"]) {
      const error = await ask_for_mail(email, "/lost/").catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(TemplateDoesNotExist);
    }
  });

  const hosts: [
    what: string,
    headers: Record<string, string>,
    more: Partial<Settings>,
    host: string,
  ][] = [
    ["Host: evil.com", { Host: "evil.com" }, {}, ""],
    ["Host with a user", { Host: "testserver:x@evil.com" }, {}, ""],
    ["X-Forwarded-Host", { "X-Forwarded-Host": "evil.com" }, {}, "testserver"],
    [
      "X-Forwarded-Host that counts, and is not allowed",
      { "X-Forwarded-Host": "evil.com" },
      { USE_X_FORWARDED_HOST: true },
      "",
    ],
    [
      "X-Forwarded-Host that counts, and is allowed",
      { "X-Forwarded-Host": "www.a.example" },
      { USE_X_FORWARDED_HOST: true, ALLOWED_HOSTS: ["www.a.example"] },
      "www.a.example",
    ],
  ];
  for (const middleware of [[], [CommonMiddleware]]) {
    for (const [what, headers, more, host] of hosts) {
      it(`P9: ${what} gives ${host === "" ? "400 and no mail" : `a link to ${host}`}, ${middleware.length === 0 ? "without" : "with"} CommonMiddleware`, async () => {
        const MIDDLEWARE = [...middleware, SessionMiddleware, AuthenticationMiddleware];
        const ask_from = async (email: string): Promise<TestResponse> =>
          with_settings({ ...more, MIDDLEWARE }, async () =>
            new Client().post("/a/password_reset/", { email }, { headers }),
          );
        const response = await ask_from("ann@example.com");
        expect(response.status_code).to.equal(host === "" ? 400 : 302);
        expect((await ask_from("nobody@example.com")).status_code).to.equal(response.status_code);
        expect(/https?:\/\/([^/]*)/.exec(outbox[0]?.body ?? "")?.[1] ?? "").to.equal(host);
      });
    }
  }

  it("P9: the link leads to the site's domain, if sites are installed", async () => {
    Site.objects.install([{ id: 1, domain: "www.a.example", name: "A" }]);
    try {
      await with_settings({ SITE_ID: 1 }, async () => ask_for_mail("ann@example.com"));
    } finally {
      Site.objects.install([]);
    }
    expect(outbox[0]?.subject).to.equal("A new password for A");
    expect(outbox[0]?.body).to.contain("http://www.a.example/a/reset/");
  });

  it("P9: the link is an https one if the request was", async () => {
    await new Client().post(
      "/a/password_reset/",
      { email: "ann@example.com" },
      { secure: true, headers: { Origin: "https://testserver" } },
    );
    expect(outbox[0]?.body).to.contain("https://testserver/");
  });

  it("names the method that the store of users lacks", async () => {
    const { users } = site;
    const AUTH_USER_MODEL = { objects: { get: users.get.bind(users) } };
    const error = await with_settings({ AUTH_USER_MODEL }, async () =>
      ask_for_mail("ann@example.com").catch((thrown: unknown) => thrown),
    );
    expect(error).to.be.instanceOf(ImproperlyConfigured);
    expect(String(error)).to.contain("filter_by_email");
  });

  it("waits for a store that has to be waited for, and does not hide that it is down", async () => {
    const objects = new DistantUsers(site.users);
    await with_settings({ AUTH_USER_MODEL: { objects } }, async () => {
      await ask_for_mail("ann@example.com");
      expect(outbox).to.have.lengthOf(1);
      objects.failure = new Error("down");
      for (const email of ["ann@example.com", "nobody@example.com"])
        expect(await ask_for_mail(email).catch((error: unknown) => error)).to.equal(
          objects.failure,
        );
    });
  });

  it("needs a host for the link", async () => {
    const form = new PasswordResetForm({ data: new QueryDict("email=a@b.example") });
    expect(form.is_bound).to.equal(true);
    await form.is_valid();
    expect(await form.save().catch(String)).to.contain("domain_override");
    expect(await new PasswordResetForm().is_valid()).to.equal(false);
  });
});
