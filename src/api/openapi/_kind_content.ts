/** The content of files and streams. @module */
import type { ResponseKind } from "../_kinds.ts";
import type { JSONSchema } from "../schema.ts";
import type { MediaTypeObject, OpenAPIVersion } from "./_objects.ts";
import type { Components } from "./components.ts";

const BINARY: JSONSchema = { type: "string", format: "binary" };

/** What the content of a kind is described with. */
export interface KindContext {
  readonly components: Components;
  readonly version: OpenAPIVersion;
  /** What messages call the response. */
  readonly where: string;
}

/** The content of a response kind in each of its media types. */
export function kind_content(
  kind: ResponseKind,
  { components, version, where }: KindContext,
): Record<string, MediaTypeObject> {
  const { format, item, schema } = kind.describe();
  const types = kind.content_types.length === 0 ? ["*/*"] : kind.content_types;
  if (format === "file")
    return Object.fromEntries(types.map((type) => [type, { schema: { ...(schema ?? BINARY) } }]));
  const data = item === undefined ? {} : components.schema(item, "output", where);
  const whole = format === "events" ? event_of(data) : data;
  const field = version === "3.1.1" ? "schema" : "itemSchema";
  return Object.fromEntries(types.map((type) => [type, { [field]: whole }]));
}

/** OpenAPI 3.2 §4.14.4: a server-sent event, whose data is JSON. */
function event_of(data: JSONSchema): JSONSchema {
  return {
    type: "object",
    required: ["data"],
    properties: {
      event: { type: "string" },
      id: { type: "string" },
      retry: { type: "integer", minimum: 0 },
      data: { type: "string", contentMediaType: "application/json", contentSchema: data },
    },
  };
}
