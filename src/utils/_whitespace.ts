/** White space, word characters and lines as Python's `str` and `re` see them. @module */

/**
 * The inside of a character class: Python's `\s`. Unlike JavaScript's it has U+001C to U+001F and U+0085, but not
 * U+FEFF.
 */
export const SPACE =
  "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/** The inside of a character class (flag `u` needed): Python's `\w`, which has no combining marks. */
export const WORD = "\\p{L}\\p{N}_";

const LEADING = new RegExp(`^[${SPACE}]+`);
const RUN = new RegExp(`[${SPACE}]+`);
const IS_SPACE = new RegExp(`[${SPACE}]`);

/** Whether the character is visible ASCII: no white space. */
function is_visible(code: number): boolean {
  return code > 32 && code < 127;
}

/** `text.strip()`. */
export function strip(text: string): string {
  if (is_visible(text.charCodeAt(0)) && is_visible(text.charCodeAt(text.length - 1))) return text;
  return rstrip(text.replace(LEADING, ""));
}

/** `text.rstrip()`; linear, where an anchored regular expression is not. */
export function rstrip(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `text.split()`: the words, without empty ones. */
export function split_words(text: string): string[] {
  return text.split(RUN).filter((word) => word !== "");
}

/** `text.strip(characters)`: without these characters at either end. */
export function strip_of(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start += 1;
  return rstrip_of(text.slice(start), characters);
}

/** `text.rstrip(characters)`. */
export function rstrip_of(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

// oxlint-disable-next-line no-control-regex -- U+001C to U+001E end a line in Python
const LINE_END = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/;

/** `text.splitlines()`: no empty line after a final line end. */
export function split_lines(text: string): string[] {
  const lines = text.split(LINE_END);
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}
