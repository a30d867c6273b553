/** Specification of nuages/views/decorators: http, cache, vary, gzip, clickjacking, common, csp, debug. @module */
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import {
  type HttpRequest,
  HttpResponse,
  type HttpResponseBase,
  StreamingHttpResponse,
} from "nuages/http";
import { RequestFactory } from "nuages/test";
import type { AnyView } from "nuages/utils/decorators";
import { cache_control, never_cache } from "nuages/views/decorators/cache";
import {
  xframe_options_deny,
  xframe_options_exempt,
  xframe_options_sameorigin,
} from "nuages/views/decorators/clickjacking";
import { no_append_slash } from "nuages/views/decorators/common";
import { csp_override, csp_report_only_override } from "nuages/views/decorators/csp";
import { sensitive_post_parameters, sensitive_variables } from "nuages/views/decorators/debug";
import { gzip_page } from "nuages/views/decorators/gzip";
import {
  condition,
  conditional_page,
  etag,
  last_modified,
  require_GET,
  require_http_methods,
  require_POST,
  require_safe,
} from "nuages/views/decorators/http";
import { vary_on_cookie, vary_on_headers } from "nuages/views/decorators/vary";
import { logged, quiet } from "../../support/log.ts";

const rf = new RequestFactory();

/** A view with a kwarg and a mark. */
const article = Object.assign(
  function article(_request: HttpRequest, { n }: { n: number }): HttpResponse {
    return new HttpResponse(`article ${n}`);
  },
  { mark: true },
);

const all: [name: string, decorator: <V extends AnyView>(view: V) => V][] = [
  ["require_GET", require_GET],
  ["require_safe", require_safe],
  ["require_http_methods", require_http_methods(["GET"])],
  ["condition", condition()],
  ["conditional_page", conditional_page],
  ["cache_control", cache_control({ max_age: 5 })],
  ["never_cache", never_cache],
  ["vary_on_headers", vary_on_headers("A")],
  ["vary_on_cookie", vary_on_cookie],
  ["gzip_page", gzip_page],
  ["xframe_options_deny", xframe_options_deny],
  ["xframe_options_sameorigin", xframe_options_sameorigin],
  ["xframe_options_exempt", xframe_options_exempt],
  ["no_append_slash", no_append_slash],
  ["csp_override", csp_override({})],
  ["csp_report_only_override", csp_report_only_override({})],
  ["sensitive_post_parameters", sensitive_post_parameters("a")],
];

describe("views/decorators", () => {
  for (const [name, decorator] of all) {
    it(`${name} keeps what the view is: its type, its name, its marks, its promise or none`, async () => {
      const wrapped = decorator(article);
      expectTypeOf(wrapped).toEqualTypeOf(article);
      expect([wrapped.name, wrapped.mark]).to.deep.equal(["article", true]);
      const response = wrapped(rf.get("/"), { n: 5 });
      expect(response).to.be.instanceOf(HttpResponse);
      expect(response.text).to.equal("article 5");
      const slow = decorator(async (request: HttpRequest) => article(request, { n: 6 }));
      const promise = slow(rf.get("/"));
      expect(promise).to.be.instanceOf(Promise);
      expect((await promise).text).to.equal("article 6");
    });
  }
});

describe("views/decorators/http: methods", () => {
  it("are compared as they are, and those refused are logged", async () => {
    const view = require_http_methods(["get", "POST"])(article);
    const records = await logged(() => {
      const response = view(rf.get("/x/"), { n: 1 });
      expect([response.status_code, response.get("Allow")]).to.deep.equal([405, "get, POST"]);
    });
    expect(records.map(({ message }) => message)).to.deep.equal(["Method Not Allowed (GET): /x/"]);
    expect(view(rf.post("/"), { n: 1 }).status_code).to.equal(200);
  });

  it("of a request made by hand are none", async () => {
    const { HttpRequest: Made } = await import("nuages/http");
    await logged(() =>
      expect(require_GET(article)(new Made(), { n: 1 }).status_code).to.equal(405),
    );
  });

  it("do not include HEAD unless it is listed", async () => {
    await logged(() => {
      expect(require_GET(article)(rf.head("/"), { n: 1 }).status_code).to.equal(405);
      expect(require_POST(article)(rf.get("/"), { n: 1 }).status_code).to.equal(405);
    });
    expect(require_safe(article)(rf.head("/"), { n: 1 }).status_code).to.equal(200);
  });
});

describe("views/decorators/http: condition", () => {
  quiet();

  it("answers 412 to a PUT of something else, and does not run the view (K12)", () => {
    let ran = false;
    const view = etag(() => "now")((_request: HttpRequest) => {
      ran = true;
      return new HttpResponse();
    });
    const put = (tag: string): HttpResponse =>
      view(rf.put("/", "", { headers: { "If-Match": tag } }));
    expect([put('"old"').status_code, ran]).to.deep.equal([412, false]);
    expect([put('"now"').status_code, ran]).to.deep.equal([200, true]);
    expect(put('"now"').has_header("ETag")).to.equal(false);
  });

  it("gives the functions what the view gets, and waits for them", async () => {
    const view = condition(
      async (_request: HttpRequest, { n }: { n: number }) => `v${n}`,
      (_request: HttpRequest, { n }: { n: number }) => new Date(n * 1000 + 999),
    )(article);
    expectTypeOf(view).returns.resolves.toEqualTypeOf<HttpResponseBase>();
    const response = await view(rf.get("/"), { n: 7 });
    expect([response.get("ETag"), response.get("Last-Modified")]).to.deep.equal([
      '"v7"',
      "Thu, 01 Jan 1970 00:00:07 GMT",
    ]);
    const again = await view(rf.get("/", {}, { headers: { "If-None-Match": '"v7"' } }), { n: 7 });
    expect([again.status_code, again.get("ETag")]).to.deep.equal([304, '"v7"']);
  });

  it("says nothing of what has no validators", () => {
    const view = last_modified(() => null)(article);
    expect(view(rf.get("/"), { n: 1 }).has_header("Last-Modified")).to.equal(false);
  });
});

describe("views/decorators/cache", () => {
  it("says what caches may do (M14)", () => {
    const header = (view: typeof article): string | undefined =>
      view(rf.get("/"), { n: 1 }).get("Cache-Control");
    expect(header(never_cache(article))).to.equal(
      "max-age=0, no-cache, no-store, must-revalidate, private",
    );
    expect(header(cache_control({ private: true, max_age: 5 })(article))).to.equal(
      "private, max-age=5",
    );
  });

  it("tells who decorated a method without method_decorator", () => {
    const view = never_cache(article) as unknown as (self: object, request: HttpRequest) => unknown;
    expect(() => view({}, rf.get("/"))).to.throw(TypeError, "method_decorator(never_cache)");
  });
});

describe("views/decorators: headers and marks", () => {
  it("adds headers where the view did not", () => {
    const own = (_request: HttpRequest): HttpResponse =>
      new HttpResponse("", { headers: { "X-Frame-Options": "X" } });
    expect(xframe_options_deny(own)(rf.get("/")).get("X-Frame-Options")).to.equal("X");
    const varied = vary_on_headers("A", "B")(vary_on_cookie(article))(rf.get("/"), { n: 1 });
    expect(varied.get("Vary")).to.equal("Cookie, A, B");
    expect(xframe_options_exempt(article)(rf.get("/"), { n: 1 }).xframe_options_exempt).to.equal(
      true,
    );
  });

  it("refuses what is no policy", () => {
    for (const policy of ["default-src", null, ["default-src"]])
      expect(() => csp_override(policy as never)).to.throw(TypeError);
  });

  it("compresses streams too", async () => {
    const view = gzip_page((_request: HttpRequest) => new StreamingHttpResponse(["a", "b"]));
    const response = view(rf.get("/", {}, { headers: { "Accept-Encoding": "gzip" } }));
    expect(gunzipSync(response.getvalue()).toString()).to.equal("ab");
  });

  it("notes the fields to hide in error reports (S4)", () => {
    const some = rf.post("/");
    sensitive_post_parameters("a", "b")(article)(some, { n: 1 });
    expect(some.sensitive_post_parameters).to.deep.equal(["a", "b"]);
    const every = rf.post("/");
    sensitive_post_parameters()(article)(every, { n: 1 });
    expect(every.sensitive_post_parameters).to.equal("__ALL__");
  });

  it("tells who forgot to call a decorator", () => {
    for (const decorator of [sensitive_post_parameters, sensitive_variables])
      expect(() => decorator(article as never)).to.throw(TypeError, decorator.name);
    expect(() => sensitive_post_parameters()(article)({} as never, { n: 1 })).to.throw(TypeError);
    expect(sensitive_variables("a")(article)).to.equal(article);
  });
});
