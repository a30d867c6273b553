/** `Http404`, which a view throws when there is nothing at the URL. @module */
import { Exception } from "../core/exceptions.ts";
import { str } from "../utils/_python.ts";

/**
 * Answered with the 404 page of `handler404` (Django docs: "The Http404 exception").
 * The first argument may be any value; the page shows it only if it is text.
 */
export class Http404 extends Exception {
  /** What was given: the text for the page, or any value. */
  readonly value: unknown;

  constructor(message?: unknown, options?: ErrorOptions) {
    super(message === undefined ? "" : str(message), options);
    this.value = message;
  }
}
