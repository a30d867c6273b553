/** One page of items as the body of an answer (docs/api.md, "Pages"). @module */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { and_then, is_thenable, type Maybe } from "../utils/_promise.ts";
import { DEFS, type Form, form_of, is_anonymous, target_of } from "./_schema_forms.ts";
import { escaped, is_object, map_children } from "./_schema_walk.ts";
import { type CodedIssue, documented_schema, type DocumentedSchema } from "./_standard_schema.ts";
import type { JSONSchema, Schema, SchemaInput, SchemaOutput } from "./schema.ts";

/** A page among numbered ones. */
export interface ClassicPage<T> {
  readonly items: readonly T[];
  /** How many items a page has; the last may have fewer. */
  readonly page_size: number;
  /** From 1 on. */
  readonly current_page: number;
  /** 0 if there are no items. */
  readonly total_pages: number;
}

/** A stretch of the items. */
export interface OffsetPage<T> {
  readonly items: readonly T[];
  /** How many items were asked for. */
  readonly limit: number;
  /** How many come before. */
  readonly offset: number;
  /** How many there are in all. */
  readonly total: number;
}

/** Items with the place where they end. */
export interface CursorPage<T> {
  readonly items: readonly T[];
  /** How many items were asked for. */
  readonly results_per_page: number;
  /** What to ask with for more; `null`: there are no more. */
  readonly cursor: string | number | null;
}

interface Field {
  readonly json: JSONSchema;
  readonly message: string;
  takes(value: unknown): boolean;
}

type Fields = Readonly<Record<string, Field>>;

function count_from(minimum: number): Field {
  return {
    json: { type: "integer", minimum },
    message: `It must be a whole number, ${minimum} or more.`,
    takes: (value) => typeof value === "number" && Number.isInteger(value) && value >= minimum,
  };
}

const CURSOR: Field = {
  json: { type: ["string", "number", "null"] },
  message: "A cursor is a text, a number or null.",
  takes: (value) => value === null || typeof value === "string" || Number.isFinite(value),
};

const CLASSIC: Fields = {
  page_size: count_from(1),
  current_page: count_from(1),
  total_pages: count_from(0),
};
const OFFSET: Fields = { limit: count_from(1), offset: count_from(0), total: count_from(0) };
const CURSORED: Fields = { results_per_page: count_from(1), cursor: CURSOR };

/** What a `ClassicPaginator` gives, with items of this schema. */
export function classic_page<S extends Schema>(
  schema: S,
): DocumentedSchema<ClassicPage<SchemaInput<S>>, ClassicPage<SchemaOutput<S>>> {
  return page_schema("ClassicPage", schema, CLASSIC);
}

/** What an `OffsetPaginator` gives, with items of this schema. */
export function offset_page<S extends Schema>(
  schema: S,
): DocumentedSchema<OffsetPage<SchemaInput<S>>, OffsetPage<SchemaOutput<S>>> {
  return page_schema("OffsetPage", schema, OFFSET);
}

/** What a `CursorPaginator` gives, with items of this schema. */
export function cursor_page<S extends Schema>(
  schema: S,
): DocumentedSchema<CursorPage<SchemaInput<S>>, CursorPage<SchemaOutput<S>>> {
  return page_schema("CursorPage", schema, CURSORED);
}

type ItemResult = StandardSchemaV1.Result<unknown>;

function page_schema<Input, Output>(
  kind: string,
  schema: Schema,
  fields: Fields,
): DocumentedSchema<Input, Output> {
  return documented_schema(
    (value): Maybe<StandardSchemaV1.Result<Output>> => {
      if (!is_object(value)) return { issues: [wrong("This is no page.")] };
      const issues: CodedIssue[] = [];
      const { items } = value;
      if (!Array.isArray(items)) issues.push(wrong("This is no list.", "items"));
      const rest = read_fields(value, fields, issues);
      return and_then(validated_items(schema, items), (results) => {
        const all = [...item_issues(results), ...issues];
        if (all.length > 0) return { issues: all };
        // the items come from their schema, and the fields were checked
        return { value: { items: results.map(output_of), ...rest } as Output };
      });
    },
    (side) => page_json(kind, fields, form_of(schema, side)),
  );
}

function wrong(message: string, ...path: string[]): CodedIssue {
  return { code: "invalid_type", message, path };
}

/** Waits only if the schema has to. */
function validated_items(schema: Schema, items: unknown): Maybe<readonly ItemResult[]> {
  if (!Array.isArray(items)) return [];
  const results = items.map((item: unknown) => schema["~standard"].validate(item));
  const ready: ItemResult[] = [];
  for (const result of results) {
    if (is_thenable(result)) return Promise.all(results.map((each) => Promise.resolve(each)));
    ready.push(result);
  }
  return ready;
}

function output_of(result: ItemResult): unknown {
  return result.issues === undefined ? result.value : undefined;
}

function read_fields(
  page: Record<string, unknown>,
  fields: Fields,
  issues: CodedIssue[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, { takes, message }] of Object.entries(fields)) {
    const value = page[name];
    if (takes(value)) read[name] = value;
    else issues.push(wrong(message, name));
  }
  return read;
}

function item_issues(results: readonly ItemResult[]): StandardSchemaV1.Issue[] {
  return results.flatMap(({ issues = [] }, at) => issues.map((issue) => new ItemIssue(issue, at)));
}

/** What the schema of the items found, with the place of the item; the text is made when it is read. */
class ItemIssue implements StandardSchemaV1.Issue {
  readonly path: StandardSchemaV1.Issue["path"];
  readonly code: unknown;
  readonly type: unknown;
  readonly #issue: StandardSchemaV1.Issue;

  constructor(issue: StandardSchemaV1.Issue, at: number) {
    const { code, type } = issue as { readonly code?: unknown; readonly type?: unknown }; // more than the standard asks for
    this.path = ["items", at, ...(issue.path ?? [])];
    this.code = code;
    this.type = type;
    this.#issue = issue;
  }

  get message(): string {
    return this.#issue.message;
  }
}

/** The JSON Schema of a page: under a name, if its items have one. */
function page_json(kind: string, fields: Fields, form: Form | undefined): JSONSchema {
  const { root, defs } = form === undefined ? { root: {}, defs: {} } : named_form(form);
  const properties: Record<string, JSONSchema> = { items: { type: "array", items: root } };
  for (const [name, { json }] of Object.entries(fields)) properties[name] = { ...json };
  const page = { type: "object", properties, required: Object.keys(properties) };
  const [id, rest] = target_of(root.$ref) ?? [];
  if (id === undefined || rest !== "" || is_anonymous(id))
    return Object.keys(defs).length === 0 ? page : { ...page, $defs: defs };
  const name = `${id}${kind}`;
  return { $ref: DEFS + escaped(name), $defs: { [name]: page, ...defs } };
}

/** The form with a name for a root that refers to itself and has none: elsewhere it is no root. */
function named_form({ root, defs }: Form): { root: JSONSchema; defs: Record<string, JSONSchema> } {
  let number = 0;
  while (defs.has(`__schema${number}`)) number += 1;
  const renamed = (schema: JSONSchema): JSONSchema => {
    const copy = map_children(schema, renamed);
    const [name, rest = ""] = target_of(copy.$ref) ?? [];
    if (name === "") copy.$ref = `${DEFS}__schema${number}${rest}`;
    return copy;
  };
  const entries = [...defs].map(([name, def]): [string, JSONSchema] => [
    name === "" ? `__schema${number}` : name,
    renamed(def),
  ]);
  return { root: renamed(root), defs: Object.fromEntries(entries) };
}
