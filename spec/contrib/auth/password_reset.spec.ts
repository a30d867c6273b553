/** Forgotten passwords: the mail, its link, and where it leads. @module */
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { AuthenticationMiddleware, LoginRequiredMiddleware } from "nuages/contrib/auth/middleware";
import { PasswordResetForm } from "nuages/contrib/auth/forms";
import * as auth_urls from "nuages/contrib/auth/urls";
import {
  INTERNAL_RESET_SESSION_TOKEN,
  PasswordResetConfirmView,
  PasswordResetView,
} from "nuages/contrib/auth/views";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { Site } from "nuages/contrib/sites";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { outbox } from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import { HttpResponse, QueryDict } from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { SecurityMiddleware } from "nuages/middleware/security";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { TemplateDoesNotExist } from "nuages/template/exceptions";
import { Client, RequestFactory } from "nuages/test";
import type { TestResponse } from "nuages/test/client";
import { freeze_time } from "nuages/test/utils";
import { include, path } from "nuages/urls";
import { urlsafe_base64_encode } from "nuages/utils/http";
import { logged, quiet } from "../../support/log.ts";
import { mail_in_memory } from "../../support/mail.ts";
import { with_settings } from "../../support/settings.ts";
import { DistantUsers, QuickHasher, site_with_users } from "../../support/users.ts";

const templates = {
  "mail/subject.txt": "Line one\n{{ extra }}\u2028\n",
  "mail/body.txt": "{{ protocol }} {{ domain }} {{ site_name }} {{ email }} {{ user }}",
  "mail/body.html": "<p>{{ user }}</p>",
  "mail/breaks.txt": "{{ user.get_full_name().length }}",
};

const urlpatterns = [
  path("a/", include(auth_urls)),
  path(
    "own/",
    PasswordResetView.as_view({
      subject_template_name: "mail/subject.txt",
      email_template_name: "mail/body.txt",
      html_email_template_name: "mail/body.html",
      extra_email_context: { extra: "two" },
      from_email: "Site <site@a.example>",
      success_url: "/sent/",
    }),
  ),
  path("breaks/", PasswordResetView.as_view({ email_template_name: "mail/breaks.txt" })),
  path("lost/", PasswordResetView.as_view({ email_template_name: "mail/lost.txt" })),
  path("in/<uidb64>/<token>/", PasswordResetConfirmView.as_view({ post_reset_login: true })),
  path("short/<token>/", PasswordResetConfirmView.as_view()),
  path("me/", (request) => new HttpResponse(request.user.get_username())),
];

const settings: Partial<Settings> = {
  ROOT_URLCONF: { urlpatterns },
  TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }],
  MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, LoginRequiredMiddleware],
  LOGIN_URL: "/a/login/",
};

/** What a client sees of an answer. */
function seen(response: TestResponse): unknown {
  return [response.status_code, response.text, Object.fromEntries(response.items())];
}

async function ask(email: string, url = "/a/password_reset/"): Promise<TestResponse> {
  return new Client().post(url, { email });
}

/** The URL in the last mail, without scheme and host. */
function link(): string {
  return /https?:\/\/[^/]+(\/\S+)/.exec(outbox.at(-1)?.body ?? "")?.[1] ?? "";
}

describe("contrib/auth: the mail of a password reset", () => {
  const site = site_with_users(settings);
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
    const response = await ask("ann@example.com");
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
    const response = await ask("ann@example.com", "/own/");
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
      const response = await ask(email);
      expect([response.status_code, outbox.length]).to.deep.equal([200, 0]);
      expect(response.text).to.contain(message);
    });
  }

  it("goes to all who have the address, and are active with a password of their own", async () => {
    for (const name of ["bob", "eve", "una"])
      Object.assign(site.user(name), { email: "Ann@Example.com" });
    try {
      await ask(" ANN@example.com ");
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
    const known = await ask("ann@example.com");
    const unknown = await ask("nobody@example.com");
    const inactive = await with_settings({}, async () => {
      Object.assign(site.user("eve"), { email: "eve@example.com" });
      return ask("eve@example.com");
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
      const expected = seen(await ask("ann@example.com"));
      const records = await with_settings({ MAILERS }, async () =>
        logged(async () => expect(seen(await ask("ann@example.com"))).to.deep.equal(expected)),
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
        answers.push(seen(await ask(email, "/breaks/")));
    });
    expect(answers[0]).to.deep.equal(answers[1]);
    expect(records.map(({ logger }) => logger)).to.deep.equal(["django.contrib.auth"]);
    for (const email of ["ann@example.com", "nobody@example.com"]) {
      const error = await ask(email, "/lost/").catch((thrown: unknown) => thrown);
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
      await with_settings({ SITE_ID: 1 }, async () => ask("ann@example.com"));
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
      ask("ann@example.com").catch((thrown: unknown) => thrown),
    );
    expect(error).to.be.instanceOf(ImproperlyConfigured);
    expect(String(error)).to.contain("filter_by_email");
  });

  it("waits for a store that has to be waited for, and does not hide that it is down", async () => {
    const objects = new DistantUsers(site.users);
    await with_settings({ AUTH_USER_MODEL: { objects } }, async () => {
      await ask("ann@example.com");
      expect(outbox).to.have.lengthOf(1);
      objects.failure = new Error("down");
      for (const email of ["ann@example.com", "nobody@example.com"])
        expect(await ask(email).catch((error: unknown) => error)).to.equal(objects.failure);
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

describe("contrib/auth: the link of a password reset", () => {
  const site = site_with_users(settings);
  mail_in_memory();
  quiet();
  afterEach(() => freeze_time(undefined));
  beforeEach(async () => {
    Object.assign(site.user("ann"), { email: "ann@example.com", last_login: null });
    await site.user("ann").set_password("secret");
    await ask("ann@example.com");
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
        MIDDLEWARE: [SecurityMiddleware, ...(settings.MIDDLEWARE ?? [])],
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
