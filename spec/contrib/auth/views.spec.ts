/** The pages of login and logout, and where they lead. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { default_token_generator, PasswordResetTokenGenerator } from "nuages/contrib/auth/tokens";
import { AbstractBaseUser, BaseUserManager } from "nuages/contrib/auth/base_user";
import {
  LoginView,
  logout_then_login,
  LogoutView,
  redirect_to_login,
  RedirectURLMixin,
} from "nuages/contrib/auth/views";
import { AuthenticationMiddleware, LoginRequiredMiddleware } from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { ImproperlyConfigured, SynchronousOnlyOperation } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { Client, RequestFactory } from "nuages/test";
import { path } from "nuages/urls";
import { freeze } from "../../../src/utils/_clock.ts";
import { with_settings } from "../../support/settings.ts";
import { quiet } from "../../support/log.ts";
import { QuickHasher, site_with_users } from "../../support/users.ts";

const templates = {
  "registration/login.html":
    "{{ next }}|{{ site_name }}|{% for message in form.non_field_errors() %}{{ message }}{% endfor %}{% for field, messages in form.errors %}{% if messages[0] and field != '__all__' %}{{ field }}:{{ messages[0] }}{% endif %}{% endfor %}",
  "registration/logged_out.html": "{{ title }} of {{ site_name }}",
};

const urlpatterns = [
  path("login/", LoginView.as_view()),
  path("eager/", LoginView.as_view({ redirect_authenticated_user: true })),
  path("logout/", LogoutView.as_view()),
  path("bye/", LogoutView.as_view({ next_page: "/bye-bye/" })),
  path("out/", logout_then_login),
  path("me/", (request) => new HttpResponse(request.user.get_username())),
];

const settings = {
  ROOT_URLCONF: { urlpatterns },
  TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }],
  MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, LoginRequiredMiddleware],
};

describe("contrib/auth/views: LoginView", () => {
  const { user } = site_with_users(settings);
  quiet();

  it("shows the form to everybody, also under LoginRequiredMiddleware, and never from a cache", async () => {
    const response = await new Client().get("/login/?next=/me/");
    expect([response.status_code, response.text]).to.deep.equal([200, "/me/|testserver|"]);
    expect(response.headers.get("Cache-Control")).to.contain("no-store");
  });

  it("logs in, and leads on", async () => {
    const client = new Client();
    const response = await client.post("/login/?next=/me/", {
      username: "ann",
      password: "secret",
    });
    expect([response.status_code, response.url]).to.deep.equal([302, "/me/"]);
    expect((await client.get("/me/")).text).to.equal("ann");
  });

  const wrong: [what: string, username: string, password: string, errors: string][] = [
    ["a wrong password", "ann", "wrong", "This is not a user name with its password."],
    ["an unknown name", "nobody", "secret", "This is not a user name with its password."],
    ["an inactive user (P2)", "eve", "secret", "This is not a user name with its password."],
    [
      "an inactive user and a wrong password (P2)",
      "eve",
      "x",
      "This is not a user name with its password.",
    ],
    ["nothing", "", "", "username:Please fill in this field.password:Please fill in this field."],
  ];
  for (const [what, username, password, errors] of wrong) {
    it(`shows the form again for ${what}`, async () => {
      const response = await new Client().post("/login/", { username, password });
      expect([response.status_code, response.text]).to.deep.equal([200, `|testserver|${errors}`]);
    });
  }

  for (const [field, length] of [
    ["username", 500_000],
    ["password", 4097],
  ] as const) {
    it(`neither hashes nor normalizes a ${field} that is too long (P4)`, async () => {
      const before = QuickHasher.runs;
      const fields = { username: "ann", password: "secret", [field]: "\ufb03".repeat(length) };
      const response = await new Client().post("/login/", fields);
      expect(response.text).to.contain(`${field}:At most`);
      expect(QuickHasher.runs).to.equal(before);
    });
  }

  const targets: [next: string, target: string][] = [
    ["/me/?a=b", "/me/?a=b"],
    ["http://testserver/me/", "http://testserver/me/"],
    ["//evil.com", "/accounts/profile/"],
    ["javascript:alert(1)", "/accounts/profile/"],
    ["https://a.example@evil.com", "/accounts/profile/"],
    ["http:///evil.com", "/accounts/profile/"],
    ["", "/accounts/profile/"],
  ];
  for (const [next, target] of targets) {
    it(`leads to ${target} where asked for ${JSON.stringify(next)} (P10)`, async () => {
      const response = await new Client().post(`/login/?next=${encodeURIComponent(next)}`, {
        username: "ann",
        password: "secret",
      });
      expect(response.url).to.equal(target);
    });
  }

  it("sends on at once who is logged in, if it is told to, and not in a circle", async () => {
    const client = new Client({ raise_request_exception: false });
    await client.force_login(user("ann"));
    expect((await client.get("/login/")).status_code).to.equal(200);
    expect((await client.get("/eager/")).url).to.equal("/accounts/profile/");
    expect((await client.get("/eager/?next=/eager/")).status_code).to.equal(500);
  });

  it("checks the CSRF token without the middleware", async () => {
    const client = new Client({ enforce_csrf_checks: true });
    const response = await client.post("/login/", { username: "ann", password: "secret" });
    expect(response.status_code).to.equal(403);
  });
});

describe("contrib/auth/views: LogoutView", () => {
  const { user } = site_with_users({
    ...settings,
    MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware],
  });
  quiet();

  async function client_of_ann(): Promise<Client> {
    const client = new Client();
    await client.force_login(user("ann"));
    return client;
  }

  const ways: [url: string, settings: object, status: number, shown: string][] = [
    ["/logout/", {}, 200, "Logged out of testserver"],
    ["/logout/", { LOGOUT_REDIRECT_URL: "/see-you/" }, 302, "/see-you/"],
    ["/logout/?next=/me/", {}, 302, "/me/"],
    ["/logout/?next=//evil.com", {}, 302, "/logout/"],
    ["/bye/", {}, 302, "/bye-bye/"],
    ["/out/", {}, 302, "/accounts/login/"],
  ];
  for (const [url, more, status, shown] of ways) {
    it(`logs out, and shows ${shown}: POST ${url} ${JSON.stringify(more)}`, async () => {
      const client = await client_of_ann();
      const response = await with_settings(more, () => client.post(url));
      expect([response.status_code, status === 302 ? response.url : response.text]).to.deep.equal([
        status,
        shown,
      ]);
      expect((await client.get("/me/")).text).to.equal("");
    });
  }

  it("does nothing for GET: an image could log out", async () => {
    const client = await client_of_ann();
    expect((await client.get("/logout/")).status_code).to.equal(405);
    expect((await client.get("/me/")).text).to.equal("ann");
  });
});

describe("contrib/auth/views: redirects", () => {
  site_with_users(settings);

  const logins: [next: string, options: Parameters<typeof redirect_to_login>[1], target: string][] =
    [
      ["/a b/", {}, "/accounts/login/?next=/a%20b/"],
      ["/a/?b=c&d", {}, "/accounts/login/?next=/a/%3Fb%3Dc%26d"],
      ["/a/", { login_url: "/in/?x=1&next=old#top" }, "/in/?x=1&next=/a/#top"],
      ["/a/", { redirect_field_name: "back" }, "/accounts/login/?back=/a/"],
      ["/a/", { redirect_field_name: "" }, "/accounts/login/"],
      ["/a/", { login_url: "https://login.example/" }, "https://login.example/?next=/a/"],
    ];
  for (const [next, options, target] of logins) {
    it(`redirect_to_login(${JSON.stringify(next)}, ${JSON.stringify(options)}) leads to ${target}`, () => {
      expect(redirect_to_login(next, options).url).to.equal(target);
    });
  }

  it("RedirectURLMixin works outside of views, prefers the form, and knows more hosts", () => {
    const mixin = new RedirectURLMixin();
    mixin.success_url_allowed_hosts = new Set(["b.example"]);
    const request = new RequestFactory().post("/?next=/get/", { next: "https://b.example/" });
    expect(mixin.get_redirect_url({ request })).to.equal("https://b.example/");
    mixin.request = new RequestFactory().get("/?next=/get/");
    expect(mixin.get_success_url()).to.equal("/get/");
    mixin.request = new RequestFactory().get("/");
    expect(() => mixin.get_success_url()).to.throw(ImproperlyConfigured, "next_page");
    mixin.next_page = "/done/";
    expect(mixin.get_success_url()).to.equal("/done/");
  });
});

describe("contrib/auth/tokens: PasswordResetTokenGenerator", () => {
  const { user } = site_with_users();
  const now = 1_700_000_000;
  const at = <T>(seconds: number, fn: () => T): T => {
    freeze(seconds);
    try {
      return fn();
    } finally {
      freeze(undefined);
    }
  };
  const make = (): string => at(now, () => default_token_generator.make_token(user("ann")));

  it("makes the tokens that Django makes", () => {
    const ann = new Person({ pk: 7, password: "pbkdf2_sha256$1$a$b", email: "ann@example.com" });
    ann.last_login = new Date("2023-11-14T10:00:00.500Z");
    with_settings({ SECRET_KEY: "reset-key", TIME_ZONE: "America/Chicago" }, () => {
      expect(at(now, () => default_token_generator.make_token(ann))).to.equal(DJANGO_TOKEN);
    });
  });

  class Person extends AbstractBaseUser {
    declare readonly pk: number;
  }
  // django.contrib.auth.tokens of Django 6.1.3, for the same user, time and key
  const DJANGO_TOKEN = "bxnx28-99e5c489c5dba38890c4d8100df0d319";

  it("knows its tokens for PASSWORD_RESET_TIMEOUT", () => {
    const token = make();
    const is_good = (seconds: number): boolean =>
      at(now + seconds, () => default_token_generator.check_token(user("ann"), token));
    expect([is_good(0), is_good(259_200), is_good(259_201)]).to.deep.equal([true, true, false]);
  });

  it("P8: a token is void after another password, another login, and for another user", async () => {
    const check = (name: string, token: string): boolean =>
      at(now, () => default_token_generator.check_token(user(name), token));
    const token = make();
    expect([check("ann", token), check("bob", token)]).to.deep.equal([true, false]);
    user("ann").last_login = new Date(now * 1000);
    expect(check("ann", token)).to.equal(false);
    const second = make();
    await user("ann").set_password("another");
    expect([check("ann", second), check("ann", make())]).to.deep.equal([false, true]);
  });

  for (const token of ["", "x", "a-b-c", "é-1", "-", "0-", "zzzzzzzzzzzzzzzzzzzz-1", "bxoqpk-"]) {
    it(`P8: ${JSON.stringify(token)} is no token`, () => {
      expect(default_token_generator.check_token(user("ann"), token)).to.equal(false);
    });
  }

  it("knows tokens of fallback keys, and has keys of its own if told", () => {
    const token = make();
    with_settings(
      { SECRET_KEY: "new", SECRET_KEY_FALLBACKS: ["spec-secret-key-0123456789abcdef0123456789"] },
      () =>
        expect(at(now, () => default_token_generator.check_token(user("ann"), token))).to.equal(
          true,
        ),
    );
    const own = new PasswordResetTokenGenerator();
    own.secret = "own";
    own.secret_fallbacks = [];
    expect(at(now, () => own.check_token(user("ann"), token))).to.equal(false);
    expect(own.check_token(null, token)).to.equal(false);
  });
});

describe("contrib/auth/base_user", () => {
  class Person extends AbstractBaseUser {
    static override readonly USERNAME_FIELD: string = "email";
    declare readonly email: string;
  }

  it("takes attributes, and no methods", () => {
    const person = new Person({ email: "a@b", is_active: false });
    expect([person.email, person.is_active, String(person)]).to.deep.equal(["a@b", false, "a@b"]);
    for (const fields of [{ get_username: () => "x" }, JSON.parse('{"__proto__":{}}') as object])
      expect(() => new Person(fields as Record<string, unknown>)).to.throw(TypeError);
    expect(() => new Person({ is_authenticated: false })).to.throw(TypeError);
  });

  it("normalizes the name", () => {
    const person = new Person({ email: "\ufb03" });
    person.clean();
    expect([person.email, person.natural_key()]).to.deep.equal(["ffi", ["ffi"]]);
    expect(AbstractBaseUser.normalize_username(7)).to.equal(7);
  });

  it("has no password at first, and one that nobody knows if it is null", async () => {
    const person = new Person();
    expect(person.password).to.equal("");
    await person.set_password(null);
    expect(person.has_usable_password()).to.equal(false);
    expect(Person.get_email_field_name()).to.equal("email");
  });

  it("is found by name through get, aget, or a method of its own", async () => {
    class Plain extends BaseUserManager<Person> {
      override get(lookup: Record<string, unknown>): Person {
        return new Person(lookup);
      }
    }
    class Loose extends Plain {
      override get_by_natural_key(username: string): Person {
        return new Person({ email: username.toLowerCase() });
      }
    }
    const plain = new Plain();
    plain.USERNAME_FIELD = "email";
    expect(plain.get_by_natural_key("a")?.email).to.equal("a");
    expect((await plain.aget_by_natural_key("a"))?.email).to.equal("a");
    expect((await new Loose().aget_by_natural_key("A"))?.email).to.equal("a");
    class Nothing extends BaseUserManager {}
    expect(() => new Nothing().get({})).to.throw(SynchronousOnlyOperation);
  });
});
