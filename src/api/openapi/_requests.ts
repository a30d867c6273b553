/** What an operation takes: the parameters of its path, query, headers and cookies, and its body. @module */
import type { Converter } from "../../urls/converters.ts";
import { MULTIPART, URLENCODED } from "../_content_types.ts";
import type { JSONSchema, Schema } from "../schema.ts";
import type { Field } from "./_fields.ts";
import type { PathParameter } from "./_mount.ts";
import type { ParameterObject, RequestBodyObject } from "./_objects.ts";
import type { DocumentedOperation } from "./_types.ts";
import type { Components } from "./components.ts";

/**
 * The parameters: of the path, the query, the headers, the cookies.
 * @param in_path All parameters of the path.
 */
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

/** A body in the types of the parsers, or a form; `undefined` if the operation takes neither. */
export function request_body(
  { spec, effective, label }: DocumentedOperation,
  components: Components,
): RequestBodyObject | undefined {
  const { body, form } = spec;
  if (body !== undefined) {
    const types = effective.parsers.map(({ content_type }) => content_type);
    return in_types(types, components.schema(body, "input", `The body of ${label}`));
  }
  if (form === undefined) return undefined;
  const types = components.has_file(form) ? [MULTIPART] : [URLENCODED, MULTIPART];
  return in_types(types, components.schema(form, "input", `The form of ${label}`));
}

function in_types(types: readonly string[], schema: Record<string, unknown>): RequestBodyObject {
  const content = Object.fromEntries(types.map((type) => [type, { schema }]));
  return { required: true, content };
}
