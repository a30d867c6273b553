/** Content types: what they are without parameters, which are JSON, MessagePack or text, and how responses send them. @module */
import { on_change } from "../conf/index.ts";
import { charset_of, get_default_charset } from "../http/_content_type.ts";
import { ContentType } from "./content_type.ts";

/** The content types of forms. */
export const URLENCODED = "application/x-www-form-urlencoded";
export const MULTIPART = "multipart/form-data";

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

const MEMO_LIMIT = 256;
const completed = new Map<string, string>();
on_change(["DEFAULT_CHARSET"], () => completed.clear());

/** The type, which as a text without a charset gets the one of the site. Events are UTF-8 and say no charset. */
export function with_charset(content_type: string): string {
  if (content_type.startsWith("application/")) return content_type; // most are, and are not looked at twice
  const known = completed.get(content_type);
  if (known !== undefined) return known;
  const type = complete(content_type);
  if (completed.size < MEMO_LIMIT) completed.set(content_type, type);
  return type;
}

function complete(content_type: string): string {
  if (!is_text(content_type) || charset_of(content_type) !== undefined) return content_type;
  return is_event_stream(content_type)
    ? content_type
    : `${content_type}; charset=${get_default_charset()}`;
}

/** Whether the type is one of `text/*`. */
export function is_text(content_type: string): boolean {
  return /^text\//i.test(content_type);
}

/** Whether it is the type of server-sent events. */
export function is_event_stream(content_type: string): boolean {
  return /^text\/event-stream\s*(?:;|$)/i.test(content_type);
}
