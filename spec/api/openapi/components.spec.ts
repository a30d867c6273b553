/** The schemas of a document: forms, names, references. @module */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { expect } from "chai";
import { describe, it } from "mocha";
import { API, jsonl, offset_page, type OpenAPIDocument } from "nuages/api";
import { encoded } from "nuages/api/zod";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import * as v from "valibot";
import { z } from "zod";
import { logged } from "../../support/log.ts";
import { component, document_of, documented, operation_of, response_of } from "./_documents.ts";

type JSONSchema = Record<string, unknown>;

/** The schema of the JSON body that GET /api/ answers with. */
function answered(document: OpenAPIDocument): JSONSchema | undefined {
  const { content } = response_of(operation_of(document, "get", "/api/"), 200);
  return content?.["application/json"]?.schema;
}

/** The schema of the JSON body that POST /api/ takes. */
function taken(document: OpenAPIDocument): JSONSchema | undefined {
  return operation_of(document, "post", "/api/").requestBody?.content["application/json"]?.schema;
}

/** The names of the components, without those of errors. */
function names(document: OpenAPIDocument): string[] {
  const all = Object.keys(document.components?.schemas ?? {});
  return all.filter((name) => !name.startsWith("Error")).toSorted();
}

/** A document whose GET gives the schema, and whose POST takes it. */
function both_ways(schema: z.ZodType): OpenAPIDocument {
  return documented((api) => {
    api.get("", { response: schema }, () => Promise.reject(new Error("It is not asked.")));
    api.post("", { body: schema }, () => "");
  });
}

const ref = (name: string): JSONSchema => ({ $ref: `#/components/schemas/${name}` });

describe("api/openapi: schemas", () => {
  const With_default = z.object({ n: z.number().default(1) });

  it("O6: are the input side for requests, the output side for responses", () => {
    const document = both_ways(With_default);
    const properties = { n: { type: "number", default: 1 } };
    expect(taken(document)).to.deep.equal({ type: "object", properties });
    expect(answered(document)).to.deep.equal({ type: "object", properties, required: ["n"] });
  });

  it("O6: show dates and bigints of zod as text", () => {
    const document = both_ways(z.object({ at: z.date(), big: z.bigint() }));
    expect(answered(document)?.properties).to.deep.equal({
      at: { type: "string", format: "date-time" },
      big: { type: "string" },
    });
  });

  const libraries = {
    zod: z.object({ name: z.string(), n: z.int().min(1).optional() }),
    valibot: toStandardJsonSchema(
      v.object({
        name: v.string(),
        n: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      }),
    ),
    arktype: type({ name: "string", "n?": "number.integer >= 1" }),
  };
  for (const [library, schema] of Object.entries(libraries)) {
    it(`O6: are those of ${library}`, () => {
      const document = documented((api) => api.post("", { body: schema }, () => ""));
      const found = taken(document);
      expect(found).to.deep.include({ type: "object", required: ["name"] });
      expect(found?.properties).to.have.all.keys("name", "n");
    });
  }

  const shown_in_part = z.object({ name: z.string(), secret: z.custom<Error>(() => true) });
  it("O6: have {} for a field that cannot be shown, and a warning names it, once", async () => {
    let document: OpenAPIDocument | undefined;
    const records = await logged(() => {
      const api = new API();
      api.post("things/", { body: shown_in_part }, () => "");
      document = document_of(api);
      document_of(api);
    });
    const schema = document && operation_of(document, "post", "/api/things/").requestBody;
    expect(schema?.content["application/json"]?.schema?.properties).to.deep.equal({
      name: { type: "string" },
      secret: {},
    });
    expect(records).to.have.lengthOf(1);
    expect(records[0]).to.deep.include({ logger: "nuages.api", level: "warning" });
    expect(records[0]?.message).to.match(/The body of POST things\/ .*secret \(custom\)/);
  });

  it("O6: are {} for a schema without JSON Schema, with a warning", async () => {
    const bare = v.object({ name: v.string() }); // valibot alone has none
    const fill = (api: API): void =>
      void api.get("", { query: bare, response: bare }, () => ({ name: "" }));
    let document: OpenAPIDocument | undefined;
    const records = await logged(() => (document = documented(fill)));
    expect(document && answered(document)).to.deep.equal({});
    expect(document && operation_of(document, "get", "/api/")).not.to.have.property("parameters");
    const told = records.map(({ message }) => message.replace(/ is not shown.*: /, ": "));
    expect(told.filter((text) => !text.startsWith("All values in"))).to.deep.equal([
      "The query of GET : valibot gives no JSON Schema for it",
      "The response 200 of GET : valibot gives no JSON Schema for it",
    ]);
  });

  it("O6: are {} for a schema whose library fails, and the warning says why", async () => {
    const failing = {
      "~standard": {
        version: 1 as const,
        vendor: "sorry",
        validate: (value: unknown) => ({ value }),
        jsonSchema: {
          input: () => {
            throw new TypeError("not today");
          },
        },
      },
    };
    const records = await logged(() =>
      documented((api) => api.post("", { body: failing }, () => "")),
    );
    expect(records[0]?.message).to.match(/sorry gives no JSON Schema for it: .*not today/);
  });
});

describe("api/openapi: components", () => {
  it("O7: are schemas with an id, wherever they stand", () => {
    const User = z.object({ name: z.string() }).meta({ id: "User" });
    const document = documented((api) => {
      api.get("", { response: z.object({ users: z.array(User), one: User.optional() }) }, () => ({
        users: [],
      }));
      api.post("", { body: User }, () => "");
      api.get("lines/", { response: jsonl(User) }, () => []);
    });
    expect(names(document)).to.deep.equal(["User"]);
    expect(component(document, "User")).to.deep.equal({
      type: "object",
      properties: { name: { type: "string" } },
      required: ["name"],
    });
    expect(taken(document)).to.deep.equal(ref("User"));
    expect(answered(document)?.properties).to.deep.equal({
      users: { type: "array", items: ref("User") },
      one: ref("User"),
    });
  });

  it("O7: have a second form for input that differs, and so has what refers to it", () => {
    const Inner = z.object({ n: z.number().default(1) }).meta({ id: "Inner" });
    const Outer = z.object({ inner: Inner }).meta({ id: "Outer" });
    const document = both_ways(Outer);
    expect(names(document)).to.deep.equal(["Inner", "InnerInput", "Outer", "OuterInput"]);
    expect(answered(document)).to.deep.equal(ref("Outer"));
    expect(taken(document)).to.deep.equal(ref("OuterInput"));
    expect(component(document, "Outer").properties).to.deep.equal({ inner: ref("Inner") });
    expect(component(document, "OuterInput").properties).to.deep.equal({
      inner: ref("InnerInput"),
    });
    expect(component(document, "Inner").required).to.deep.equal(["n"]);
    expect(component(document, "InnerInput")).not.to.have.property("required");
  });

  it("O7: have no second form if only defaults of other components differ", () => {
    const Other = z.object({ n: z.number().default(1) }).meta({ id: "Other" });
    const Same = z.object({ a: z.string() }).meta({ id: "Same" });
    const document = both_ways(z.object({ other: Other, same: Same }));
    expect(names(document)).to.deep.equal(["Other", "OtherInput", "Same"]);
  });

  const openness: [what: string, schema: z.ZodType, closed: unknown][] = [
    ["z.object", z.object({ a: z.string() }).meta({ id: "Plain" }), undefined],
    ["z.strictObject", z.strictObject({ a: z.string() }).meta({ id: "Strict" }), false],
    ["z.looseObject", z.looseObject({ a: z.string() }).meta({ id: "Loose" }), {}],
  ];
  for (const [what, schema, closed] of openness) {
    it(`O7: of ${what} are one form, which says ${JSON.stringify(closed)} of other properties`, () => {
      const document = both_ways(schema);
      const [name = "", ...others] = names(document);
      expect(others).to.deep.equal([]);
      expect(component(document, name).additionalProperties).to.deep.equal(closed);
    });
  }

  it("O7: leaves out additionalProperties of what is filtered, inside of other schemas", () => {
    const document = both_ways(z.array(z.object({ strict: z.strictObject({ n: z.number() }) })));
    expect(answered(document)).to.deep.equal({
      type: "array",
      items: {
        type: "object",
        properties: {
          strict: {
            type: "object",
            properties: { n: { type: "number" } },
            required: ["n"],
            additionalProperties: false,
          },
        },
        required: ["strict"],
      },
    });
  });

  it("O7: may not be two schemas of one id", () => {
    const one = z.object({ a: z.string() }).meta({ id: "Twice" });
    const other = z.object({ b: z.string() }).meta({ id: "Twice" });
    const fill = (api: API): void => {
      api.get("a/", { response: one }, () => ({ a: "" }));
      api.get("b/", { response: other }, () => ({ b: "" }));
    };
    expect(() => documented(fill)).to.throw(
      ImproperlyConfigured,
      /'Twice'.*GET a\/ .*GET b\/.*another id/,
    );
    const inside = (api: API): void =>
      void api.post("c/", { body: z.object({ one, other }) }, () => "");
    expect(() => documented(inside)).to.throw(ImproperlyConfigured, /POST c\/ .*'Twice'/);
  });

  it("O7: may be the same schema, written twice", () => {
    const make = (): z.ZodType => z.object({ a: z.string() }).meta({ id: "Equal" });
    const document = documented((api) => {
      api.post("", { body: make() }, () => "");
      api.post("b/", { body: make() }, () => "");
    });
    expect(names(document)).to.deep.equal(["Equal"]);
  });

  it("O7: may not have the name of another's input form, or that of the errors", () => {
    const A = z.object({ n: z.number().default(1) }).meta({ id: "Thing" });
    const B = z.object({ other: z.string() }).meta({ id: "ThingInput" });
    expect(() => both_ways(z.object({ A, B }))).to.throw(ImproperlyConfigured, "'ThingInput'");
    const ErrorModel = z.object({ mine: z.string() }).meta({ id: "ErrorModel" });
    expect(() => both_ways(ErrorModel)).to.throw(ImproperlyConfigured, "'ErrorModel'");
  });

  it("O7: have a name that a component can have", () => {
    const document = both_ways(z.object({ a: z.string() }).meta({ id: "shop/My Book~1" }));
    expect(names(document)).to.deep.equal(["shop_My_Book_1"]);
    expect(taken(document)).to.deep.equal(ref("shop_My_Book_1"));
  });

  it("O7: are what refers to itself, with its id, or with a number", () => {
    const Node: z.ZodType = z.object({
      value: z.string(),
      get children() {
        return z.array(Node);
      },
    });
    const Named: z.ZodType = z
      .object({
        get next() {
          return Named.optional();
        },
      })
      .meta({ id: "Named" });
    const inner = both_ways(z.object({ tree: Node, named: Named }));
    expect(names(inner)).to.deep.equal(["Named", "Schema1"]);
    expect(component(inner, "Schema1").properties).to.deep.equal({
      value: { type: "string" },
      children: { type: "array", items: ref("Schema1") },
    });
    expect(component(inner, "Named").properties).to.deep.equal({ next: ref("Named") });
    expect(taken(both_ways(Node))).to.deep.equal(ref("Schema1"));
  });

  it("O7: are what refers to itself in valibot and ArkType", () => {
    interface Node {
      value: string;
      next?: Node | undefined;
    }
    const Vali: v.GenericSchema<Node> = v.object({
      value: v.string(),
      next: v.optional(v.lazy(() => Vali)),
    });
    const { Ark } = type.module({ Ark: { value: "string", "next?": "Ark" } });
    const document = documented((api) => {
      api.post("", { body: toStandardJsonSchema(Vali) }, () => "");
      api.post("ark/", { body: Ark }, () => "");
    });
    expect(names(document)).to.deep.equal(["Schema1", "Schema2"]);
    const { next } = component(document, "Schema1").properties as Record<string, unknown>;
    expect(next).to.deep.equal(ref("Schema1"));
  });

  it("O7: are schemas of valibot that have an id in their metadata", () => {
    const Book = v.pipe(v.object({ title: v.string() }), v.metadata({ id: "ValiBook" }));
    const document = documented((api) =>
      api.post("", { body: toStandardJsonSchema(v.array(Book)) }, () => ""),
    );
    expect(taken(document)).to.deep.equal({ type: "array", items: ref("ValiBook") });
    expect(component(document, "ValiBook")).not.to.have.property("id");
  });

  it("O7: leave properties alone that are called id, $id or $ref", () => {
    const schema = z.object({ id: z.string(), $id: z.string(), $defs: z.string() });
    const document = both_ways(z.object({ default: schema, "a/b": z.literal("id") }));
    const outer = answered(document)?.properties as Record<string, JSONSchema> | undefined;
    expect(outer?.["default"]?.properties).to.have.all.keys("id", "$id", "$defs");
  });

  it("O7: of encoded() are those of what it turns round", () => {
    const Visit = z
      .object({
        at: z.codec(z.iso.datetime(), z.date(), {
          decode: (text) => new Date(text),
          encode: (date) => date.toISOString(),
        }),
      })
      .meta({ id: "Visit" });
    const document = documented((api) => {
      api.get("", { response: encoded(Visit) }, () => ({ at: new Date(0) }));
      api.post("", { body: Visit }, () => "");
    });
    expect(answered(document)).to.deep.equal(taken(document));
  });

  it("O7: are pages of what has an id", () => {
    const Item = z.object({ n: z.number() }).meta({ id: "Item" });
    const document = documented((api) =>
      api.get("", { response: offset_page(Item) }, () => ({
        items: [],
        limit: 1,
        offset: 0,
        total: 0,
      })),
    );
    expect(answered(document)).to.deep.equal(ref("ItemOffsetPage"));
    const { items } = component(document, "ItemOffsetPage").properties as Record<string, unknown>;
    expect(items).to.deep.equal({ type: "array", items: ref("Item") });
  });

  it("O7: are only those that something refers to", () => {
    const document = documented((api) => api.get("", () => ""));
    expect(document).not.to.have.property("components");
  });
});
