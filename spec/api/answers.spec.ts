/** Specification of nuages/api: what becomes of a returned value. @module */
import { Readable } from "node:stream";
import { expect } from "chai";
import { describe, it } from "mocha";
import { decode } from "@msgpack/msgpack";
import { file, send_file } from "nuages/api/files";
import { JSONRenderer, MessagePackRenderer, TextRenderer } from "nuages/api/renderers";
import type { TypeEncoder } from "nuages/api/encoders";
import { HTML, PlainText, Redirect, Reply, type ReplyDataOptions } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { EventStream, jsonl, sse, Stream } from "nuages/api/streaming";
import type { Settings } from "nuages/conf";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import {
  FileResponse,
  type HttpRequest,
  HttpResponse,
  type HttpResponseBase,
  HttpResponseNotModified,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { render } from "nuages/shortcuts";
import { Nunjucks } from "nuages/template";
import { TemplateResponse } from "nuages/template/response";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { mark_safe } from "nuages/utils/safestring";
import { gettext_lazy } from "nuages/utils/translation";
import { z } from "zod";
import { ask_endpoint, type Asked, made } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";

type Case = readonly [what: string, value: () => unknown, expected: readonly unknown[]];

/** Status, type and text of what an endpoint makes of a value. */
async function told(spec: Spec, value: () => unknown, asked: Asked = {}): Promise<unknown[]> {
  const { status, type, text } = await ask_endpoint(spec, value, asked);
  return [status, type, text];
}

async function status_of(spec: Spec, value: () => unknown, method = "GET"): Promise<number> {
  return (await ask_endpoint(spec, value, { method })).status;
}

const TEXT = "text/plain; charset=utf-8";
const OCTETS = "application/octet-stream";
const JSON_TYPE = "application/json";
const Item = z.object({ n: z.int() });

function* letters(): Generator<string> {
  yield* ["a", "b"];
}

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

/** Settings with these templates. */
function pages(templates: Record<string, string>): Partial<Settings> {
  return { TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }] };
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
    expect(String(got.response.exc_info)).to.match(/declares another response than 1/);
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

describe("api/answers: the effective status", () => {
  const files = temporary_directory({ "a.txt": "0123" });
  const Other = z.object({ m: z.int() });
  const ok = (): unknown => ({ n: 1 });

  const cases: [row: string, spec: Spec, method: string, value: () => unknown, status: number][] = [
    ["ST1: response: null", { response: null }, "GET", ok, 204],
    ["ST1: of POST too", { response: null }, "POST", ok, 204],
    ["ST2: a map with one 2xx key", { response: { 202: Item, 404: Other } }, "POST", ok, 202],
    [
      "ST2: whose model is null",
      { response: { 204: null, 404: Other } },
      "PUT",
      () => undefined,
      204,
    ],
    [
      "ST2: for streams, too",
      { response: { 202: jsonl(Item), 404: Other } },
      "GET",
      () => [{ n: 1 }],
      202,
    ],
    [
      "ST2: with several the method decides",
      { response: { 200: Item, 201: Item } },
      "POST",
      ok,
      201,
    ],
    ["ST3: a generator, of POST", {}, "POST", letters, 200],
    ["ST3: a Stream, of DELETE", {}, "DELETE", () => new Stream(["a"]), 200],
    ["ST3: an EventStream, of POST", {}, "POST", () => new EventStream(["a"]), 200],
    ["ST3: sse(), of POST", { response: sse(Item) }, "POST", () => [{ n: 1 }], 200],
    ["ST4: POST", {}, "POST", ok, 201],
    ["ST4: POST of text", {}, "POST", () => "x", 201],
    ["ST4: POST of PlainText", {}, "POST", () => new PlainText("x"), 201],
    ["ST4: POST of bytes", {}, "POST", () => Uint8Array.of(1), 201],
    ["ST4: POST of a Reply", {}, "POST", () => new Reply(1), 201],
    ["ST5: DELETE with a schema", { response: Item.nullable() }, "DELETE", () => null, 200],
    ["ST5: DELETE of nothing", {}, "DELETE", () => undefined, 204],
    ["ST5: DELETE of null", {}, "DELETE", () => null, 204],
    ["ST5: DELETE of a Reply of null", {}, "DELETE", () => new Reply(null), 204],
    ["ST5: DELETE of data", {}, "DELETE", ok, 200],
    ["ST5: DELETE of text", {}, "DELETE", () => "", 200],
    ["ST6: GET", {}, "GET", ok, 200],
    ["ST6: HEAD", { methods: ["HEAD"] }, "HEAD", ok, 200],
    ["ST6: PUT", {}, "PUT", ok, 200],
    ["ST6: PATCH", {}, "PATCH", ok, 200],
    ["ST6: OPTIONS", {}, "OPTIONS", ok, 200],
    ["ST6: several methods", { methods: ["POST", "PUT"] }, "POST", ok, 200],
    [
      "ST6: several methods, of nothing",
      { methods: ["DELETE", "POST"] },
      "DELETE",
      () => null,
      200,
    ],
    ["ST7: Redirect", {}, "POST", () => new Redirect("/x"), 302],
    [
      "ST7: Redirect with the endpoint's status",
      { status: 308 },
      "GET",
      () => new Redirect("/x"),
      308,
    ],
    ["ST7: with one that is no redirect's", { status: 201 }, "GET", () => new Redirect("/x"), 302],
    ["ST7: with its own", { status: 308 }, "GET", () => new Redirect("/x", { status: 303 }), 303],
    ["ST8: HttpResponse", { status: 202 }, "POST", () => new HttpResponse(""), 200],
    ["ST8: JsonResponse", {}, "POST", () => new JsonResponse({}), 200],
    [
      "ST8: HttpResponseRedirect",
      { status: 301 },
      "GET",
      () => new HttpResponseRedirect("/x"),
      302,
    ],
    [
      "ST8: StreamingHttpResponse",
      { status: 202 },
      "GET",
      () => new StreamingHttpResponse(["a"]),
      200,
    ],
    [
      "ST8: FileResponse",
      { status: 202, response: file() },
      "GET",
      () => new FileResponse(Buffer.from("a")),
      200,
    ],
    [
      "a file of send_file has the endpoint's",
      { status: 202, response: file() },
      "GET",
      () => send_file(files.path("a.txt")),
      202,
    ],
    [
      "or the declared one",
      { response: { 203: file() } },
      "GET",
      () => send_file(files.path("a.txt")),
      203,
    ],
    ["the endpoint's own status", { status: 418 }, "POST", ok, 418],
    ["of a stream", { status: 202 }, "GET", letters, 202],
    ["the response's own", { status: 418 }, "POST", () => new Reply({}, { status: 409 }), 409],
    ["of a Stream", { status: 418 }, "POST", () => new Stream(["a"], { status: 203 }), 203],
    ["of HTML", { status: 418 }, "POST", () => new HTML("", { status: 203 }), 203],
  ];
  for (const [row, spec, method, value, status] of cases) {
    it(`${row}: ${status}`, async () => {
      expect(await status_of(spec, value, method)).to.equal(status);
    });
  }
});

describe("api/answers: no content", () => {
  const bodies: [what: string, value: () => unknown][] = [
    ["data", () => ({ n: 1 })],
    ["text", () => "x"],
    ["bytes", () => Uint8Array.of(1)],
    ["a Reply", () => new Reply({ n: 1 })],
    ["a Reply with content", () => Object.assign(new Reply(), { content: "x" })],
    ["PlainText", () => new PlainText("x")],
    ["a generator", () => letters()],
  ];
  for (const [what, value] of bodies) {
    for (const status of [204, 304]) {
      it(`NC1: ${what} with ${status} is dropped, with a debug line; no type, no length`, async () => {
        const {
          status: sent,
          type,
          text,
          response,
          records,
        } = await ask_endpoint({ status }, value);
        expect([sent, type, text, response.has("Content-Length")]).to.deep.equal([
          status,
          undefined,
          "",
          false,
        ]);
        const lines = records.map(({ logger, level, message }) => `${logger} ${level}: ${message}`);
        expect(lines).to.deep.equal([
          `nuages.api debug: A response of status ${status} has no content: it was dropped.`,
        ]);
      });
    }
  }

  it("NC1: of a plain HttpResponse and a TemplateResponse as well", async () => {
    const responses = [
      () => new HttpResponse("x", { status: 204 }),
      (request: never) => new TemplateResponse(request, "missing.html", {}, { status: 204 }),
    ];
    for (const value of responses) {
      const { status, type, text, records } = await ask_endpoint({}, value as never);
      expect([status, type, text, records.length]).to.deep.equal([204, undefined, "", 1]);
    }
  });

  it("NC1: a stream is closed unread", async () => {
    const log: string[] = [];
    function* source(): Generator<string> {
      try {
        yield "read";
      } finally {
        log.push("closed");
      }
    }
    const running = source();
    running.next(); // only a generator that has begun has a finally to run
    await ask_endpoint({ status: 204 }, () => running);
    expect(log).to.deep.equal(["closed"]);
  });

  it("NC1: nothing is told of what was empty", async () => {
    const empty = [() => undefined, () => null, () => "", () => new HttpResponseNotModified()];
    for (const value of empty)
      expect((await ask_endpoint({ status: 304 }, value)).records).to.deep.equal([]);
  });

  const contradictions: [row: string, spec: Spec, message: RegExp][] = [
    ["NC2: a schema for 204", { response: { 204: Item } }, /declares content for the status 204/],
    [
      "NC2: a schema for 304",
      { response: { 200: Item, 304: Item } },
      /declares content for the status 304/,
    ],
    ["NC2: a schema below 200", { response: { 103: Item } }, /declares content for the status 103/],
    [
      "NC2: a file for 204",
      { response: { 204: { model: jsonl(Item) } } },
      /declares content for the status 204/,
    ],
    [
      "NC2: a schema, and the status 204",
      { response: Item, status: 204 },
      /declares content for the status 204/,
    ],
    ["NC3: a status below 200", { status: 199 }, /has the status 199: .* from 200 to 599/],
    ["NC3: a status of 100 with null", { status: 100, response: null }, /has the status 100/],
    ["NC3: a status that is none", { status: 200.5 }, /has the status 200\.5/],
    [
      "a status without a model",
      { response: { 200: Item }, status: 201 },
      /has the status 201, for which its response declares nothing/,
    ],
    ["a key that is no status", { response: { 42: Item } }, /has the key '42'/],
    ["a map without models", { response: {} }, /declares nothing: leave it out/],
    [
      "a model that is none",
      { response: { 200: { model: 1 as never } } },
      /no model for the status 200/,
    ],
  ];
  for (const [row, spec, message] of contradictions) {
    it(`${row} is ImproperlyConfigured at registration`, () => {
      expect(() => made(spec, () => 1)).to.throw(ImproperlyConfigured, message);
    });
  }
});

describe("api/answers: the content type", () => {
  const cases: [row: string, spec: Spec, value: () => unknown, type: string | undefined][] = [
    [
      "the response's header before its content_type",
      { content_type: "application/a+json" },
      () => new Reply(1, { headers: { "content-type": "application/b+json" } }),
      "application/b+json",
    ],
    [
      "its content_type before the endpoint's",
      { content_type: "application/a+json" },
      () => new Reply(1, { content_type: "application/b+json" }),
      "application/b+json",
    ],
    [
      "the endpoint's before the renderer's",
      { content_type: "application/a+json", renderers: [new MessagePackRenderer()] },
      () => 1,
      "application/a+json",
    ],
    [
      "the renderer's before the default",
      { renderers: [new MessagePackRenderer()] },
      () => 1,
      "application/x-msgpack",
    ],
    [
      "C3: a string with a TextRenderer",
      { renderers: [new TextRenderer("text/markdown")] },
      () => "x",
      "text/markdown; charset=utf-8",
    ],
    [
      "C3: a string with an endpoint's type",
      { content_type: "text/csv" },
      () => "x",
      "text/csv; charset=utf-8",
    ],
    [
      "C3: PlainText with an endpoint's type",
      { content_type: "text/csv" },
      () => new PlainText("x"),
      "text/csv; charset=utf-8",
    ],
    [
      "C3: PlainText with its own",
      { content_type: "text/csv" },
      () => new PlainText("x", { content_type: "text/x" }),
      "text/x; charset=utf-8",
    ],
    [
      "C4: bytes with an endpoint's type",
      { content_type: "image/png" },
      () => Uint8Array.of(1),
      "image/png",
    ],
    [
      "C4: bytes that are text",
      { content_type: "text/css" },
      () => Uint8Array.of(1),
      "text/css; charset=utf-8",
    ],
    [
      "C6: a generator with an endpoint's type",
      { content_type: "text/csv" },
      letters,
      "text/csv; charset=utf-8",
    ],
    [
      "C6: a Stream with an endpoint's type",
      { content_type: "text/csv" },
      () => new Stream(["a"]),
      "text/csv; charset=utf-8",
    ],
    [
      "C6: a Stream with its own",
      { content_type: "text/csv" },
      () => new Stream(["a"], { content_type: "text/x" }),
      "text/x; charset=utf-8",
    ],
    [
      "C7: an EventStream, whatever the endpoint says",
      { content_type: "text/csv" },
      () => new EventStream(["a"]),
      "text/event-stream",
    ],
    ["C7: sse()", { response: sse(Item) }, () => [{ n: 1 }], "text/event-stream"],
    ["C8: jsonl()", { response: jsonl(Item) }, () => [{ n: 1 }], "application/jsonl"],
    [
      "C10: any +json, parameters kept",
      { content_type: 'application/hal+json; profile="a"' },
      () => ({}),
      'application/hal+json; profile="a"',
    ],
    [
      "a text type keeps its charset",
      { content_type: "text/csv; charset=utf-8" },
      () => "x",
      "text/csv; charset=utf-8",
    ],
    [
      "after_request may set it",
      { after_request: (response) => response.set("Content-Type", "application/c+json") },
      () => 1,
      "application/c+json",
    ],
  ];
  for (const [row, spec, value, type] of cases) {
    it(`${row}: ${type}`, async () => {
      const got = await ask_endpoint(spec, value);
      expect([got.status, got.type]).to.deep.equal([200, type]);
    });
  }

  it("text has the charset of the site", async () => {
    const settings = { DEFAULT_CHARSET: "iso-8859-1" };
    const { type, response } = await ask_endpoint({}, () => "é", { settings });
    expect([type, [...response.content]]).to.deep.equal(["text/plain; charset=iso-8859-1", [0xe9]]);
    const json = await ask_endpoint({}, () => ["é"], { settings });
    expect([json.type, json.response.content.toString()]).to.deep.equal([JSON_TYPE, '["é"]']);
  });

  it("C5: render() is text/html", async () => {
    const settings = pages({ "x.html": "<b>{{ n }}</b>" });
    const got = await ask_endpoint({}, (request) => render(request, "x.html", { n: 1 }), {
      settings,
    });
    expect([got.type, got.text]).to.deep.equal(["text/html; charset=utf-8", "<b>1</b>"]);
  });

  it("C9: a file by its name", async () => {
    const named = (): unknown => new FileResponse(Buffer.from("a"), { filename: "a.css" });
    expect((await ask_endpoint({ response: file() }, named)).type).to.equal("text/css");
    const unnamed = (): unknown => new FileResponse(Buffer.from("a"));
    expect((await ask_endpoint({}, unnamed)).type).to.equal(OCTETS);
  });

  it("C11: of another type strings and bytes are sent as they are", async () => {
    const spec = { content_type: "application/pdf" };
    expect(await told(spec, () => "%PDF")).to.deep.equal([200, "application/pdf", "%PDF"]);
    expect(await told(spec, () => Uint8Array.of(97))).to.deep.equal([200, "application/pdf", "a"]);
    expect((await told({ ...spec, response: z.string() }, () => "%PDF"))[2]).to.equal("%PDF");
    const reply = (): unknown => new Reply(mark_safe("%PDF"), { content_type: "application/pdf" });
    expect((await told({}, reply))[2]).to.equal("%PDF");
  });

  for (const value of [{ n: 1 }, 1, null, ["a"]]) {
    it(`C11: ${JSON.stringify(value)} is ImproperlyConfigured, a 500`, async () => {
      const { status, response, json } = await ask_endpoint(
        { content_type: "application/pdf" },
        () => value,
      );
      expect([status, (response.exc_info as Error).name]).to.deep.equal([
        500,
        "ImproperlyConfigured",
      ]);
      expect(json()).to.deep.equal({
        detail: [{ msg: "Internal Server Error", type: "internal_error" }],
      });
    });
  }

  it("C11: unless a renderer of the layer has the type", async () => {
    class Lines extends TextRenderer {
      override render(data: unknown): string {
        return (data as string[]).join("\n");
      }
    }
    const spec: Spec = {
      content_type: "text/csv",
      renderers: [new JSONRenderer(), new Lines("text/csv")],
    };
    expect((await told(spec, () => ["a", "b"]))[2]).to.equal("a\nb");
  });
});
