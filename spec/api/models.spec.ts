/** Specification of nuages/api: response models at endpoints. @module */
import { type } from "arktype";
import { expect } from "chai";
import { describe, it } from "mocha";
import { endpoint } from "nuages/api/endpoint";
import { file, send_file } from "nuages/api/files";
import { Reply } from "nuages/api/responses";
import type { Schema } from "nuages/api/schema";
import type { Spec } from "nuages/api/spec";
import { jsonl, sse } from "nuages/api/streaming";
import { encoded } from "nuages/api/zod";
import { FileResponse, HttpResponse, StreamingHttpResponse } from "nuages/http";
import * as v from "valibot";
import { z } from "zod";
import { ask_endpoint, type Asked, type Got, type Handle } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";

const Item = z.object({ n: z.int() });
const Problem = z.object({ reason: z.string() });
const DEBUG = { DEBUG: true };

/** What was wrong with a response, as DEBUG shows it. */
function faults(got: Got): unknown {
  const { extra } = got.json() as { extra?: { validation_errors?: unknown } };
  return extra?.validation_errors;
}

function unfit(spec: Spec, handle: Handle, asked: Asked = {}): Promise<Got> {
  return ask_endpoint(spec, handle, { ...asked, settings: DEBUG });
}

describe("api/models: one schema", () => {
  const shifted: [library: string, schema: Schema][] = [
    ["zod", z.object({ n: z.int().transform((n) => n + 1) })],
    [
      "valibot",
      v.object({
        n: v.pipe(
          v.number(),
          v.integer(),
          v.transform((n) => n + 1),
        ),
      }),
    ],
    ["ArkType", type({ n: type("number.integer").pipe((n) => n + 1) })],
  ];
  for (const [library, response] of shifted) {
    it(`R1: it validates, and its output is sent (${library})`, async () => {
      for (const value of [{ n: 1 }, new Reply({ n: 1 }), new Reply({ n: 1 }, { status: 202 })])
        expect((await ask_endpoint({ response }, () => value)).text).to.equal('{"n":2}');
      const got = await unfit({ response }, () => ({ n: "1" }));
      expect(got.status).to.equal(500);
      expect(faults(got)).to.have.nested.property("[0].loc").that.deep.equals(["response", "n"]);
    });
  }

  it("R1: an asynchronous schema is waited for", async () => {
    const response = z.object({ n: z.int().refine(async (n) => n > 0) });
    expect((await ask_endpoint({ response }, () => ({ n: 1 }))).text).to.equal('{"n":1}');
    expect((await ask_endpoint({ response }, () => ({ n: 0 }))).status).to.equal(500);
  });

  it("R1: what the schema gives is encoded as any data, with the encoders of the layers", async () => {
    class Money {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    const spec: Spec = {
      response: z.object({ at: z.date(), price: z.instanceof(Money) }),
      type_encoders: [[Money, ({ cents }: Money) => cents / 100]],
    };
    const got = await ask_endpoint(spec, () => ({ at: new Date(0), price: new Money(150) }));
    expect(got.text).to.equal('{"at":"1970-01-01T00:00:00Z","price":1.5}');
  });

  it("R5: properties and getters of instances are read", async () => {
    class Row {
      readonly #n = 1;
      get n(): number {
        return this.#n;
      }
    }
    for (const response of [Item, v.object({ n: v.number() })])
      expect((await ask_endpoint({ response }, () => new Row())).text).to.equal('{"n":1}');
    const list = await ask_endpoint({ response: z.array(Item) }, () => [new Row()]);
    expect(list.text).to.equal('[{"n":1}]');
  });

  const rows = { n: 1, password: "secret" };
  const libraries: [library: string, schema: Schema, text: string][] = [
    ["zod", Item, '{"n":1}'],
    ["valibot", v.object({ n: v.number() }), '{"n":1}'],
    ["ArkType", type({ n: "number" }), '{"n":1,"password":"secret"}'],
    ["ArkType told to delete", type({ "+": "delete", n: "number" }), '{"n":1}'],
  ];
  for (const [library, response, text] of libraries) {
    it(`R6: of unknown properties ${library} leaves ${text}`, async () => {
      expect((await ask_endpoint({ response }, () => rows)).text).to.equal(text);
    });
  }

  it("R6: nor inside of others", async () => {
    const response = z.object({ list: z.array(Item) });
    expect((await ask_endpoint({ response }, () => ({ list: [rows] }))).text).to.equal(
      '{"list":[{"n":1}]}',
    );
  });

  it("R6: a strict schema refuses them", async () => {
    const response = z.strictObject({ n: z.int() });
    expect((await ask_endpoint({ response }, () => rows)).status).to.equal(500);
  });

  const plain: [what: string, make: () => unknown][] = [
    ["HttpResponse", () => new HttpResponse('{"m":1}')],
    ["StreamingHttpResponse", () => new StreamingHttpResponse(['{"m":1}'])],
    ["Response of the Fetch standard", () => new Response('{"m":1}')],
  ];
  for (const [what, make] of plain) {
    it(`R7: a plain ${what} is never checked`, async () => {
      const { status, text } = await ask_endpoint({ response: Item }, make);
      expect([status, text]).to.deep.equal([200, '{"m":1}']);
    });
  }

  it("R8: without validation values are sent as they are: no check, no filter", async () => {
    const spec: Spec = { response: Item, validate_responses: false };
    expect((await ask_endpoint(spec, () => rows)).text).to.equal(JSON.stringify(rows));
    expect((await ask_endpoint(spec, () => ({ n: "x" }))).status).to.equal(200);
    const undeclared = await ask_endpoint(spec, () => new Reply({ m: 1 }, { status: 409 }));
    expect([undeclared.status, undeclared.text]).to.deep.equal([409, '{"m":1}']);
    const nothing = await ask_endpoint(
      { ...spec, response: null },
      () => new Reply({ m: 1 }, { status: 200 }),
    );
    expect([nothing.status, nothing.text]).to.deep.equal([200, ""]);
    const other = await ask_endpoint({ ...spec, response: file() }, () => new HttpResponse("x"));
    expect([other.status, other.text]).to.deep.equal([200, "x"]);
  });

  it("R9: encoded() takes the decoded form, sends the encoded one, and filters", async () => {
    const date = z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (when) => when.toISOString(),
    });
    const Event = z.object({ at: date });
    const spec: Spec = { body: Event, response: encoded(Event), methods: ["POST"] };
    const later = (_request: unknown, { body }: Record<string, unknown>): unknown => {
      const { at } = body as { at: Date };
      return { at: new Date(at.getTime() + 1000), secret: 1 };
    };
    const asked = { method: "POST", body: '{"at":"2026-01-01T00:00:00Z"}' };
    const { status, text } = await ask_endpoint(spec, later, asked);
    expect([status, text]).to.deep.equal([201, '{"at":"2026-01-01T00:00:01.000Z"}']);
  });

  it("R9: a one-way transform in it is ImproperlyConfigured at first use", async () => {
    const response = encoded(z.object({ n: z.string().transform(Number) }));
    const { status, response: answer } = await ask_endpoint({ response }, () => ({ n: 1 }));
    expect([status, (answer.exc_info as Error).name]).to.deep.equal([500, "ImproperlyConfigured"]);
  });

  it("R13: without a model nothing is checked", async () => {
    expect((await ask_endpoint({}, () => rows)).text).to.equal(JSON.stringify(rows));
  });
});

describe("api/models: by status", () => {
  const response = { 200: Item, 404: Problem, 410: null };
  const reply = (data: unknown, status: number) => (): unknown => new Reply(data, { status });

  it("R2: the model of the effective status", async () => {
    expect((await ask_endpoint({ response }, () => ({ n: 1, m: 2 }))).text).to.equal('{"n":1}');
    const missing = await ask_endpoint({ response }, reply({ reason: "x", m: 2 }, 404));
    expect([missing.status, missing.text]).to.deep.equal([404, '{"reason":"x"}']);
    expect((await ask_endpoint({ response }, reply({ n: 1 }, 404))).status).to.equal(500);
    const entry: Spec = { response: { 200: { model: Item, description: "an item" } } };
    expect((await ask_endpoint(entry, () => ({ n: 1, m: 2 }))).text).to.equal('{"n":1}');
  });

  it("R3: data with a status that has no model are a ResponseValidationError", async () => {
    for (const spec of [
      { response },
      { response: Item },
      { response: null },
      { response: file() },
      { response: sse(Item) },
    ]) {
      const got = await unfit(spec, reply({ n: 1 }, 409));
      expect(got.status).to.equal(500);
      expect(faults(got)).to.deep.equal([
        {
          msg: "GET endpoint() declares no data for the status 409.",
          type: "undeclared_status",
          loc: ["response"],
        },
      ]);
    }
    expect((await ask_endpoint({ response: file() }, reply({ n: 1 }, 200))).status).to.equal(500);
  });

  it("R3: a null model drops any value (NC1)", async () => {
    const {
      status,
      text,
      type: content_type,
    } = await ask_endpoint({ response }, reply({ n: 1 }, 410));
    expect([status, text, content_type]).to.deep.equal([410, "", undefined]);
  });

  it("R2: files, streams and data side by side, each by its status", async () => {
    const mixed: Spec = { response: { 200: jsonl(Item), 202: Problem, 404: Problem } };
    expect((await ask_endpoint(mixed, () => [{ n: 1 }])).text).to.equal('{"n":1}\n');
    for (const status of [202, 404]) {
      for (const accept of ["application/json", "application/jsonl", "*/*"]) {
        const got = await ask_endpoint(mixed, reply({ reason: "x" }, status), {
          headers: { Accept: accept },
        });
        expect([got.status, got.type, got.text]).to.deep.equal([
          status,
          "application/json",
          '{"reason":"x"}',
        ]);
      }
    }
    const pictures: Spec = { response: { 200: file({ content_type: "image/png" }), 404: Problem } };
    const missing = await ask_endpoint(pictures, reply({ reason: "x" }, 404), {
      headers: { Accept: "image/png" },
    });
    expect([missing.status, missing.type]).to.deep.equal([404, "application/json"]);
  });
});

describe("api/models: what does not fit", () => {
  it("R4: is logged once, at error level, with the faults", async () => {
    const { status, records } = await ask_endpoint({ response: Item }, () => ({ n: "secret" }));
    expect(status).to.equal(500);
    const [record] = records;
    expect(records).to.have.lengthOf(1);
    expect(record).to.include({ logger: "nuages.api", level: "error", status_code: 500 });
    expect(record?.message).to.match(
      /^Response validation error: \/ \(response\.n: Invalid input: expected /,
    );
    expect(record).to.have.nested.property("error.name", "ResponseValidationError");
    expect(record).to.have.nested.property("request.path", "/");
  });

  it("R4: whatever its status", async () => {
    const spec: Spec = { response: Item, response_error_status: 422 };
    const { status, records } = await ask_endpoint(spec, () => ({}));
    expect([status, records.map(({ level }) => level)]).to.deep.equal([422, ["error"]]);
  });

  it("security T9: of 100,000 items that do not fit, 50 faults are told", async () => {
    const many = Array.from({ length: 100_000 }, () => "x".repeat(200));
    const got = await unfit({ response: z.array(z.int()) }, () => many);
    expect(faults(got)).to.have.lengthOf(50);
    expect(got.text.length).to.be.below(65_536);
  });
});

describe("api/models: kinds", () => {
  const files = temporary_directory({ "a.txt": "0123456789" });
  const text = file({ content_type: "text/plain", headers: { "X-Sum": { required: true } } });
  const send = (): unknown => send_file(files.path("a.txt"));

  it("R10: an item that does not fit breaks the stream off", async () => {
    for (const kind of [jsonl(Item), sse(Item)]) {
      const failed = await ask_endpoint({ response: kind }, () => [{ n: 1 }, { n: "x" }]).catch(
        (error: unknown) => error,
      );
      expect((failed as Error).name).to.equal("ResponseValidationError");
    }
  });

  it("R11: a required header may come from a layer", async () => {
    const bare = await unfit({ response: text }, send);
    expect(bare.status).to.equal(500);
    expect(faults(bare)).to.deep.equal([
      { msg: "The header X-Sum is missing.", type: "missing", loc: ["headers", "X-Sum"] },
    ]);
    const layered = await ask_endpoint(
      { response: text, response_headers: { "X-Sum": "1" } },
      send,
    );
    expect([layered.status, layered.text]).to.deep.equal([200, "0123456789"]);
  });

  it("R11: other responses are refused with a status of success, and only then", async () => {
    expect((await ask_endpoint({ response: file() }, () => new HttpResponse("x"))).status).to.equal(
      500,
    );
    expect(
      (await ask_endpoint({ response: file() }, () => new StreamingHttpResponse(["x"]))).status,
    ).to.equal(500);
    const missing = (): unknown => new HttpResponse("x", { status: 404 });
    expect((await ask_endpoint({ response: file() }, missing)).status).to.equal(404);
    const not_acceptable = { headers: { Accept: "text/plain" } };
    expect((await ask_endpoint({ response: file() }, missing, not_acceptable)).status).to.equal(
      404,
    );
  });

  it("R11: what is refused is closed", async () => {
    let is_closed = false;
    const open = { read: () => Buffer.alloc(0), close: () => (is_closed = true) };
    const wrong = (): unknown => new FileResponse(open as never, { content_type: "image/png" });
    expect((await ask_endpoint({ response: text }, wrong)).status).to.equal(500);
    expect(is_closed).to.equal(true);
  });
});

describe("api/models: types", () => {
  it("R12: what the handler returns must agree with the model", () => {
    const spec = { response: { 200: Item, 404: Problem } } as const;
    const views = [
      endpoint(spec, () => ({ n: 1 })),
      endpoint(spec, async (): Promise<{ n: number }> => ({ n: 1 })),
      endpoint(spec, () => new Reply({ reason: "x" }, { status: 404 })),
      endpoint(spec, () => new HttpResponse("x")),
      endpoint(spec, () => new Response("x")),
      // @ts-expect-error -- n is a number
      endpoint(spec, (): { n: string } => ({ n: "1" })),
      // @ts-expect-error -- n is missing
      endpoint(spec, () => ({})),
      // @ts-expect-error -- the model of 404 has a reason
      endpoint(spec, () => new Reply({ n: 1 }, { status: 404 })),
      // @ts-expect-error -- 409 is not declared
      endpoint(spec, () => new Reply({ n: 1 }, { status: 409 })),
      // @ts-expect-error -- there is content
      endpoint({ response: null }, () => ({ n: 1 })),
      // @ts-expect-error -- that is no file
      endpoint({ response: file() }, () => ({ n: 1 })),
      // @ts-expect-error -- those are no items
      endpoint({ response: sse(Item) }, () => [{ m: 1 }]),
    ];
    expect(views).to.have.lengthOf(12);
  });
});
