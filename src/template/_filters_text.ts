/** Filters on text (Django docs: Built-in filters). Each takes any value, of which it takes the `str`. @module */
import { percent_format } from "../utils/_percent_format.ts";
import { str } from "../utils/_python.ts";
import { quote } from "../utils/_quote.ts";
import { split_words } from "../utils/_whitespace.ts";
import { iri_to_uri } from "../utils/encoding.ts";
import { SafeData } from "../utils/safestring.ts";
import {
  capfirst as capital_first,
  phone2numeric as digits_of_phone,
  slugify as slug,
  Truncator,
  wrap,
} from "../utils/text.ts";
import {
  as_safe_as,
  count_characters,
  int_or_none,
  is_silent,
  type Text,
  to_number,
  to_size,
} from "./_filter_values.ts";

/** Backslashes before backslashes and quotes. */
export function addslashes(value: unknown): Text {
  return as_safe_as(value, str(value).replace(/[\\"']/g, "\\$&"));
}

/** The first character in upper case; the others stay. */
export function capfirst(value: unknown): Text {
  return as_safe_as(value, capital_first(str(value)));
}

/** In the middle of `arg` characters; of an odd space, the larger part is after it. @throws ValueError above a million. */
export function center(value: unknown, arg: unknown): Text {
  const text = str(value);
  const missing = Math.max(0, to_size("center", arg) - count_characters(text));
  const before = Math.floor(missing / 2);
  return as_safe_as(value, " ".repeat(before) + text + " ".repeat(missing - before));
}

/** Without `arg`, wherever it is. Cut semicolons leave half entities, so that the text is no longer safe. */
export function cut(value: unknown, arg: unknown): Text {
  const unwanted = str(arg);
  const text = unwanted === "" ? str(value) : str(value).replaceAll(unwanted, "");
  return unwanted === ";" ? text : as_safe_as(value, text);
}

/** An IRI as a URI. */
export function iriencode(value: unknown): Text {
  return as_safe_as(value, iri_to_uri(str(value)));
}

/** At the left of `arg` characters. @throws ValueError above a million. */
export function ljust(value: unknown, arg: unknown): Text {
  const text = str(value);
  const missing = Math.max(0, to_size("ljust", arg) - count_characters(text));
  return as_safe_as(value, text + " ".repeat(missing));
}

/** At the right of `arg` characters. @throws ValueError above a million. */
export function rjust(value: unknown, arg: unknown): Text {
  const text = str(value);
  const missing = Math.max(0, to_size("rjust", arg) - count_characters(text));
  return as_safe_as(value, " ".repeat(missing) + text);
}

/** In lower case. */
export function lower(value: unknown): Text {
  return as_safe_as(value, str(value).toLowerCase());
}

/** In upper case. No longer safe: `&amp;` would be `&AMP;`. */
export function upper(value: unknown): string {
  return str(value).toUpperCase();
}

/** Its characters; of a number, its digits, as text. */
export function make_list(value: unknown): string[] {
  return Array.from(str(value));
}

/** The digits that the letters of a telephone number stand for. */
export function phone2numeric(value: unknown): string {
  return digits_of_phone(str(value));
}

/** ASCII, in lower case, joined by hyphens: for URLs. */
export function slugify(value: unknown): Text {
  return as_safe_as(value, slug(str(value)));
}

/** By Python's `%`, without the percent sign: `05.1f`. What cannot be formatted so gives `""`. */
export function stringformat(value: unknown, arg: unknown): string {
  try {
    return percent_format(`%${str(arg)}`, value instanceof SafeData ? str(value) : value);
  } catch (error) {
    if (is_silent(error)) return "";
    throw error;
  }
}

// Characters whose title case is neither their upper case nor one capital and small letters.
const DIGRAPHS = /^[\u01c4-\u01cc\u01f1-\u01f3]$/;
const TITLE_OF_DIGRAPH: Readonly<Record<string, string>> = {
  D: "\u01f2",
  L: "\u01c8",
  N: "\u01cb",
};

const AFTER_FIRST_LETTER = /(?<=^\P{Cased}*\p{Cased})(?=[^]+$)/u;

function title_character(character: string): string {
  if (DIGRAPHS.test(character)) {
    const code = character.charCodeAt(0);
    if (code <= 0x01c6) return "\u01c5";
    return TITLE_OF_DIGRAPH[character.normalize("NFKD").charAt(0).toUpperCase()] ?? character;
  }
  if (/^[\u1f80-\u1faf\u1fb3\u1fbc\u1fc3\u1fcc\u1ff3\u1ffc]$/.test(character))
    return simple_title(character); // Greek with an iota below, which stays below
  if (/^[\u10d0-\u10fa\u10fd-\u10ff]$/.test(character)) return character; // Georgian has no title case
  const [first = "", rest = ""] = character.toUpperCase().split(AFTER_FIRST_LETTER);
  return first + rest.toLowerCase();
}

function simple_title(character: string): string {
  const [base = "", ...marks] = character.normalize("NFD");
  return (base.toUpperCase() + marks.join("")).normalize("NFC");
}

const CASED_RUN = /\p{Cased}+/gu;
const FOLLOWED_BY_CASED = /\p{Case_Ignorable}*\p{Cased}/uy;

/** Each word with a capital first, as Python's `title()`, except after an apostrophe or a digit. */
export function title(value: unknown): Text {
  const text = str(value);
  const titled = text.replace(CASED_RUN, (run: string, at: number) => {
    const [first = "", ...rest] = run;
    const end = at + run.length;
    return title_character(first) + lower_rest(rest.join(""), text, end);
  });
  const repaired = titled
    .replace(/[a-z]'[A-Z]/g, (found) => found.toLowerCase())
    .replace(/\p{Nd}[A-Z]/gu, (found) => found.toLowerCase());
  return as_safe_as(value, repaired);
}

/** A sigma is another at the end of a word: unless more letters follow, apostrophes and marks aside. */
function lower_rest(rest: string, text: string, end: number): string {
  if (!rest.endsWith("\u03a3")) return rest.toLowerCase();
  FOLLOWED_BY_CASED.lastIndex = end;
  const sigma = FOLLOWED_BY_CASED.test(text) ? "\u03c3" : "\u03c2";
  return rest.slice(0, -1).toLowerCase() + sigma;
}

/** What `cut` makes of the text, which stays as it is if the length is no number. */
function truncated(
  value: unknown,
  arg: unknown,
  cut_to: (text: string, length: number) => string,
): Text {
  const length = int_or_none(arg);
  const text = str(value);
  return as_safe_as(value, length === undefined ? text : cut_to(text, Number(length)));
}

/** At most `arg` characters, the mark `…` included. */
export function truncatechars(value: unknown, arg: unknown): Text {
  return truncated(value, arg, (text, length) => new Truncator(text).chars(length));
}

/** `truncatechars` of HTML: tags are not counted, and are closed. */
export function truncatechars_html(value: unknown, arg: unknown): Text {
  return truncated(value, arg, (text, length) => new Truncator(text).chars(length, { html: true }));
}

const AFTER_WORDS = " \u2026";

/** At most `arg` words, and ` …` if there were more. */
export function truncatewords(value: unknown, arg: unknown): Text {
  return truncated(value, arg, (text, length) =>
    new Truncator(text).words(length, { truncate: AFTER_WORDS }),
  );
}

/** `truncatewords` of HTML: tags are not counted, and are closed. */
export function truncatewords_html(value: unknown, arg: unknown): Text {
  return truncated(value, arg, (text, length) =>
    new Truncator(text).words(length, { html: true, truncate: AFTER_WORDS }),
  );
}

/** Percent-encoded. @param safe What stays besides letters, digits and `_.-~`. Default `/`. */
export function urlencode(value: unknown, safe?: unknown): string {
  return quote(str(value), safe === undefined || safe === null ? "/" : str(safe));
}

/** How many words it has. */
export function wordcount(value: unknown): number {
  return split_words(str(value)).length;
}

/** With line breaks so that no line is longer than `arg`. @throws ValueError for a width below 1. */
export function wordwrap(value: unknown, arg: unknown): Text {
  const text = str(value);
  const width = to_number(arg);
  return as_safe_as(value, text === "" ? "" : wrap(text, width));
}
