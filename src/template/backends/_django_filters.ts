/** Filters by Django's conventions, for nunjucks' environment. @module */
import { mark_safe } from "../../utils/safestring.ts";
import type { Filter } from "../_filter_flags.ts";
import { is_marked } from "../_filter_values.ts";
import { type Arguments, FILTERS, join } from "../defaultfilters.ts";
import { TemplateSyntaxError } from "../exceptions.ts";
import type { Library } from "../library.ts";
import { type Callable, call_plain } from "./_callable.ts";
import { given_filters, of_each } from "./_filters.ts";

type Applied = (this: unknown, value: unknown, ...args: unknown[]) => unknown;

/** What the compiler has to know of a filter of Django's. */
export interface Signature {
  readonly args: Arguments;
  /** With how many arguments it is nunjucks' filter of that name. */
  readonly other: readonly number[];
  /** Whether a text written in the template as its argument is HTML, as in Django: the filter may show it. */
  readonly shows_argument: boolean;
}

const signatures = new WeakMap<object, Signature>();

/** What is known of the arguments of a filter; nothing of one of the site. */
export function signature_of(filter: unknown): Signature | undefined {
  return typeof filter === "function" ? signatures.get(filter) : undefined;
}

// For these, a name without a value is what Python calls None.
const TELL_NOTHING: ReadonlySet<string> = new Set(["default_if_none", "yesno"]);
const SHOW_ARGUMENT: ReadonlySet<string> = new Set(["add", "default", "default_if_none", "join"]);

// Forms of nunjucks' own that no number of arguments can be taken for Django's.
const OTHER: Readonly<Record<string, readonly number[]>> = {
  default: [2], // the second one asks for what Django's does
  dictsort: [0, 2, 3],
  join: [2],
};

function other_form(name: string, autoescape: boolean): Applied | undefined {
  switch (name) {
    case "dictsort":
      return given_filters.dictsort as Applied; // of a dictionary: its pairs
    case "join":
      return (value, arg, path) =>
        join(
          of_each(value, path).map((item) => item ?? ""),
          arg,
          autoescape,
        );
    default:
      return undefined;
  }
}

const ALIASES: Readonly<Record<string, string>> = { d: "default", e: "escape" };

/** Puts Django's filters in the place of nunjucks' own; a filter of the site stays. */
export function add_django_filters(filters: Record<string, unknown>, autoescape: boolean): void {
  for (const [name, filter, args] of FILTERS) {
    const nothing = TELL_NOTHING.has(name) ? null : "";
    const own =
      filter.needs_autoescape === true
        ? in_templates(filter, autoescape, nothing)
        : with_one_argument(filter, nothing);
    const other = OTHER[name] ?? [];
    const applied = by_number(own, other, other_form(name, autoescape));
    signatures.set(applied, { args, other, shows_argument: SHOW_ARGUMENT.has(name) });
    put(filters, name, applied);
    for (const [alias, of] of Object.entries(ALIASES))
      if (of === name) put(filters, alias, applied);
  }
}

function put(filters: Record<string, unknown>, name: string, applied: Applied): void {
  const is_free = filters[name] === undefined || filters[name] === given_filters[name];
  if (is_free) filters[name] = applied;
}

/** The filter, or by the number of arguments nunjucks' form of it. */
function by_number(own: Applied, other: readonly number[], form: Applied | undefined): Applied {
  if (form === undefined) return own;
  return function (this: unknown, value, ...args) {
    return Reflect.apply(other.includes(args.length) ? form : own, this, [value, ...args]);
  };
}

/** Puts the filters and tags of a site's library into an environment. */
export function add_library(
  env: { readonly filters: Record<string, unknown>; readonly globals: Record<string, unknown> },
  library: Library,
  autoescape: boolean,
): void {
  for (const [name, filter] of Object.entries(library.filters))
    env.filters[name] = in_templates(filter, autoescape, "");
  Object.assign(env.globals, library.tags);
}

/** The filter as templates call it: what is safe stays safe if the filter says so. */
function in_templates(filter: Filter, autoescape: boolean, nothing: "" | null): Applied {
  const apply = filter as Applied; // it says itself what it makes of values of other types
  const { is_safe = false, needs_autoescape = false } = filter;
  const last = Math.max(0, filter.length - 2); // the arguments between the value and the last one
  return function (given, ...args) {
    const value = prepared(given, nothing);
    if (needs_autoescape) {
      while (args.length < last) args.push(undefined);
      args.push(autoescape);
    }
    const result = apply(value, ...args);
    return is_safe && is_marked(value) ? mark_safe(result) : result;
  };
}

/** `in_templates` for filters that take one argument at most, and none for one that is `undefined`. */
function with_one_argument(filter: Filter, nothing: "" | null): Applied {
  const apply = filter as Applied;
  const { is_safe = false } = filter;
  return function (given, arg) {
    const value = prepared(given, nothing);
    const result = apply(value, arg);
    return is_safe && is_marked(value) ? mark_safe(result) : result;
  };
}

function prepared(value: unknown, nothing: "" | null): unknown {
  if (value === undefined) return nothing;
  if (typeof value === "function") return call_plain(value as Callable) ?? "";
  if (typeof value === "object" && value instanceof Promise) throw cannot_wait();
  return value;
}

function cannot_wait(): TemplateSyntaxError {
  return new TemplateSyntaxError(
    "A filter cannot wait for a promise: await it in the view, and give the template the result.",
  );
}
