/** HTML: escaping, building small fragments, and making text into HTML (Django docs: `django.utils.html`). @module */
import { ValueError } from "../core/exceptions.ts";
import { conditional_escape, escape_text } from "./_escape.ts";
import { format } from "./_format.ts";
import { is_plain_object, str } from "./_python.ts";
import { SafeString } from "./safestring.ts";
import { SPACE } from "./_whitespace.ts";
import { normalize_newlines } from "./text.ts";

export { conditional_escape, escape, escapejs } from "./_escape.ts";
export { json_script, type JsonScriptOptions } from "./_json_script.ts";
export { MAX_STRIP_TAGS_DEPTH, strip_tags } from "./_strip_tags.ts";
export { smart_urlquote, urlize, type UrlizeOptions, Urlizer, urlizer } from "./_urlize.ts";
export { VOID_ELEMENTS } from "./_truncate_html.ts";

/**
 * Builds HTML: `format_string` is taken as it is, and what fills its `{}`, `{0}` or `{name}` is escaped unless it is
 * marked safe. Names are keys of an object at the end.
 * @throws TypeError without anything to fill in: then the text may come from a client; use `mark_safe` if not.
 */
export function format_html(format_string: string | SafeString, ...args: unknown[]): SafeString {
  const last = args[args.length - 1];
  const named = is_plain_object(last) ? last : undefined;
  const values = named === undefined ? args : args.slice(0, -1);
  if (values.length === 0 && Object.keys(named ?? {}).length === 0)
    throw new TypeError(
      "format_html() has nothing to fill in; give it values, or use mark_safe().",
    );
  return build(str(format_string), values, named ?? {});
}

function build(
  format_string: string,
  values: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): SafeString {
  const escaped = Object.entries(named).map(([name, value]) => [name, conditional_escape(value)]);
  const text = format(format_string, values.map(conditional_escape), Object.fromEntries(escaped));
  return new SafeString(text);
}

/** `format_html` for each list or object of values, joined by `sep`, which is escaped too. */
export function format_html_join(
  sep: unknown,
  format_string: string | SafeString,
  args_generator: Iterable<Iterable<unknown> | Record<string, unknown>>,
): SafeString {
  const parts = Array.from(args_generator, (values) =>
    is_plain_object(values)
      ? format_html(format_string, values)
      : format_html(format_string, ...(values as Iterable<unknown>)),
  );
  return new SafeString(parts.join(String(conditional_escape(sep))));
}

/** Options of `linebreaks`. */
export interface LinebreaksOptions {
  /** Escape the text. Default `false`. */
  autoescape?: boolean | undefined;
}

/** The text with paragraphs at empty lines, and `<br>` at other line ends. */
export function linebreaks(value: unknown, options: LinebreaksOptions = {}): string {
  const escape_or_not = options.autoescape ? escape_text : String;
  return normalize_newlines(value)
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escape_or_not(paragraph).replaceAll("\n", "<br>")}</p>`)
    .join("\n\n");
}

const BETWEEN_TAGS = new RegExp(`>[${SPACE}]+<`, "g");

/** The HTML without white space between one tag and the next. */
export function strip_spaces_between_tags(value: unknown): string {
  return str(value).replace(BETWEEN_TAGS, "><");
}

/** The text with spaces that do not break. */
export function avoid_wrapping(value: unknown): string {
  return str(value).replaceAll(" ", "\u00a0");
}

/**
 * Class decorator: the text of an instance is HTML. Gives the class an `__html__`.
 * @throws ValueError if it has one, or no `toString` of its own.
 */
export function html_safe<C extends new (...args: never[]) => object>(klass: C): C {
  const prototype: unknown = klass.prototype;
  if (typeof prototype !== "object" || prototype === null || !Object.hasOwn(prototype, "toString"))
    throw new ValueError(`${klass.name} has no toString() to take for HTML.`);
  if (Object.hasOwn(prototype, "__html__"))
    throw new ValueError(`${klass.name} has an __html__() already.`);
  Object.defineProperty(prototype, "__html__", {
    configurable: true,
    writable: true,
    value(this: object): SafeString {
      return new SafeString(String(this));
    },
  });
  return klass;
}
