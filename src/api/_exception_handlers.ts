/** Which of the layers' exception handlers answers an error (docs/api.md, "Errors"). @module */
import type { HttpRequest } from "../http/request.ts";
import { status_of } from "./errors.ts";
import type { ExceptionHandler } from "./spec.ts";

/** A handler, once it is known to fit the error. */
export type FoundHandler = (request: HttpRequest, error: unknown) => unknown;

/** How far the class of the error is from a class that a handler names; `undefined`: it is none of it. */
function distance(
  error: object,
  Class: abstract new (...args: never[]) => Error,
): number | undefined {
  let steps = 0;
  let prototype: object | null = Object.getPrototypeOf(error) as object | null;
  for (; prototype !== null; steps++) {
    if (prototype === Class.prototype) return steps;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return undefined;
}

/** The handler of the nearest layer that has one for the error, in it that of the most specific class, then by status. */
export function find_handler(
  layers: readonly (readonly ExceptionHandler[])[],
  error: unknown,
): FoundHandler | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  for (const handlers of layers) {
    let best: ExceptionHandler[1] | undefined;
    let nearest = Infinity;
    for (const [cause, handler] of handlers) {
      const steps =
        typeof cause === "number"
          ? cause === status_of(error)
            ? Number.MAX_SAFE_INTEGER // any class that fits says more
            : undefined
          : distance(error, cause);
      if (steps !== undefined && steps < nearest) [best, nearest] = [handler, steps];
    }
    if (best !== undefined) return best as FoundHandler; // the error is of the class it asks for
  }
  return undefined;
}
