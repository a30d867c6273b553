import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeEncoder } from "nuages/api/encoders";
import { CacheControlHeader, ETag } from "nuages/api/headers";
import {
  HTML,
  NodeApp,
  PlainText,
  Redirect,
  Reply,
  type ReplyClass,
  type ReplyOptions,
} from "nuages/api/responses";
import type { PlainResponse } from "nuages/api/spec";
import { HTTPStatus } from "nuages/api/status";
import { DisallowedRedirect, ImproperlyConfigured, ValueError } from "nuages/core/exceptions";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import {
  BadHeaderError,
  HttpResponse,
  HttpResponseBase,
  HttpResponseRedirect,
  QueryDict,
  ResponseHeaders,
} from "nuages/http";
import type { HttpRequest } from "nuages/http/request";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { ContentNotRenderedError } from "nuages/template/response";
import { override_settings } from "nuages/test/utils";
import { path, type URLPatterns } from "nuages/urls";
import { decorator_from_middleware } from "nuages/utils/decorators";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { mark_safe } from "nuages/utils/safestring";
import { both_doors } from "../support/doors.ts";
import { logged, quiet } from "../support/log.ts";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const as_number: TypeEncoder = [Point, ({ x }: Point): unknown => x];
const as_text: TypeEncoder = [Point, ({ x }: Point): unknown => `x=${x}`];
const as_list: TypeEncoder = [Point, ({ x }: Point): unknown => [x]];

describe("api/responses: Reply", () => {
  quiet();

  it("is deferred: its content is there when it is rendered, once", async () => {
    const reply = new Reply({ a: 1 });
    expect(reply).to.be.instanceOf(HttpResponse);
    expect([reply.is_rendered, reply.status_code]).to.deep.equal([false, 200]);
    for (const read of [
      () => reply.content,
      () => reply.text,
      () => [...reply],
      () => reply.tell(),
    ])
      expect(read).to.throw(ContentNotRenderedError);
    reply.data = { a: 2 };
    expect(await reply.render()).to.equal(reply);
    reply.data = { a: 3 };
    expect(await reply.render()).to.equal(reply);
    expect([reply.is_rendered, reply.text]).to.deep.equal([true, '{"a":2}']);
    expect(reply.get("Content-Type")).to.equal("application/json");
  });

  it("has an empty object as default data; null is data", async () => {
    for (const [reply, json] of [
      [new Reply(), "{}"],
      [new Reply(undefined, { status: 404 }), "{}"],
      [new Reply(null), "null"],
      [new Reply(0), "0"],
      [new Reply("text"), '"text"'],
    ] as const) {
      await reply.render();
      expect(reply.text).to.equal(json);
    }
  });

  it("counts as rendered when its content is set", async () => {
    const reply = new Reply({ a: 1 });
    reply.content = "by hand";
    expect(reply.is_rendered).to.equal(true);
    await reply.render();
    expect(reply.text).to.equal("by hand");
  });

  it("V9: data that no encoder handles is a TypeError, and can be rendered after all", async () => {
    const reply = new Reply<unknown>({ a: [Symbol("s")] });
    let error: unknown;
    await reply.render().catch((thrown: unknown) => (error = thrown));
    expect(error).to.be.instanceOf(TypeError);
    expect(reply.is_rendered).to.equal(false);
    reply.data = 1;
    await reply.render();
    expect(reply.text).to.equal("1");
  });

  it("tells its callbacks when it is rendered, and sends what they return", async () => {
    const other = new HttpResponse("other");
    const seen: unknown[] = [];
    const reply = new Reply(1);
    reply.add_post_render_callback((response) => void seen.push(response.status_code));
    reply.add_post_render_callback(() => other);
    reply.add_post_render_callback((response) => void seen.push(response));
    expect(seen).to.deep.equal([]);
    expect(await reply.render()).to.equal(other);
    expect(seen).to.deep.equal([200, other]);
    reply.add_post_render_callback((response) => void seen.push(response));
    expect(seen[2]).to.equal(reply);
  });

  it("takes status, headers, cookies, content type and background work", async () => {
    const background = { call: (): void => undefined };
    const reply = new Reply(
      { title: "short and stout" },
      {
        status: HTTPStatus.IM_A_TEAPOT,
        headers: {
          Age: 120,
          ETag: new ETag("v1"),
          "Cache-Control": new CacheControlHeader({ max_age: 1 }),
        },
        cookies: { a: "1", b: { value: 2, max_age: 60, httponly: true, samesite: "Lax" } },
        content_type: "application/problem+json",
        background,
      },
    );
    await reply.render();
    expect([...reply.items()]).to.deep.equal([
      ["Age", "120"],
      ["ETag", '"v1"'],
      ["Cache-Control", "max-age=1"],
      ["Content-Type", "application/problem+json"],
    ]);
    expect([reply.status_code, reply.reason_phrase]).to.deep.equal([418, "I'm a Teapot"]);
    expect(reply.cookies.getitem("a").OutputString()).to.equal("a=1; Path=/");
    expect(reply.cookies.getitem("b").OutputString()).to.match(
      /^b=2; expires=.*; HttpOnly; Max-Age=60; Path=\/; SameSite=Lax$/,
    );
    expect(reply.background).to.equal(background);
    expect(reply.text).to.equal('{"title":"short and stout"}');
  });

  it("takes the headers of other responses, and maps", () => {
    const pairs = { "X-A": "1", "content-type": "a/b" };
    const all = [new Headers(pairs), new ResponseHeaders(pairs), new Map(Object.entries(pairs))];
    for (const headers of all) {
      const reply = new Reply({}, { headers });
      expect([reply.get("X-A"), reply._given_type]).to.deep.equal(["1", "a/b"]);
      expect(new PlainText("", { headers }).get("Content-Type")).to.equal("a/b");
    }
    const untyped = new Reply({}, { headers: new Headers({ "X-A": "1" }) });
    expect([untyped.get("X-A"), untyped._given_type]).to.deep.equal(["1", undefined]);
  });

  it("ET5: becomes a 304 through ConditionalGetMiddleware, not here", async () => {
    const view = (): Reply => new Reply({ a: 1 }, { headers: { ETag: new ETag("v1") } });
    const site = { MIDDLEWARE: [ConditionalGetMiddleware] };
    const headers = { "If-None-Match": '"v1"' };
    await with_site([path("", view)], site, async (client) => {
      expect((await client.get("/", null, { headers })).status_code).to.equal(304);
    });
    await with_site([path("", view)], {}, async (client) => {
      expect((await client.get("/", null, { headers })).status_code).to.equal(200);
    });
  });

  it("refuses options that cannot be sent", () => {
    const wrong: [options: ReplyOptions, error: new (...args: never[]) => Error][] = [
      [{ status: 600 }, ValueError],
      [{ headers: { "X-A": "a\r\nX-B: b" } }, BadHeaderError],
      [{ content_type: "text/csv", headers: { "content-type": "a/b" } }, ValueError],
      [{ cookies: { a: { value: "1", max_age: 1, expires: new Date() } } }, ValueError],
    ];
    for (const [options, error] of wrong) expect(() => new Reply({}, options)).to.throw(error);
  });

  it("makes no cookies and callbacks that nobody asked for", () => {
    expect(new Reply({}, { headers: { Age: 1 } })._has_cookies).to.equal(false);
    expect(new Reply({}, { cookies: {} })._has_cookies).to.equal(false);
  });

  it("knows whether status and type were given, for the endpoint", () => {
    expect(new Reply({})._has_status).to.equal(false);
    expect(new Reply({}, { status: 200 })._has_status).to.equal(true);
    expect(new Reply({})._given_type).to.equal(undefined);
    expect(new Reply({}, { headers: { Age: 1 } })._given_type).to.equal(undefined);
    expect(new Reply({}, { content_type: "a/b" })._given_type).to.equal("a/b");
    expect(new Reply({}, { headers: { "content-TYPE": "a/b" } })._given_type).to.equal("a/b");
    expect(new Reply({}, { content_type: "application/json" })._given_type).to.equal(
      "application/json",
    );
    const changed = new Reply({});
    changed.headers.set("Content-Type", "a/c");
    expect(changed._given_type).to.equal("a/c");
  });

  it("is settled once its endpoint has rendered it", async () => {
    const reply = new Reply({ a: 1 });
    expect(reply._rendered_with(Buffer.from([129]), "application/x-msgpack")).to.equal(reply);
    expect([reply._is_settled, reply.is_rendered]).to.deep.equal([true, true]);
    expect(reply.get("Content-Type")).to.equal("application/x-msgpack");
    await reply.render();
    expect(reply.content).to.deep.equal(Buffer.from([129]));
    const other = new HttpResponse("other");
    const replaced = new Reply(1);
    replaced.add_post_render_callback(() => other);
    expect(replaced._rendered_with("1", "application/json")).to.equal(other);
  });

  it("is not settled by render(): template-response middleware has yet to see it", async () => {
    const reply = new Reply(1);
    await reply.render();
    expect(reply._is_settled).to.equal(undefined);
  });

  it("C3, C5: a text type without a charset gets the one of the site", () => {
    const types: [given: string, sent: string][] = [
      ["text/html", "text/html; charset=utf-8"],
      ["TEXT/csv; header=present", "TEXT/csv; header=present; charset=utf-8"],
      ["text/plain; charset=latin-1", "text/plain; charset=latin-1"],
      ["text/event-stream", "text/event-stream"],
      ["text/event-stream2", "text/event-stream2; charset=utf-8"],
      ["image/svg+xml", "image/svg+xml"],
      ["application/problem+json; v=1", "application/problem+json; v=1"],
    ];
    for (const [given, sent] of types) {
      const reply = new Reply();
      reply._rendered_with("é", given);
      expect(reply.get("Content-Type")).to.equal(sent);
      expect(reply.content.length).to.equal(given.includes("latin") ? 1 : 2);
    }
  });

  it("is UTF-8 as JSON, whatever the charset of the site", async () => {
    const render = async (): Promise<string> => {
      const reply = new Reply(["é€"]);
      await reply.render();
      return `${String(reply.get("Content-Type"))} ${reply.content.toString()}`;
    };
    const latin = override_settings({ DEFAULT_CHARSET: "iso-8859-1" })(render);
    expect(await latin()).to.equal('application/json ["é€"]');
  });

  it("type_encoders: those of the instance, then of the class, then of the API setting", async () => {
    class Pointed extends Reply {
      static override type_encoders = [as_text];
    }
    const render = async (reply: Reply): Promise<string> => {
      await reply.render();
      return reply.text;
    };
    const site = override_settings({ API: { TYPE_ENCODERS: [as_list] } });
    const all = site(() =>
      Promise.all([
        render(new Reply(new Point(1))),
        render(new Pointed(new Point(1))),
        render(new Pointed(new Point(1), { type_encoders: [as_number] })),
      ]),
    );
    expect(await all()).to.deep.equal(["[1]", '"x=1"', "1"]);
    expect(await render(new Reply(new Point(1)))).to.equal('{"x":1}');
    const own = new Pointed(1, { type_encoders: [as_number] });
    expect(own._all_encoders([as_list])).to.deep.equal([as_number, as_text, as_list]);
  });

  const given: [content_type: string, data: unknown, body: string][] = [
    ["application/vnd.api+json", { a: 1 }, '{"a":1}'],
    ["text/csv", "a,b\n", "a,b\n"],
    ["text/html", mark_safe("<b>"), "<b>"],
    ["image/png", new Uint8Array([80, 78, 71]), "PNG"],
  ];
  for (const [content_type, data, body] of given) {
    it(`C10, C11: of type ${content_type}, it renders to ${JSON.stringify(body)}`, async () => {
      const reply = new Reply(data, { content_type });
      await reply.render();
      expect(reply.text).to.equal(body);
    });
  }

  it("C11: other data of a type that is not JSON is refused", async () => {
    let error: unknown;
    const reply = new Reply({ a: 1 }, { content_type: "text/csv" });
    await reply.render().catch((thrown: unknown) => (error = thrown));
    expect(error).to.be.instanceOf(ImproperlyConfigured);
    expect(error).to.have.property("message").that.includes("'text/csv'");
  });

  it("is what a plain view may return: the core renders it as JSON", async () => {
    const view = (): Reply => new Reply({ at: new Date(0) });
    await with_site([path("", view)], {}, async (client) => {
      const response = await client.get("/");
      expect(response.json()).to.deep.equal({ at: "1970-01-01T00:00:00Z" });
      expect(response.headers.get("Content-Type")).to.equal("application/json");
    });
  });

  it("is seen by template-response middleware before it is rendered", async () => {
    class AddOne extends MiddlewareMixin {
      process_template_response(
        _request: HttpRequest,
        response: HttpResponseBase,
      ): HttpResponseBase {
        if (response instanceof Reply) response.data = [response.data, 1];
        return response;
      }
    }
    const view = (): Reply => new Reply(0);
    await with_site([path("", view)], { MIDDLEWARE: [AddOne] }, async (client) => {
      expect((await client.get("/")).json()).to.deep.equal([0, 1]);
    });
  });

  it("is waited for by the decorators of plain views, and not any more when it is settled", async () => {
    class Stamp extends MiddlewareMixin {
      override async process_response(
        _request: HttpRequest,
        response: HttpResponseBase,
      ): Promise<HttpResponseBase> {
        await Promise.resolve();
        const { length } = (response as HttpResponse).content;
        return new HttpResponse(`stamped ${length}`);
      }
    }
    const stamped = decorator_from_middleware(Stamp);
    const deferred = stamped((_request: HttpRequest): HttpResponseBase => new Reply([1]));
    const settled = stamped((_request: HttpRequest): HttpResponseBase =>
      new Reply()._rendered_with("[1,2]", "application/json"),
    );
    const urls: URLPatterns = [path("deferred/", deferred), path("settled/", settled)];
    await with_site(urls, {}, async (client) => {
      expect((await client.get("/deferred/")).text).to.equal("stamped 3");
      expect((await client.get("/settled/")).text).to.equal("stamped 5");
    });
  });

  it("V9: an error of rendering is a 500, seen by process_exception", async () => {
    const view = (): Reply => new Reply(Symbol("s"));
    const seen: unknown[] = [];
    class Watch extends MiddlewareMixin {
      process_exception(_request: HttpRequest, error: unknown): undefined {
        seen.push(error);
      }
    }
    await with_site([path("", view)], { MIDDLEWARE: [Watch] }, async (client) => {
      await logged(async () => expect((await client.get("/")).status_code).to.equal(500));
    });
    expect(seen[0]).to.be.instanceOf(TypeError);
  });

  it("H11: a raw Set-Cookie in the headers is sent as well, untouched", async () => {
    const headers = { "Set-Cookie": 'raw="a b"; Path=/x; Partitioned' };
    const view = (): Reply => new Reply({}, { headers, cookies: { own: "1" } });
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    for (const { headers: sent } of [replies?.node, replies?.fetch].map(
      (r) => r ?? { headers: [] },
    ))
      expect(sent.filter((line) => line.startsWith("set-cookie"))).to.deep.equal([
        "set-cookie: own=1; Path=/",
        'set-cookie: raw="a b"; Path=/x; Partitioned',
      ]);
  });

  it("has the types of its data and status", () => {
    expectTypeOf(new Reply({ id: 1 })).toEqualTypeOf<Reply<{ id: number }, undefined>>();
    const teapot = new Reply({ id: 1 }, { status: 418 });
    expectTypeOf(teapot).toEqualTypeOf<Reply<{ id: number }, 418>>();
    expectTypeOf(new Reply("a", { headers: { Age: 1 } })).toEqualTypeOf<Reply<string, undefined>>();
    const named = new Reply(1, { status: HTTPStatus.GONE });
    expectTypeOf(named).toEqualTypeOf<Reply<number, 410>>();
    expectTypeOf(teapot.data.id).toEqualTypeOf<number>();
    expectTypeOf<Reply<{ id: number }>>().not.toExtend<Reply<{ id: string }>>();
    expectTypeOf<Reply<{ id: string }>>().not.toExtend<Reply<{ id: number }>>();
    expectTypeOf<Reply<{ id: number }, 404>>().not.toExtend<Reply<{ id: number }, 200>>();
    expectTypeOf<Reply<{ id: number }, 404>>().not.toExtend<PlainResponse>();
    expectTypeOf<Reply<{ id: 1 }, 404>>().toExtend<Reply<{ id: number }, 404 | undefined>>();
    expectTypeOf<Reply<{ id: number }, 404>>().toExtend<Reply<unknown, number | undefined>>();
    // @ts-expect-error -- a status is a number
    expect(() => new Reply({}, { status: "no" })).to.throw(TypeError);
  });

  it("is what response_class may be, and so are its subclasses", async () => {
    class Wrapped<T, const S extends number | undefined = undefined> extends Reply<T, S> {
      static override type_encoders: readonly TypeEncoder[] = [as_number];
    }
    class Simple extends Reply {}
    const classes: ReplyClass[] = [Reply, Wrapped, Simple];
    // @ts-expect-error -- it has no data
    classes.push(HttpResponse);
    for (const Class of classes.slice(0, 3)) {
      const reply = new Class({ a: 1 });
      await reply.render();
      expect(reply.text).to.equal('{"a":1}');
    }
    expectTypeOf(new Wrapped(1, { status: 404 })).toEqualTypeOf<Wrapped<number, 404>>();
  });
});

describe("api/responses: PlainText and HTML", () => {
  it("C3: PlainText is text/plain in the charset of the site", () => {
    const response = new PlainText("é", { headers: { "X-Server": "nuages" } });
    expect(response.get("Content-Type")).to.equal("text/plain; charset=utf-8");
    expect([response.text, response.get("X-Server")]).to.deep.equal(["é", "nuages"]);
    const latin = override_settings({ DEFAULT_CHARSET: "iso-8859-1" })(() => new PlainText("é"))();
    expect(latin.get("Content-Type")).to.equal("text/plain; charset=iso-8859-1");
    expect(latin.content).to.deep.equal(Buffer.from([0xe9]));
  });

  it("C5: HTML is text/html in the charset of the site, sent as it is", () => {
    const response = new HTML(mark_safe("<b>a & b</b>"));
    expect(response.get("Content-Type")).to.equal("text/html; charset=utf-8");
    expect(response.text).to.equal("<b>a & b</b>");
  });

  it("takes the options of all, and knows what was given", () => {
    const plain = new PlainText("a");
    expect([plain._has_status, plain._has_type, plain.status_code]).to.deep.equal([
      false,
      false,
      200,
    ]);
    const csv = new PlainText("a,b", {
      status: 202,
      content_type: "text/csv",
      cookies: { a: "1" },
    });
    expect([csv._has_status, csv._has_type, csv.status_code]).to.deep.equal([true, true, 202]);
    expect(csv.get("Content-Type")).to.equal("text/csv; charset=utf-8");
    expect(csv.cookies.getitem("a").value).to.equal("1");
    const own = new HTML("a", { headers: { "content-type": "application/xhtml+xml" } });
    expect([own._has_type, own.get("Content-Type")]).to.deep.equal([true, "application/xhtml+xml"]);
  });

  it("C11: bytes of the text in the charset that its type names", () => {
    const latin = new PlainText("é", { content_type: "text/plain; charset=latin-1" });
    expect(latin.content).to.deep.equal(Buffer.from([0xe9]));
  });
});

describe("api/responses: Redirect", () => {
  it("ST7: is 302, unless it or its endpoint says one of the five", () => {
    const redirect = new Redirect("/a/");
    expect(redirect).to.be.instanceOf(HttpResponseRedirect);
    expect([redirect.status_code, redirect._has_status]).to.deep.equal([302, false]);
    for (const status of [301, 302, 303, 307, 308]) {
      const given = new Redirect("/a/", { status });
      expect([given.status_code, given._has_status]).to.deep.equal([status, true]);
    }
  });

  for (const status of [200, 300, 304, 305, 306, 404, Number.NaN])
    it(`ST7: refuses the status ${status}`, () => {
      expect(() => new Redirect("/a/", { status })).to.throw(
        ValueError,
        "301, 302, 303, 307 or 308",
      );
    });

  const appended: [url: string, params: Record<string, unknown>, location: string][] = [
    ["/a/", { page: "1" }, "/a/?page=1"],
    ["/a/?x=1", { page: "1" }, "/a/?x=1&page=1"],
    ["/a/?", { page: 1 }, "/a/?page=1"],
    ["/a/?x=1&", { page: 1 }, "/a/?x=1&page=1"],
    ["/a/#top", { page: 1 }, "/a/?page=1#top"],
    ["/a/?x=1#t?o", { page: 1 }, "/a/?x=1&page=1#t?o"],
    ["/a/", { tag: ["a", "b"], q: "x y&z=é" }, "/a/?tag=a&tag=b&q=x+y%26z%3D%C3%A9"],
    ["/a/", { tag: [] }, "/a/"],
    ["/a/", {}, "/a/"],
    ["https://example.com", { a: "\r\nX: y" }, "https://example.com?a=%0D%0AX%3A+y"],
  ];
  for (const [url, query_params, location] of appended) {
    it(`adds ${JSON.stringify(query_params)} to ${url}`, () => {
      expect(new Redirect(url, { query_params }).url).to.equal(location);
    });
  }

  it("takes the parameters of a QueryDict or a Map, and a URL object", () => {
    const query_params = new QueryDict("a=1&a=2");
    const url = new URL("https://example.com/x?y=1");
    expect(new Redirect(url, { query_params }).url).to.equal("https://example.com/x?y=1&a=1&a=2");
    expect(new Redirect("/", { query_params: new Map([["a", 1]]) }).url).to.equal("/?a=1");
    expect(() => new Redirect("/", { query_params: { a: null } })).to.throw(TypeError);
  });

  it("turns an IRI into a URI, and refuses other schemes, as Django", () => {
    expect(new Redirect("/é/?q=ü").url).to.equal("/%C3%A9/?q=%C3%BC");
    expect(() => new Redirect("javascript:alert(1)")).to.throw(DisallowedRedirect);
    expect(new Redirect("/\r\nSet-Cookie: a=1").url).to.equal("/%0D%0ASet-Cookie:%20a=1");
  });

  it("takes the options of all", () => {
    const redirect = new Redirect("/", {
      headers: { "X-A": 1 },
      cookies: { a: "1" },
      content_type: "text/plain",
    });
    expect(redirect.get("X-A")).to.equal("1");
    expect(redirect.get("Content-Type")).to.equal("text/plain");
    expect(redirect._has_cookies).to.equal(true);
  });
});

/** What these specs use of Express. */
interface ExpressApp {
  (req: IncomingMessage, res: ServerResponse): void;
  get(path: string, handler: (req: unknown, res: { send(body: string): unknown }) => void): void;
}

describe("api/responses: NodeApp", () => {
  quiet();
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    res.statusCode = 203;
    res.setHeader("X-Url", req.url ?? "");
    res.end("from node");
  };

  it("V3: the listener gets req and res under the Node door", async () => {
    const view = (): HttpResponseBase => {
      const response = new NodeApp(listener);
      response.set_cookie("a", "1");
      return response;
    };
    await with_server([path("x/", view)], async (server) => {
      const response = await server.fetch("/x/?q=1");
      expect([response.status, await response.text()]).to.deep.equal([203, "from node"]);
      expect(response.headers.get("X-Url")).to.equal("/x/?q=1");
      expect(response.headers.get("Content-Type")).to.equal(null);
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1; Path=/"]);
    });
  });

  it("V3: the listener may be an application of Express", async () => {
    const name: string = "express"; // it brings no types: the compiler is not to look for them
    const { default: express } = (await import(name)) as { default: () => ExpressApp };
    const app = express();
    app.get("/x/", (_req, res) => void res.send("<b>"));
    const view = (): NodeApp => new NodeApp(app);
    await with_server([path("x/", view)], async (server) => {
      const response = await server.fetch("/x/");
      expect([response.status, await response.text()]).to.deep.equal([200, "<b>"]);
      expect(response.headers.get("Content-Type")).to.equal("text/html; charset=utf-8");
    });
  });

  it("V3: is 501 under the Fetch door and for the test client", async () => {
    const view = (): NodeApp => new NodeApp(listener);
    await with_site([path("", view)], {}, async (client) => {
      expect((await client.get("/")).status_code).to.equal(501);
      const answer = await get_fetch_application()(new Request("http://testserver/"));
      expect([answer.status, await answer.text()]).to.deep.equal([501, ""]);
    });
  });
});
