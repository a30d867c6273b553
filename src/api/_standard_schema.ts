/** Schemas of our own making, as Standard Schema and Standard JSON Schema have them (standardschema.dev). @module */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { ValueError } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import type { Maybe } from "../utils/_promise.ts";
import type { JSONSchema, Schema, Side } from "./schema.ts";

/** A schema that also says what it is as JSON Schema. */
export interface DocumentedSchema<Input, Output = Input> {
  readonly "~standard": StandardSchemaV1.Props<Input, Output> &
    StandardJSONSchemaV1.Props<Input, Output>;
}

/** Something wrong with a value, with a short word for programs. */
export interface CodedIssue extends StandardSchemaV1.Issue {
  readonly code: string;
}

/**
 * @param validate The value as `Output`, or what is wrong.
 * @param json The JSON Schema of a side.
 */
export function documented_schema<Input, Output>(
  validate: (value: unknown) => Maybe<StandardSchemaV1.Result<Output>>,
  json: (side: Side) => JSONSchema,
): DocumentedSchema<Input, Output> {
  const converter =
    (side: Side) =>
    ({ target }: StandardJSONSchemaV1.Options): JSONSchema => {
      if (target !== "draft-2020-12")
        throw new ValueError(`This schema is written in draft-2020-12, not in ${repr(target)}.`);
      return json(side);
    };
  return {
    "~standard": {
      version: 1,
      vendor: "nuages",
      validate,
      jsonSchema: { input: converter("input"), output: converter("output") },
    },
  };
}

const sources = new WeakMap<Schema, Schema>();

/** Remembers that `encoded()` turned a schema round: what this one gives is what its source takes. */
export function remember_source(schema: Schema, source: Schema): void {
  sources.set(schema, source);
}

/** What was turned round to make this schema; `undefined` for any other. */
export function source_of(schema: Schema): Schema | undefined {
  return sources.get(schema);
}
