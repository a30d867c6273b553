/** Specification of nuages/api: layers, and what of several counts. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { effective } from "nuages/api/layers";
import { JSONParser, TextParser } from "nuages/api/parsers";
import { JSONRenderer } from "nuages/api/renderers";
import { Reply } from "nuages/api/responses";
import type { Layer, ViewDecorator } from "nuages/api/spec";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { z } from "zod";
import { made } from "../support/endpoints.ts";
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
});
