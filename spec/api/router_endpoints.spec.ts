/** Specification of nuages/api: endpoints in their layers, the loading of bodies, what others may try. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { endpoint } from "nuages/api/endpoint";
import { Router } from "nuages/api/router";
import type { HttpRequest } from "nuages/http";
import { SecurityMiddleware } from "nuages/middleware/security";
import type { Client } from "nuages/test";
import { path, re_path } from "nuages/urls";
import { deferred_upload, upload_handlers } from "nuages/views/decorators/upload";
import { MemoryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { z } from "zod";
import { mounted } from "../support/api_site.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

describe("api/router: endpoints, layers and bodies", () => {
  quiet();

  it("an endpoint made elsewhere is registered with its spec, for the method of the registration", () => {
    const api = new API();
    const shared = endpoint({ status: 203, name: "shared" }, (request) => String(request.method));
    api.get("a/", shared);
    api.post("b/", shared);
    return mounted(api, async (client) => {
      expect((await client.get("/api/a/")).text).to.equal("GET");
      const posted = await client.post("/api/b/");
      expect([posted.status_code, posted.text]).to.deep.equal([203, "POST"]);
      expect((await client.get("/api/b/")).status_code).to.equal(405);
    });
  });

  it("ST6: an endpoint of several methods is a 200, one of POST alone a 201", () => {
    const api = new API();
    api.route(["POST", "delete"], "several/", (request) => String(request.method));
    api.route(["POST"], "one/", () => "one");
    return mounted(api, async (client) => {
      expect((await client.post("/api/several/")).status_code).to.equal(200);
      expect((await client.delete("/api/several/")).text).to.equal("DELETE");
      expect((await client.post("/api/one/")).status_code).to.equal(201);
    });
  });

  it("what is registered is an endpoint: a view that can be called", async () => {
    const api = new API();
    const view = api.get("a/<int:id>/", { status: 203 }, (_request, { id }) => `a ${id}`);
    expect([view.methods, view.spec.status]).to.deep.equal([["GET"], 203]);
    await with_site([path("alone/<int:id>/", view)], { MIDDLEWARE: [] }, async (client) => {
      expect((await client.get("/alone/1/")).text).to.equal("a 1");
      expect((await client.post("/alone/1/")).status_code).to.equal(405);
    });
  });

  it("the layers of routers are in each other as the routers are; decorators of outer ones are outside", () => {
    const trace: string[] = [];
    const traced = (name: string) => (view: (request: HttpRequest, ...args: never[]) => never) => {
      return (request: HttpRequest, ...args: never[]): never => {
        trace.push(name);
        return view(request, ...args);
      };
    };
    const layer = (name: string): object => ({
      decorators: [traced(name)],
      response_headers: { "X-Near": name, [`X-${name}`]: "1" },
    });
    const api = new API(layer("api"));
    const inner = api.router("a/", layer("outer")).router("b/", layer("inner"));
    inner.get("c/", layer("endpoint"), () => "");
    return mounted(api, async (client) => {
      const response = await client.get("/api/a/b/c/");
      expect(trace).to.deep.equal(["api", "outer", "inner", "endpoint"]);
      expect(response.get("X-Near")).to.equal("endpoint");
      for (const name of trace) expect(response.get(`X-${name}`)).to.equal("1");
    });
  });

  it("one router in two APIs, or at two places, has the layers of each place", () => {
    const router = new Router();
    router.get("<int:id>/", (_request, { id }) => String(id));
    const api = new API({ openapi: null });
    api.include("a/", router);
    api.router("b/", { response_headers: { "X-B": "1" } }).include("c/", router);
    return mounted(api, async (client) => {
      expect((await client.get("/api/a/1/")).has_header("X-B")).to.equal(false);
      expect((await client.get("/api/b/c/1/")).get("X-B")).to.equal("1");
    });
  });

  it("the values of a mount reach the handler; unnamed ones do not", async () => {
    const api = new API({ openapi: null });
    api.get("<int:id>/", (_request, args) => JSON.stringify(args));
    api.get("none/", (_request, args) => JSON.stringify(args));
    const urlpatterns = [path("in/<slug:tenant>/", api.urls), re_path("^re/(.)/", api.urls)];
    await with_site(urlpatterns, { MIDDLEWARE: [] }, async (client) => {
      expect(JSON.parse((await client.get("/in/a/1/")).text)).to.deep.equal({ tenant: "a", id: 1 });
      expect((await client.get("/re/x/none/")).text).to.equal("{}");
    });
  });

  it("a body is loaded as each method says: deferred, by its own upload handlers, or as always", () => {
    const api = new API({ openapi: null });
    const seen: string[] = [];
    class Noted extends MemoryFileUploadHandler {
      constructor(request?: HttpRequest | null) {
        super(request);
        seen.push("own handlers");
      }
    }
    const form = z.object({ a: z.string() });
    api.get("u/<slug:a>/", () => "got");
    api.post(
      "u/<str:a>/",
      { form, decorators: [upload_handlers([Noted])] },
      (_request, args) => args.form.a,
    );
    api.put("u/<str:a>/", { decorators: [deferred_upload] }, async (request) => {
      seen.push(request._needs_load ? "deferred" : "loaded");
      await request.load();
      return request.body.toString();
    });
    api.patch("u/<str:a>/", (request) => request.body.toString());
    return with_site([path("", api.urls)], { MIDDLEWARE: [] }, async (client) => {
      expect((await client.post("/u/x/", { a: "posted" })).text).to.equal("posted");
      expect(seen.splice(0)).to.deep.equal(["own handlers"]);
      expect((await client.put("/u/x/", "put", { content_type: "text/plain" })).text).to.equal(
        "put",
      );
      expect(seen.length).to.equal(1);
      expect(
        (await client.patch("/u/x/", "patched", { content_type: "text/plain" })).text,
      ).to.equal("patched");
      expect((await client.get("/u/x/")).text).to.equal("got");
    });
  });
});

describe("api/router: security", () => {
  quiet();

  it("security T14: OPTIONS lists methods only, and HEAD passes the permissions of GET", () => {
    const api = new API({ openapi: null });
    const calls: string[] = [];
    const guarded = api.router("", {
      before_request: (request) => {
        calls.push(`asked ${request.method}`);
        return { status: "refused" };
      },
    });
    guarded.get("secret/", { response_headers: { "X-Secret": "1" } }, () => {
      calls.push("handler");
      return "secret";
    });
    return mounted(api, async (client) => {
      const options = await client.options("/api/secret/");
      expect([options.status_code, options.text]).to.deep.equal([200, ""]);
      expect(options.get("Allow")).to.equal("GET, HEAD, OPTIONS");
      expect(options.has_header("X-Secret")).to.equal(false);
      await client.head("/api/secret/");
      await client.get("/api/secret/");
      expect(calls).to.deep.equal(["asked HEAD", "asked GET"]);
    });
  });

  /** A site as most are: with the headers of `SecurityMiddleware`. */
  function secured(fn: (client: Client) => Promise<void>): Promise<void> {
    const api = new API();
    api.get("x/", () => ({ a: 1 }));
    return with_site([path("api/", api.urls)], { MIDDLEWARE: [SecurityMiddleware] }, fn);
  }

  for (const url of ["/api/x;/setup.bat", "/api/x/.bat", "/api/x/;a.bat", "/api/x.bat"]) {
    it(`security T24: ${url} is not found`, () =>
      secured(async (client) => {
        const response = await client.get(url);
        expect(response.status_code).to.equal(404);
        expect(response.get("X-Content-Type-Options")).to.equal("nosniff");
      }));
  }

  it("security T24: a callback in the query wraps nothing: JSON stays JSON", () =>
    secured(async (client) => {
      const response = await client.get("/api/x/?callback=calc");
      expect(response.text).to.equal('{"a":1}');
      expect(response.get("Content-Type")).to.equal("application/json");
      expect(response.get("X-Content-Type-Options")).to.equal("nosniff");
    }));
});
