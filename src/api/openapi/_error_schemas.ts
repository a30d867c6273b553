/** The schemas of error responses (docs/api.md, "Errors"). @module */
import type { JSONSchema } from "../schema.ts";

const TEXT: JSONSchema = { type: "string" };

/** The components of error responses, by name; their references are those of definitions. */
export const ERROR_SCHEMAS: Readonly<Record<"ErrorModel" | "ErrorDetail", JSONSchema>> = {
  ErrorModel: {
    type: "object",
    required: ["detail"],
    properties: {
      detail: { type: "array", items: { $ref: "#/$defs/ErrorDetail" } },
      extra: {},
    },
  },
  ErrorDetail: {
    type: "object",
    required: ["msg"],
    properties: {
      msg: TEXT,
      type: TEXT,
      loc: { type: "array", items: { anyOf: [{ type: "integer" }, { type: "string" }] } },
    },
  },
};
