/** Specification of nuages/api: headers and cookies of layers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { file, send_file } from "nuages/api/files";
import { CacheControlHeader, ETag } from "nuages/api/headers";
import { PlainText, Redirect, Reply } from "nuages/api/responses";
import type { Layer } from "nuages/api/spec";
import { jsonl, Stream } from "nuages/api/streaming";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse, type HttpResponseBase } from "nuages/http";
import { path } from "nuages/urls";
import { z } from "zod";
import { both_doors } from "../support/doors.ts";
import { ask_endpoint, made } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";
import { each, get_layered } from "../support/layers.ts";

const one = (): number => 1;

/** The header of a response in these layers. */
async function header_of(
  layers: Parameters<typeof get_layered>[0],
  name: string,
  handle: () => unknown = one,
): Promise<string | undefined> {
  return (await get_layered(layers, handle)).response.get(name);
}

describe("api/layers: headers", () => {
  it("H1: four layers each set one: all four are on the response", async () => {
    const { response } = await get_layered(
      each((name) => ({ response_headers: { [`X-${name}`]: name } })),
      one,
    );
    for (const name of ["api", "router", "controller", "endpoint"])
      expect(response.get(`X-${name}`)).to.equal(name);
  });

  it("H2: of the same name the nearest value, in whatever case it is written", async () => {
    const layers = {
      api: { response_headers: { "X-Near": "api", "X-Only": 1 } },
      router: { response_headers: { "x-near": "router" } },
      controller: { response_headers: { "X-NEAR": { value: "controller" } } },
    };
    expect(await header_of(layers, "X-Near")).to.equal("controller");
    expect(await header_of(layers, "X-Only")).to.equal("1");
  });

  it("H3: what the handler or after_request sets wins; after_request over the handler", async () => {
    const layers = each((name) => ({
      response_headers: { "X-A": name, "X-B": name, "X-C": name },
    }));
    layers.endpoint.after_request = (response: HttpResponseBase) => {
      response.set("X-B", "after_request");
      response.set("X-C", "after_request");
    };
    const handle = (): unknown => new Reply(1, { headers: { "x-a": "handler", "X-B": "handler" } });
    expect(await header_of(layers, "X-A", handle)).to.equal("handler");
    expect(await header_of(layers, "X-B", handle)).to.equal("after_request");
    expect(await header_of(layers, "X-C", handle)).to.equal("after_request");
  });

  it("H4: documentation_only is never sent, and hides the outer layer's", async () => {
    const layers = {
      api: { response_headers: { "X-A": "api" }, response_cookies: { a: "api", b: "api" } },
      endpoint: {
        response_headers: { "X-A": { value: "x", documentation_only: true } },
        response_cookies: { a: { value: "x", documentation_only: true } },
      },
    };
    const { response, cookies } = await get_layered(layers, one);
    expect(response.has("X-A")).to.equal(false);
    expect(cookies).to.deep.equal(["b=api; Path=/; SameSite=Lax"]);
    expect(
      await header_of(
        { endpoint: { etag: new ETag(undefined, { documentation_only: true }) } },
        "ETag",
      ),
    ).to.equal(undefined);
    const hidden = {
      endpoint: { cache_control: new CacheControlHeader({ max_age: 1, documentation_only: true }) },
    };
    expect(await header_of(hidden, "Cache-Control")).to.equal(undefined);
  });

  it("H5: neither value nor documentation_only is ImproperlyConfigured", () => {
    const layers: Layer[] = [
      { response_headers: { "X-A": {} } },
      { response_headers: { "X-A": { description: "x", documentation_only: false } } },
      { response_cookies: { a: {} } },
      { response_cookies: { a: { max_age: 60 } } },
    ];
    for (const layer of layers)
      expect(() => made(layer, one)).to.throw(ImproperlyConfigured, /has no value. Give it one/);
  });

  it("H6: cache_control and etag win over the same name in the same layer", async () => {
    const endpoint: Layer = {
      response_headers: { "cache-control": "public", ETag: '"header"' },
      cache_control: new CacheControlHeader({ no_store: true }),
      etag: new ETag("object"),
    };
    expect(await header_of({ endpoint }, "Cache-Control")).to.equal("no-store");
    expect(await header_of({ endpoint }, "ETag")).to.equal('"object"');
  });

  it("H6: but not over those of a nearer one", async () => {
    const api: Layer = {
      cache_control: new CacheControlHeader({ no_store: true }),
      etag: new ETag("api"),
    };
    const layers = {
      api,
      router: { response_headers: { "Cache-Control": "public" } },
      controller: { etag: new ETag("near", { weak: true }) },
    };
    expect(await header_of(layers, "Cache-Control")).to.equal("public");
    expect(await header_of(layers, "ETag")).to.equal('W/"near"');
  });
});

describe("api/layers: cookies", () => {
  it("H7: Path=/ and SameSite=Lax unless said otherwise, in Django's writing", async () => {
    const endpoint: Layer = {
      response_cookies: {
        "local-cookie": "local value",
        strict: {
          value: 1,
          samesite: "Strict",
          path: "/x",
          httponly: true,
          secure: true,
          max_age: 60,
          description: "x",
        },
      },
    };
    const { cookies } = await get_layered({ endpoint }, one);
    expect(cookies[0]).to.equal('local-cookie="local value"; Path=/; SameSite=Lax');
    expect(cookies[1]).to.match(
      /^strict=1; expires=.* GMT; HttpOnly; Max-Age=60; Path=\/x; SameSite=Strict; Secure$/,
    );
  });

  it("H8: one that the response sets, too, is sent once: the response's", async () => {
    const layers = each((name) => ({ response_cookies: { a: name } }));
    const handle = (): unknown =>
      new Reply(1, { cookies: { a: { value: "own", httponly: true } } });
    expect((await get_layered(layers, handle)).cookies).to.deep.equal(["a=own; HttpOnly; Path=/"]);
    const deleting = (): HttpResponse => {
      const response = new HttpResponse();
      response.delete_cookie("a");
      return response;
    };
    expect((await get_layered(layers, deleting)).cookies)
      .to.have.lengthOf(1)
      .and.to.have.nested.property("[0]")
      .that.matches(/Max-Age=0/);
  });

  it("H9: in the order: the response's, the endpoint's, the controller's, the router's, the API's", async () => {
    const layers = each((name) => ({ response_cookies: { [name]: "1", shared: name } }));
    const handle = (): unknown => new Reply(1, { cookies: { own: "1" } });
    const { cookies } = await get_layered(layers, handle);
    expect(cookies.map((cookie) => cookie.split(";")[0])).to.deep.equal([
      "own=1",
      "endpoint=1",
      "shared=endpoint",
      "controller=1",
      "router=1",
      "api=1",
    ]);
  });
});

describe("api/layers: responses of any kind", () => {
  const files = temporary_directory({ "a.txt": "0123456789" });
  const Item = z.object({ n: z.int() });
  const layer: Layer = {
    response_headers: { "X-Layer": "layer", "X-Own": "layer" },
    response_cookies: { layer: "1" },
  };
  const own = { headers: { "X-Own": "own" } };

  const kinds: [what: string, value: () => unknown][] = [
    ["data", () => new Reply(1, own)],
    ["text", () => new PlainText("x", own)],
    ["a redirect", () => new Redirect("/x", own)],
    ["a stream", () => new Stream(["x"], own)],
    ["a file", () => send_file(files.path("a.txt"), own)],
    ["a plain response", () => new HttpResponse("x", own)],
    ["a Fetch Response", () => new Response("x", own)],
    ["an application", () => () => new Response("x", own)],
    ["no content", () => new Reply(1, { status: 204, ...own })],
    ["an error that the handler returns", () => new Reply(1, { status: 409, ...own })],
  ];
  for (const [what, value] of kinds) {
    it(`H10: what layers set are defaults for ${what}`, async () => {
      for (const method of ["GET", "HEAD"]) {
        const { response, cookies } = await ask_endpoint(layer, value, { method });
        expect([response.get("X-Layer"), response.get("X-Own")]).to.deep.equal(["layer", "own"]);
        expect(cookies).to.deep.equal(["layer=1; Path=/; SameSite=Lax"]);
      }
    });
  }

  it("H10: declared kinds as well", async () => {
    const lines = await ask_endpoint({ ...layer, response: jsonl(Item) }, () => [{ n: 1 }]);
    expect(lines.response.get("X-Layer")).to.equal("layer");
    const sent = await ask_endpoint({ ...layer, response: file() }, () =>
      send_file(files.path("a.txt")),
    );
    expect(sent.response.get("X-Layer")).to.equal("layer");
  });

  const asked: [what: string, headers: (etag: string) => Record<string, string>, status: number][] =
    [
      ["304", (etag) => ({ "If-None-Match": etag }), 304],
      ["412", () => ({ "If-Match": '"other"' }), 412],
      ["206", () => ({ Range: "bytes=0-1" }), 206],
      ["416", () => ({ Range: "bytes=99-" }), 416],
    ];
  for (const [what, headers, status] of asked) {
    it(`H10, F9: the ${what} of a file, whose own ETag and Last-Modified win`, async () => {
      const handle = (): unknown => send_file(files.path("a.txt"));
      const spec = {
        ...layer,
        etag: new ETag("layer"),
        cache_control: new CacheControlHeader({ max_age: 60 }),
      };
      const etag = (await ask_endpoint(spec, handle)).response.get("ETag", "");
      expect(etag).to.not.equal('"layer"');
      const {
        status: sent,
        response,
        cookies,
      } = await ask_endpoint(spec, handle, { headers: headers(etag) });
      expect([sent, response.get("X-Layer"), cookies.length]).to.deep.equal([status, "layer", 1]);
      expect(response.get("Cache-Control")).to.equal("max-age=60");
      if (status !== 412) expect(response.get("ETag")).to.equal(etag);
    });
  }

  it("H11: a raw Set-Cookie among the headers is sent as well, untouched", async () => {
    const raw = "raw=1; Path=/raw; Priority=High";
    const view = made(
      layer,
      () => new Reply(1, { headers: { "Set-Cookie": raw }, cookies: { own: "1" } }),
    );
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    for (const reply of [replies?.node, replies?.fetch]) {
      const lines = reply?.headers.filter((line) => line.startsWith("set-cookie: "));
      expect(lines).to.have.members([
        `set-cookie: ${raw}`,
        "set-cookie: own=1; Path=/",
        "set-cookie: layer=1; Path=/; SameSite=Lax",
      ]);
    }
  });
});
