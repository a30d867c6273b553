/** Schemas: anything of the Standard Schema kind (standardschema.dev), its types, its faults and its JSON Schema. @module */
import type { StandardSchemaV1 } from "@standard-schema/spec";
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
  | { readonly faults: readonly Fault[] };

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
