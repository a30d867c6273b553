/** What the compiler refuses, and what it knows of a handler. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { expectTypeOf } from "expect-type";
import { API } from "nuages/api/api";
import { Controller } from "nuages/api/controller";
import { endpoint } from "nuages/api/endpoint";
import { EventStream, jsonl, sse, Stream } from "nuages/api/streaming";
import { file } from "nuages/api/files";
import { Reply } from "nuages/api/responses";
import { Router } from "nuages/api/router";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { z } from "zod";

const User = z.object({ id: z.int(), name: z.string() });
const Problem = z.object({ reason: z.string() });
const ada = { id: 1, name: "Ada" };

describe("api/router: types", () => {
  it("the values of the path come from the route", () => {
    const api = new API();
    api.get("<int:year>/<slug:slug>/<uuid:id>/<rest>/", (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ year: number; slug: string; id: string; rest: string }>();
    });
    api.get("<int:year>/", { response: User }, (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ year: number }>();
      return ada;
    });
    expect(api._entries().length).to.equal(2);
  });

  it("a nested router's handlers know the values of its prefix, at any depth", () => {
    const api = new API();
    const members = api.router("orgs/<int:org>/").router("members/<slug:who>/");
    members.get("posts/<int:post>/", (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ org: number; who: string; post: number }>();
    });
    const elsewhere = new Router<{ org: number }>();
    elsewhere.get("<int:id>/", (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ org: number; id: number }>();
    });
    api.include("orgs/<int:org>/", elsewhere);
    expect(api._entries().map(({ route }) => route)).to.deep.equal([
      "orgs/<int:org>/members/<slug:who>/posts/<int:post>/",
      "orgs/<int:org>/<int:id>/",
    ]);
  });

  it("only declared parts are there, as their schemas give them", () => {
    const api = new API();
    const query = z.object({ page: z.int().default(1) });
    const body = z.object({ at: z.iso.datetime() });
    api.post("<int:id>/", { query, body }, (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{
        id: number;
        query: { page: number };
        body: { at: string };
      }>();
    });
    api.get("<int:id>/", { path: z.object({ id: z.bigint() }) }, (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ id: bigint }>();
    });
    expect(api._entries().length).to.equal(1);
  });

  it("types never flow into the router's own type", () => {
    const api = new API();
    api.get("a/", { response: User }, () => ada);
    expectTypeOf(api).toEqualTypeOf<API>();
    expectTypeOf(api.router("<int:a>/")).toEqualTypeOf<Router<{ a: number }>>();
    expect(api).to.be.instanceOf(Router);
  });

  it("what is right compiles", () => {
    const api = new API({ openapi: null });
    api.get("1/", { response: User }, () => ada);
    api.get("2/", { response: User }, () => Promise.resolve(ada));
    api.get("3/", { response: User }, () => new Reply(ada));
    api.get("4/", { response: User }, () => new HttpResponse("ours"));
    api.get("5/", { response: User }, () => new Response("ours"));
    api.get("6/", { response: { 200: User, 404: Problem } }, (request) =>
      request.GET.has("x") ? ada : new Reply({ reason: "none" }, { status: 404 }),
    );
    api.get("7/", { response: { 201: { model: User, description: "made" } } }, () => ada);
    api.get("8/", { response: null }, () => undefined);
    api.get("9/", { response: null }, () => new Reply({}, { status: 204 }));
    api.get("10/", { response: sse(User) }, function* () {
      yield ada;
    });
    api.get("11/", { response: jsonl(User) }, () => [ada]);
    api.get("18/", { response: sse(User) }, () => new EventStream([]));
    api.get("19/", { response: sse(z.string()) }, async () => new Set(["a"]));
    api.get("20/", { response: jsonl(z.string()) }, async function* () {
      yield "a";
    });
    api.get("12/", () => 12);
    api.get("13/", {}, () => ({ anything: true }));
    api.get("14/", { before_request: (request) => void request.GET, tags: ["a"] }, () => null);
    api.get(
      "15/",
      endpoint({ response: User }, (_request, { id }: { id: number }) => ({ ...ada, id })),
    );
    api.route(["PUT", "PATCH"], "16/<int:id>/", { response: User }, (_request, { id }) => ({
      ...ada,
      id,
    }));
    api.route(["PUT", "PATCH"], "17/<int:id>/", (_request, { id }) => id + 1);
    expect(api._entries().length).to.equal(20);
  });

  it("what a handler returns is read with the model in view, with parameters or without", () => {
    const api = new API({ openapi: null });
    const Task = z.object({ kind: z.enum(["a", "b"]), at: z.tuple([z.int(), z.string()]) });
    api.get("1/", { response: Task }, () => ({ kind: "a", at: [1, "x"] }));
    api.get("2/", { response: Task }, async () => ({ kind: "a", at: [1, "x"] }));
    api.get("3/", { response: z.array(Task) }, (_request) => [{ kind: "b", at: [1, "x"] }]);
    api.get("4/", { response: sse(Task) }, function* () {
      yield { kind: "a", at: [1, "x"] };
    });
    api.route(["GET"], "5/", { response: Task }, () => ({ kind: "a", at: [1, "x"] }));
    api.get("6/", { response: Task }, () => new Reply({ kind: "a", at: [1, "x"] }));
    expect(endpoint({ response: Task }, () => ({ kind: "a", at: [1, "x"] })).methods).to.deep.equal(
      ["GET"],
    );
    // @ts-expect-error no member of the enum
    api.get("7/", { response: Task }, () => ({ kind: "c", at: [1, "x"] }));
    expect(api._entries().length).to.equal(7);
  });

  it("a Reply without a status is one of success, whatever else is declared", () => {
    const api = new API({ openapi: null });
    const Refusal = z.object({ code: z.literal("taken"), of: User });
    const response = { 200: User, 404: Problem, 409: Refusal, 410: null } as const;
    api.get("1/", { response }, (request) =>
      request.GET.has("x")
        ? new Reply(ada, { headers: { Age: 1 } })
        : new Reply({ reason: "none" }, { status: 404 }),
    );
    api.get("2/", { response }, async (request) => {
      if (request.GET.has("x")) return new Reply({ code: "taken", of: ada }, { status: 409 });
      if (request.GET.has("y")) return new Reply(undefined, { status: 410 });
      return new Reply(ada);
    });
    // @ts-expect-error the value of an error, and no status
    api.get("3/", { response }, () => new Reply({ reason: "none" }, { headers: { Age: 1 } }));
    // @ts-expect-error another code than declared
    api.get("4/", { response }, () => new Reply({ code: "free", of: ada }, { status: 409 }));
    expectTypeOf(new Reply(ada)).toEqualTypeOf<Reply<typeof ada>>();
    expectTypeOf(new Reply(ada, { status: 404 })).toEqualTypeOf<Reply<typeof ada, 404>>();
    expect(api._entries().length).to.equal(4);
  });

  it("an endpoint that knows no route takes whatever its path gives, but no part that it does not declare", () => {
    const query = z.object({ q: z.string() });
    const views = [
      endpoint({ response: User, query }, (_request, { id, query: { q } }) => ({ id, name: q })),
      endpoint({ response: User }, (_request, { id }: { id: number }) => ({ id, name: "Ada" })),
      endpoint({ path: z.object({ id: z.int() }) }, (_request, args) => {
        expectTypeOf(args).toEqualTypeOf<{ id: number }>();
      }),
      // @ts-expect-error the body is not declared
      endpoint({ response: User }, (_request, { body }) => body.user),
    ];
    expect(views.length).to.equal(4);
  });

  it("what is wrong does not", () => {
    const api = new API({ openapi: null });
    // @ts-expect-error a wrong value
    api.get("1/", { response: User }, () => ({ id: "1", name: "Ada" }));
    // @ts-expect-error a wrong value, promised
    api.get("2/", { response: User }, () => Promise.resolve({ id: 1 }));
    // @ts-expect-error a Reply of a wrong value
    api.get("3/", { response: User }, () => new Reply({ reason: "none" }));
    api.get(
      "4/",
      { response: { 200: User, 404: Problem } },
      () =>
        // @ts-expect-error a Reply with a status that is not declared
        new Reply({ reason: "none" }, { status: 409 }),
    );
    api.get(
      "5/",
      { response: { 200: User, 404: Problem } },
      () =>
        // @ts-expect-error a Reply with the value of another status
        new Reply(ada, { status: 404 }),
    );
    // @ts-expect-error a plain value of an error's model
    api.get("6/", { response: { 200: User, 404: Problem } }, () => ({ reason: "none" }));
    // @ts-expect-error a value where none is declared
    api.get("7/", { response: null }, () => ada);
    // @ts-expect-error no iterable
    api.get("8/", { response: sse(User) }, () => 8);
    // @ts-expect-error items of another type
    api.get("9/", { response: jsonl(User) }, () => [{ reason: "none" }]);
    // @ts-expect-error a stream of anything
    api.get("20/", { response: sse(User) }, () => new Stream(["a"]));
    // @ts-expect-error a text is no list of events
    api.get("21/", { response: sse(z.string()) }, () => "abc");
    // @ts-expect-error a text is no list of lines
    api.get("22/", { response: jsonl(z.string()) }, () => "abc");
    // @ts-expect-error no file
    api.get("10/", { response: file() }, () => "a file");
    api.post("11/", { body: User }, (_request, { body }) => {
      // @ts-expect-error the body has no such field
      return body.title;
    });
    api.get("12/<int:id>/", { query: Problem }, (_request, args) => {
      // @ts-expect-error the body is not declared
      return args.body;
    });
    api.get("13/<int:id>/", (_request, args) => {
      // @ts-expect-error the route has no such parameter
      return args.pk;
    });
    // @ts-expect-error the route has no such parameter
    api.get("14/<int:id>/", (_request: HttpRequest, { pk }: { pk: number }) => pk);
    // @ts-expect-error no spec has this key
    expect(() => api.get("15/", { respnse: User }, () => ada)).to.throw("Did you mean response?");
    // @ts-expect-error no router has this key
    expect(() => api.router("16/", { tag: ["a"] })).to.throw("Did you mean tags?");
    // @ts-expect-error the handler says that it gives something else than declared (R12)
    api.get("17/", { response: User }, (): string => "Ada");
    // @ts-expect-error an async handler of a wrong value
    api.get("18/", { response: User }, async () => "Ada");
    // @ts-expect-error the same for several methods
    api.route(["GET"], "19/", { response: User }, () => "Ada");
    expect(api._entries().length).to.equal(20);
  });

  it("a method of a class is checked against its spec", () => {
    class UserView extends Controller {
      @endpoint({ response: User })
      get(_request: HttpRequest, { id }: { id: number }) {
        return { ...ada, id };
      }
      // @ts-expect-error a wrong value
      @endpoint({ response: User })
      post() {
        return "Ada";
      }
      // @ts-expect-error the body is of another type
      @endpoint({ body: User })
      put(_request: HttpRequest, { body }: { body: { name: number } }) {
        return body.name;
      }
      // @ts-expect-error query is not declared
      @endpoint({ response: User })
      delete(_request: HttpRequest, { query }: { id: number; query: { a: string } }) {
        return { ...ada, name: query.a };
      }
    }
    const api = new API();
    api.view("users/<int:id>/", UserView);
    expect(api._entries()[0]?.operations.length).to.equal(4);
  });

  it("a method's spec has no keys but those of a spec", () => {
    class UserView extends Controller {
      // @ts-expect-error the spec has no such key
      @endpoint({ respnse: User })
      patch() {
        return ada;
      }
    }
    const api = new API();
    api.view("users/", UserView);
    expect(() => api.urls).to.throw("The spec of PATCH users/ has no key 'respnse'");
  });
});
