/** JSON Schemas in words, for readers: the type in a few words with links, the limits, the properties. @module */
import { repr } from "../../utils/_python.ts";
import { is_object, unescaped } from "../_schema_walk.ts";
import type { JSONSchema } from "../schema.ts";
import { fields_of } from "./_fields.ts";
import { SCHEMAS } from "./_objects.ts";

/** A word of a type, and the place on the page that it leads to. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
}

/** A line of a table of properties or parameters. */
export interface Row {
  /** Inside of objects without a name of their own: `address.city`, `items[].id`. */
  readonly name: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly type: readonly Piece[];
  /** Limits, default and example. */
  readonly notes: readonly string[];
  readonly description: string | undefined;
}

/** The schema of a content. */
export interface SchemaText {
  readonly type: readonly Piece[];
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
}

const DEEPEST = 4;

/** The component that a reference names. */
export function component_name($ref: unknown): string | undefined {
  return typeof $ref === "string" && $ref.startsWith(SCHEMAS)
    ? unescaped($ref.slice(SCHEMAS.length))
    : undefined;
}

/** The fragment of a component's place on the page. */
export function schema_anchor(name: string): string {
  return `schema-${name}`;
}

/** A schema with the rows of its properties. */
export function schema_text(schema: JSONSchema): SchemaText {
  return { type: type_of(schema), notes: notes_of(schema), rows: rows_of(schema, "", 0) };
}

/** A line of a table. */
export function row_of(name: string, schema: JSONSchema, required: boolean): Row {
  const { description, deprecated } = schema;
  return {
    name,
    required,
    deprecated: deprecated === true,
    type: type_of(schema),
    notes: notes_of(schema),
    description: typeof description === "string" ? description : undefined,
  };
}

/** The properties, and those of objects and lists of objects inside. References are left to their own place. */
function rows_of(schema: JSONSchema, prefix: string, depth: number): Row[] {
  if (depth > DEEPEST || schema.$ref !== undefined) return [];
  if (is_object(schema.items)) return rows_of(schema.items, `${prefix}[]`, depth + 1);
  const before = prefix === "" ? "" : `${prefix}.`;
  return fields_of(schema, () => undefined).flatMap((field) => {
    const name = before + field.name;
    const { required, schema: inner } = field;
    const rows = [row_of(name, inner, required), ...rows_of(inner, name, depth + 1)];
    return is_object(inner.contentSchema)
      ? [...rows, ...rows_of(inner.contentSchema, name, depth + 1)]
      : rows;
  });
}

/** The type in words: `array of User`, `string (uuid)`, `"a" or "b"`. */
function type_of(schema: JSONSchema, depth = 0): Piece[] {
  if (depth > DEEPEST) return [{ text: "…" }];
  const inner = (part: unknown): Piece[] => (is_object(part) ? type_of(part, depth + 1) : ANY);
  const name = component_name(schema.$ref);
  if (name !== undefined) return [{ text: name, href: `#${schema_anchor(name)}` }];
  for (const [branches, word] of [
    [schema.anyOf, "or"],
    [schema.oneOf, "or"],
    [schema.allOf, "and"],
  ] as const)
    if (Array.isArray(branches)) return joined(branches.map(inner), word);
  if (Array.isArray(schema.enum))
    return joined(
      schema.enum.map((value) => [{ text: json(value) }]),
      "or",
    );
  if (Object.hasOwn(schema, "const")) return [{ text: json(schema.const) }];
  if (is_object(schema.contentSchema))
    return [{ text: "JSON of " }, ...inner(schema.contentSchema)];
  if (is_object(schema.items)) return [{ text: "array of " }, ...inner(schema.items)];
  if (is_object(schema.additionalProperties) && schema.properties === undefined)
    return [{ text: "object of " }, ...inner(schema.additionalProperties)];
  return plain_type(schema);
}

const ANY: Piece[] = [{ text: "any" }];

function plain_type({ type, format }: JSONSchema): Piece[] {
  if (format === "binary") return [{ text: "file" }];
  const word = Array.isArray(type) ? type.join(" or ") : type;
  if (typeof word !== "string") return ANY;
  return [{ text: typeof format === "string" ? `${word} (${format})` : word }];
}

function joined(types: readonly (readonly Piece[])[], word: string): Piece[] {
  return types.flatMap((pieces, at) => (at === 0 ? pieces : [{ text: ` ${word} ` }, ...pieces]));
}

const LIMITS: readonly (readonly [keyword: string, words: string])[] = [
  ["minimum", "at least"],
  ["exclusiveMinimum", "more than"],
  ["maximum", "at most"],
  ["exclusiveMaximum", "less than"],
  ["multipleOf", "a multiple of"],
  ["minLength", "characters, at least"],
  ["maxLength", "characters, at most"],
  ["minItems", "elements, at least"],
  ["maxItems", "elements, at most"],
  ["pattern", "matches"],
  ["default", "default"],
  ["example", "example"],
];

function notes_of(schema: JSONSchema): string[] {
  const notes = LIMITS.flatMap(([keyword, words]) => {
    const value = schema[keyword];
    if (value === undefined || Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) return [];
    if (keyword === "pattern" && schema.format !== undefined) return []; // the format says it in a word
    return [`${words} ${keyword === "pattern" ? String(value) : json(value)}`];
  });
  if (schema.uniqueItems === true) notes.push("no element twice");
  if (schema.additionalProperties === false) notes.push("no other properties");
  if (Array.isArray(schema.examples) && schema.examples.length > 0)
    notes.push(`example ${json(schema.examples[0])}`);
  return notes;
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? repr(value);
}
