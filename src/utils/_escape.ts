/** Escaping for HTML, and for text inside a script. @module */
import { str } from "./_python.ts";
import { has_html, is_nunjucks_safe, mark_safe, SafeString } from "./safestring.ts";

const SPECIAL = /[&<>"']/;
const ALL_SPECIAL = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** The escaped text as a plain string. @internal */
export function escape_text(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(ALL_SPECIAL, (character) => ENTITIES[character] ?? character);
}

/** The text with `& < > " '` as entities (`&#x27;` for the last). Escapes what is marked safe too. */
export function escape(text: unknown): SafeString {
  return new SafeString(escape_text(str(text)));
}

/** As `escape`, but what has an `__html__` gives that, unescaped. */
export function conditional_escape(text: unknown): SafeString {
  if (text instanceof SafeString) return text;
  if (has_html(text)) return mark_safe(text.__html__());
  if (is_nunjucks_safe(text)) return new SafeString(text.toString());
  return escape(text);
}

// oxlint-disable-next-line no-control-regex -- control characters are what must not stay
const IN_SCRIPT = /[\\'"<>&=\-;`\u2028\u2029\u0000-\u001f\u007f-\u009f]/g;

/** The text for use inside a quoted JavaScript string: what could end it or the script becomes `\uXXXX`. */
export function escapejs(value: unknown): SafeString {
  return new SafeString(str(value).replace(IN_SCRIPT, unicode_escape));
}

/** `\u` and four upper-case hexadecimal digits. @internal */
export function unicode_escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
