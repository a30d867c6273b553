/** The content that an operation takes. @module */
import type { RequestBodyObject } from "./_objects.ts";
import type { DocumentedOperation } from "./_types.ts";
import type { Components } from "./components.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";

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
