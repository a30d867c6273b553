/** Which of the layers' exception handlers answers an error (docs/api.md, "Errors"). @module */
import type { HttpRequest } from "../http/request.ts";
import type { ExceptionHandler } from "./spec.ts";

/** A handler, once it is known to fit the error. */
export interface FoundHandler {
  readonly handler: (request: HttpRequest, error: unknown) => unknown;
  /** The layer behind its own: what it throws goes on there. */
  readonly next: number;
}

type Cause = ExceptionHandler[0];

/** How far the class of the error is from a class that a handler names; `undefined`: it is none of it. */
function distance(
  error: unknown,
  Class: abstract new (...args: never[]) => Error,
): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  let steps = 0;
  let prototype: object | null = Object.getPrototypeOf(error) as object | null;
  for (; prototype !== null; steps++) {
    if (prototype === Class.prototype) return steps;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return undefined;
}

/** The same for a status, to which any class that fits is preferred. */
function distance_to(cause: Cause, error: unknown, status: number): number | undefined {
  if (typeof cause !== "number") return distance(error, cause);
  return cause === status ? Number.MAX_SAFE_INTEGER : undefined;
}

/**
 * The handler of the nearest layer that has one for the error, in it that of the most specific class, then by status.
 * @param status Of the error.
 * @param from The layer to begin with.
 */
export function find_handler(
  layers: readonly (readonly ExceptionHandler[])[],
  error: unknown,
  status: number,
  from: number,
): FoundHandler | undefined {
  for (let at = from; at < layers.length; at++) {
    let best: ExceptionHandler[1] | undefined;
    let nearest = Infinity;
    for (const [cause, handler] of layers[at] ?? []) {
      const steps = distance_to(cause, error, status);
      if (steps !== undefined && steps < nearest) [best, nearest] = [handler, steps];
    }
    if (best !== undefined) return { handler: best as FoundHandler["handler"], next: at + 1 }; // the error is of the class it asks for
  }
  return undefined;
}
