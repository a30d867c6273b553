/** Requests for the specifications of typed endpoints: with a body, or with an Accept header. @module */
import type { HttpRequest } from "nuages/http";
import type { ErrorDetail, HTTPException } from "nuages/api/exceptions";
import { RequestFactory } from "nuages/test";

/** A request with this body. Without a type there is no Content-Type header. */
export function with_body(
  body: string | Uint8Array,
  content_type?: string,
  method = "POST",
): HttpRequest {
  const bytes = typeof body === "string" ? body : Buffer.from(body);
  const options = content_type === undefined ? { CONTENT_TYPE: "" } : { content_type };
  return new RequestFactory().generic(method, "/", bytes, options);
}

/** A GET request with this Accept header, or without one. */
export function accepting(accept?: string): HttpRequest {
  return new RequestFactory().get(
    "/",
    null,
    accept === undefined ? {} : { headers: { Accept: accept } },
  );
}

/** What was thrown, if it was an error of this class. */
export function thrown<E extends Error>(
  Class: abstract new (...args: never[]) => E,
  run: () => unknown,
): E {
  try {
    run();
  } catch (error) {
    if (error instanceof Class) return error;
    throw error;
  }
  throw new Error(`No ${Class.name} was thrown.`);
}

/** The only thing wrong. */
export function only_fault(error: HTTPException): ErrorDetail {
  const [fault, ...more] = error.detail;
  if (fault === undefined || more.length > 0) throw new Error(`${error.detail.length} faults`);
  return fault;
}
