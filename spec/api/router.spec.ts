/** Specification of nuages/api: how endpoints are declared, mounted and found. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { Reply } from "nuages/api/responses";
import { Router } from "nuages/api/router";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { CommonMiddleware } from "nuages/middleware/common";
import { path, resolve, reverse } from "nuages/urls";
import { z } from "zod";
import { mounted } from "../support/api_site.ts";
import { logged, quiet } from "../support/log.ts";
import { site_of, with_site } from "../support/site.ts";

const User = z.object({ id: z.int(), name: z.string() });

/** What a site finds of names, with the API below `/api/`. */
function reversed(api: API, name: string, kwargs: Record<string, unknown> = {}): string {
  const urlpatterns = [path("api/", api.urls)];
  return site_of(urlpatterns, () => reverse(name, { kwargs }));
}

describe("api/router: the methods of a route", () => {
  quiet();

  it("D1: several methods on one route are one URL pattern, at the place of the first", async () => {
    const api = new API({ openapi: null });
    api.get("users/<int:id>/", (_request, { id }) => `get ${id}`);
    api.get("users/<str:name>/", (_request, { name }) => `name ${name}`);
    api.put("users/<int:id>/", (_request, { id }) => `put ${id}`);
    expect([...(api.urls[0] as Iterable<unknown>)]).to.have.length(2);
    await mounted(api, async (client) => {
      expect((await client.get("/api/users/3/")).text).to.equal("get 3");
      expect((await client.put("/api/users/3/")).text).to.equal("put 3");
      expect((await client.get("/api/users/x/")).text).to.equal("name x");
    });
  });

  it("D1: in whatever routers of one API, each with its own spec and layers", async () => {
    const api = new API({ openapi: null });
    const one = api.router("a/", { response_headers: { "X-Router": "one" } });
    const other = new Router({ response_headers: { "X-Router": "other" } });
    one.get("b/<int:id>/", { status: 203 }, (_request, { id }) => String(id));
    other.post("<int:id>/", { status: 202 }, () => "other");
    api.include("a/b/", other);
    expect(api._entries().map(({ route }) => route)).to.deep.equal(["a/b/<int:id>/"]);
    await mounted(api, async (client) => {
      const got = await client.get("/api/a/b/1/");
      expect([got.status_code, got.get("X-Router")]).to.deep.equal([203, "one"]);
      const posted = await client.post("/api/a/b/1/");
      expect([posted.status_code, posted.get("X-Router")]).to.deep.equal([202, "other"]);
    });
  });

  it("D2: the same method on the same route twice is refused when the URLs are read", () => {
    const api = new API();
    api.get("users/", () => "one");
    api.router("users").get("/", () => "two");
    expect(() => api.urls).to.throw(ImproperlyConfigured, "GET users/");
    expect(() => api.urls).to.throw(ImproperlyConfigured, "GET users/"); // and again
  });

  it("D2: so is a method of several", () => {
    const api = new API();
    api.route(["PUT", "PATCH"], "users/", () => "one");
    api.patch("users/", () => "two");
    expect(() => api.urls).to.throw(ImproperlyConfigured, "PATCH");
  });

  it("D3: HEAD is answered by the handler of GET, without the body and with its length", async () => {
    const api = new API();
    const methods: unknown[] = [];
    api.get("text/", (request) => {
      methods.push(request.method);
      return "twelve bytes";
    });
    await with_site(
      [path("api/", api.urls)],
      { MIDDLEWARE: [CommonMiddleware] },
      async (client) => {
        const response = await client.head("/api/text/");
        expect([response.status_code, response.text]).to.deep.equal([200, ""]);
        expect(response.get("Content-Length")).to.equal("12");
      },
    );
    expect(methods).to.deep.equal(["HEAD"]);
  });

  it("D3: a stream is closed unread", async () => {
    const api = new API();
    const events: string[] = [];
    const source = {
      next(): IteratorResult<string> {
        events.push("next");
        return { value: "a", done: false };
      },
      return(): IteratorResult<string> {
        events.push("return");
        return { value: undefined, done: true };
      },
      [Symbol.iterator]() {
        return this;
      },
    };
    api.get("stream/", () => source);
    await mounted(api, async (client) => {
      const response = await client.head("/api/stream/");
      expect(response.status_code).to.equal(200);
    });
    expect(events).to.deep.equal(["return"]);
  });

  it("D4: HEAD with a handler of its own is answered by that, without its body", async () => {
    const api = new API();
    api.get("a/", () => "of get");
    api.head("a/", { response_headers: { "X-Own": "1" } }, () => "of head");
    await mounted(api, async (client) => {
      const response = await client.head("/api/a/");
      expect([response.get("X-Own"), response.text]).to.deep.equal(["1", ""]);
    });
  });

  it("D5: OPTIONS without a handler is an empty 200 with Allow", async () => {
    const api = new API();
    api.post("a/", () => "posted");
    await mounted(api, async (client) => {
      const response = await client.options("/api/a/");
      expect([response.status_code, response.text]).to.deep.equal([200, ""]);
      expect(response.get("Allow")).to.equal("POST, OPTIONS");
      expect(response.get("Content-Length")).to.equal("0");
    });
  });

  it("D5: one of its own answers instead", async () => {
    const api = new API();
    api.options("a/", () => "mine");
    await mounted(api, async (client) => {
      expect((await client.options("/api/a/")).text).to.equal("mine");
    });
  });
});

describe("api/router: later routes", () => {
  quiet();

  function two_routes(): API {
    const api = new API({ openapi: null });
    api.get("users/<slug:name>/", (_request, { name }) => `get ${name}`);
    api.router("users/").put("<int:id>/", { name: "by-id" }, (request, { id }) => {
      const match = request.resolver_match;
      return `put ${id} ${typeof id} ${match?.view_name} ${match?.route}`;
    });
    api.delete("users/<str:any>/", (_request, { any }) => `delete ${any}`);
    return api;
  }

  it("D6: the first later route that offers the method handles it, and is the resolver_match", () =>
    mounted(two_routes(), async (client) => {
      expect((await client.get("/api/users/3/")).text).to.equal("get 3");
      const put = await client.put("/api/users/3/");
      expect(put.text).to.equal("put 3 number api:by-id api/users/<int:id>/");
      expect((await client.delete("/api/users/3/")).text).to.equal("delete 3");
    }));

  it("D6: a route that does not match the path is not asked", () =>
    mounted(two_routes(), async (client) => {
      const response = await client.put("/api/users/ada/");
      expect(response.status_code).to.equal(405);
      expect(response.get("Allow")).to.equal("GET, DELETE, HEAD, OPTIONS");
    }));

  it("D6: neither are routes before it, and those of another API", () => {
    const first = new API({ openapi: null });
    const second = new API({ openapi: null, namespace: "second" });
    first.get("a/", () => "first");
    second.post("a/", () => "second");
    const urlpatterns = [path("", first.urls), path("", second.urls)];
    return with_site(urlpatterns, { MIDDLEWARE: [] }, async (client) => {
      const response = await client.post("/a/");
      expect([response.status_code, response.get("Allow")]).to.deep.equal([
        405,
        "GET, HEAD, OPTIONS",
      ]);
    });
  });

  it("D6: without any it is a 405 in JSON (E10), which is logged", async () => {
    const api = new API();
    api.get("a/", () => "a");
    const records = await logged(() =>
      mounted(api, async (client) => {
        const response = await client.post("/api/a/");
        expect(response.status_code).to.equal(405);
        expect(response.get("Content-Type")).to.equal("application/json");
        expect(response.json()).to.deep.equal({
          detail: [{ msg: "Method Not Allowed", type: "method_not_allowed" }],
        });
        expect(response.get("Allow")).to.equal("GET, HEAD, OPTIONS");
      }),
    );
    expect(records.map(({ message }) => message)).to.deep.equal([
      "Method Not Allowed (POST): /api/a/",
    ]);
  });

  it("D6: an exception handler of a layer may answer the 405 (EF5)", () => {
    const api = new API({
      exception_handlers: [[405, () => new Reply({ no: 1 }, { status: 405 })]],
    });
    api.get("a/", () => "a");
    return mounted(api, async (client) => {
      const response = await client.post("/api/a/");
      expect([response.status_code, response.text]).to.deep.equal([405, '{"no":1}']);
      expect(response.get("Allow")).to.equal("GET, HEAD, OPTIONS");
    });
  });

  it("D6: HEAD and OPTIONS go on, too", () => {
    const api = new API({ openapi: null });
    api.post("<slug:a>/", () => "posted");
    api.get("<str:a>/", { response_headers: { "X-Get": "1" } }, () => "got");
    return mounted(api, async (client) => {
      expect((await client.head("/api/x/")).get("X-Get")).to.equal("1");
      expect((await client.options("/api/x/")).get("Allow")).to.equal("GET, POST, HEAD, OPTIONS");
    });
  });

  it("D7: Allow is in Django's order, over all routes that match; HEAD whenever GET", () => {
    const api = new API({ openapi: null });
    api.route(["TRACE", "DELETE"], "<slug:a>/", () => "a");
    api.route(["PATCH", "PURGE", "GET"], "<str:a>/", () => "b");
    api.route(["put", "POST"], "<path:a>/", () => "c");
    return mounted(api, async (client) => {
      expect((await client.options("/api/x/")).get("Allow")).to.equal(
        "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, TRACE, PURGE",
      );
      expect((await client.options("/api/x/y/")).get("Allow")).to.equal("POST, PUT, OPTIONS");
    });
  });
});

describe("api/router: names, and what is refused", () => {
  quiet();

  it("D8: a name is found in the namespace of the API", () => {
    const api = new API();
    api.get("users/<int:id>/", { name: "user" }, () => "");
    expect(reversed(api, "api:user", { id: 1 })).to.equal("/api/users/1/");
    const other = new API({ namespace: "v2" });
    other.get("users/<int:id>/", { name: "user" }, () => "");
    expect(reversed(other, "v2:user", { id: 1 })).to.equal("/api/users/1/");
    expect(reversed(other, "api:user", { id: 1 })).to.equal("/api/users/1/"); // the application namespace
  });

  it("D8: several names on one route all reverse; a path always meets the first", () => {
    const api = new API({ openapi: null });
    api.get("a/<int:id>/", { name: "show" }, () => "");
    api.get("b/", { name: "other" }, () => "");
    api.put("a/<int:id>/", { name: "change" }, () => "");
    api.patch("a/<int:id>/", { name: "change" }, () => "");
    api.delete("a/<int:id>/", () => "");
    for (const name of ["show", "change"])
      expect(reversed(api, `api:${name}`, { id: 1 })).to.equal("/api/a/1/");
    const urlpatterns = [path("api/", api.urls)];
    site_of(urlpatterns, () => {
      expect(resolve("/api/a/1/").view_name).to.equal("api:show");
    });
    expect([...(api.urls[0] as Iterable<unknown>)]).to.have.length(3);
  });

  const late: [what: string, register: (api: API, router: Router) => unknown][] = [
    ["an endpoint", (api) => api.get("late/", () => "")],
    ["an endpoint of a router", (_api, router) => router.post("late/", () => "")],
    ["a router", (api) => api.router("late/")],
    ["an included router", (api) => api.include("late/", new Router())],
  ];
  for (const [what, register] of late) {
    it(`D9: ${what} cannot be registered after the URLs were read`, () => {
      const api = new API({ openapi: null });
      const router = new Router();
      api.include("router/", router);
      router.get("early/", () => ""); // after it was included, before the URLs are read
      expect([...(api.urls[0] as Iterable<unknown>)]).to.have.length(1);
      expect(() => register(api, router)).to.throw(ImproperlyConfigured, "late/");
    });
  }

  for (const name of ["query", "headers", "cookies", "body", "form"]) {
    it(`D10: a path parameter is not called ${name}`, () => {
      const api = new API();
      expect(() => api.get(`a/<int:${name}>/`, () => "")).to.throw(ImproperlyConfigured, name);
      expect(() => api.router(`<${name}>/`)).to.throw(ImproperlyConfigured, name);
      expect(() => api.include(`<${name}>/`, new Router())).to.throw(ImproperlyConfigured, name);
    });
  }

  it("D11: a route is matched as it is written; APPEND_SLASH is the middleware's business", async () => {
    const api = new API();
    api.get("with/", () => "with");
    api.get("without", () => "without");
    await mounted(api, async (client) => {
      expect((await client.get("/api/with")).status_code).to.equal(404);
      expect((await client.get("/api/without/")).status_code).to.equal(404);
      expect((await client.get("/api/without")).text).to.equal("without");
    });
    await with_site(
      [path("api/", api.urls)],
      { MIDDLEWARE: [CommonMiddleware] },
      async (client) => {
        const response = await client.get("/api/with");
        expect([response.status_code, response.url]).to.deep.equal([301, "/api/with/"]);
      },
    );
  });

  it("what contradicts itself is refused at registration (P10, NC2, NC3)", () => {
    const api = new API();
    expect(() => api.get("a/", { body: User }, () => "")).to.throw(ImproperlyConfigured, "GET a/");
    expect(() => api.get("a/", { response: { 204: User } }, () => ({ id: 1, name: "" }))).to.throw(
      ImproperlyConfigured,
    );
    expect(() => api.get("a/", { status: 100 }, () => "")).to.throw(ImproperlyConfigured, "100");
    expect(() => api.get("<nothing:a>/", () => "")).to.throw(ImproperlyConfigured, "nothing");
    expect(() => api.get("a/", undefined as never)).to.throw(TypeError, "GET a/");
    expect(() => api.route([], "a/", () => "")).to.throw(ImproperlyConfigured, "a/");
    expect(() => api.route(["GET", "get"], "a/", () => "")).to.throw(ImproperlyConfigured, "a/");
    expect(() => api.get("a/", { methods: ["POST"] }, () => "")).to.throw(
      ImproperlyConfigured,
      "POST",
    );
    expect([...api._entries()]).to.have.length(0);
  });

  it("what the compiler would have refused is refused at registration, too", () => {
    const api = new API();
    const spec: unknown = { response: User };
    expect(() => api.get("a/", (() => "") as never, spec as never)).to.throw(TypeError, "GET a/");
    expect(() => api.get("a/", spec as never)).to.throw(TypeError, "GET a/");
    expect(() => api.route("GET" as never, "a/", () => "")).to.throw(TypeError, "'GET'");
    expect(() => api.include("a/", {} as never)).to.throw(TypeError, "'a/'");
    expect(() => api.view("a/", class Plain {} as never)).to.throw(TypeError, "Plain");
    expect([...api._entries()]).to.have.length(0);
  });

  it("a router that includes itself is refused when the URLs are read", () => {
    const api = new API();
    const router = api.router("a/");
    router.include("b/", router);
    expect(() => api.urls).to.throw(ImproperlyConfigured, "a/b/");
  });

  it("a route of the document is taken, unless that is elsewhere", () => {
    const api = new API();
    api.get("docs/", () => "mine");
    expect(() => api.urls).to.throw(ImproperlyConfigured, "docs/");
    const moved = new API({ openapi: { path: "schema.json", docs: null } });
    moved.get("docs/", () => "mine");
    expect(reversed(moved, "api:openapi")).to.equal("/api/schema.json");
  });

  it("the routes of the document come before a route that takes any path", () => {
    const api = new API();
    api.get("<path:rest>", () => "rest");
    return mounted(api, async (client) => {
      expect((await client.get("/api/openapi.json")).get("Content-Type")).to.contain("json");
      expect((await client.get("/api/any/thing")).text).to.equal("rest");
    });
  });
});
