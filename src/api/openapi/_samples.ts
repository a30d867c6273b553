/** Values that fit a JSON Schema, for examples. @module */
import { is_object, put } from "../_schema_walk.ts";
import type { JSONSchema } from "../schema.ts";
import { component_name } from "./_type_text.ts";

const DEEPEST = 6;

const BY_FORMAT: ReadonlyMap<unknown, string> = new Map([
  ["date-time", "2026-01-31T12:00:00Z"],
  ["date", "2026-01-31"],
  ["time", "12:00:00"],
  ["duration", "PT1H"],
  ["uuid", "3fa85f64-5717-4562-b3fc-2c963f66afa6"],
  ["email", "ada@example.com"],
  ["uri", "https://example.com/"],
  ["hostname", "example.com"],
  ["ipv4", "192.0.2.1"],
  ["ipv6", "2001:db8::1"],
]);

/** Makes values for the schemas of one document. */
export class Samples {
  readonly #schemas: Readonly<Record<string, JSONSchema>>;

  /** @param schemas The components. */
  constructor(schemas: Readonly<Record<string, JSONSchema>> = {}) {
    this.#schemas = schemas;
  }

  /** A value: the example or the default that the schema names, or one made up by its type. */
  of(schema: unknown, depth = 0): unknown {
    if (!is_object(schema) || depth > DEEPEST) return null;
    for (const keyword of ["example", "const", "default"])
      if (Object.hasOwn(schema, keyword)) return schema[keyword];
    for (const values of [schema.examples, schema.enum])
      if (Array.isArray(values) && values.length > 0) return values[0];
    const name = component_name(schema.$ref);
    if (name !== undefined)
      return Object.hasOwn(this.#schemas, name) ? this.of(this.#schemas[name], depth + 1) : null;
    return this.#of_branches(schema, depth) ?? this.#of_type(schema, depth);
  }

  #of_branches({ anyOf, oneOf, allOf }: JSONSchema, depth: number): unknown {
    const branches: unknown = anyOf ?? oneOf;
    if (Array.isArray(branches)) {
      const shown = branches.find((branch) => is_object(branch) && branch.type !== "null");
      return this.of(shown, depth + 1);
    }
    if (!Array.isArray(allOf)) return undefined;
    const parts = allOf.map((part) => this.of(part, depth + 1));
    return parts.every(is_object) ? Object.assign({}, ...parts) : parts[0];
  }

  #of_type(schema: JSONSchema, depth: number): unknown {
    const { type } = schema;
    switch (Array.isArray(type) ? type[0] : type) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return schema.items === undefined ? [] : [this.of(schema.items, depth + 1)];
      case "string":
        return text_of(schema);
      case "integer":
      case "number":
        return number_of(schema);
      case "boolean":
        return true;
      default:
        return is_object(schema.properties) ? this.#object(schema, depth) : null;
    }
  }

  #object({ properties }: JSONSchema, depth: number): JSONSchema {
    const made: JSONSchema = {};
    for (const [name, property] of Object.entries(is_object(properties) ? properties : {}))
      put(made, name, this.of(property, depth + 1));
    return made;
  }
}

function text_of({ format, minLength, maxLength }: JSONSchema): string {
  const text = BY_FORMAT.get(format) ?? "text";
  const least = typeof minLength === "number" ? Math.min(minLength, 100) : 0;
  const most = typeof maxLength === "number" ? maxLength : text.length;
  return text.padEnd(least, "x").slice(0, Math.max(least, most));
}

function number_of({ minimum, maximum, exclusiveMinimum }: JSONSchema): number {
  const least = typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : minimum;
  const number = Math.max(1, typeof least === "number" ? least : 1);
  return typeof maximum === "number" ? Math.min(number, maximum) : number;
}
