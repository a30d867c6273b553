/** Specification of the schemas for those who use zod. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { json_schema, type Schema, unshown_fields, validated } from "nuages/api/schema";
import { encoded, uploaded_file } from "nuages/api/zod";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { SimpleUploadedFile, type UploadedFile } from "nuages/core/files/uploadedfile";
import { z } from "zod";
import { args_of, rf } from "../support/parameters.ts";
import { END, part, TYPE } from "../support/multipart.ts";

function file(size: number, content_type = "image/png"): SimpleUploadedFile {
  return new SimpleUploadedFile("x", "x".repeat(size), { content_type });
}

describe("api/zod: uploaded_file", () => {
  const limits = { min_size: 2, max_size: 4, types: ["image/*", "text/plain"] };
  const cases: [name: string, value: unknown, error: string | undefined][] = [
    ["a file in the limits", file(3), undefined],
    ["one of the least size", file(2), undefined],
    ["one of the greatest size", file(4), undefined],
    ["a smaller one", file(1), "too_small"],
    ["a larger one", file(5), "too_big"],
    ["one of a type that is listed", file(3, "text/plain"), undefined],
    ["one of a type in other case", file(3, "Image/GIF"), undefined],
    ["one of another type", file(3, "text/html"), "invalid_value"],
    ["one of a type that only begins so", file(3, "text/plainly"), "invalid_value"],
    ["one that says to be anything", file(3, "*/*"), "invalid_value"],
    ["one that says nothing", file(3, ""), "invalid_value"],
    ["text", "x", "invalid_type"],
    ["nothing", undefined, "invalid_type"],
    ["a Blob", new Blob(["xxx"]), "invalid_type"],
  ];
  for (const [name, value, code] of cases) {
    it(`P8: ${code === undefined ? "takes" : "refuses"} ${name}`, () => {
      const { error } = uploaded_file(limits).safeParse(value);
      expect(error?.issues.map((issue) => issue.code)).to.deep.equal(code && [code]);
    });
  }

  it("P8: says in bytes and types what is wrong", () => {
    const messages = (value: unknown): string[] | undefined =>
      uploaded_file(limits)
        .safeParse(value)
        .error?.issues.map(({ message }) => message);
    expect(messages(file(5))?.[0]).to.match(/file.*4/);
    expect(messages(file(3, "a/b"))?.[0])
      .to.include('"image/*"')
      .and.include('"text/plain"');
  });

  it("P8: without limits takes any file, and */* is any type", () => {
    expect(uploaded_file().safeParse(file(0, "")).success).to.equal(true);
    expect(uploaded_file({ types: ["*/*"] }).safeParse(file(0, "")).success).to.equal(true);
  });

  it("P8: an input that was left empty is absent", () => {
    const empty = rf.generic("POST", "/", Buffer.concat([part('name="f"; filename=""', ""), END]), {
      content_type: TYPE,
    });
    const one = z.object({ f: uploaded_file().optional() });
    expect(args_of({ form: one }, empty).form).to.deep.equal({});
    const many = z.object({ f: z.array(uploaded_file()).default([]) });
    expect(args_of({ form: many }, empty).form).to.deep.equal({ f: [] });
  });

  it("O4: is a binary string in the document", () => {
    const schema = z.object({ one: uploaded_file(limits), many: z.array(uploaded_file()) });
    const binary = { type: "string", format: "binary" };
    expect(json_schema(schema, "input")?.properties).to.deep.equal({
      one: binary,
      many: { type: "array", items: binary },
    });
    expect(unshown_fields(schema, "input")).to.deep.equal([]);
  });

  it("is typed as a file", () => {
    const schema = z.object({ f: uploaded_file().optional() });
    expectTypeOf<z.output<typeof schema>>().toEqualTypeOf<{ f?: UploadedFile | undefined }>();
    expectTypeOf<z.input<typeof schema>>().toEqualTypeOf<{ f?: UploadedFile | undefined }>();
  });
});

const when = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const Event = z.object({ at: when, n: z.int().default(1) });
const codec = { decode: (text: string) => text.length, encode: (n: number) => "x".repeat(n) };
const sent = { at: "1970-01-01T00:00:00.000Z", n: 2 };

describe("api/zod: encoded", () => {
  it("R9: takes the decoded form and gives the encoded one", () => {
    const result = validated(encoded(Event), { at: new Date(0), n: 2 }, ["response"]);
    expect(result).to.deep.equal({ value: sent });
  });

  it("R9: the same schema decodes requests", () => {
    const { at } = Event.parse(sent);
    expect(at).to.deep.equal(new Date(0));
  });

  it("R9: gives nothing that the schema does not name", () => {
    const value = { at: new Date(0), n: 2, secret: "x" };
    expect(validated(encoded(Event), value, [])).to.deep.equal({ value: sent });
  });

  it("R9: reads properties and getters of instances", () => {
    class Row {
      n = 2;
      get at(): Date {
        return new Date(0);
      }
    }
    expect(validated(encoded(Event), new Row(), [])).to.deep.equal({ value: sent });
  });

  it("R9: tells faults as any schema does", () => {
    const result = validated(encoded(Event), { at: "1970-01-01", n: 2 }, ["response"]);
    const [fault] = result instanceof Promise ? [] : (result.faults ?? []);
    expect(fault).to.include({ type: "invalid_type" });
    expect(fault?.loc).to.deep.equal(["response", "at"]);
  });

  it("R9: a transform of one direction is ImproperlyConfigured on first use", () => {
    const schema = encoded(z.object({ n: z.string().transform(Number) }));
    expect(() => validated(schema, { n: 5 }, []))
      .to.throw(ImproperlyConfigured)
      .with.property("message")
      .that.includes("z.codec()");
  });

  const slow = z.codec(z.string(), z.number(), {
    decode: async (text) => Number(text),
    encode: async (n) => String(n),
  });

  it("R9, P14: asynchronous codecs are waited for", async () => {
    const result = await validated(encoded(z.object({ n: slow })), { n: 5 }, []);
    expect(result).to.deep.equal({ value: { n: "5" } });
    expect((await validated(encoded(slow), "x", [])).faults).to.have.lengthOf(1);
  });

  it("R9: the same for a transform of one direction behind one", async () => {
    const schema = encoded(z.object({ a: slow, b: z.string().transform(Number) }));
    const error = await Promise.resolve()
      .then(() => validated(schema, { a: 5, b: 5 }, []))
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ImproperlyConfigured);
  });

  it("R9: an error of a codec is thrown as it is", async () => {
    const broken = z.codec(z.string(), z.number(), {
      decode: Number,
      encode: () => {
        throw new RangeError("broken");
      },
    });
    const error = await Promise.resolve()
      .then(() => validated(encoded(broken), 5, []))
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RangeError);
  });

  it("R9: shows the encoded form in the document", () => {
    const schema = encoded(z.object({ at: when, size: z.codec(z.string(), z.int(), codec) }));
    expect(json_schema(schema, "output")?.properties).to.deep.include({ size: { type: "string" } });
    expect(json_schema(schema, "input")?.properties).to.deep.include({
      at: { type: "string", format: "date-time" },
    });
    expect(json_schema(encoded(Event.meta({ id: "ZodSpecEvent" })), "output")).to.have.property(
      "$ref",
    );
  });

  it("R9: is typed the other way round", () => {
    const schema = encoded(Event);
    expectTypeOf(schema).toEqualTypeOf<
      Schema<{ at: Date; n: number }, { at: string; n?: number | undefined }>
    >();
  });
});
