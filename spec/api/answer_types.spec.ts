/** Specification of nuages/api: the content type of what a handler returns. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { file } from "nuages/api/files";
import { JSONRenderer, MessagePackRenderer, TextRenderer } from "nuages/api/renderers";
import { PlainText, Reply } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { EventStream, jsonl, sse, Stream } from "nuages/api/streaming";
import { FileResponse } from "nuages/http";
import { render } from "nuages/shortcuts";
import { mark_safe } from "nuages/utils/safestring";
import { z } from "zod";
import { letters, pages, told } from "../support/answers.ts";
import { ask_endpoint } from "../support/endpoints.ts";

const OCTETS = "application/octet-stream";
const JSON_TYPE = "application/json";
const Item = z.object({ n: z.int() });

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
