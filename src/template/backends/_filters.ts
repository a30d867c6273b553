/** nunjucks' filters that would run too long, escape too little, or walk along prototypes: here in another form. @module */
import nunjucks from "nunjucks";
import { ValueError } from "../../core/exceptions.ts";
import { str } from "../../utils/_python.ts";
import { conditional_escape } from "../../utils/_escape.ts";
import { SafeData, SafeString } from "../../utils/safestring.ts";
import { TemplateSyntaxError } from "../exceptions.ts";
import type { Context } from "./_context.ts";
import { items } from "./_iteration.ts";
import { member_called } from "./_members.ts";
import { raw } from "./_text.ts";

/** What `indent` and `batch` make at most, in characters or items; `range` too. */
export const MAX_SIZE = 1_000_000;

/** nunjucks' own filters, by which those of a site can be told from them. */
export const given_filters: Readonly<Record<string, unknown>> = (
  new nunjucks.Environment([]) as unknown as { filters: Record<string, unknown> }
).filters;

/** Puts them in the place of nunjucks' own; a filter of the site stays. */
export function replace_filters(filters: Record<string, unknown>): void {
  for (const [name, filter] of Object.entries(FILTERS))
    if (filters[name] === given_filters[name]) filters[name] = filter;
}

/** The text of a value; nothing for a value that is not there. */
function text_of(value: unknown): string {
  return value === null || value === undefined || value === false ? "" : raw(value);
}

/** Marked as safe if the value is. */
function as_safe_as(value: unknown, text: string): string | SafeString {
  return value instanceof SafeData ? new SafeString(text) : text;
}

/** A text that goes into another: escaped if that one is marked as safe, and this one is not. */
function fitting(value: unknown, part: unknown): string {
  return value instanceof SafeData ? String(conditional_escape(part)) : raw(part);
}

function limited(filter: string, size: number): number {
  if (size > MAX_SIZE)
    throw new ValueError(`${filter}() would make ${size} of it; the limit is ${MAX_SIZE}.`);
  return size;
}

// --- marks

function forceescape(value: unknown): SafeString {
  return conditional_escape(nothing_or_text(value));
}

function nothing_or_text(value: unknown): string {
  return value === null || value === undefined ? "" : raw(value);
}

function string(value: unknown): string | SafeString {
  return as_safe_as(value, raw(value));
}

// --- texts

function trim(value: unknown): string | SafeString {
  return as_safe_as(value, text_of(value).trim());
}

function indent(value: unknown, width: unknown, first?: unknown): string | SafeString {
  const lines = text_of(value).split("\n");
  const size = Math.max(0, Number(width || 4));
  limited("indent", size * lines.length);
  const space = " ".repeat(size);
  const indented = lines.map((line, index) => (index === 0 && !first ? line : space + line));
  return text_of(value) === "" ? "" : as_safe_as(value, indented.join("\n"));
}

function truncate(
  value: unknown,
  length: unknown,
  killwords: unknown,
  end: unknown,
): string | SafeString {
  const text = text_of(value);
  const size = Number(length || 255);
  if (text.length <= size) return as_safe_as(value, text);
  const space = killwords ? -1 : text.lastIndexOf(" ", size);
  const kept = text.slice(0, space === -1 ? size : space);
  return as_safe_as(value, kept + fitting(value, end ?? "..."));
}

function replace(value: unknown, old: unknown, put: unknown, count: unknown): unknown {
  const is_text = typeof value === "string" || typeof value === "number" || value instanceof String;
  if (!is_text) return value;
  const text = String(value);
  const part = fitting(value, put);
  if (old instanceof RegExp) return as_safe_as(value, text.replace(old, part));
  if (typeof old !== "string" && typeof old !== "number") return value;
  const pieces = old === "" ? ["", ...Array.from(text), ""] : text.split(String(old));
  const most = typeof count === "number" && count >= 0 ? count : pieces.length - 1;
  if (most === 0 || pieces.length === 1) return value;
  const rest = pieces.splice(most + 1).map((piece) => `${old}${piece}`);
  return as_safe_as(value, pieces.join(part) + rest.join(""));
}

// --- lists

function attribute(path: unknown): (item: unknown) => unknown {
  const names = typeof path === "number" ? [path] : str(path).split(".");
  return (item) =>
    names.reduce<unknown>(
      (value, name) =>
        value === undefined || value === null ? undefined : member_called(value, name),
      item,
    );
}

function list_of(value: unknown): unknown[] {
  return Array.from(items(value));
}

/** The items, or what each has at the path. */
export function of_each(value: unknown, path: unknown): unknown[] {
  const list = list_of(value);
  return path ? list.map(attribute(path)) : list;
}

function sum(value: unknown, path: unknown, start: unknown = 0): unknown {
  const add = (left: unknown, right: unknown): unknown => (left as number) + (right as number); // text, too, as `+` does it
  return add(start, of_each(value, path).reduce(add, 0));
}

function selectattr(value: unknown, path: unknown): unknown[] {
  const read = attribute(path);
  return list_of(value).filter((item) => Boolean(read(item)));
}

function rejectattr(value: unknown, path: unknown): unknown[] {
  const read = attribute(path);
  return list_of(value).filter((item) => !read(item));
}

function groupby(this: Context, value: unknown, path: unknown): Record<string, unknown[]> {
  const { opts } = this.env as { readonly opts?: { readonly throwOnUndefined?: boolean } };
  const read = typeof path === "function" ? (path as (item: unknown) => unknown) : attribute(path);
  const groups = Object.create(null) as Record<string, unknown[]>; // an object of that type, as yet without keys
  for (const item of list_of(value)) {
    const key = read(item);
    if (key === undefined && opts?.throwOnUndefined === true)
      throw new TemplateSyntaxError(`groupby: something in the list has no ${str(path)}.`);
    (groups[typeof key === "object" && key !== null ? str(key) : String(key)] ??= []).push(item);
  }
  return groups;
}

function batch(value: unknown, size: unknown, fill: unknown): unknown[][] {
  const list = list_of(value);
  const length = Math.max(1, limited("batch", Number(size) || list.length));
  const rows: unknown[][] = [];
  for (let at = 0; at < list.length; at += length) rows.push(list.slice(at, at + length));
  const last = rows.at(-1);
  if (fill) while (last !== undefined && last.length < length) last.push(fill);
  return rows;
}

const FILTERS: Readonly<Record<string, unknown>> = {
  batch,
  forceescape,
  groupby,
  indent,
  rejectattr,
  replace,
  selectattr,
  string,
  sum,
  trim,
  truncate,
};
