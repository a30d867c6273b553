/** Filters that make or escape HTML (Django docs: Built-in filters). @module */
import {
  conditional_escape,
  escape_text,
  escapejs as escaped_for_script,
} from "../utils/_escape.ts";
import { json_script as json_in_script } from "../utils/_json_script.ts";
import { repr, str } from "../utils/_python.ts";
import { linebreaks as paragraphs, strip_tags, urlize as with_links } from "../utils/html.ts";
import { mark_safe, SafeData, SafeString } from "../utils/safestring.ts";
import { normalize_newlines } from "../utils/text.ts";
import { as_safe_as, type Text, to_list, to_number } from "./_filter_values.ts";

function needs_escape(value: unknown, autoescape: boolean): boolean {
  return autoescape && !(value instanceof SafeData);
}

/** Escaped, unless it is safe already. */
export function escape(value: unknown): SafeString {
  return value instanceof SafeData ? new SafeString(value) : force_escape(value);
}

/** Escaped, even if it is safe. */
export function force_escape(value: unknown): SafeString {
  return new SafeString(escape_text(str(value)));
}

/** Each item escaped, unless it is safe already. @throws TypeError for what is no list. */
export function escapeseq(value: unknown): SafeString[] {
  return to_list(value).map(conditional_escape);
}

/** For a text inside quotes in JavaScript. It does not make the text safe for HTML, or for template literals. */
export function escapejs(value: unknown): SafeString {
  return escaped_for_script(str(value));
}

/** As JSON in a `script` element that does not run. */
export function json_script(value: unknown, element_id?: string | null): SafeString {
  return json_in_script(value, { element_id });
}

/** Paragraphs at empty lines, `<br>` at other line ends. */
export function linebreaks(value: unknown, autoescape = true): SafeString {
  return new SafeString(paragraphs(str(value), { autoescape: needs_escape(value, autoescape) }));
}

/** `<br>` at line ends. */
export function linebreaksbr(value: unknown, autoescape = true): SafeString {
  const text = normalize_newlines(str(value));
  const html = needs_escape(value, autoescape) ? escape_text(text) : text;
  return new SafeString(html.replaceAll("\n", "<br>"));
}

/** Each line with its number before it. */
export function linenumbers(value: unknown, autoescape = true): SafeString {
  const lines = str(value).split("\n");
  const width = String(lines.length).length;
  const escaped = needs_escape(value, autoescape) ? lines.map(escape_text) : lines;
  const numbered = escaped.map(
    (line, index) => `${String(index + 1).padStart(width, "0")}. ${line}`,
  );
  return new SafeString(numbered.join("\n"));
}

/** Marks it as HTML, which is not escaped. Never for what came from a client. */
export function safe(value: unknown): SafeString {
  return new SafeString(value);
}

/** Marks each item as HTML. @throws TypeError for what is no list. */
export function safeseq(value: unknown): unknown[] {
  return to_list(value).map((item) => mark_safe(item));
}

/** Without tags. Not safe: what is left may form new ones. */
export function striptags(value: unknown): Text {
  return as_safe_as(value, strip_tags(str(value)));
}

function linked(value: unknown): unknown {
  return value instanceof SafeData ? value : str(value);
}

/** With links, which have `rel="nofollow"`, for URLs and e-mail addresses. */
export function urlize(value: unknown, autoescape = true): SafeString {
  return new SafeString(with_links(linked(value), { nofollow: true, autoescape }));
}

/** `urlize` with at most `limit` characters shown of each URL. @throws ValueError if that is no number. */
export function urlizetrunc(value: unknown, limit: unknown, autoescape = true): SafeString {
  const options = { trim_url_limit: to_number(limit), nofollow: true, autoescape };
  return new SafeString(with_links(linked(value), options));
}

/**
 * Nested lists as list items; without the outermost `<ul>`. A list belongs to the item before it.
 * @throws TypeError for what is no list.
 */
export function unordered_list(value: unknown, autoescape = true): SafeString {
  const show = autoescape ? (item: unknown) => String(conditional_escape(item)) : str;
  return new SafeString(list_items(to_list(value), "\t", show));
}

function list_items(
  items: readonly unknown[],
  indent: string,
  show: (item: unknown) => string,
): string {
  const lines: string[] = [];
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const next = items[index + 1];
    const has_children = is_sublist(next);
    const children = has_children ? to_list(next) : [];
    if (has_children) index++;
    const inner = children.length === 0 ? "" : list_items(children, `${indent}\t`, show);
    const sublist = inner === "" ? "" : `\n${indent}<ul>\n${inner}\n${indent}</ul>\n${indent}`;
    lines.push(`${indent}<li>${show(item)}${sublist}</li>`);
  }
  return lines.join("\n");
}

function is_sublist(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  return typeof value === "object" && value !== null && Symbol.toStringTag in value
    ? value[Symbol.toStringTag] === "Generator"
    : false;
}

const WIDTH = 80;

/** Python's `pprint`, for debugging: what does not fit in a line of 80 is broken at the commas. */
export function pprint(value: unknown): string {
  return layout(value, 0, 0);
}

function layout(value: unknown, indent: number, after: number): string {
  const line = one_line(value);
  if (line.length <= WIDTH - indent - after) return line;
  if (Array.isArray(value)) {
    const items = value.map((item, index) =>
      layout(item, indent + 1, index === value.length - 1 ? after + 1 : 1),
    );
    return `[${items.join(`,\n${" ".repeat(indent + 1)}`)}]`;
  }
  const pairs = pairs_of(value);
  if (pairs === undefined) return line;
  const items = pairs.map(([key, item], index) => {
    const name = `${repr(key)}: `;
    const last = index === pairs.length - 1;
    return name + layout(item, indent + 1 + name.length, last ? after + 1 : 1);
  });
  return `{${items.join(`,\n${" ".repeat(indent + 1)}`)}}`;
}

function one_line(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(one_line).join(", ")}]`;
  const pairs = pairs_of(value);
  if (pairs === undefined) return repr(value);
  return `{${pairs.map(([key, item]) => `${repr(key)}: ${one_line(item)}`).join(", ")}}`;
}

/** The items of a dictionary, by key. */
function pairs_of(value: unknown): [unknown, unknown][] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  const pairs: [unknown, unknown][] | undefined =
    value instanceof Map
      ? Array.from(value)
      : prototype === Object.prototype || prototype === null
        ? Object.entries(value)
        : undefined;
  return pairs?.sort(([a], [b]) => (str(a) < str(b) ? -1 : 1));
}
