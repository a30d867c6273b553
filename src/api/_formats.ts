/** Which media types are JSON, which are MessagePack, and what a type is without its parameters. @module */
import { ContentType } from "./content_type.ts";

/** Other names of MessagePack. */
export const MESSAGEPACK_ALIASES: readonly string[] = [
  "application/msgpack",
  "application/vnd.msgpack",
];

/** The aliases of a format that has none. */
export const NO_ALIASES: readonly string[] = [];

// RFC 6839 §3.1, of tokens as RFC 9110 §5.6.2 has them; in lower case
const SUFFIXED = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+\+json$/;

/** Whether a media type in lower case and without parameters has the suffix of JSON: `application/problem+json`. */
export function has_json_suffix(type: string): boolean {
  return SUFFIXED.test(type);
}

/** The media type without its parameters, in lower case. */
export function bare_type(content_type: string): string {
  const semicolon = content_type.indexOf(";");
  return (semicolon < 0 ? content_type : content_type.slice(0, semicolon)).trim().toLowerCase();
}

/** Whether a value of that content type is JSON: `application/json`, or anything that ends in `+json`. */
export function is_json_type(content_type: string): boolean {
  const type = bare_type(content_type);
  return type === ContentType.JSON || has_json_suffix(type);
}

/** Whether a value of that content type is MessagePack. */
export function is_messagepack_type(content_type: string): boolean {
  const type = bare_type(content_type);
  return type === ContentType.MESSAGEPACK || MESSAGEPACK_ALIASES.includes(type);
}
