/** Specification of nuages/api: what becomes of a returned value. @module */
import { Readable } from "node:stream";
import { expect } from "chai";
import { describe, it } from "mocha";
import { decode } from "@msgpack/msgpack";
import { file } from "nuages/api/files";
import type { TypeEncoder } from "nuages/api/encoders";
import { Reply, type ReplyDataOptions } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { jsonl, sse } from "nuages/api/streaming";
import { type HttpRequest, HttpResponse, type HttpResponseBase, JsonResponse } from "nuages/http";
import { TemplateResponse } from "nuages/template/response";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { mark_safe } from "nuages/utils/safestring";
import { gettext_lazy } from "nuages/utils/translation";
import { z } from "zod";
import { letters, pages, status_of, told } from "../support/answers.ts";
import { ask_endpoint } from "../support/endpoints.ts";

type Case = readonly [what: string, value: () => unknown, expected: readonly unknown[]];

const TEXT = "text/plain; charset=utf-8";
const OCTETS = "application/octet-stream";
const JSON_TYPE = "application/json";
const Item = z.object({ n: z.int() });

async function* late_letters(): AsyncGenerator<string> {
  yield "a";
  yield await Promise.resolve("b");
}

class Point {
  readonly x = 1;
  readonly #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

describe("api/answers: kinds of values", () => {
  const cases: Case[] = [
    [
      "V1: an HttpResponse is itself",
      () => new HttpResponse("<b>"),
      [200, "text/html; charset=utf-8", "<b>"],
    ],
    [
      "V1: a JsonResponse is itself",
      () => new JsonResponse({ n: 1 }),
      [200, JSON_TYPE, '{"n": 1}'],
    ],
    [
      "V1: so is the promise of one",
      () => Promise.resolve(new HttpResponse("x", { status: 202 })),
      [202, "text/html; charset=utf-8", "x"],
    ],
    ["V1: a Reply is rendered", () => new Reply({ n: 1n }), [200, JSON_TYPE, '{"n":"1"}']],
    ["V4: a string becomes text/plain", () => "é", [200, TEXT, "é"]],
    ["V4: an empty string is one, too", () => "", [200, TEXT, ""]],
    ["V4: a safe string is a string", () => mark_safe("<b>"), [200, TEXT, "<b>"]],
    ["V4: a translation is a string", () => gettext_lazy("yes"), [200, TEXT, "yes"]],
    [
      "V5: a Uint8Array becomes application/octet-stream",
      () => Uint8Array.of(97),
      [200, OCTETS, "a"],
    ],
    [
      "V5: a view of more bytes is its own part",
      () => new DataView(Uint8Array.of(97, 98, 99).buffer, 1, 1),
      [200, OCTETS, "b"],
    ],
    ["V5: an ArrayBuffer", () => Uint8Array.of(97, 98).buffer, [200, OCTETS, "ab"]],
    ["V5: a Blob", () => new Blob(["a", "b"], { type: "image/png" }), [200, OCTETS, "ab"]],
    ["V6: a generator is streamed", letters, [200, OCTETS, "ab"]],
    ["V6: an iterator is streamed", () => ["a", "b"].values(), [200, OCTETS, "ab"]],
    ["V6: an asynchronous generator is streamed", late_letters, [200, OCTETS, "ab"]],
    ["V6: a ReadableStream is streamed", () => new Blob(["ab"]).stream(), [200, OCTETS, "ab"]],
    ["V6: a Readable of Node is streamed", () => Readable.from(["a", "b"]), [200, OCTETS, "ab"]],
    [
      "V6: an object with next() is streamed",
      () => ({ next: () => ({ value: undefined, done: true }) }),
      [200, OCTETS, ""],
    ],
    [
      "V6: an object with an asynchronous iterator is streamed",
      () => ({ [Symbol.asyncIterator]: late_letters }),
      [200, OCTETS, "ab"],
    ],
    [
      "V6: next and fetch that are no functions are data",
      () => ({ next: 1, fetch: 2 }),
      [200, JSON_TYPE, '{"next":1,"fetch":2}'],
    ],
    ["V6: an array is data", () => ["a"], [200, JSON_TYPE, '["a"]']],
    [
      "V6: a Map and a Set are data",
      () => new Map([["a", new Set([1])]]),
      [200, JSON_TYPE, '{"a":[1]}'],
    ],
    ["V7: null is data", () => null, [200, JSON_TYPE, "null"]],
    ["V8: an object is a Reply", () => ({ n: 1 }), [200, JSON_TYPE, '{"n":1}']],
    ["V8: so are numbers and booleans", () => false, [200, JSON_TYPE, "false"]],
    [
      "V8: instances of classes are their own properties",
      () => new Point(),
      [200, JSON_TYPE, '{"x":1}'],
    ],
    [
      "V8: a thenable is waited for",
      // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
      () => ({ then: (done: (value: string) => void) => done("x") }),
      [200, TEXT, "x"],
    ],
  ];
  for (const [what, value, expected] of cases) {
    it(what, async () => {
      expect(await told({}, value)).to.deep.equal(expected);
    });
  }

  it("V1: a TemplateResponse is rendered by the core, with the template-response middleware", async () => {
    const MIDDLEWARE = [
      class extends MiddlewareMixin {
        process_template_response(
          _request: HttpRequest,
          response: TemplateResponse,
        ): TemplateResponse {
          response.context_data = { n: 2 };
          return response;
        }
      },
    ];
    const got = await ask_endpoint(
      {},
      (request) => new TemplateResponse(request, "x.html", { n: 1 }),
      { settings: { ...pages({ "x.html": "{{ n }}" }), MIDDLEWARE } },
    );
    expect([got.status, got.type, got.text]).to.deep.equal([200, "text/html; charset=utf-8", "2"]);
  });

  it("V1: a Reply that was rendered, or given content, is sent as it is", async () => {
    const rendered = async (): Promise<unknown> => {
      const reply = new Reply({ n: "x" });
      await reply.render();
      reply.data = { n: "y" };
      return reply;
    };
    expect((await ask_endpoint({ response: Item }, rendered)).text).to.equal('{"n":"x"}');
    const set = (): unknown => {
      const reply = new Reply();
      reply.content = "by hand";
      return reply;
    };
    expect((await ask_endpoint({ response: Item }, set)).text).to.equal("by hand");
  });

  it("V6: with sse() or jsonl() any iterable counts", async () => {
    const items = (): unknown => new Set([{ n: 1 }, { n: 2 }]);
    expect(await told({ response: jsonl(Item) }, items)).to.deep.equal([
      200,
      "application/jsonl",
      '{"n":1}\n{"n":2}\n',
    ]);
    expect((await told({ response: sse(Item) }, () => [{ n: 1 }]))[2]).to.equal(
      'data: {"n":1}\n\n',
    );
  });

  it("V6: what the declared kind does not take is an error that names the endpoint", async () => {
    const got = await ask_endpoint({ response: jsonl(Item) }, () => 1);
    expect(got.status).to.equal(500);
    expect(String(got.response.exc_info)).to.match(
      /GET endpoint\(\) declares a file or a stream, and returned a number/,
    );
  });

  const nothing: [spec: Spec, method: string, status: number][] = [
    [{ status: 204 }, "GET", 204],
    [{ status: 304 }, "GET", 304],
    [{ response: null }, "POST", 204],
    [{ response: null, status: 202 }, "POST", 202],
    [{ response: { 200: null } }, "PUT", 200],
    [{}, "DELETE", 204],
  ];
  for (const [spec, method, status] of nothing) {
    it(`V7: undefined and null are empty for ${method} with ${JSON.stringify(spec)}`, async () => {
      for (const value of [undefined, null]) {
        const got = await ask_endpoint(spec, () => value, { method });
        expect([got.status, got.type, got.text]).to.deep.equal([status, undefined, ""]);
      }
    });
  }

  it("V7: undefined is empty for a handler of HEAD", async () => {
    for (const spec of [{}, { response: Item }, { response: file() }, { response: sse(Item) }]) {
      const got = await ask_endpoint({ ...spec, methods: ["HEAD"] }, () => undefined, {
        method: "HEAD",
      });
      expect(got.status).to.equal(200);
    }
  });

  it("V7: a HEAD that the handler of GET answers fails as the GET does", async () => {
    expect((await ask_endpoint({}, () => undefined, { method: "HEAD" })).status).to.equal(500);
  });

  it("V7: undefined is otherwise a ValueError that names the endpoint", async () => {
    function forgetful(): void {}
    for (const spec of [{}, { response: Item }, { response: file() }, { status: 201 }]) {
      const { status, response } = await ask_endpoint(spec, forgetful);
      expect([status, (response.exc_info as Error).name]).to.deep.equal([500, "ValueError"]);
      expect(String(response.exc_info)).to.match(/ValueError: GET forgetful returned undefined\./);
    }
  });

  it("V8: data are wrapped in the layer's response_class, with its encoders", async () => {
    class Quiet extends Reply<unknown, number | undefined> {
      static override type_encoders: readonly TypeEncoder[] = [[Point, () => "point"]];
      constructor(data?: unknown, options: ReplyDataOptions = {}) {
        super(data, { status: 203, headers: { "X-Class": "quiet" }, ...options });
      }
    }
    const { status, text, response } = await ask_endpoint({ response_class: Quiet }, () => [
      new Point(),
    ]);
    expect([status, text, response.get("X-Class")]).to.deep.equal([203, '["point"]', "quiet"]);
  });

  it("V9: data that no encoder handles are a TypeError that names what it is", async () => {
    for (const value of [{ a: () => 1 }, [Symbol("s")], [Promise.resolve()]]) {
      const { status, response } = await ask_endpoint({}, () => value);
      if (Array.isArray(value))
        expect([status, (response.exc_info as Error).name]).to.deep.equal([500, "TypeError"]);
      else expect(status).to.equal(200); // as a property it is left out
    }
  });

  it("V10: with a schema text and bytes are data: quoted, and checked", async () => {
    expect(await told({ response: z.string() }, () => "x")).to.deep.equal([200, JSON_TYPE, '"x"']);
    expect(
      await told({ response: z.instanceof(Uint8Array) }, () => Uint8Array.of(97)),
    ).to.deep.equal([200, JSON_TYPE, '"YQ=="']);
    expect(await status_of({ response: z.int() }, () => "x")).to.equal(500);
    expect(await told({ response: { 200: z.string(), 202: z.string() } }, () => "x")).to.deep.equal(
      [200, JSON_TYPE, '"x"'],
    );
  });

  for (const content_type of [JSON_TYPE, "application/problem+json", "application/json; v=1"]) {
    it(`V10: so they are as ${content_type}`, async () => {
      expect(await told({ content_type }, () => "x")).to.deep.equal([200, content_type, '"x"']);
      expect((await told({ content_type }, () => Uint8Array.of(97)))[2]).to.equal('"YQ=="');
    });
  }

  it("V10: and as MessagePack", async () => {
    const { response } = await ask_endpoint({ content_type: "application/x-msgpack" }, () => "x");
    expect(decode(response.content)).to.equal("x");
  });

  it("V11: of a generator function nothing runs before the first pull", async () => {
    const log: string[] = [];
    async function* handler(): AsyncGenerator<string> {
      log.push("handler");
      yield "x";
    }
    const after_request = (response: HttpResponseBase): void =>
      void log.push(response.constructor.name);
    await ask_endpoint({ after_request }, handler);
    expect(log).to.deep.equal(["Stream", "handler"]);
  });

  it("V11: an async function refuses, and then gives a generator", async () => {
    const refuse = async (request: { GET: { has(name: string): boolean } }): Promise<unknown> => {
      await Promise.resolve();
      if (request.GET.has("no")) throw new RangeError("no");
      return late_letters();
    };
    const spec: Spec = {
      exception_handlers: [[RangeError, () => new Reply({ no: 1 }, { status: 409 })]],
    };
    expect((await ask_endpoint(spec, refuse as never)).text).to.equal("ab");
    expect((await ask_endpoint(spec, refuse as never, { query: "no=1" })).status).to.equal(409);
  });
});
