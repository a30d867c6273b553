/** What the parts of a request become when a spec declares them. @module */
import { RequestValidationError } from "nuages/api/exceptions";
import type { ErrorDetail } from "nuages/api/exceptions";
import { Parameters } from "nuages/api/parameters";
import { JSONParser, type Parser } from "nuages/api/parsers";
import type { Schema } from "nuages/api/schema";
import type { Spec } from "nuages/api/spec";
import type { HttpRequest } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { with_body } from "./api_requests.ts";

type Args = Record<string, unknown>;

/** What makes requests. */
export const rf: RequestFactory = new RequestFactory();

const PARSERS: readonly Parser[] = [new JSONParser()];

/** The second argument of a handler of this spec, if nothing has to be waited for. */
export function args_of(spec: Spec, request: HttpRequest = rf.get("/"), kwargs: Args = {}): Args {
  const args = new Parameters(spec, "endpoint").read(request, kwargs, PARSERS);
  if (args instanceof Promise) throw new Error("There is a promise to wait for.");
  return args;
}

/** The same, once it is there. */
export async function args_later(
  spec: Spec,
  request: HttpRequest = rf.get("/"),
  kwargs: Args = {},
): Promise<Args> {
  return new Parameters(spec, "endpoint").read(request, kwargs, PARSERS);
}

/** What `query` becomes. */
export function query_of(query: Schema, text: string): unknown {
  return args_of({ query }, rf.get(`/?${text}`)).query;
}

/** What `body` becomes, sent as JSON. */
export function body_of(body: Schema, text: string, method = "POST"): unknown {
  return args_of({ body }, json_request(text, method)).body;
}

/** A request with this body. */
export function json_request(text: string, method = "POST"): HttpRequest {
  return with_body(text, "application/json", method);
}

/** The faults of a request that does not fit. */
export function faults_of(read: () => unknown): readonly ErrorDetail[] {
  try {
    read();
  } catch (error) {
    if (error instanceof RequestValidationError) return error.detail;
    throw error;
  }
  return [];
}

/** Where they are. */
export function locations_of(read: () => unknown): (readonly (string | number)[] | undefined)[] {
  return faults_of(read).map(({ loc }) => loc);
}
