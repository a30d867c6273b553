/** Bodies that cannot be read: the error for them, and how deep they may be nested. @module */
import { BadRequest } from "./exceptions.ts";

/** How deep lists and objects may be nested: what a schema, or `JSON.stringify`, walks through without a full stack. */
export const MAX_DEPTH = 100;

/**
 * The error: 400, of the type `parse_error`.
 * @param msg What is wrong, and where. It is sent to the client: no word of the body belongs there.
 */
export function parse_error(msg: string, cause?: unknown): BadRequest {
  return new BadRequest([{ msg, type: "parse_error", loc: ["body"] }], { cause });
}
