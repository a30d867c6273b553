/** Specification of nuages/api: endpoints that speak several formats. @module */
import { decode, encode } from "@msgpack/msgpack";
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { endpoint } from "nuages/api/endpoint";
import { JSONParser, MessagePackParser, TextParser } from "nuages/api/parsers";
import { JSONRenderer, MessagePackRenderer, TemplateRenderer } from "nuages/api/renderers";
import { HTML, PlainText } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import type { RequestOptions } from "nuages/test";
import { z } from "zod";
import { type AnyView, site } from "../support/ask.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

/** What a client gets. */
interface Got {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly bytes: Buffer;
}

async function send(
  view: AnyView,
  method: string,
  body: unknown,
  options: RequestOptions,
): Promise<Got> {
  const answers: Got[] = [];
  await with_site(site(view), {}, async (client) => {
    const response = await client.generic(method, "/", body, options);
    const header = (name: string): string | undefined => response.headers.get(name);
    answers.push({ status: response.status_code, header, bytes: response.content });
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error("There was no answer.");
  return answer;
}

/** A GET request with this Accept header. */
function get(view: AnyView, accept?: string): Promise<Got> {
  return send(view, "GET", "", accept === undefined ? {} : { headers: { Accept: accept } });
}

/** A POST request; without a type there is no Content-Type header. */
function post(view: AnyView, body: unknown, content_type?: string): Promise<Got> {
  return send(
    view,
    "POST",
    body,
    content_type === undefined ? { CONTENT_TYPE: "" } : { content_type },
  );
}

const json = ({ bytes }: Got): unknown => JSON.parse(bytes.toString()) as unknown;

describe("api/formats: the content type of a response", () => {
  const types: [row: string, view: AnyView, type: string][] = [
    ["C1: data", endpoint({}, () => ({ n: 1 })), "application/json"],
    ["C3: a string", endpoint({}, () => "x"), "text/plain; charset=utf-8"],
    ["C3: PlainText", endpoint({}, () => new PlainText("x")), "text/plain; charset=utf-8"],
    ["C4: bytes", endpoint({}, () => Uint8Array.of(1)), "application/octet-stream"],
    ["C5: HTML", endpoint({}, () => new HTML("x")), "text/html; charset=utf-8"],
  ];
  for (const [row, view, type] of types) {
    it(`${row}: ${type}`, async () => {
      expect((await get(view)).header("Content-Type")).to.equal(type);
    });
  }

  for (const [accept, type] of [
    ["application/msgpack", "application/msgpack"],
    ["application/vnd.msgpack, application/json;q=0.5", "application/vnd.msgpack"],
    ["application/x-msgpack", "application/x-msgpack"],
  ] as const) {
    it(`C2: MessagePack for Accept: ${accept} is ${type}`, async () => {
      const renderers = [new JSONRenderer(), new MessagePackRenderer()];
      const answer = await get(
        endpoint({ renderers }, () => ({ n: [1] })),
        accept,
      );
      expect(answer.header("Content-Type")).to.equal(type);
      expect(decode(answer.bytes)).to.deep.equal({ n: [1] });
    });
  }

  it("C10: one that ends in +json is JSON, sent as it is, parameters kept", async () => {
    const content_type = 'application/ld+json; profile="x"';
    const answer = await get(endpoint({ content_type }, () => ({ n: 1 })));
    expect(answer.header("Content-Type")).to.equal(content_type);
    expect(json(answer)).to.deep.equal({ n: 1 });
  });
});

describe("api/formats: Accept", () => {
  quiet();
  let runs = 0;
  beforeEach(() => {
    runs = 0;
  });
  const count = (): { n: number } => ({ n: ++runs });
  const renderers = [new JSONRenderer(), new MessagePackRenderer(), new TemplateRenderer("x.html")];

  const declaring: [what: string, spec: Spec][] = [
    ["response", { response: z.object({ n: z.int() }) }],
    ["content_type", { content_type: "application/problem+json" }],
    ["renderers", { renderers: [new JSONRenderer()] }],
  ];
  for (const [what, spec] of declaring) {
    it(`N4, E11: nothing acceptable and ${what} declared: 406, and the handler does not run`, async () => {
      const answer = await get(endpoint(spec, count as never), "image/png");
      expect([answer.status, runs]).to.deep.equal([406, 0]);
      expect(answer.header("Content-Type")).to.equal("application/json");
      expect(json(answer)).to.deep.include({
        extra: { available: [spec.content_type ?? "application/json"] },
      });
    });
  }

  it("N5: nothing acceptable and nothing declared: the first of the offer", async () => {
    const answer = await get(endpoint({}, count), "image/png");
    expect([answer.status, runs]).to.deep.equal([200, 1]);
    expect(answer.header("Content-Type")).to.equal("application/json");
  });

  it("N6: more than one type: Vary: Accept, on errors too", async () => {
    for (const accept of [undefined, "application/json", "image/png"])
      expect((await get(endpoint({ renderers }, count), accept)).header("Vary")).to.equal("Accept");
    expect((await get(endpoint({}, count))).header("Vary")).to.equal(undefined);
  });

  it("security T26: 406 when nothing fits, with Vary: Accept", async () => {
    for (const accept of ["*/*;q=0", "a/b, ".repeat(3000)]) {
      const answer = await get(endpoint({ response: z.unknown() }, count), accept);
      expect([answer.status, answer.header("Vary")]).to.deep.equal([406, "Accept"]);
    }
  });

  it("security D18: a header that cannot be read is 400", async () => {
    const answer = await get(endpoint({ renderers }, count), "a/b; x*=nope''c");
    expect([answer.status, runs]).to.deep.equal([400, 0]);
    expect(answer.header("Content-Type")).to.equal("application/json");
  });
});

describe("api/formats: bodies", () => {
  quiet();
  const Item = z.object({ n: z.int() });
  const item = endpoint({ methods: ["POST"], body: Item }, (_request, { body }) => body);
  const anything = { methods: ["POST"], body: z.unknown(), status: 200 };
  const any = endpoint(anything, (_request, { body }) => body ?? "nothing");
  const parsers = [new JSONParser(), new MessagePackParser(), new TextParser()];
  const all = endpoint({ ...anything, parsers }, (_request, { body }) => ({ body }));

  it("N8: the parser of the Content-Type reads it", async () => {
    expect(json(await post(all, "[1]", "application/json; v=1"))).to.deep.equal({ body: [1] });
    expect(json(await post(all, "[1]", "text/plain"))).to.deep.equal({ body: "[1]" });
    expect(json(await post(all, encode([1]), "application/msgpack"))).to.deep.equal({ body: [1] });
  });

  it("N9: without Content-Type it is the first parser's", async () => {
    expect(json(await post(all, "[1]"))).to.deep.equal({ body: [1] });
  });

  it("N10, E9: another type is 415, with the types that are taken", async () => {
    const answer = await post(all, "a,b", "text/csv");
    const supported = ["application/json", "application/x-msgpack", "text/plain"];
    expect(answer.status).to.equal(415);
    expect(answer.header("Accept")).to.equal(supported.join(", "));
    expect(json(answer)).to.deep.include({ extra: { supported } });
  });

  it("N11: form types never reach body", async () => {
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
      expect((await post(any, "n=1", type)).status).to.equal(415);
    expect(json(await post(any, "[1]", "application/vnd.api+json"))).to.deep.equal([1]);
  });

  it("E8: one that cannot be parsed is 400, with line and column", async () => {
    const answer = await post(item, '{\n  "n": }', "application/json");
    expect(answer.status).to.equal(400);
    const msg = "The body is not JSON: a value is expected (line 2, column 8)";
    expect(json(answer)).to.deep.equal({ detail: [{ msg, type: "parse_error", loc: ["body"] }] });
  });

  const types: [content_type: string, status: number][] = [
    ["application/json", 201],
    ["application/JSON", 201],
    ["application/json;charset=utf-8", 201],
    [" application/json", 201],
    ["application/json; charset=utf-16", 415],
    ["application/json\ta", 415],
    ["application/json garbage", 415],
    ["application/jsonx", 415],
    ["text/json", 415],
    ["text/plain", 415],
    ["__proto__", 415],
  ];
  for (const [content_type, status] of types) {
    it(`security T1: ${JSON.stringify(content_type)} is ${status}, and 422 only where it is parsed`, async () => {
      expect((await post(item, '{"n": 1}', content_type)).status).to.equal(status);
      const unfit = status === 201 ? 422 : 415;
      expect((await post(item, '{"n": "1"}', content_type)).status).to.equal(unfit);
    });
  }

  it("security T2: nested 101 deep and 100,000 deep are 400, 100 deep is fine", async () => {
    for (const [levels, status] of [
      [100, 200],
      [101, 400],
      [100_000, 400],
    ] as const) {
      const body = "[".repeat(levels) + "]".repeat(levels);
      expect((await post(any, body, "application/json")).status).to.equal(status);
    }
  });

  it("security T3: __proto__ from a body is an own name, and goes back as one", async () => {
    const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}';
    expect((await post(any, body, "application/json")).bytes.toString()).to.equal(body);
    expect(({} as { admin?: unknown }).admin).to.equal(undefined);
  });

  it("security T5: a lone surrogate is kept, and written back as an escape", async () => {
    const body = '["\\ud800"]';
    expect((await post(any, body, "application/json")).bytes.toString()).to.equal(body);
  });

  const numbers: [n: string, status: number][] = [
    ["9007199254740993", 422],
    ["1e400", 422],
    ["-0", 201],
    ["1.0", 201],
    ['"10"', 422],
    ["true", 422],
    ["[1]", 422],
    ['""', 422],
  ];
  for (const [n, status] of numbers) {
    it(`security T6: ${n} for an integer is ${status}`, async () => {
      const answer = await post(item, `{"n": ${n}}`, "application/json");
      expect(answer.status).to.equal(status);
    });
  }

  it("security D22, T25: one of 2,621,441 bytes is 413", async () => {
    const answer = await post(any, `"${"x".repeat(2_621_439)}"`, "application/json");
    expect(answer.status).to.equal(413);
    expect((await post(any, `"${"x".repeat(2_621_438)}"`, "application/json")).status).to.equal(
      200,
    );
  });
});
