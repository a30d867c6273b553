/** What the body of an error says, whatever format it is written in. @module */
import { reason_phrase } from "../http/_status.ts";
import type { ErrorDetail } from "./exceptions.ts";
import type { JSONSchema } from "./schema.ts";

/** The shape of every error; `extra` only where there is any. */
export interface ErrorModel {
  readonly detail: readonly ErrorDetail[];
  readonly extra?: unknown;
}

/** The shape of RFC 9457, for clients that ask for it; `extra` only where there is any. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly ErrorDetail[];
  readonly extra?: unknown;
}

/** The faults as data; without `extra` if that is `undefined`. */
export function error_model(detail: readonly ErrorDetail[], extra?: unknown): ErrorModel {
  return extra === undefined ? { detail } : { detail, extra };
}

/** The same as problem details, which have one text and a title besides the list. */
export function problem(status: number, detail: readonly ErrorDetail[], extra?: unknown): Problem {
  const body: Problem = {
    type: "about:blank", // RFC 9457 §4.2.1: the title is the phrase of the status
    title: reason_phrase(status),
    status,
    detail: detail.map(({ msg }) => msg).join("; "),
    errors: detail,
  };
  return extra === undefined ? body : { ...body, extra };
}

const TEXT: JSONSchema = { type: "string" };

/** `ErrorModel` and `ErrorDetail` as the document has them; references are those of definitions. */
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
