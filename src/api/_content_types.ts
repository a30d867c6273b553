/** Content types as responses of this layer send them. @module */
import { charset_of, get_default_charset } from "../http/_content_type.ts";

/** The type, which as a text without a charset gets the one of the site. Events are UTF-8 and say no charset. */
export function with_charset(content_type: string): string {
  if (content_type.startsWith("application/")) return content_type; // most are, and are not looked at twice
  if (!is_text(content_type) || charset_of(content_type) !== undefined) return content_type;
  return /^text\/event-stream\s*(?:;|$)/i.test(content_type)
    ? content_type
    : `${content_type}; charset=${get_default_charset()}`;
}

/** Whether the type is one of `text/*`. */
export function is_text(content_type: string): boolean {
  return /^text\//i.test(content_type);
}
