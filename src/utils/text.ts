/** Working with text (Django docs: `django.utils.text`). @module */
import { SuspiciousFileOperation, ValueError } from "../core/exceptions.ts";
import { format } from "./_format.ts";
import { is_plain_object, repr, str } from "./_python.ts";
import { SPACE, strip, strip_of, WORD } from "./_whitespace.ts";

export {
  acompress_sequence,
  compress_sequence,
  compress_string,
  type CompressOptions,
} from "./_gzip.ts";
export {
  add_truncation_text,
  calculate_truncate_chars_length,
  Truncator,
  type TruncateOptions,
} from "./_truncate.ts";
export { wrap } from "./_wrap.ts";

/** The text with its first letter in upper case. */
export function capfirst(x: unknown): string {
  const [first = "", ...rest] = str(x ?? "");
  return first.toUpperCase() + rest.join("");
}

/** The text with every line ending in a line feed alone. */
export function normalize_newlines(text: unknown): string {
  return str(text).replace(/\r\n?/g, "\n");
}

const NOT_IN_FILENAME = new RegExp(`[^-${WORD}.]`, "gu");

/**
 * The name with spaces as underscores and without everything but letters, digits, `-`, `_` and `.`.
 * @throws SuspiciousFileOperation if nothing that names a file is left.
 */
export function get_valid_filename(name: unknown): string {
  const valid = strip(str(name)).replaceAll(" ", "_").replace(NOT_IN_FILENAME, "");
  if (valid === "" || valid === "." || valid === "..")
    throw new SuspiciousFileOperation(`No file name can be made of ${repr(name)}.`);
  return valid;
}

/** Options of `slugify`. */
export interface SlugifyOptions {
  /** Keep letters of every script. Default `false`: ASCII only, without accents. */
  allow_unicode?: boolean | undefined;
}

const NOT_IN_SLUG = new RegExp(`[^${WORD}${SPACE}-]`, "gu");
const GAPS = new RegExp(`[-${SPACE}]+`, "g");
const NOT_ASCII = /[^\0-\x7f]/gu;

/** The text as part of a URL: lower case, words joined by single hyphens. */
export function slugify(value: unknown, options: SlugifyOptions = {}): string {
  const text = str(value);
  const normal = options.allow_unicode
    ? text.normalize("NFKC")
    : text.normalize("NFKD").replace(NOT_ASCII, "");
  const words = normal.toLowerCase().replace(NOT_IN_SLUG, "");
  return strip_of(words.replace(GAPS, "-"), "-_");
}

/** Options of `get_text_list`. */
export interface TextListOptions {
  /** What stands before the last one. Default `or`. */
  last_word?: string | undefined;
}

/** The items as a phrase: `a, b or c`. */
export function get_text_list(list_: readonly unknown[], options: TextListOptions = {}): string {
  const texts = list_.map(str);
  const last = texts.pop();
  if (last === undefined) return "";
  return texts.length === 0 ? last : `${texts.join(", ")} ${options.last_word ?? "or"} ${last}`;
}

// The keys of a telephone from 2 on.
const KEYS = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];

/** The digits that the letters of a telephone number stand for. The rest is in lower case. */
export function phone2numeric(phone: string): string {
  return phone.toLowerCase().replace(/[a-z]/g, (letter) => {
    return String(KEYS.findIndex((letters) => letters.includes(letter)) + 2);
  });
}

const CAPITALS = /(?<=[a-z])[A-Z]|[A-Z](?![A-Z]|\n?$)/g;

/** `HTTPResponseClass` as `http response class`. */
export function camel_case_to_spaces(value: string): string {
  return strip(value.replace(CAPITALS, " $&")).toLowerCase();
}

const QUOTED = `(?:"(?:[^"\\\\]|\\\\[^\\n])*"|'(?:[^'\\\\]|\\\\[^\\n])*')`;
const PLAIN = `[^${SPACE}'"]*`;
const BIT = new RegExp(`${PLAIN}(?:${QUOTED}${PLAIN})+|[^${SPACE}]+`, "g");

/** The parts between spaces; what stands in quotes, which are kept, is one part. */
export function* smart_split(text: unknown): Generator<string, void, undefined> {
  for (const [bit] of str(text).matchAll(BIT)) yield bit;
}

/**
 * The text between quotes, without the backslashes before quotes and backslashes.
 * @throws ValueError if it is not in quotes.
 */
export function unescape_string_literal(s: string): string {
  const quote = s.charAt(0);
  if ((quote !== '"' && quote !== "'") || !s.endsWith(quote))
    throw new ValueError(`${repr(s)} is not in quotes.`);
  return s.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll("\\\\", "\\");
}

/** Options of `trim_value`. */
export interface TrimValueOptions {
  /** How many characters may stay. Default 4096. */
  limit?: number | undefined;
}

/** A text cut to `limit`, and a note of how much is missing; anything else as it is, and `""`. */
export function trim_value<T>(value: T, options: TrimValueOptions = {}): [T | string, string] {
  const limit = options.limit ?? 4096;
  if (typeof value !== "string" || value.length <= limit) return [value, ""];
  const characters = Array.from<string>(value);
  const missing = characters.length - limit;
  if (missing <= 0) return [value, ""];
  const note = `… <trimmed ${missing} chars out of ${characters.length}>`;
  return [characters.slice(0, limit).join(""), note];
}

/** `format_string` with its `{}`, `{0}` or `{name}` filled in; the names are keys of an object at the end. */
export function format_lazy(format_string: unknown, ...args: unknown[]): string {
  const last = args[args.length - 1];
  const named = is_plain_object(last) ? last : {};
  return format(str(format_string), args, named);
}
