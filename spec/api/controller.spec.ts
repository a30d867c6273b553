/** Specification of nuages/api: classes whose methods are endpoints. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { Controller } from "nuages/api/controller";
import { endpoint } from "nuages/api/endpoint";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import type { HttpRequest, HttpResponseBase } from "nuages/http";
import { HttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { z } from "zod";
import { mounted } from "../support/api_site.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const User = z.object({ id: z.int(), name: z.string() });

class UserView extends Controller {
  static override layer = { tags: ["users"], response_headers: { "X-View": "user" } };
  greeting = "Hello";
  calls = 0;

  @endpoint({ response: User })
  get(_request: HttpRequest, { id }: { id: number }) {
    return { id, name: this.#name(), secret: 1 };
  }

  @endpoint({ body: z.object({ name: z.string() }), status: 202, response: User })
  put(request: HttpRequest, { id, body }: { id: number; body: { name: string } }) {
    return { id, name: `${body.name} ${this.request === request} ${this.kwargs["id"]}` };
  }

  #name(): string {
    this.calls += 1;
    return `${this.greeting} ${this.calls}`;
  }
}

describe("api/controller", () => {
  quiet();

  it("its methods are endpoints with their own specs and the layer of the class", () => {
    const api = new API();
    api.view("users/<int:id>/", UserView, { name: "user" });
    return mounted(api, async (client) => {
      const got = await client.get("/api/users/3/");
      expect(got.json()).to.deep.equal({ id: 3, name: "Hello 1" });
      expect(got.get("X-View")).to.equal("user");
      const body = JSON.stringify({ name: "Ada" });
      const put = await client.put("/api/users/3/", body, { content_type: "application/json" });
      expect([put.status_code, put.json()]).to.deep.equal([202, { id: 3, name: "Ada true 3" }]);
      expect(
        (await client.put("/api/users/3/", "{}", { content_type: "application/json" })).status_code,
      ).to.equal(422);
      expect((await client.options("/api/users/3/")).get("Allow")).to.equal(
        "GET, PUT, HEAD, OPTIONS",
      );
      expect((await client.post("/api/users/3/")).status_code).to.equal(405);
    });
  });

  it("each request has an instance of its own, HEAD too", () => {
    const api = new API();
    api.view("users/<int:id>/", UserView);
    return mounted(api, async (client) => {
      await client.get("/api/users/1/");
      expect((await client.get("/api/users/1/")).json()).to.deep.equal({ id: 1, name: "Hello 1" });
      const head = await client.head("/api/users/1/");
      expect([head.status_code, head.text]).to.deep.equal([200, ""]);
    });
  });

  it("D1: shares a route with handlers and other classes", () => {
    class Removal extends Controller {
      @endpoint({ response: null })
      delete() {}
    }
    const api = new API({ openapi: null });
    api.view("users/<int:id>/", UserView);
    api.view("users/<int:id>/", Removal);
    api.post("users/<int:id>/", () => "posted");
    expect(api._entries().length).to.equal(1);
    return mounted(api, async (client) => {
      expect((await client.delete("/api/users/1/")).status_code).to.equal(204);
      expect((await client.post("/api/users/1/")).text).to.equal("posted");
      expect((await client.get("/api/users/1/")).status_code).to.equal(200);
    });
  });

  it("dispatch() may be overridden, and a subclass has what its base has", () => {
    class Guarded extends UserView {
      override dispatch(
        request: HttpRequest,
        ...args: unknown[]
      ): HttpResponseBase | Promise<HttpResponseBase> {
        return request.GET.has("key")
          ? super.dispatch(request, ...args)
          : new HttpResponse("no", { status: 403 });
      }
    }
    const api = new API();
    api.view("users/<int:id>/", Guarded);
    return mounted(api, async (client) => {
      expect((await client.get("/api/users/1/")).status_code).to.equal(403);
      expect((await client.get("/api/users/1/?key=")).get("X-View")).to.equal("user");
    });
  });

  it("works through as_view(), with attributes for each instance", () => {
    const view = UserView.as_view({ greeting: "Good day" });
    expect([view.view_class, view.name]).to.deep.equal([UserView, "UserView"]);
    expect(() => UserView.as_view({ none: 1 })).to.throw(TypeError, "none");
    return with_site([path("<int:id>/", view)], { MIDDLEWARE: [] }, async (client) => {
      const response = await client.get("/3/");
      expect(response.json()).to.deep.equal({ id: 3, name: "Good day 1" });
      expect(response.get("X-View")).to.equal("user");
      expect((await client.post("/3/")).get("Allow")).to.equal("GET, PUT, HEAD, OPTIONS");
    });
  });

  it("a method that handles requests must be an endpoint, and there must be one", () => {
    class Plain extends UserView {
      post(): string {
        return "post";
      }
    }
    class Overridden extends UserView {
      override get(): { id: number; name: string; secret: number } {
        return { id: 1, name: "a", secret: 1 };
      }
    }
    class Empty extends Controller {}
    const api = new API();
    expect(() => api.view("a/", Plain)).to.throw(ImproperlyConfigured, "Plain.post()");
    expect(() => api.view("a/", Overridden)).to.throw(ImproperlyConfigured, "Overridden.get()");
    expect(() => api.view("a/", Empty)).to.throw(ImproperlyConfigured, "Empty");
    expect(() => Empty.as_view()).to.throw(ImproperlyConfigured, "Empty");
  });

  it("says what stands in the way of its decorator", () => {
    const decorate = endpoint({ response: User });
    const method = UserView.prototype.get;
    const called_the_old_way: unknown = "get"; // as `experimentalDecorators` has it: prototype, name, descriptor
    expect(() => decorate(method, called_the_old_way as ClassMethodDecoratorContext)).to.throw(
      ImproperlyConfigured,
      "experimentalDecorators",
    );
    const context = { name: "get", static: true } as ClassMethodDecoratorContext;
    expect(() => decorate(method, context)).to.throw(ImproperlyConfigured, "'get' is none");
  });
});
