/** Who may see a view: middleware, decorators, mixins. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import type { AuthUser } from "nuages/contrib/auth";
import {
  login_not_required,
  login_required,
  permission_required,
  user_passes_test,
} from "nuages/contrib/auth/decorators";
import {
  auser,
  AuthenticationMiddleware,
  get_user,
  LoginRequiredMiddleware,
} from "nuages/contrib/auth/middleware";
import {
  LoginRequiredMixin,
  PermissionRequiredMixin,
  UserPassesTestMixin,
} from "nuages/contrib/auth/mixins";
import { AnonymousUser } from "nuages/contrib/auth/models";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { AttributeError, ImproperlyConfigured, NotImplementedError } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import type { RequestUser } from "nuages/http/request";
import { Client, RequestFactory } from "nuages/test";
import { path } from "nuages/urls";
import { View } from "nuages/views/generic";
import { quiet } from "../../support/log.ts";
import { MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";
import { DistantUsers, hello, site_with_users } from "../../support/users.ts";

class Page extends View {
  get(request: HttpRequest): HttpResponse {
    return hello(request);
  }
}

class Members extends LoginRequiredMixin {
  get(request: HttpRequest): HttpResponse {
    return hello(request);
  }
}

class Voters extends PermissionRequiredMixin.over(Page) {
  static {
    this.prototype.permission_required = "polls.vote";
  }
}

class Anns extends UserPassesTestMixin.over(LoginRequiredMixin.over(Page)) {
  override test_func(): boolean {
    return this.request.user.get_username() === "ann";
  }
}

const urlpatterns = [
  path("open/", () => new HttpResponse("open")),
  path("hello/", hello),
  path("members/", login_required(hello)),
  path(
    "elsewhere/",
    login_required(null, { login_url: "https://login.example/?a=1", redirect_field_name: "back" })(
      hello,
    ),
  ),
  path("nowhere/", login_required(null, { redirect_field_name: null })(hello)),
  path("voters/", permission_required("polls.vote")(hello)),
  path("voters-only/", permission_required(["polls.vote"], { raise_exception: true })(hello)),
  path("anns/", user_passes_test(async (user) => user.get_username() === "ann")(hello)),
  path("class/members/", Members.as_view()),
  path("class/voters/", Voters.as_view()),
  path("class/anns/", Anns.as_view()),
  path(
    "exempt/",
    login_not_required(() => new HttpResponse("exempt")),
  ),
];
const ROOT_URLCONF = { urlpatterns };

type Seen = [status: number, text_or_target: string];

async function seen(client: Client, url: string): Promise<Seen> {
  const response = await client.get(url);
  return [response.status_code, response.headers.get("Location") ?? response.text.slice(0, 20)];
}

describe("contrib/auth: decorators and mixins", () => {
  const { user } = site_with_users({ ROOT_URLCONF });
  quiet();

  const table: [url: string, anonymous: Seen, ann: Seen, bob: Seen][] = [
    [
      "/members/?a=b",
      [302, "/accounts/login/?next=/members/%3Fa%3Db"],
      [200, "hello ann"],
      [200, "hello bob"],
    ],
    [
      "/elsewhere/",
      [302, "https://login.example/?a=1&back=http%3A//testserver/elsewhere/"],
      [200, "hello ann"],
      [200, "hello bob"],
    ],
    ["/nowhere/", [302, "/accounts/login/"], [200, "hello ann"], [200, "hello bob"]],
    [
      "/voters/",
      [302, "/accounts/login/?next=/voters/"],
      [302, "/accounts/login/?next=/voters/"],
      [200, "hello bob"],
    ],
    [
      "/voters-only/",
      [403, "<!doctype html>\n<htm"],
      [403, "<!doctype html>\n<htm"],
      [200, "hello bob"],
    ],
    [
      "/anns/",
      [302, "/accounts/login/?next=/anns/"],
      [200, "hello ann"],
      [302, "/accounts/login/?next=/anns/"],
    ],
    [
      "/class/members/",
      [302, "/accounts/login/?next=/class/members/"],
      [200, "hello ann"],
      [200, "hello bob"],
    ],
    [
      "/class/voters/",
      [302, "/accounts/login/?next=/class/voters/"],
      [403, "<!doctype html>\n<htm"],
      [200, "hello bob"],
    ],
    [
      "/class/anns/",
      [302, "/accounts/login/?next=/class/anns/"],
      [200, "hello ann"],
      [403, "<!doctype html>\n<htm"],
    ],
  ];
  for (const [url, anonymous, ann, bob] of table) {
    it(`let the right ones through: ${url}`, async () => {
      const clients = await Promise.all(
        ["ann", "bob"].map(async (name) => {
          const client = new Client();
          await client.force_login(user(name));
          return client;
        }),
      );
      const all = await Promise.all([new Client(), ...clients].map((client) => seen(client, url)));
      expect(all).to.deep.equal([anonymous, ann, bob]);
    });
  }

  it("keep the type of the view", () => {
    const view = (_request: HttpRequest, kwargs: { id: number }): HttpResponse =>
      new HttpResponse(String(kwargs.id));
    expectTypeOf(login_required(view)).toEqualTypeOf(view);
    expectTypeOf(login_not_required(view)).toEqualTypeOf(view);
  });

  it("say what a class lacks", async () => {
    const request = new RequestFactory().get("/");
    request.user = user("ann");
    const call =
      (view: (request: HttpRequest) => unknown): (() => unknown) =>
      () =>
        view(request);
    expect(call(PermissionRequiredMixin.as_view())).to.throw(
      ImproperlyConfigured,
      "permission_required",
    );
    expect(call(UserPassesTestMixin.as_view())).to.throw(NotImplementedError, "test_func");
    request.user = { is_authenticated: true, is_anonymous: false, get_username: () => "x" };
    expect(call(Voters.as_view())).to.throw(AttributeError, "PermissionsMixin");
    expect(call(permission_required("a.b")(hello))).to.throw(AttributeError, "PermissionsMixin");
  });

  it("say that there is no login page", () => {
    const request = new RequestFactory().get("/");
    request.user = new AnonymousUser();
    with_settings({ LOGIN_URL: null }, () =>
      expect(() => login_required(hello)(request)).to.throw(ImproperlyConfigured, "LOGIN_URL"),
    );
  });
});

describe("contrib/auth: LoginRequiredMiddleware", () => {
  const MIDDLEWARE = [SessionMiddleware, AuthenticationMiddleware, LoginRequiredMiddleware];
  const { user } = site_with_users({ ROOT_URLCONF, MIDDLEWARE });

  it("sends whoever is not logged in to the login page, except from exempt views", async () => {
    const client = new Client();
    expect(await seen(client, "/open/")).to.deep.equal([302, "/accounts/login/?next=/open/"]);
    expect(await seen(client, "/exempt/")).to.deep.equal([200, "exempt"]);
    await client.force_login(user("ann"));
    expect(await seen(client, "/open/")).to.deep.equal([200, "open"]);
  });

  it("heeds what a decorator says of the login page", async () => {
    expect(await seen(new Client(), "/elsewhere/")).to.deep.equal([
      302,
      "https://login.example/?a=1&back=http%3A//testserver/elsewhere/",
    ]);
    expect(await seen(new Client(), "/nowhere/")).to.deep.equal([302, "/accounts/login/"]);
  });
});

describe("contrib/auth: AuthenticationMiddleware", () => {
  const site = site_with_users({ ROOT_URLCONF });
  quiet();

  it("needs a session", async () => {
    const middleware = new AuthenticationMiddleware(async () => new HttpResponse());
    const request = new RequestFactory().get("/");
    expect(() => middleware.process_request(request)).to.throw(ImproperlyConfigured);
  });

  it("does not look at the session before somebody asks for the user", async () => {
    const client = new Client();
    await client.force_login(site.user("ann"));
    const before = site.users.lookups;
    expect((await client.get("/open/")).has_header("Vary")).to.equal(false);
    expect(site.users.lookups).to.equal(before);
    expect((await client.get("/hello/")).headers.get("Vary")).to.equal("Cookie");
    expect(site.users.lookups).to.equal(before + 1);
  });

  it("finds the user once, and gives the object itself", async () => {
    const users: RequestUser[] = [];
    const remember = async (request: HttpRequest): Promise<HttpResponse> => {
      users.push(
        request.user,
        request.user,
        get_user(request),
        await request.auser(),
        await auser(request),
      );
      return new HttpResponse();
    };
    const client = new Client();
    await client.force_login(site.user("ann"));
    await with_settings({ ROOT_URLCONF: { urlpatterns: [path("", remember)] } }, () =>
      client.get("/"),
    );
    expect(users.every((user) => user === site.user("ann"))).to.equal(true);
  });

  it("loads ahead whom the session names, where users have to be waited for, and nobody else", async () => {
    const objects = new DistantUsers(site.users);
    const SESSION_ENGINE = DbStore.using(new MemoryRows({ waits: true }));
    await with_settings({ AUTH_USER_MODEL: { objects }, SESSION_ENGINE }, async () => {
      const client = new Client();
      await client.get("/hello/");
      expect(await seen(client, "/members/")).to.have.property("0", 302);
      await client.force_login(site.user("ann"));
      const before = site.users.lookups;
      const response = await client.get("/open/");
      expect([response.has_header("Vary"), site.users.lookups - before]).to.deep.equal([false, 1]);
      expect(await seen(client, "/members/")).to.deep.equal([200, "hello ann"]);
      objects.failure = new Error("no users");
      expect(await seen(client, "/open/")).to.deep.equal([200, "open"]);
      const error = await client.get("/members/").catch((thrown: unknown) => thrown);
      expect(error).to.equal(objects.failure);
    });
  });

  it("gives the user its type", () => {
    expectTypeOf<HttpRequest["user"]>().toEqualTypeOf<RequestUser>();
    expectTypeOf<AuthUser>().toExtend<RequestUser>();
  });
});
