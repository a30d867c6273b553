/** Specification of how text becomes what a schema declares. @module */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import type { Schema } from "nuages/api/schema";
import { path } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import * as v from "valibot";
import { z } from "zod";
import * as mini from "zod/mini";
import { cpu_ratio_of } from "../support/cpu_time.ts";
import { logged } from "../support/log.ts";
import { args_of, faults_of, locations_of, query_of, rf } from "../support/parameters.ts";
import { with_settings } from "../support/settings.ts";
import { with_site } from "../support/site.ts";

/** What `x` becomes, without a schema that changes it again. */
function x_of(declared: z.ZodType, text: string): unknown {
  return (query_of(z.object({ x: declared }), text) as { x?: unknown }).x;
}

/** What the schema is given, whatever it says of it. */
function given_of(declared: z.ZodType, text: string): unknown {
  let given: unknown;
  const spied = z.object({ x: z.preprocess((value) => (given = value), declared) });
  faults_of(() => query_of(spied, `x=${encodeURIComponent(text)}`));
  return given;
}

type Case = [declared: z.ZodType, text: string, value: unknown];

const integer = z.int();
const number = z.number();
const boolean = z.boolean();

describe("api/parameters: text becomes what is declared", () => {
  const rows: Record<string, Case[]> = {
    "T1: a string stays": [
      [z.string(), "00123", "00123"],
      [z.string(), "true", "true"],
      [z.string().nullable(), "5", "5"],
      [z.union([z.string(), number]), "00123", "00123"],
      [z.union([integer, z.string()]), "5", "5"],
      [z.union([z.string().min(1), number.nullable()]), "5", "5"],
      [z.uuid().or(number), "5", "5"],
    ],
    "T2: an integer": [
      [integer, "3", 3],
      [integer, "-3", -3],
      [integer, "007", 7],
      [integer, "-0", 0],
      [integer, "9007199254740991", Number.MAX_SAFE_INTEGER],
      [integer, "-9007199254740991", Number.MIN_SAFE_INTEGER],
      [z.int32(), "3", 3],
      [z.number().int(), "3", 3],
      [integer.min(1).max(9), "3", 3],
      [integer.default(1), "3", 3],
      [integer.optional(), "3", 3],
      [integer.prefault(1), "3", 3],
      [integer.catch(1), "3", 3],
      [integer.readonly(), "3", 3],
      [z.lazy(() => integer), "3", 3],
      [integer.meta({ id: "CoercedInteger" }), "3", 3],
      [integer.pipe(z.number().min(2)), "3", 3],
      [z.intersection(integer, number), "3", 3],
    ],
    "T3: what is no integer is left": [
      [integer, "1.0", "1.0"],
      [integer, "x", "x"],
      [integer, "", ""],
      [integer, " 1", " 1"],
      [integer, "1_000", "1_000"],
      [integer, "1e3", "1e3"],
      [integer, "0x10", "0x10"],
      [integer, "+1", "+1"],
      [integer, "--1", "--1"],
      [integer, "١", "١"],
      [integer, "9007199254740992", "9007199254740992"],
      [integer, "-9007199254740992", "-9007199254740992"],
      [integer, "9".repeat(400), "9".repeat(400)],
    ],
    "T4: a number": [
      [number, "1.5", 1.5],
      [number, "1e3", 1000],
      [number, "1E+3", 1000],
      [number, ".5", 0.5],
      [number, "-1.5e-3", -0.0015],
      [number, "3", 3],
      [number, "-0", 0],
      [z.coerce.number(), "1.5", 1.5],
      [z.union([integer, number]), "1.5", 1.5],
      [z.union([z.number(), z.boolean()]), "1", 1],
      [number, "NaN", "NaN"],
      [number, "Infinity", "Infinity"],
      [number, "-Infinity", "-Infinity"],
      [number, "0x10", "0x10"],
      [number, "", ""],
      [number, " ", " "],
      [number, "1e400", "1e400"],
      [number, ".", "."],
      [number, "1,5", "1,5"],
    ],
    "T5: a boolean": [
      ...["true", "1", "on", "yes", "t", "y", "TRUE", "On"].map((text): Case => [
        boolean,
        text,
        true,
      ]),
      ...["false", "0", "off", "no", "f", "n", "False", "OFF"].map((text): Case => [
        boolean,
        text,
        false,
      ]),
      ...["", "2", "maybe", "truetrue", " true"].map((text): Case => [boolean, text, text]),
      [z.union([boolean, number]), "yes", true],
      [boolean.nullable().optional(), "no", false],
    ],
    "T8: a number or a word that is named": [
      [z.literal(2), "2", 2],
      [z.literal([1, 2]), "2", 2],
      [z.literal([1, 2]), "x", "x"],
      [z.enum({ One: 1, Two: 2 }), "2", 2],
      [z.literal(["a", 2]), "a", "a"],
      [z.literal(["a", 2]), "2", 2],
      [z.literal(["2", 2]), "2", "2"],
      [z.literal(true), "true", true],
      [z.union([z.literal("all"), integer]), "5", 5],
      [z.union([z.literal("all"), integer]), "all", "all"],
      [z.enum(["1", "2"]), "2", "2"],
    ],
    "T9: something or null": [
      [integer.nullable(), "5", 5],
      [integer.nullable(), "null", "null"],
      [boolean.nullable(), "true", true],
      [z.string().nullable(), "null", "null"],
      [z.null(), "null", "null"],
    ],
  };
  for (const [row, cases] of Object.entries(rows)) {
    for (const [declared, text, value] of cases) {
      const shown = JSON.stringify(text.slice(0, 20));
      it(`${row}: ${declared.def.type} ${shown} is ${JSON.stringify(value)?.slice(0, 20)}`, () => {
        expect(given_of(declared, text)).to.deep.equal(value);
      });
    }
  }

  it("T5: z.coerce.boolean() reads false as false: the conversion comes first", () => {
    expect(x_of(z.coerce.boolean(), "x=false")).to.equal(false);
    expect(x_of(z.coerce.boolean(), "x=0")).to.equal(false);
    expect(x_of(z.coerce.boolean(), "x=true")).to.equal(true);
  });

  it("T3: what is left is reported by the schema, at its place", () => {
    expect(faults_of(() => query_of(z.object({ x: integer }), "x=1.0"))).to.deep.equal([
      {
        msg: "Invalid input: expected number, received string",
        type: "invalid_type",
        loc: ["query", "x"],
      },
    ]);
  });

  const lists: [declared: z.ZodType, text: string, value: unknown][] = [
    [z.array(z.string()), "x=a", ["a"]],
    [z.array(z.string()), "x=a&x=b", ["a", "b"]],
    [z.array(integer), "x=1&x=2", [1, 2]],
    [z.array(boolean), "x=yes", [true]],
    [z.array(z.union([integer, boolean])), "x=1&x=no", [1, false]],
    [z.array(z.string()).optional(), "", undefined],
    [z.array(z.string()).default(["d"]), "", ["d"]],
    [z.array(integer).nullable(), "x=1", [1]],
    [z.tuple([integer, z.string()]), "x=1&x=2", [1, "2"]],
    [z.tuple([z.string()], integer), "x=1&x=2", ["1", 2]],
    [z.union([z.string(), z.array(z.string())]), "x=a", "a"],
    [z.union([z.string(), z.array(z.string())]), "x=a&x=b", ["a", "b"]],
    [z.union([integer, z.array(integer)]), "x=1", 1],
    [z.union([integer, z.array(integer)]), "x=1&x=2", [1, 2]],
    [z.array(z.string()), "x=", [""]],
  ];
  for (const [declared, text, value] of lists) {
    it(`T6: ${declared.def.type} from ${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => {
      expect(x_of(declared, text)).to.deep.equal(value);
    });
  }

  it("T6: a fault in an element has its index", () => {
    const read = (): unknown => query_of(z.object({ x: z.array(integer) }), "x=1&x=b");
    expect(locations_of(read)).to.deep.equal([["query", "x", 1]]);
  });

  it("T7: of several values of what is no array the last counts", () => {
    expect(x_of(integer, "x=1&x=2")).to.equal(2);
    expect(x_of(z.string(), "x=1&x=2")).to.equal("2");
    expect(x_of(z.unknown(), "x=1&x=2")).to.equal("2");
  });

  it("T10: what the schema does not name is passed on, the last value of it", () => {
    const loose = z.looseObject({ x: integer });
    expect(query_of(loose, "x=1&other=y&other=z")).to.deep.equal({ x: 1, other: "z" });
    expect(query_of(z.object({ x: integer }), "x=1&other=z")).to.deep.equal({ x: 1 });
  });

  it("T10: a strict schema refuses it", () => {
    const strict = z.strictObject({ x: integer });
    const [fault] = faults_of(() => query_of(strict, "x=1&other=z"));
    expect(fault?.type).to.equal("unrecognized_keys");
    expect(fault?.loc).to.deep.equal(["query"]);
  });

  it("T10: a schema that says what others are decides for them", () => {
    expect(query_of(z.record(z.string(), integer), "a=1&b=2")).to.deep.equal({ a: 1, b: 2 });
    const rest = z.object({ x: z.string() }).catchall(z.array(boolean));
    expect(query_of(rest, "x=1&y=1")).to.deep.equal({ x: "1", y: [true] });
  });

  it("T11: without a JSON Schema one value is a string, several are an array", async () => {
    const bare = v.object({ one: v.string(), two: v.array(v.string()) });
    await logged(() =>
      expect(query_of(bare, "one=1&two=1&two=2")).to.deep.equal({ one: "1", two: ["1", "2"] }),
    );
  });

  it("T11: the same if the JSON Schema says nothing", () => {
    const given = query_of(z.custom(), "one=1&two=1&two=2");
    expect(given).to.deep.equal({ one: "1", two: ["1", "2"] });
  });

  it("T11: the same if the library fails to make one", async () => {
    const input = (): never => {
      throw new Error("There is none.");
    };
    const standard = {
      version: 1 as const,
      vendor: "broken",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input },
    };
    const broken: Schema = { "~standard": standard };
    const records = await logged(() =>
      expect(query_of(broken, "a=1&b=1&b=2")).to.deep.equal({ a: "1", b: ["1", "2"] }),
    );
    expect(records[0]?.message).to.match(/its JSON Schema cannot be made \(There is none\.\)\.$/);
  });

  const bare: [library: string, schema: Schema, remedy: string][] = [
    [
      "valibot",
      v.object({ n: v.string() }),
      "Wrap it in toStandardJsonSchema() of @valibot/to-json-schema.",
    ],
    [
      "zod/mini",
      mini.object({ n: mini.string() }),
      "Make it with zod 4.2 or newer, and with zod instead of zod/mini.",
    ],
  ];
  for (const [library, schema, remedy] of bare) {
    it(`T11: that is told once, when the endpoint is registered: ${library}`, async () => {
      const api = new API({ openapi: null });
      const spec = { query: schema, headers: schema, cookies: schema, path: schema, body: schema };
      const messages = (records: LogRecord[]): string[] =>
        records.map(({ logger, level, message }) => `${logger} ${level} ${message}`);
      const told = await logged(() => api.post("<n>/", spec, () => 1));
      expect(messages(told)).to.deep.equal(
        ["query", "headers", "cookies"].map(
          (part) =>
            `nuages.api warning All values in the ${part} of POST <n>/ stay text: ` +
            `its schema has no JSON Schema. ${remedy}`,
        ),
      );
      const later = await logged(() =>
        with_site([path("", api.urls)], { MIDDLEWARE: [] }, async (client) => {
          for (const id of ["1", "2"])
            await client.generic("POST", `/${id}/?n=1`, "{}", { content_type: "application/json" });
        }),
      );
      expect(messages(later).filter((text) => text.includes("stay text"))).to.deep.equal([]);
    });
  }
});

describe("api/parameters: schemas of objects", () => {
  it("T2: a union of objects: each property by all of them", () => {
    const schema = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("page"), n: integer }),
      z.object({ kind: z.literal("all"), deep: boolean }),
    ]);
    expect(query_of(schema, "kind=page&n=3")).to.deep.equal({ kind: "page", n: 3 });
    expect(query_of(schema, "kind=all&deep=no")).to.deep.equal({ kind: "all", deep: false });
  });

  const wholes: [name: string, schema: Schema][] = [
    ["an intersection", z.intersection(z.object({ a: integer }), z.object({ b: boolean }))],
    ["one with an id", z.object({ a: integer, b: boolean }).meta({ id: "CoercedWhole" })],
    ["one that is preprocessed", z.preprocess((x) => x, z.object({ a: integer, b: boolean }))],
    ["one that is transformed", z.object({ a: integer, b: boolean }).transform((x) => x)],
    ["one of ArkType", type({ a: "number.integer", b: "boolean" })],
    [
      "one of valibot",
      toStandardJsonSchema(v.object({ a: v.pipe(v.number(), v.integer()), b: v.boolean() })),
    ],
  ];
  for (const [name, schema] of wholes) {
    it(`T2, T5: ${name}`, () => {
      expect(query_of(schema, "a=1&b=1")).to.deep.equal({ a: 1, b: true });
      expect(locations_of(() => query_of(schema, "a=1.5&b=1"))).to.deep.equal([["query", "a"]]);
    });
  }

  it("T4, T6, T8, T9: a schema of valibot", () => {
    const schema = toStandardJsonSchema(
      v.object({
        n: v.optional(v.number(), 7),
        list: v.array(v.number()),
        pick: v.picklist([1, 2]),
        nil: v.nullable(v.number()),
      }),
    );
    const value = { n: 7, list: [1.5], pick: 2, nil: 5 };
    expect(query_of(schema, "list=1.5&pick=2&nil=5")).to.deep.equal(value);
  });

  it("T4, T6, T8, T9: a schema of ArkType", () => {
    const schema = type({ n: "number = 7", list: "number[]", pick: "1 | 2", nil: "number | null" });
    const value = { n: 7, list: [1.5], pick: 2, nil: 5 };
    expect(query_of(schema, "list=1.5&pick=2&nil=5")).to.deep.equal(value);
  });

  it("T2: a schema that holds itself is read once", () => {
    const Tree = z.object({
      depth: integer,
      get next() {
        return Tree.optional();
      },
    });
    expect(query_of(Tree, "depth=3")).to.deep.equal({ depth: 3 });
  });

  it("T1: a codec is given text", () => {
    const when = z.codec(z.iso.date(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString().slice(0, 10),
    });
    expect(x_of(when, "x=1970-01-02")).to.deep.equal(new Date(86_400_000));
    expect(x_of(z.coerce.date(), "x=1970-01-02")).to.deep.equal(new Date(86_400_000));
    expect(x_of(z.coerce.bigint(), "x=9007199254740993")).to.equal(9_007_199_254_740_993n);
    expect(x_of(z.stringbool(), "x=yes")).to.equal(true);
  });

  it("security T6: text is read strictly: no 0x10, no blanks, no digits of other scripts", () => {
    const schema = z.object({ x: number });
    for (const text of ["0x10", "%20", "", "1%201", "%2B1", "١", "1_0", "NaN"])
      expect(locations_of(() => query_of(schema, `x=${text}`))).to.deep.equal([["query", "x"]]);
  });

  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    it(`security T3: ${name} is a key as any other`, () => {
      expect(query_of(z.object({ x: integer.optional() }), `${name}=1`)).to.deep.equal({});
      const args = args_of({ query: z.looseObject({}) }, rf.get(`/?${name}=1`));
      expect((args.query as { admin?: unknown }).admin).to.equal(undefined);
      expect(Object.hasOwn(Object.prototype, "admin")).to.equal(false);
      expect(Object.getPrototypeOf(args.query)).to.equal(Object.prototype);
    });
  }

  it("D19: the time grows with the number of parameters, no faster", async () => {
    const schema = z.object({ n: z.array(integer) });
    const read = (count: number): unknown => {
      const names = Array.from({ length: count }, (_, at) => `n=${at}&name${at}=1`);
      return query_of(schema, names.join("&"));
    };
    await with_settings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: null }, async () => {
      const ratio = await cpu_ratio_of(
        () => read(2000),
        () => read(20_000),
      );
      expect(ratio).to.be.lessThan(30);
    });
  });
});
