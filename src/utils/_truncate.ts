/** `Truncator`: a text cut after so many characters or words, with a mark that tells so. @module */
import { ValueError } from "../core/exceptions.ts";
import { parse_int } from "./_number.ts";
import { repr, define_repr, str } from "./_python.ts";
import { truncate_html_chars, truncate_html_words } from "./_truncate_html.ts";
import { split_words } from "./_whitespace.ts";

/** Options of `Truncator.chars` and `Truncator.words`. */
export interface TruncateOptions {
  /** What follows the cut text; with `%(truncated_text)s` in it, the text goes there. Default `…`. */
  truncate?: string | null | undefined;
  /** Whether the text is HTML: tags are not counted, and open ones are closed. Default `false`. */
  html?: boolean | undefined;
}

const HERE = "%(truncated_text)s";

/** The text with the mark, unless it ends with that already. */
export function add_truncation_text(
  text: string,
  options: Pick<TruncateOptions, "truncate"> = {},
): string {
  const mark = options.truncate ?? "…";
  if (mark.includes(HERE)) return mark.replaceAll(HERE, () => text).replaceAll("%%", "%");
  return text.endsWith(mark) ? text : text + mark;
}

/** How many characters of the text may stay so that with the mark there are `length`. */
export function calculate_truncate_chars_length(
  length: number,
  replacement: string | null | undefined,
): number {
  let left = length;
  for (const character of add_truncation_text("", { truncate: replacement })) {
    if (is_combining(character)) continue;
    left -= 1;
    if (left === 0) break;
  }
  return left;
}

/**
 * Whether the character joins the one before it: its canonical combining class is not 0. Normalisation moves such a
 * character before U+0345, which has the highest class.
 */
function is_combining(character: string): boolean {
  if (character < "\u0300") return false;
  if (character === "\u0345") return true;
  return /^\p{M}$/u.test(character) && !`\u0345${character}`.normalize("NFD").startsWith("\u0345");
}

/** A text that can be cut (Django docs: the filters `truncatechars` and `truncatewords`). Its `String()` is the text. */
export class Truncator {
  static {
    define_repr(this.prototype, (self) => `<Truncator: ${self.#text}>`);
  }

  readonly #text: string;

  constructor(text: unknown) {
    this.#text = str(text);
  }

  toString(): string {
    return this.#text;
  }

  /**
   * The text in at most `num` characters, the mark included. Combining characters do not count.
   * @returns `""` for 0 and below.
   * @throws ValueError if `num` is no integer.
   */
  chars(num: number, options: TruncateOptions = {}): string {
    const length = to_int(num);
    if (length <= 0) return "";
    const text = this.#text.normalize("NFC");
    const { truncate } = options;
    const room = calculate_truncate_chars_length(length, truncate);
    const mark = (kept: string): string => add_truncation_text(kept, { truncate });
    return options.html
      ? truncate_html_chars(text, length, room, mark)
      : cut_chars(text, length, room, mark);
  }

  /**
   * The first `num` words, joined by single spaces, and the mark if there were more.
   * @returns `""` for 0 and below.
   * @throws ValueError if `num` is no integer.
   */
  words(num: number, options: TruncateOptions = {}): string {
    const length = to_int(num);
    if (length <= 0) return "";
    const mark = (kept: string): string => add_truncation_text(kept, options);
    if (options.html) return truncate_html_words(this.#text, length, mark);
    const words = split_words(this.#text);
    if (words.length <= length) return words.join(" ");
    return mark(words.slice(0, length).join(" "));
  }
}

function cut_chars(
  text: string,
  length: number,
  room: number,
  mark: (kept: string) => string,
): string {
  let size = 0;
  let at = 0;
  let end: number | undefined;
  for (const character of text) {
    if (!is_combining(character)) {
      size += 1;
      if (end === undefined && size > room) end = at;
      if (size > length) return mark(text.slice(0, end ?? 0));
    }
    at += character.length;
  }
  return text;
}

/** Python's `int(value)`: an argument of a template filter may be a text. */
function to_int(value: unknown): number {
  const number = typeof value === "number" ? Math.trunc(value) : parse_int(str(value));
  if (number === undefined || !Number.isFinite(number))
    throw new ValueError(`${repr(value)} is no whole number.`);
  return number;
}
