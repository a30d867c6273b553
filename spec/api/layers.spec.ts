/** Specification of nuages/api: layers, and what of several counts. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { Controller } from "nuages/api/controller";
import { endpoint } from "nuages/api/endpoint";
import { effective } from "nuages/api/layers";
import { JSONParser, TextParser } from "nuages/api/parsers";
import { JSONRenderer } from "nuages/api/renderers";
import { Reply } from "nuages/api/responses";
import { Router } from "nuages/api/router";
import type { Layer, ViewDecorator } from "nuages/api/spec";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { z } from "zod";
import { run_alone } from "../support/child.ts";
import { ask_endpoint, made } from "../support/endpoints.ts";
import { each, get_layered, type Layers } from "../support/layers.ts";
import { quiet } from "../support/log.ts";

/** What a client of the four layers gets. */
async function get(
  layers: Layers,
  handle: () => unknown,
): Promise<{ text: string; status: number }> {
  const { text, status_code: status } = (await get_layered(layers, handle)).response;
  return { text, status };
}

describe("api/layers: what of several layers counts", () => {
  quiet();

  const nearest: [key: string, make: (name: string) => Layer][] = [
    ["before_request", (name) => ({ before_request: () => name })],
    ["after_request", (name) => ({ after_request: () => new HttpResponse(name) })],
    ["response_class", (name) => ({ response_class: named(name) })],
    ["renderers", (name) => ({ renderers: [new Named(name)] })],
  ];

  /** A class of replies that say the name. */
  function named(name: string): typeof Reply<unknown, number | undefined> {
    return class extends Reply<unknown, number | undefined> {
      constructor() {
        super(name, { content_type: "text/plain" });
      }
    };
  }

  /** A renderer that writes its name. */
  class Named extends JSONRenderer {
    readonly #name: string;
    constructor(name: string) {
      super();
      this.#name = name;
    }
    override render(): string {
      return this.#name;
    }
  }

  for (const [key, make] of nearest) {
    it(`of ${key} the nearest`, async () => {
      const handle = (): unknown => ({ n: 1 });
      const { endpoint: near, controller, router, api } = each(make);
      expect((await get({ api, router, controller, endpoint: near }, handle)).text).to.equal(
        "endpoint",
      );
      expect((await get({ api, router, controller }, handle)).text).to.equal("controller");
      expect((await get({ api, router }, handle)).text).to.equal("router");
      expect((await get({ api }, handle)).text).to.equal("api");
    });
  }

  it("of validate_responses, response_error_status, parsers, after_response the nearest", async () => {
    const unfit = { response: z.int() };
    const loose = {
      api: { validate_responses: true },
      router: { validate_responses: false },
      endpoint: unfit,
    };
    expect((await get(loose, () => "x")).status).to.equal(200);
    const coded = {
      api: { response_error_status: 501 },
      router: { response_error_status: 422 },
      endpoint: unfit,
    };
    expect((await get(coded, () => "x")).status).to.equal(422);
    const sent: string[] = [];
    await get(
      each((name) => ({ after_response: () => sent.push(name) })),
      () => 1,
    );
    expect(sent).to.deep.equal(["endpoint"]);
    const { parsers } = effective([
      { parsers: [new JSONParser()] },
      { parsers: [new TextParser()] },
    ]);
    expect(parsers.map(({ content_type }) => content_type)).to.deep.equal(["text/plain"]);
  });

  it("of type_encoders all, the nearest first", async () => {
    class A {}
    class B {}
    const encoded = (name: string): Layer => ({ type_encoders: [[A, () => `A of ${name}`]] });
    const layers = {
      ...each(encoded),
      router: { type_encoders: [[B, () => "B of router"]] },
    } satisfies Layers;
    expect((await get(layers, () => [new A(), new B()])).text).to.equal(
      '["A of endpoint","B of router"]',
    );
    const reply = (): unknown =>
      new Reply([new A()], { type_encoders: [[A, () => "A of the reply"]] });
    expect((await get(layers, reply)).text).to.equal('["A of the reply"]');
  });

  it("of decorators all, those of outer layers outside", async () => {
    const log: string[] = [];
    const noting = (name: string): Layer => ({
      decorators: [`${name} 1`, `${name} 2`].map(
        (what): ViewDecorator =>
          (view) =>
          (request: HttpRequest, kwargs: never) => {
            log.push(what);
            return view(request, kwargs);
          },
      ),
    });
    await get(each(noting), () => log.push("handler"));
    const names = ["api", "router", "controller", "endpoint"];
    expect(log).to.deep.equal([...names.flatMap((name) => [`${name} 1`, `${name} 2`]), "handler"]);
  });

  it("of csrf the nearest", () => {
    const layers: Layer[] = [{ csrf: "always" }, { csrf: "never" }];
    expect(effective(layers).csrf).to.equal("never");
    expect(effective(layers.toReversed()).csrf).to.equal("always");
    expect(effective([]).csrf).to.equal("cookies");
  });

  it("of tags and security all, the outermost first; of deprecated and include_in_schema the nearest", () => {
    const merged = effective([
      { tags: ["a", "b"], security: [{ a: [] }], deprecated: true, include_in_schema: false },
      { tags: ["b", "c"], security: [{ b: ["read"] }], deprecated: false },
    ]);
    expect(merged.tags).to.deep.equal(["a", "b", "c"]);
    expect(merged.security).to.deep.equal([{ a: [] }, { b: ["read"] }]);
    expect([merged.deprecated, merged.include_in_schema]).to.deep.equal([false, false]);
  });

  it("an empty list of renderers or parsers is refused", () => {
    for (const layer of [{ renderers: [] }, { parsers: [] }])
      expect(() => made(layer, () => 1)).to.throw(ImproperlyConfigured, /is empty: leave it out/);
  });

  const wrong: [what: string, layer: object, message: RegExp][] = [
    ["a key that none has", { taggs: [] }, /has no key 'taggs'\. Did you mean tags\?/],
    [
      "a key like no other",
      { colour: 1 },
      /has no key 'colour'\. Its keys are .*response_headers, /,
    ],
    [
      "a class for a renderer",
      { renderers: [JSONRenderer] },
      /instances of Renderer, such as new JSONR/,
    ],
    [
      "a renderer for a parser",
      { parsers: [new JSONRenderer()] },
      /instances of Parser, such as new J/,
    ],
    ["no list of renderers", { renderers: new JSONRenderer() }, /a list of instances of Renderer/],
    [
      "another policy",
      { csrf: "none" },
      /csrf is one of 'cookies', 'always', 'never': 'none' is not/,
    ],
    [
      "a header of two lines",
      { response_headers: { "X-A": "a\nb" } },
      /'X-A' cannot be sent: .*line/,
    ],
    [
      "a header's key that none has",
      { response_headers: { "X-A": { value: "a", exampel: "b" } } },
      /The response header 'X-A' has no key 'exampel'\. Did you mean example\?/,
    ],
    [
      "a cookie's key that none has",
      { response_cookies: { seen: { value: "1", httpOnly: true } } },
      /The response cookie 'seen' has no key 'httpOnly'\. Did you mean httponly\?/,
    ],
    ["a header without a name", { response_headers: { "": "a" } }, /cannot be named ''/],
    ["a header with a space in it", { response_headers: { "X A": "a" } }, /cannot be named 'X A'/],
  ];
  for (const [what, layer, message] of wrong) {
    it(`${what} is refused, in a spec and in every layer`, () => {
      expect(() => made(layer, () => 1)).to.throw(ImproperlyConfigured, message);
      for (const place of ["api", "router", "controller"])
        expect(() => routed({ [place]: layer }), place).to.throw(ImproperlyConfigured, message);
    });
  }

  it("what is no layer is refused", () => {
    for (const layer of [null, "tags", ["tags"]])
      expect(() => new Router(layer as never)).to.throw(
        ImproperlyConfigured,
        /is an object such as/,
      );
  });

  it("wrong values of the API setting are refused with the first request", async () => {
    const API = { CSRF: "none" as never };
    const { response, status } = await ask_endpoint({}, () => 1, { settings: { API } });
    expect([status, String(response.exc_info)]).to.deep.equal([
      500,
      "ImproperlyConfigured: csrf is one of 'cookies', 'always', 'never': 'none' is not.",
    ]);
  });

  it("layers can be declared, and the URLs read, before the settings are there", async () => {
    const code = `
      import { API, CacheControlHeader } from "nuages/api";
      const layer = {
        response_headers: { "X-A": "1" }, response_cookies: { a: "1" }, cache_control: new CacheControlHeader({ public: true }),
      };
      const api = new API(layer);
      api.get("", { ...layer, response: null, status: 204 }, () => undefined);
      console.log(api.urls.length);`;
    expect((await run_alone(code)).trim()).to.equal("3");
  });

  it("a decorator that is none, or gives no view, is a TypeError at once", () => {
    const forgetful = (): void => undefined;
    for (const [decorator, message] of [
      [forgetful, /of GET .* gave None: a decorator takes a view and gives one/],
      ["login_required", /'login_required' of GET .* is no function/],
    ] as const)
      expect(() => made({ decorators: [decorator as never] }, () => 1)).to.throw(
        TypeError,
        message,
      );
  });
});

/** The URLs of an API with an endpoint inside these layers. */
function routed(layers: Readonly<Record<string, object>>): void {
  class View extends Controller {
    static override layer = layers.controller ?? {};
    @endpoint({})
    get(): number {
      return 1;
    }
  }
  const api = new API({ ...layers.api });
  api.router("x/", { ...layers.router }).view("", View);
  expect(api.urls).to.have.lengthOf(3);
}
