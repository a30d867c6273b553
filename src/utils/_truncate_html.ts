/** Cutting HTML after so many characters or words: tags do not count, and what is open at the cut is closed. @module */
import { unescape_html } from "./_entities.ts";
import { escape_text } from "./_escape.ts";
import { type HtmlHandler, scan_html, type StartTag } from "./_html_scan.ts";
import { SPACE } from "./_whitespace.ts";

/** Elements that have no content and no end tag (WHATWG HTML §13.1.2, and two that are obsolete). */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr frame spacer".split(" "),
);

/** Adds the mark to a text that was cut. */
type Mark = (text: string) => string;

abstract class Cutter implements HtmlHandler {
  done = false;
  protected readonly output: string[] = [];
  protected remaining: number;
  readonly #open: string[] = [];
  readonly #mark: Mark;

  constructor(remaining: number, mark: Mark) {
    this.remaining = remaining;
    this.#mark = mark;
  }

  /** How much the text counts, and as much of it as may stay, escaped. */
  protected abstract measure(text: string): { size: number; kept: string };

  /** Whether all is well although the limit is reached: then the text stays as it is. */
  protected fits(_text: string): boolean {
    return false;
  }

  start(tag: StartTag): void {
    this.output.push(tag.source);
    if (VOID_ELEMENTS.has(tag.name)) return;
    this.#open.push(tag.name);
    if (tag.closed) this.end(tag.name);
  }

  end(name: string): void {
    if (VOID_ELEMENTS.has(name)) return;
    this.output.push(`</${name}>`);
    // only the tag opened last: looking for another would take quadratic time
    if (this.#open[this.#open.length - 1] === name) this.#open.pop();
  }

  text(raw: string): void {
    const text = unescape_html(raw);
    if (this.fits(text)) {
      this.output.push(text);
      return this.#finish();
    }
    const { size, kept } = this.measure(text);
    if (this.remaining < size) {
      this.output.push(this.#mark(kept));
      return this.#finish();
    }
    this.remaining -= size;
    this.output.push(kept);
  }

  #finish(): void {
    this.done = true;
    for (const name of this.#open.toReversed()) this.output.push(`</${name}>`);
  }

  result(): string {
    return this.output.join("");
  }
}

class CharsCutter extends Cutter {
  readonly #length: number;
  readonly #total: number;
  #seen = 0;

  constructor(length: number, remaining: number, mark: Mark, total: number) {
    super(remaining, mark);
    this.#length = length;
    this.#total = total;
  }

  protected override fits(text: string): boolean {
    const size = count(text);
    this.#seen += size;
    if (this.#seen !== this.#length) return false;
    return this.output.reduce((sum, part) => sum + count(part), size) === this.#total;
  }

  protected measure(text: string): { size: number; kept: string } {
    const characters = Array.from(text);
    const kept = characters.slice(0, this.remaining).join("");
    return { size: characters.length, kept: escape_text(kept) };
  }
}

const BETWEEN_WORDS = new RegExp(`(?<=[^${SPACE}])[${SPACE}]+(?=[^${SPACE}])`);

class WordsCutter extends Cutter {
  protected measure(text: string): { size: number; kept: string } {
    const words = text.split(BETWEEN_WORDS);
    return { size: words.length, kept: escape_text(words.slice(0, this.remaining).join(" ")) };
  }
}

function count(text: string): number {
  let size = 0;
  for (const _ of text) size += 1;
  return size;
}

/** The HTML with at most `length` characters; `remaining` of them and the mark when it must be cut. */
export function truncate_html_chars(
  html: string,
  length: number,
  remaining: number,
  mark: Mark,
): string {
  const cutter = new CharsCutter(length, remaining, mark, count(html));
  scan_html(html, cutter, { final: false });
  return cutter.result();
}

/** The HTML with at most `length` words. */
export function truncate_html_words(html: string, length: number, mark: Mark): string {
  const cutter = new WordsCutter(length, mark);
  scan_html(html, cutter, { final: false });
  return cutter.result();
}
