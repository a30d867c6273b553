/** The parameters of an operation: of its path, its query, its headers and its cookies. @module */
import type { Converter } from "../../urls/converters.ts";
import type { JSONSchema, Schema } from "../schema.ts";
import type { Field } from "./_fields.ts";
import type { PathParameter } from "./_mount.ts";
import type { ParameterObject } from "./_objects.ts";
import type { DocumentedOperation } from "./_types.ts";
import type { Components } from "./components.ts";

/** @param in_path All parameters of the path. */
export function parameters_of(
  { spec, label }: DocumentedOperation,
  in_path: readonly PathParameter[],
  components: Components,
): ParameterObject[] {
  const fields = (part: string, schema: Schema | undefined): readonly Field[] =>
    (schema && components.fields(schema, `The ${part} of ${label}`)) ?? [];
  const path = new Map(fields("path", spec.path).map((field) => [field.name, field.schema]));
  return [
    ...in_path.map(({ name, converter }) =>
      parameter("path", { name, required: true, schema: path.get(name) ?? shown(converter) }),
    ),
    ...fields("query", spec.query).map((field) => parameter("query", field)),
    ...fields("headers", spec.headers).map((field) =>
      parameter("header", { ...field, name: field.name.replaceAll("_", "-") }),
    ),
    ...fields("cookies", spec.cookies).map((field) => parameter("cookie", field)),
  ];
}

function shown(converter: Converter | undefined): JSONSchema {
  return { ...(converter?.json_schema ?? { type: "string" }) };
}

function parameter(
  place: ParameterObject["in"],
  { name, required, schema }: Field,
): ParameterObject {
  const { description, deprecated } = schema;
  return {
    name,
    in: place,
    ...(typeof description === "string" && { description }),
    required,
    ...(deprecated === true && { deprecated }),
    schema,
  };
}
