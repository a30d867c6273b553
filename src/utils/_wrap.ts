/** Breaking text into lines, as Python's `textwrap` does without breaking words. @module */
import { ValueError } from "../core/exceptions.ts";
import { split_lines, strip } from "./_whitespace.ts";

const SPACES = /([\t\n\v\f\r ]+)/;
const TAB = 8;

/**
 * Breaks lines longer than `width` at spaces; a word that is longer stays whole. The breaks of the text are kept.
 * @throws ValueError for a width below 1.
 */
export function wrap(text: string, width: number): string {
  if (!(width > 0)) throw new ValueError(`A line cannot be ${width} wide; give 1 or more.`);
  const lines = split_lines(text).flatMap((line) => {
    const wrapped = wrap_line(expand_tabs(line), width);
    return wrapped.length === 0 ? [line] : wrapped;
  });
  if (text.endsWith("\n")) lines.push("");
  return lines.join("\n");
}

function wrap_line(line: string, width: number): string[] {
  const lines: string[] = [];
  let current: string[] = [];
  let size = 0;
  const finish = (): void => {
    if (is_blank(current[current.length - 1])) current.pop();
    if (current.length > 0) lines.push(current.join(""));
    current = [];
    size = 0;
  };
  for (const chunk of line.split(SPACES)) {
    if (chunk === "") continue;
    const length = Array.from(chunk).length;
    if (size + length > width && current.length > 0) finish();
    if (current.length === 0 && lines.length > 0 && is_blank(chunk)) continue;
    current.push(chunk);
    size += length;
  }
  finish();
  return lines;
}

function is_blank(chunk: string | undefined): boolean {
  return chunk !== undefined && strip(chunk) === "";
}

function expand_tabs(line: string): string {
  let column = 0;
  let expanded = "";
  for (const character of line) {
    const size = character === "\t" ? TAB - (column % TAB) : 1;
    expanded += character === "\t" ? " ".repeat(size) : character;
    column += size;
  }
  return expanded;
}
