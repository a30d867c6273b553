/** `strip_tags`: the text of HTML. @module */
import { SuspiciousOperation } from "../core/exceptions.ts";
import { scan_html } from "./_html_scan.ts";
import { str } from "./_python.ts";

/** How often tags may appear anew when others are taken away. */
export const MAX_STRIP_TAGS_DEPTH = 50;

const LONG_OPEN_TAG = /<[a-zA-Z][^>]{1000,}/g;

/**
 * The text without tags and comments. The result is not safe HTML: escape it.
 * @throws SuspiciousOperation if tags are nested in tags more than 50 deep.
 */
export function strip_tags(value: unknown): string {
  let text = str(value);
  for (const [tag] of text.matchAll(LONG_OPEN_TAG)) {
    if (count_open(tag) >= MAX_STRIP_TAGS_DEPTH) refuse();
  }
  for (let depth = 0; text.includes("<") && text.includes(">"); depth += 1) {
    if (depth >= MAX_STRIP_TAGS_DEPTH) refuse();
    const stripped = strip_once(text);
    if (count_open(stripped) === count_open(text)) break;
    text = stripped;
  }
  return text;
}

function refuse(): never {
  throw new SuspiciousOperation(
    `The text to strip has tags within tags, more than ${MAX_STRIP_TAGS_DEPTH} deep.`,
  );
}

function count_open(text: string): number {
  return text.split("<").length - 1;
}

// A reference that something follows is written with its semicolon.
const REFERENCE = /&([a-zA-Z][-.a-zA-Z0-9]*|#(?:[0-9]+|[xX][0-9a-fA-F]+))(?:;|(?=[^-.a-zA-Z0-9]))/g;

function strip_once(html: string): string {
  const parts: string[] = [];
  scan_html(html, {
    text: (text) => void parts.push(text.replace(REFERENCE, "&$1;")),
    start() {},
    end() {},
  });
  return parts.join("");
}
