/** What the resolver and the handlers share. @module */
import { ViewDoesNotExist } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import type { AnyView } from "./_types.ts";

/**
 * The view itself.
 * @throws ViewDoesNotExist for anything but a function: views are given as they are, not as text to be imported.
 */
export function get_callable(lookup_view: unknown): AnyView {
  if (typeof lookup_view === "function") return lookup_view as AnyView; // a function; its arguments cannot be asked for
  throw new ViewDoesNotExist(
    `${repr(lookup_view)} is no view. Import the function and give the function itself.`,
  );
}
