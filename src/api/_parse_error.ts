/** The error for a body that cannot be read: 400, of the type `parse_error`. @module */
import { BadRequest } from "./exceptions.ts";

/** @param msg What is wrong, and where. It is sent to the client: no word of the body belongs there. */
export function parse_error(msg: string, cause?: unknown): BadRequest {
  return new BadRequest([{ msg, type: "parse_error", loc: ["body"] }], { cause });
}
