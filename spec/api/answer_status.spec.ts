/** Specification of nuages/api: the status of what a handler returns, and those without content. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { file, send_file } from "nuages/api/files";
import { HTML, PlainText, Redirect, Reply } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { EventStream, jsonl, sse, Stream } from "nuages/api/streaming";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import {
  FileResponse,
  HttpResponse,
  HttpResponseNotModified,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { TemplateResponse } from "nuages/template/response";
import { z } from "zod";
import { letters, status_of } from "../support/answers.ts";
import { ask_endpoint, made } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";

const Item = z.object({ n: z.int() });

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
    [
      "a key beside a model that none has",
      { response: { 404: { model: Item, descripton: "None." } as never } },
      /for the status 404 has no key 'descripton'\. Did you mean description\?/,
    ],
    [
      "a key of a header beside a model that none has",
      { response: { 200: { model: Item, headers: { "X-A": { requird: true } as never } } } },
      /The response header 'X-A' of .* has no key 'requird'\. Did you mean required\?/,
    ],
  ];
  for (const [row, spec, message] of contradictions) {
    it(`${row} is ImproperlyConfigured at registration`, () => {
      expect(() => made(spec, () => 1)).to.throw(ImproperlyConfigured, message);
    });
  }
});
