/** Specification of schemas of any library: what they say of values, and of themselves. @module */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import {
  type Fault,
  is_schema,
  json_schema,
  json_schema_failure,
  type Schema,
  type SchemaInput,
  type SchemaOutput,
  unshown_fields,
  validated,
} from "nuages/api/schema";
import * as v from "valibot";
import { z } from "zod";

/** What is wrong with a value, found at once. */
function faults(schema: Schema, value: unknown): readonly Fault[] {
  const result = validated(schema, value, ["body"]);
  if (result instanceof Promise) throw new Error("There is a promise to wait for.");
  return result.faults ?? [];
}

/** A schema that finds these faults in everything. */
function finding(...issues: object[]): Schema {
  return {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: () => ({ issues: issues as { message: string }[] }), // or what a library gives against its type
    },
  };
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe("api/schema: is_schema", () => {
  const schemas = {
    zod: z.string(),
    valibot: v.string(),
    "valibot with JSON Schema": toStandardJsonSchema(v.string()),
    "ArkType, whose schemas are functions": type("string"),
    "a class of one's own": finding(),
  };
  for (const [library, schema] of Object.entries(schemas)) {
    it(`knows those of ${library}`, () => {
      expect(is_schema(schema)).to.equal(true);
    });
  }
  const others = [null, undefined, "x", {}, () => 1, { "~standard": null }, { "~standard": {} }];
  for (const other of others) {
    it(`does not take ${JSON.stringify(other) ?? typeof other} for one`, () => {
      expect(is_schema(other)).to.equal(false);
    });
  }
});

describe("api/schema: validated", () => {
  it("gives the output at once if nothing is asynchronous", () => {
    expect(validated(z.string().default("d"), undefined, [])).to.deep.equal({ value: "d" });
    expect(validated(type("string.numeric.parse"), "5", [])).to.deep.equal({ value: 5 });
  });

  it("P14: gives a promise if something is", async () => {
    const schema = z.string().refine(async (text) => text === "a");
    const result = validated(schema, "a", []);
    expect(result).to.be.instanceOf(Promise);
    expect(await result).to.deep.equal({ value: "a" });
    expect((await validated(schema, "b", ["query"])).faults).to.have.lengthOf(1);
  });

  it("P14: waits for what can only be awaited", async () => {
    const own = finding({ message: "no" });
    const result = own["~standard"].validate(1);
    // oxlint-disable-next-line unicorn/no-thenable -- a promise of another kind than the type promises
    const awaitable = { then: (done: (r: unknown) => void): void => done(result) };
    const validate = (): Promise<never> => awaitable as Promise<never>;
    const later: Schema = { "~standard": { ...own["~standard"], validate } };
    expect((await validated(later, 1, [])).faults).to.have.lengthOf(1);
  });

  const words: [library: string, schema: Schema, word: string][] = [
    ["zod", z.object({ a: z.object({ b: z.int() }) }), "invalid_type"],
    ["valibot", v.object({ a: v.object({ b: v.number() }) }), "number"],
    ["ArkType", type({ a: { b: "number" } }), "domain"],
    ["any other", finding({ message: "no", path: ["a", { key: "b" }] }), "value_error"],
  ];
  for (const [library, schema, word] of words) {
    it(`E7: the type is the word of ${library}, and the path its keys`, () => {
      const [fault] = faults(schema, { a: { b: "x" } });
      expect(fault?.type).to.equal(word);
      expect(fault?.loc).to.deep.equal(["body", "a", "b"]);
      expect(fault?.msg).not.to.equal("");
    });
  }

  it("E7: keys of a path that are no text or number are shown as text", () => {
    const [fault] = faults(finding({ message: "no", path: [Symbol("s"), { key: 3 }] }), 1);
    expect(fault?.loc).to.deep.equal(["body", "Symbol(s)", 3]);
  });

  it("security T4: keys and messages that cannot be read are replaced", () => {
    const unreadable = Object.create(null) as PropertyKey; // what a careless library may give
    const issue = {
      get message(): string {
        throw new TypeError("Cannot convert object to primitive value");
      },
      path: [{ key: unreadable }],
    };
    const found = faults(finding(issue, { message: 5 }), 1);
    expect(found.map(({ msg }) => msg)).to.deep.equal([
      "The value is not valid.",
      "The value is not valid.",
    ]);
    expect(found[0]?.loc).to.deep.equal(["body", "?"]);
  });

  it("security T9: keeps 50 faults", () => {
    expect(faults(z.array(z.int()), Array(1000).fill("x"))).to.have.lengthOf(50);
  });

  const long = "x".repeat(10_000_000);
  const quoting: Record<string, Schema> = {
    zod: z.strictObject({}),
    valibot: v.object({ a: v.number() }),
    ArkType: type({ a: "number" }),
    "a message of the value": finding({ message: `not "${long}"` }),
    "a message without quotes": finding({ message: long }),
    "a word of the value": finding({ message: "no", code: long }),
    "a key": finding({ message: "no", path: [long] }),
  };
  for (const [library, schema] of Object.entries(quoting)) {
    it(`security T9: a value of 10 MB is quoted up to 100 characters (${library})`, () => {
      const [fault] = faults(schema, { a: long, [long]: 1 });
      expect(fault?.msg.length).to.be.lessThan(310);
      expect(fault?.msg).not.to.match(/"[^"]{102}/);
      expect(bytes(fault)).to.be.lessThan(600);
    });
  }

  it("security T9: a cut leaves no half of a character", () => {
    const [fault] = faults(finding({ message: `x${"😀".repeat(400)}` }), 1);
    expect(JSON.stringify(fault?.msg)).not.to.include("\\ud");
  });

  it("security T9: together they stay under 64 KiB, however their text is written", () => {
    const worst = "\u0001".repeat(1000);
    const issue = { message: worst, code: worst, path: Array<string>(1000).fill(worst) };
    expect(bytes(faults(finding(...Array<object>(50).fill(issue)), 1))).to.be.lessThan(60_000);
  });
});

describe("api/schema: json_schema", () => {
  const date_time = { type: "string", format: "date-time" };
  const sides = z.object({ n: z.string().transform(Number).pipe(z.number()) });

  it("O6: the input side for requests, the output side for responses", () => {
    expect(json_schema(sides, "input")?.properties).to.deep.equal({ n: { type: "string" } });
    expect(json_schema(sides, "output")?.properties).to.deep.equal({ n: { type: "number" } });
  });

  it("O6: draft 2020-12", () => {
    const $schema = "https://json-schema.org/draft/2020-12/schema";
    expect(json_schema(z.int(), "input")).to.include({ $schema });
    expect(json_schema(type("string"), "input")).to.include({ $schema });
    expect(json_schema(toStandardJsonSchema(v.string()), "input")).to.include({ $schema });
  });

  it("is made once", () => {
    expect(json_schema(sides, "input")).to.equal(json_schema(sides, "input"));
    expect(json_schema(sides, "input")).not.to.equal(json_schema(sides, "output"));
  });

  const shown: Record<string, Schema> = {
    zod: z.object({ d: z.date(), b: z.bigint(), other: z.instanceof(Map) }),
    ArkType: type({ d: "Date", b: "bigint", other: "Map" }),
    valibot: toStandardJsonSchema(v.object({ d: v.date(), b: v.bigint(), other: v.instance(Map) })),
  };
  for (const [library, schema] of Object.entries(shown)) {
    for (const side of ["input", "output"] as const) {
      it(`O6: dates are date-time, bigints strings, what cannot be shown is {} (${library}, ${side})`, () => {
        expect(json_schema(schema, side)?.properties).to.deep.equal({
          d: date_time,
          b: { type: "string" },
          other: {},
        });
      });
    }
    it(`O6: tells what cannot be shown (${library})`, () => {
      expect(unshown_fields(schema, "input")).to.have.lengthOf(1);
    });
  }

  it("O6: tells where it is, if the library does", () => {
    const schema = z.object({ list: z.array(z.object({ m: z.map(z.string(), z.string()) })) });
    expect(unshown_fields(schema, "input")).to.deep.equal(["list.items.m (map)"]);
    expect(unshown_fields(z.object({ a: z.any(), s: z.string() }), "input")).to.deep.equal([]);
  });

  it("O6: a date that has metadata keeps them, inside what may be null or absent, too", () => {
    const schema = z.object({
      own: z.date().meta({ type: "integer", description: "seconds" }),
      may: z.date().nullable().optional(),
      big: z.bigint().nullable(),
    });
    expect(json_schema(schema, "input")?.properties).to.deep.equal({
      own: { type: "integer", description: "seconds" },
      may: { anyOf: [date_time, { type: "null" }] },
      big: { type: ["string", "null"] },
    });
  });

  it("O6: a library without JSON Schema gives undefined", () => {
    expect(json_schema(v.string(), "input")).to.equal(undefined);
    expect(unshown_fields(v.string(), "input")).to.deep.equal([]);
  });

  it("O6: a conversion that fails gives undefined, never an exception", () => {
    const twice = z.object({
      a: z.string().meta({ id: "SchemaSpecTwice" }),
      b: z.int().meta({ id: "SchemaSpecTwice" }),
    });
    expect(json_schema(twice, "input")).to.equal(undefined);
    expect(json_schema_failure(twice, "input")).to.be.instanceOf(Error);
    expect(json_schema_failure(sides, "input")).to.equal(undefined);
  });
});

describe("api/schema: types", () => {
  it("what a schema takes and gives is known of every library", () => {
    const from_zod = z.object({ n: z.string().transform(Number) });
    expectTypeOf<SchemaInput<typeof from_zod>>().toEqualTypeOf<{ n: string }>();
    expectTypeOf<SchemaOutput<typeof from_zod>>().toEqualTypeOf<{ n: number }>();
    const from_valibot = v.object({ n: v.pipe(v.string(), v.transform(Number)) });
    expectTypeOf<SchemaInput<typeof from_valibot>>().toEqualTypeOf<{ n: string }>();
    expectTypeOf<SchemaOutput<typeof from_valibot>>().toEqualTypeOf<{ n: number }>();
    const from_arktype = type({ n: "string.numeric.parse" });
    expectTypeOf<SchemaInput<typeof from_arktype>>().toEqualTypeOf<{ n: string }>();
    expectTypeOf<SchemaOutput<typeof from_arktype>>().toEqualTypeOf<{ n: number }>();
    expectTypeOf<SchemaInput<string>>().toEqualTypeOf<never>();
  });

  it("a schema of any library is a Schema", () => {
    expectTypeOf(z.object({ a: z.string() })).toExtend<Schema>();
    expectTypeOf(v.string()).toExtend<Schema<string>>();
    expectTypeOf(type("string")).toExtend<Schema>();
    expectTypeOf<{ "~standard": 1 }>().not.toExtend<Schema>();
  });
});
