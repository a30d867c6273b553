/** The views that answer errors (Django docs: URL dispatcher, "Error handling"). @module */
import { LookupError } from "../core/exceptions.ts";
import type { ErrorHandler, URLConf } from "./_types.ts";
import { get_callable } from "./utils.ts";

const defaults = new Map<number, ErrorHandler>();

/** Makes a default page known: the pages themselves are above this module. @internal */
export function provide_error_handler(status: number, handler: ErrorHandler): void {
  defaults.set(status, handler);
}

/** What the URLconf itself says answers the status: its `handler404` and the like, unchecked. */
export function given_handler(urlconf: URLConf, status: number): unknown {
  // a module has what it exports, a list has no handlers
  return (urlconf as unknown as Record<string, unknown>)[`handler${status}`];
}

/**
 * The URLconf's handler for the status, or the default page.
 * @throws ViewDoesNotExist for a handler that is no function; LookupError where there is no default page.
 */
export function error_handler(urlconf: URLConf, status: number): ErrorHandler {
  const given = given_handler(urlconf, status);
  if (given) return get_callable(given) as ErrorHandler; // URLConfModule says what it is
  const handler = defaults.get(status);
  if (handler === undefined)
    throw new LookupError(`There is no default page for the status ${status}.`);
  return handler;
}
