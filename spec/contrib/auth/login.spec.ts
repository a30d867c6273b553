/** Who is logged in: `authenticate`, `login`, `logout`, and the user of a request. @module */
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  aget_user,
  alogin,
  alogout,
  authenticate,
  BACKEND_SESSION_KEY,
  get_backends,
  get_permission_codename,
  get_user,
  get_user_model,
  HASH_SESSION_KEY,
  load_backend,
  login,
  logout,
  SESSION_KEY,
  update_session_auth_hash,
  aupdate_session_auth_hash,
  type SaveUserOptions,
  user_logged_in,
  user_logged_out,
  user_login_failed,
} from "nuages/contrib/auth";
import { AllowAllUsersModelBackend, BaseBackend, ModelBackend } from "nuages/contrib/auth/backends";
import { AnonymousUser } from "nuages/contrib/auth/models";
import { SessionStore } from "nuages/contrib/sessions/backends/cache";
import {
  AttributeError,
  ImportError,
  ImproperlyConfigured,
  ObjectDoesNotExist,
  PermissionDenied,
  SynchronousOnlyOperation,
  ValueError,
} from "nuages/core/exceptions";
import { HttpRequest } from "nuages/http";
import { freeze } from "../../../src/utils/_clock.ts";
import { DistantUsers, QuickHasher, site_with_users, User } from "../../support/users.ts";
import { with_settings } from "../../support/settings.ts";

function new_request(session = new SessionStore()): HttpRequest {
  const request = new HttpRequest();
  request.session = session;
  request.user = new AnonymousUser();
  request.auser = async () => new AnonymousUser();
  return request;
}

describe("contrib/auth: authenticate", () => {
  const { user } = site_with_users();

  const credentials: [what: string, given: Record<string, unknown>, name: string | undefined][] = [
    ["name and password", { username: "ann", password: "secret" }, "ann"],
    ["a wrong password", { username: "ann", password: "wrong" }, undefined],
    ["an unknown name", { username: "nobody", password: "secret" }, undefined],
    ["a user who is not active", { username: "eve", password: "secret" }, undefined],
    ["no password", { username: "ann" }, undefined],
    ["nothing", {}, undefined],
    ["an object for a name", { username: { $ne: null }, password: "secret" }, undefined],
    ["a list for a password", { username: "ann", password: ["secret"] }, undefined],
  ];
  for (const [what, given, name] of credentials) {
    it(`with ${what}: ${name ?? "nobody"}`, async () => {
      expect((await authenticate(null, given))?.get_username()).to.equal(name);
    });
  }

  it("notes the path of the backend, which is Django's", async () => {
    await authenticate(null, { username: "ann", password: "secret" });
    expect(user("ann").backend).to.equal("django.contrib.auth.backends.ModelBackend");
  });

  it("tells of failures, with stars for what is secret", async () => {
    const told: unknown[] = [];
    const receiver = (named: { credentials: unknown; sender: unknown }): void =>
      void told.push(named.sender, named.credentials);
    user_login_failed.connect(receiver);
    await authenticate(null, { username: "ann", password: "wrong", api_token: "t" });
    user_login_failed.disconnect(receiver);
    const stars = "*".repeat(20);
    expect(told).to.deep.equal([
      "django.contrib.auth",
      { username: "ann", password: stars, api_token: stars },
    ]);
  });

  it("asks no other backend after PermissionDenied, and not those that do not accept", async () => {
    const asked: string[] = [];
    class Picky extends BaseBackend {
      override accepts(): boolean {
        return false;
      }
      override authenticate(): never {
        throw new ValueError("not to be asked");
      }
    }
    class Strict extends BaseBackend {
      override authenticate(): never {
        asked.push("strict");
        throw new PermissionDenied();
      }
    }
    await with_settings({ AUTHENTICATION_BACKENDS: [Picky, Strict, ModelBackend] }, async () => {
      const found = await authenticate(null, { username: "ann", password: "secret" });
      expect([found, asked]).to.deep.equal([undefined, ["strict"]]);
    });
  });

  it("takes an error of a store that there is no such user", async () => {
    const objects = {
      get(): never {
        throw new ObjectDoesNotExist("none");
      },
    };
    await with_settings({ AUTH_USER_MODEL: { objects } }, async () => {
      expect(await authenticate(null, { username: "x", password: "y" })).to.equal(undefined);
    });
  });

  it("saves a new hash where the old one is outdated", async () => {
    const saved: unknown[] = [];
    class Careful extends User {
      override save(options: SaveUserOptions = {}): void {
        saved.push(options.update_fields);
      }
    }
    const old = await new QuickHasher().encode("secret", "s".repeat(22), { iterations: 2 });
    const careful = new Careful({ username: "ann", password: old });
    expect([await careful.check_password("wrong"), careful.password]).to.deep.equal([false, old]);
    expect(await careful.acheck_password("secret")).to.equal(true);
    expect(careful.password).to.match(/^pbkdf2_sha256\$1\$/);
    expect(saved).to.deep.equal([["password"]]);
  });
});

describe("contrib/auth: backends", () => {
  site_with_users();

  it("are found by their paths", () => {
    expect(load_backend("django.contrib.auth.backends.ModelBackend")).to.be.instanceOf(
      ModelBackend,
    );
    expect(load_backend("django.contrib.auth.backends.AllowAllUsersModelBackend")).to.be.instanceOf(
      AllowAllUsersModelBackend,
    );
    expect(() => load_backend("app.Backend")).to.throw(ImportError, "app.Backend");
  });

  it("do not inherit a path: a backend of the site's own is called by its name", () => {
    class Own extends ModelBackend {}
    with_settings({ AUTHENTICATION_BACKENDS: [Own] }, () => {
      expect(load_backend("Own")).to.be.instanceOf(Own);
    });
  });

  it("must be classes, of different paths, and some", () => {
    class Twin extends BaseBackend {
      static readonly path: string = "django.contrib.auth.backends.ModelBackend";
    }
    for (const backends of [[ModelBackend, Twin], ["path"], []])
      with_settings({ AUTHENTICATION_BACKENDS: backends as never }, () =>
        expect(() => get_backends()).to.throw(ImproperlyConfigured),
      );
  });

  it("let inactive users in where all are allowed", async () => {
    await with_settings({ AUTHENTICATION_BACKENDS: [AllowAllUsersModelBackend] }, async () => {
      const eve = await authenticate(null, { username: "eve", password: "secret" });
      expect(eve?.get_username()).to.equal("eve");
    });
  });
});

const WAYS: ["login" | "alogin", typeof login | typeof alogin, typeof logout | typeof alogout][] = [
  ["login", login, logout],
  ["alogin", alogin, alogout],
];
for (const [name, log_in, log_out] of WAYS) {
  describe(`contrib/auth: ${name}`, () => {
    const { user } = site_with_users();

    it("writes what Django writes into the session, under a new key", async () => {
      const request = new_request();
      request.session.set("cart", [1]);
      request.session.save();
      const key = request.session.session_key;
      await log_in(request, user("ann"));
      expect([...request.session.items()]).to.deep.equal([
        ["cart", [1]],
        [SESSION_KEY, "1"],
        [BACKEND_SESSION_KEY, "django.contrib.auth.backends.ModelBackend"],
        [HASH_SESSION_KEY, user("ann").get_session_auth_hash()],
      ]);
      expect(request.session.session_key).to.not.equal(key);
      expect(new SessionStore().exists(String(key))).to.equal(false);
    });

    it("makes the user that of the request, and changes the CSRF token", async () => {
      const request = new_request();
      await log_in(request, user("ann"));
      expect([request.user, await request.auser()]).to.deep.equal([user("ann"), user("ann")]);
      expect(request.META.CSRF_COOKIE_NEEDS_UPDATE).to.equal(true);
    });

    it("keeps the session of the same user, and drops that of another", async () => {
      const request = new_request();
      await log_in(request, user("ann"));
      request.session.set("cart", [1]);
      await log_in(request, user("ann"));
      expect(request.session.get("cart")).to.deep.equal([1]);
      await log_in(request, user("bob"));
      expect([request.session.has("cart"), request.session.get(SESSION_KEY)]).to.deep.equal([
        false,
        "2",
      ]);
    });

    it("notes the time, and tells who listens", async () => {
      freeze(1_700_000_000);
      const told: unknown[] = [];
      const receiver = ({ user: who }: { user: unknown }): void => void told.push(who);
      user_logged_in.connect(receiver);
      await log_in(new_request(), user("ann"));
      user_logged_in.disconnect(receiver);
      freeze(undefined);
      expect(told).to.deep.equal([user("ann")]);
      expect(user("ann").last_login?.getTime()).to.equal(1_700_000_000_000);
    });

    const nobody: [what: string, who: unknown, error: typeof ValueError | typeof AttributeError][] =
      [
        ["null", null, AttributeError],
        ["an AnonymousUser", new AnonymousUser(), AttributeError],
        ["a user without a key", { get_session_auth_hash: () => "x" }, ValueError],
      ];
    for (const [what, who, error] of nobody) {
      it(`refuses ${what}`, async () => {
        const failing = (async () => log_in(new_request(), who as User))();
        expect(await failing.catch((thrown: unknown) => thrown)).to.be.instanceOf(error);
      });
    }

    it("needs to be told the backend where there are several", async () => {
      const stranger = new User({ pk: 5, username: "new" });
      await with_settings(
        { AUTHENTICATION_BACKENDS: [ModelBackend, AllowAllUsersModelBackend] },
        async () => {
          const failing = (async () => log_in(new_request(), stranger))();
          expect(await failing.catch((thrown: unknown) => thrown)).to.be.instanceOf(ValueError);
          const request = new_request();
          await log_in(request, stranger, { backend: "some.path" });
          expect(request.session.get(BACKEND_SESSION_KEY)).to.equal("some.path");
        },
      );
    });

    it("is undone by a logout, which tells who listens before", async () => {
      const request = new_request();
      await log_in(request, user("ann"));
      const told: unknown[] = [];
      const receiver = (named: { user: unknown; sender: unknown }): void =>
        void told.push(named.user, request.session.has(SESSION_KEY));
      user_logged_out.connect(receiver);
      await log_out(request);
      await log_out(request);
      user_logged_out.disconnect(receiver);
      expect(told).to.deep.equal([user("ann"), true, null, false]);
      expect([request.session.is_empty(), request.user.is_anonymous]).to.deep.equal([true, true]);
      expect((await request.auser()).is_anonymous).to.equal(true);
    });
  });
}

describe("contrib/auth: get_user", () => {
  const { user, users } = site_with_users();
  let request: HttpRequest;
  beforeEach(() => {
    request = new_request();
    login(request, user("ann"));
  });
  afterEach(() => users.list.forEach((each) => (each.is_active = each.username !== "eve")));

  for (const [name, find] of [
    ["get_user", get_user],
    ["aget_user", aget_user],
  ] as const) {
    it(`gives whom the session names: ${name}`, async () => {
      expect(await find(request)).to.equal(user("ann"));
      expect((await find(new_request())).is_anonymous).to.equal(true);
    });

    it(`gives nobody for a user who is gone, or no longer active: ${name}`, async () => {
      request.session.set(SESSION_KEY, "99");
      expect((await find(request)).is_anonymous).to.equal(true);
      request.session.set(SESSION_KEY, "1");
      user("ann").is_active = false;
      expect((await find(request)).is_anonymous).to.equal(true);
    });

    it(`gives nobody for a backend that is not in the settings: ${name}`, async () => {
      request.session.set(
        BACKEND_SESSION_KEY,
        "django.contrib.auth.backends.AllowAllUsersModelBackend",
      );
      expect((await find(request)).is_anonymous).to.equal(true);
    });

    it(`ends a session without the hash of the password: ${name}`, async () => {
      request.session.delete(HASH_SESSION_KEY);
      expect((await find(request)).is_anonymous).to.equal(true);
      expect(request.session.is_empty()).to.equal(true);
    });

    it(`knows a session from before SECRET_KEY changed, and renews it: ${name}`, async () => {
      const key = request.session.session_key;
      await with_settings(
        { SECRET_KEY: "new", SECRET_KEY_FALLBACKS: ["spec-secret-key-0123456789abcdef0123456789"] },
        async () => {
          expect(await find(request)).to.equal(user("ann"));
          expect(request.session.get(HASH_SESSION_KEY)).to.equal(
            user("ann").get_session_auth_hash(),
          );
        },
      );
      expect(request.session.session_key).to.not.equal(key);
    });
  }

  it("says to wait where users have to be waited for", async () => {
    await with_settings({ AUTH_USER_MODEL: { objects: new DistantUsers(users) } }, async () => {
      expect(() => get_user(request)).to.throw(SynchronousOnlyOperation, "auser()");
      expect(await aget_user(request)).to.equal(user("ann"));
    });
  });

  for (const [name, update] of [
    ["update_session_auth_hash", update_session_auth_hash],
    ["aupdate_session_auth_hash", aupdate_session_auth_hash],
  ] as const) {
    it(`lets this session alone survive a change of password: ${name}`, async () => {
      const other = new_request();
      login(other, user("ann"));
      await user("ann").set_password("other");
      await update(request, user("ann"));
      expect(get_user(request)).to.equal(user("ann"));
      expect(get_user(other).is_anonymous).to.equal(true);
    });
  }
});

describe("contrib/auth: get_user_model", () => {
  for (const AUTH_USER_MODEL of [undefined, "app.User", {}, { objects: 1 }]) {
    it(`refuses ${JSON.stringify(AUTH_USER_MODEL)}`, () => {
      with_settings({ AUTH_USER_MODEL: AUTH_USER_MODEL as never }, () =>
        expect(() => get_user_model()).to.throw(ImproperlyConfigured, "AUTH_USER_MODEL"),
      );
    });
  }

  it("names permissions as Django does", () => {
    expect(get_permission_codename("add", { model_name: "page" })).to.equal("add_page");
  });
});
