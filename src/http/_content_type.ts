/** The charset of a response, from its Content-Type or the settings. @module */
import { on_change, settings } from "../conf/index.ts";
import { header_value } from "./_header_text.ts";

const CHARSET = /;\s*charset=(?<charset>[^\s;]+)/i;
const MEMO_LIMIT = 256;
const charsets = new Map<string, string | undefined>();

/** The `charset` parameter without its quotes; `undefined` if there is none. */
export function charset_of(content_type: string): string | undefined {
  const known = charsets.get(content_type);
  if (known !== undefined || charsets.has(content_type)) return known;
  const charset = CHARSET.exec(content_type)?.groups?.charset?.replaceAll('"', "");
  if (charsets.size < MEMO_LIMIT) charsets.set(content_type, charset);
  return charset;
}

const sendable_types = new Set<string>();

/**
 * What the header Content-Type says of a response that was given this type and charset. A type is checked once: those of a
 * site are few, and come again and again.
 * @throws BadHeaderError for a control character.
 */
export function content_type_header(
  content_type: string | null | undefined,
  charset: string | null,
): string {
  const type = content_type ?? get_default_content_type(charset);
  if (sendable_types.has(type)) return type;
  const text = header_value(type);
  if (text === type && sendable_types.size < MEMO_LIMIT) sendable_types.add(text);
  return text;
}

let default_charset: string | undefined;
let default_content_type = "";

on_change(["DEFAULT_CHARSET"], () => {
  default_charset = undefined;
});

/** `settings.DEFAULT_CHARSET`, kept at hand. */
export function get_default_charset(): string {
  return (default_charset ??= read_default());
}

function read_default(): string {
  const charset = settings.DEFAULT_CHARSET;
  default_content_type = `text/html; charset=${charset}`;
  return charset;
}

/** The Content-Type of a response that was given none. */
function get_default_content_type(charset: string | null): string {
  if (charset !== null) return `text/html; charset=${charset}`;
  get_default_charset();
  return default_content_type;
}

const UTF_8: ReadonlySet<string> = new Set(["utf-8", "UTF-8", "utf8", "UTF8"]);

/** Whether the charset is UTF-8 under one of its usual names; the unusual ones take the long way to the same bytes. */
export function is_utf_8(charset: string): boolean {
  return charset === "utf-8" || UTF_8.has(charset);
}
