/** Specification of nuages/contrib/auth: users whom the server names. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ModelBackend, RemoteUserBackend } from "nuages/contrib/auth/backends";
import {
  AuthenticationMiddleware,
  PersistentRemoteUserMiddleware,
  RemoteUserMiddleware,
} from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Client, RequestFactory, type TestResponse } from "nuages/test";
import { path } from "nuages/urls";
import { quiet } from "../../support/log.ts";
import { with_settings } from "../../support/settings.ts";
import { hello, site_with_users } from "../../support/users.ts";

const ROOT_URLCONF = { urlpatterns: [path("hello/", hello)] };

describe("contrib/auth: RemoteUserMiddleware", () => {
  class Backend extends RemoteUserBackend {
    static override readonly path: string = "django.contrib.auth.backends.RemoteUserBackend";
    static {
      this.prototype.create_unknown_user = false;
    }
    override clean_username(username: string): string {
      return username.split("@")[0] ?? "";
    }
  }
  const MIDDLEWARE = [SessionMiddleware, AuthenticationMiddleware, RemoteUserMiddleware];
  const settings = { ROOT_URLCONF, MIDDLEWARE, AUTHENTICATION_BACKENDS: [Backend, ModelBackend] };
  const { user } = site_with_users(settings);
  quiet();

  const as = (client: Client, name: string): Promise<TestResponse> =>
    client.get("/hello/", {}, { REMOTE_USER: name });

  it("logs in whom the server names, and changes users with the server", async () => {
    const client = new Client();
    expect((await as(client, "ann@realm")).text).to.equal("hello ann");
    const key = client.cookies.get("sessionid")?.value;
    expect((await as(client, "ann@realm")).text).to.equal("hello ann");
    expect(client.cookies.get("sessionid")?.value).to.equal(key);
    expect((await as(client, "bob@realm")).text).to.equal("hello bob");
  });

  it("logs in nobody for a name that nobody has, and logs out without a name", async () => {
    const client = new Client();
    expect((await as(client, "stranger")).text).to.equal("hello ");
    await as(client, "ann");
    expect((await client.get("/hello/")).text).to.equal("hello ");
  });

  it("leaves alone who logged in another way, when there is no name", async () => {
    const client = new Client();
    await client.force_login(user("ann"), { backend: "django.contrib.auth.backends.ModelBackend" });
    expect((await client.get("/hello/")).text).to.equal("hello ann");
  });

  it("keeps users logged in where it is told to", async () => {
    const persistent = [
      SessionMiddleware,
      AuthenticationMiddleware,
      PersistentRemoteUserMiddleware,
    ];
    await with_settings({ MIDDLEWARE: persistent }, async () => {
      const client = new Client();
      await as(client, "ann");
      expect((await client.get("/hello/")).text).to.equal("hello ann");
    });
  });

  it("makes users where the store of users can", async () => {
    class Maker extends RemoteUserBackend {}
    const { get_user_model } = await import("nuages/contrib/auth");
    await with_settings({ AUTHENTICATION_BACKENDS: [Maker] }, async () => {
      const error = await as(new Client(), "new").catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ImproperlyConfigured);
      const { objects } = get_user_model();
      const made: unknown[] = [];
      objects.aget_or_create = async (lookup) => {
        made.push(lookup);
        return [user("ann"), true];
      };
      expect((await as(new Client(), "new")).text).to.equal("hello ann");
      expect(made).to.deep.equal([{ username: "new" }]);
    });
  });

  it("needs AuthenticationMiddleware", async () => {
    const middleware = new RemoteUserMiddleware(async () => new HttpResponse());
    const failing = middleware.call(new RequestFactory().get("/"));
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(ImproperlyConfigured);
  });
});
