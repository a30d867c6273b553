/** What the body of an error says, whatever format it is written in. @module */
import { reason_phrase } from "../http/_status.ts";
import type { ErrorDetail } from "./exceptions.ts";

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
