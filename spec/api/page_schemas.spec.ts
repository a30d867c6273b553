/** Specification of nuages/api/pagination: the schemas of pages. @module */
import { scope, type } from "arktype";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import {
  classic_page,
  type ClassicPage,
  cursor_page,
  type CursorPage,
  type DocumentedSchema,
  offset_page,
  type OffsetPage,
} from "nuages/api/pagination";
import {
  json_schema,
  type Schema,
  type SchemaInput,
  type SchemaOutput,
  validated,
} from "nuages/api/schema";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { z } from "zod";

const Plain = z.object({ id: z.int(), name: z.string() });
const User = Plain.meta({ id: "User" });
const Changed = z.object({ id: z.string().transform(Number) });

const META = { limit: 2, offset: 0, total: 3 };

function issues_of(schema: Schema, value: unknown): unknown[] {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) throw new Error("It waits.");
  return (result.issues ?? []).map(({ path, message }) => [path, message.length > 0]);
}

describe("api/pagination: page schemas", () => {
  it("PG6: validate every item, and keep what the schema of the items gives", () => {
    const ada = { id: 1, name: "Ada" };
    const page = { items: [{ ...ada, password: "x" }], ...META, other: 1 };
    expect(offset_page(User)["~standard"].validate(page)).to.deep.equal({
      value: { items: [ada], ...META },
    });
    const texts = { items: [{ id: "7" }], ...META };
    expect(offset_page(Changed)["~standard"].validate(texts)).to.deep.equal({
      value: { items: [{ id: 7 }], ...META },
    });
  });

  const ordered: [kind: string, schema: Schema, shuffled: object, keys: string][] = [
    [
      "classic",
      classic_page(User),
      { total_pages: 0, current_page: 1, page_size: 5, items: [] },
      "items page_size current_page total_pages",
    ],
    ["offset", offset_page(User), { ...META, items: [] }, "items limit offset total"],
    [
      "cursor",
      cursor_page(User),
      { cursor: null, results_per_page: 1, items: [] },
      "items results_per_page cursor",
    ],
  ];
  for (const [kind, schema, shuffled, keys] of ordered) {
    it(`PG6: the keys of a ${kind} page have one order`, async () => {
      const checked = await validated(schema, shuffled, []);
      expect(JSON.stringify(checked)).to.match(
        new RegExp(
          keys
            .split(" ")
            .map((key) => `"${key}":`)
            .join(".*"),
        ),
      );
    });
  }

  it("PG6: read what getters of a class give", () => {
    class Page {
      readonly #total = 1;
      get items(): object[] {
        return [{ id: 1, name: "Ada" }];
      }
      get page_size(): number {
        return 5;
      }
      get current_page(): number {
        return 1;
      }
      get total_pages(): number {
        return this.#total;
      }
    }
    expect(issues_of(classic_page(User), new Page())).to.deep.equal([]);
  });

  const wrong: [value: unknown, paths: (string | number)[][]][] = [
    [null, [[]]],
    [[], [[]]],
    [{ ...META, items: "ab" }, [["items"]]],
    [META, [["items"]]],
    [
      { ...META, items: [{ id: 1, name: "a" }, { id: "x" }] },
      [
        ["items", 1, "id"],
        ["items", 1, "name"],
      ],
    ],
    [{ items: [], limit: 0, offset: -1, total: "3" }, [["limit"], ["offset"], ["total"]]],
    [
      { items: [{}], limit: 1.5, offset: 0, total: 0 },
      [["items", 0, "id"], ["items", 0, "name"], ["limit"]],
    ],
  ];
  for (const [value, paths] of wrong) {
    it(`PG6: ${JSON.stringify(value)} is wrong at ${paths.map((path) => path.join(".")).join(", ")}`, () => {
      expect(issues_of(offset_page(User), value)).to.deep.equal(paths.map((path) => [path, true]));
    });
  }

  const cursors: [cursor: unknown, is_fine: boolean][] = [
    ["x", true],
    [5, true],
    [null, true],
    [undefined, false],
    [Number.NaN, false],
    [{}, false],
  ];
  for (const [cursor, is_fine] of cursors) {
    it(`PG3: ${String(cursor)} is ${is_fine ? "a" : "no"} cursor`, () => {
      const value = { items: [], results_per_page: 5, cursor };
      expect(issues_of(cursor_page(User), value).length).to.equal(is_fine ? 0 : 1);
    });
  }

  it("PG6: faults have the words of the library, and the place of the item", async () => {
    const page = {
      ...META,
      items: [
        { id: 1, name: "a" },
        { id: "x", name: "b" },
      ],
    };
    for (const [schema, word] of [
      [User, "invalid_type"],
      [v.object({ id: v.number(), name: v.string() }), "number"],
      [type({ id: "number", name: "string" }), "domain"],
    ] as const) {
      const { faults } = await validated(offset_page(schema), page, ["response"]);
      expect(faults?.map(({ type: code, loc }) => [code, loc])).to.deep.equal([
        [word, ["response", "items", 1, "id"]],
      ]);
      expect(faults?.[0]?.msg).to.match(/number/);
    }
  });

  it("PG6: wait only for a schema that has to be waited for", async () => {
    const slow = z.string().refine((text) => Promise.resolve(text !== "no"));
    const good = offset_page(slow)["~standard"].validate({ items: ["a", "b"], ...META });
    expect(good).to.be.instanceOf(Promise);
    expect(await good).to.deep.equal({ value: { items: ["a", "b"], ...META } });
    const bad = await offset_page(slow)["~standard"].validate({ items: ["a", "no"], ...META });
    expect(bad.issues?.map(({ path }) => path)).to.deep.equal([["items", 1]]);
  });

  describe("types", () => {
    it("PG6: the pages of what the items are", () => {
      const page = offset_page(Changed);
      expectTypeOf<SchemaInput<typeof page>>().toEqualTypeOf<OffsetPage<{ id: string }>>();
      expectTypeOf<SchemaOutput<typeof page>>().toEqualTypeOf<OffsetPage<{ id: number }>>();
      type Named = { id: number; name: string };
      expectTypeOf(classic_page(User)).toEqualTypeOf<
        DocumentedSchema<ClassicPage<Named>, ClassicPage<Named>>
      >();
      expectTypeOf(cursor_page(User)).toEqualTypeOf<
        DocumentedSchema<CursorPage<Named>, CursorPage<Named>>
      >();
    });
  });

  describe("JSON Schema", () => {
    const integer = (minimum: number): object => ({ type: "integer", minimum });
    const offset_json = (items: object): object => ({
      type: "object",
      properties: {
        items: { type: "array", items },
        limit: integer(1),
        offset: integer(0),
        total: integer(0),
      },
      required: ["items", "limit", "offset", "total"],
    });

    it("PG6: is named after the items, if they have an id", () => {
      const ref = { $ref: "#/$defs/User" };
      const json = json_schema(offset_page(User), "input");
      expect(json?.$ref).to.equal("#/$defs/UserOffsetPage");
      expect(json).to.have.nested.property("$defs.User.properties.name");
      expect(json).to.have.deep.nested.property("$defs.UserOffsetPage", offset_json(ref));
      const names = [classic_page, cursor_page].map(
        (make) => json_schema(make(User), "output")?.$ref,
      );
      expect(names).to.deep.equal(["#/$defs/UserClassicPage", "#/$defs/UserCursorPage"]);
    });

    it("PG6: an id of valibot's metadata counts, too, and one with a slash", () => {
      const item = toStandardJsonSchema(
        v.pipe(v.object({ a: v.string() }), v.metadata({ id: "Vali" })),
      );
      expect(json_schema(offset_page(item), "output")?.$ref).to.equal("#/$defs/ValiOffsetPage");
      const odd = json_schema(offset_page(Plain.meta({ id: "a/b~c" })), "output");
      expect(odd?.$ref).to.equal("#/$defs/a~1b~0cOffsetPage");
      expect(Object.keys(odd?.$defs ?? {})).to.have.members(["a/b~c", "a/b~cOffsetPage"]);
    });

    it("PG6: without an id the items stand in it", () => {
      const json = json_schema(offset_page(z.string()), "input");
      expect(json).to.deep.equal(offset_json({ type: "string" }));
      const inner = json_schema(offset_page(z.object({ user: User })), "input");
      expect(inner).to.have.nested.property("$defs.User");
      expect(inner).to.have.deep.nested.property("properties.items.items.properties.user", {
        $ref: "#/$defs/User",
      });
    });

    it("PG6: what refers to itself gets a name", () => {
      const Tree = z.object({
        get kids() {
          return z.array(Tree);
        },
      });
      const json = json_schema(offset_page(Tree), "output");
      const item = { $ref: "#/$defs/__schema0" };
      expect(json).to.have.deep.nested.property("properties.items.items", item);
      expect(json).to.have.deep.nested.property("$defs.__schema0.properties.kids.items", item);
      expect(json?.$ref).to.equal(undefined);
    });

    it("PG6: a name that the library made up for the items is no name of the page", () => {
      const { node } = scope({ node: { n: "number", "next?": "node" } }).export();
      const json = json_schema(offset_page(node), "output");
      expect(json?.$ref).to.equal(undefined);
      expect(json).to.have.property("type", "object");
      expect(Object.keys(json?.$defs ?? {})).to.have.lengthOf(1);
    });

    it("PG6: has the two sides of the items, and anything for what has no JSON Schema", () => {
      const id = z.codec(z.string(), z.int(), { decode: Number, encode: String });
      const page = offset_page(z.object({ id }));
      const at = "properties.items.items.properties.id.type";
      expect(json_schema(page, "input")).to.have.nested.property(at, "string");
      expect(json_schema(page, "output")).to.have.nested.property(at, "integer");
      const unknown = json_schema(offset_page(v.object({ a: v.string() })), "output");
      expect(unknown).to.deep.equal(offset_json({}));
    });
  });
});
