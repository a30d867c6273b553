/** Schemas: anything of the Standard Schema kind (standardschema.dev), its types, its faults and its JSON Schema. @module */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { is_thenable, type Maybe } from "../utils/_promise.ts";
import { Faults, type Location } from "./_faults.ts";
import { library_options } from "./_json_schema.ts";
import { unescaped } from "./_schema_walk.ts";
import type { ErrorDetail } from "./exceptions.ts";

/** A schema of zod, valibot, ArkType or any other library with Standard Schema. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;

/** What a schema takes. */
export type SchemaInput<S> = S extends Schema ? StandardSchemaV1.InferInput<S> : never;

/** What a schema gives. */
export type SchemaOutput<S> = S extends Schema ? StandardSchemaV1.InferOutput<S> : never;

/** One thing that is wrong with a value. */
export type Fault = ErrorDetail;

/** A JSON Schema (draft 2020-12). */
export type JSONSchema = Record<string, unknown>;

/** What a schema made of a value: its output, or what is wrong with it. */
export type Validated =
  | { readonly value: unknown; readonly faults?: undefined }
  | { readonly value?: undefined; readonly faults: readonly Fault[] };

/** Whether the value is a schema. Those of ArkType are functions. */
export function is_schema(value: unknown): value is Schema {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  const standard: unknown = "~standard" in value ? value["~standard"] : undefined;
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}

/**
 * Lets the schema check a value. What is wrong is at most 50 faults, their texts cut to what an answer can hold.
 * @param loc Where the value is; the keys inside it follow.
 */
export function validated(schema: Schema, value: unknown, loc: Location): Maybe<Validated> {
  const result = schema["~standard"].validate(value);
  if (!is_thenable(result)) return outcome(result, loc);
  const waiting: Promise<Result> = Promise.resolve(result); // be it another kind of promise
  return waiting.then((ready) => outcome(ready, loc));
}

type Result = StandardSchemaV1.Result<unknown>;

function outcome(result: Result, loc: Location): Validated {
  if (result.issues === undefined) return result;
  const faults = new Faults();
  faults.add_issues(result.issues, loc);
  return { faults: faults.list };
}

interface Converted {
  readonly json: JSONSchema | undefined;
  readonly unshown: readonly string[];
  /** Why there is none. */
  readonly failure?: unknown;
}

/** Which side of a schema: what it takes, or what it gives. */
export type Side = "input" | "output";

const converted: Record<Side, WeakMap<Schema, Converted>> = {
  input: new WeakMap(),
  output: new WeakMap(),
};

/**
 * The JSON Schema of what a schema takes or gives; `undefined` if its library has none, or fails to make it. It is kept:
 * do not change it.
 */
export function json_schema(schema: Schema, io: Side): JSONSchema | undefined {
  return conversion(schema, io).json;
}

/** What that JSON Schema could not show, and has `{}` for: `avatar (custom)`. */
export function unshown_fields(schema: Schema, io: Side): readonly string[] {
  return conversion(schema, io).unshown;
}

/** Why its library failed to make a JSON Schema; `undefined` if it did not. */
export function json_schema_failure(schema: Schema, io: Side): unknown {
  return conversion(schema, io).failure;
}

function conversion(schema: Schema, io: Side): Converted {
  let known = converted[io].get(schema);
  if (known === undefined) converted[io].set(schema, (known = convert(schema, io)));
  return known;
}

function convert(schema: Schema, io: Side): Converted {
  const notes: [type: string, path: readonly (string | number)[] | undefined][] = [];
  const standard: Partial<StandardJSONSchemaV1.Props> & { readonly vendor: string } =
    schema["~standard"];
  const libraryOptions = library_options(standard.vendor, (type, path) => notes.push([type, path]));
  try {
    const json = standard.jsonSchema?.[io]({ target: "draft-2020-12", libraryOptions });
    const unshown = new Set<string>();
    for (const [type, path] of notes) {
      const keys = path?.filter((key) => key !== "properties") ?? [];
      if (path === undefined || !is_shown(json, path))
        unshown.add(keys.length === 0 ? type : `${keys.join(".")} (${type})`);
    }
    return { json, unshown: [...unshown] };
  } catch (failure) {
    return { json: undefined, unshown: [], failure };
  }
}

/** Whether anything is said at this place after all: by metadata, say. What has an id is among the definitions. */
function is_shown(json: unknown, path: readonly (string | number)[]): boolean {
  let part = definition(json, json);
  for (const key of path) part = definition(part?.[key], json);
  return Object.keys(part ?? {}).some((key) => key !== "$schema");
}

/** A part of the schema, or the definition that stands for it; `undefined` for what is no object. */
function definition(part: unknown, root: unknown): JSONSchema | undefined {
  if (!has_parts(part)) return undefined;
  const { $ref } = part;
  if ($ref === "#") return root as JSONSchema; // it is an object: this is a part of it
  const name = typeof $ref === "string" ? /^#\/\$defs\/([^/]+)$/.exec($ref)?.[1] : undefined;
  const defs = has_parts(root) ? root.$defs : undefined;
  if (name === undefined || !has_parts(defs)) return part;
  return definition(defs[unescaped(name)], undefined);
}

/** An object, or an array: what is inside is found by key or by index. */
function has_parts(value: unknown): value is JSONSchema {
  return typeof value === "object" && value !== null;
}
