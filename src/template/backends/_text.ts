/** What a template prints: Python's text of a value, escaped as Django does. @module */
import { number_text, str } from "../../utils/_python.ts";
import { has_html, SafeString } from "../../utils/safestring.ts";
import { TemplateSyntaxError } from "../exceptions.ts";
import { type Callable, call_plain } from "./_callable.ts";
import { NunjucksSafeString } from "./_nunjucks.ts";

const SPECIAL = /[&<>"']/;

/** The text with `& < > " '` as entities, in Django's form. */
export function escape_html(value: string): string {
  let index = value.search(SPECIAL);
  if (index < 0) return value;
  let escaped = "";
  let done = 0;
  for (; index < value.length; index++) {
    const entity = entity_of(value.charCodeAt(index));
    if (entity === undefined) continue;
    escaped += value.slice(done, index) + entity;
    done = index + 1;
  }
  return escaped + value.slice(done);
}

function entity_of(code: number): string | undefined {
  switch (code) {
    case 38:
      return "&amp;";
    case 60:
      return "&lt;";
    case 62:
      return "&gt;";
    case 34:
      return "&quot;";
    case 39:
      return "&#x27;";
    default:
      return undefined;
  }
}

/** The text of a value, escaped unless it is marked as safe. */
export function text(value: unknown): string {
  if (typeof value === "string") return escape_html(value);
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? `${value}` : number_text(value);
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null) {
    if (value instanceof NunjucksSafeString) return String(value);
    if (has_html(value)) return String(value.__html__());
  }
  return typeof value === "function"
    ? text(call_plain(value as Callable))
    : escape_html(plain(value));
}

/** The text of a value as it is. */
export function raw(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  return typeof value === "function" ? raw(call_plain(value as Callable)) : plain(value);
}

function plain(value: unknown): string {
  if (value instanceof Promise)
    throw new TemplateSyntaxError(
      "A template cannot wait for a promise: await it in the view, and give the template the result.",
    );
  return str(value);
}

/** What an extension's tag prints. */
export function suppressValue(value: unknown, autoescape: boolean): string {
  return autoescape ? text(value) : raw(value);
}

/** Marks what a block or a macro has made as safe. */
export function safe(value: unknown): SafeString {
  return new SafeString(value);
}
