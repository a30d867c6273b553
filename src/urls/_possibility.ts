/** One pattern that a name stands for, and the URLs it can make. @module */
import { isDeepStrictEqual } from "node:util";
import { ImproperlyConfigured, ValueError } from "../core/exceptions.ts";
import { str } from "../utils/_python.ts";
import { type Form, normalize, PythonPattern } from "../utils/regex_helper.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import { type RoutePart, type Parameter } from "./_route.ts";
import { segment_scan } from "./_segment.ts";
import type { Pattern } from "./_types.ts";
import type { Converter } from "./converters.ts";

type Converters = Readonly<Record<string, Converter>>;

/** What stands before a pattern: the includes that lead to it. */
export interface Prefix {
  /** The expressions one after the other, each without its `^`. */
  readonly source: string;
  /** The same as text and parameters, if all are routes. */
  readonly parts: readonly RoutePart[] | undefined;
  readonly converters: Converters;
  /** The patterns as they were written. */
  readonly label: string;
}

/** A pattern as a prefix of what is below it. */
export function as_prefix(pattern: Pattern): Prefix {
  const { _source, _parts, converters } = pattern;
  return {
    source: _source.replace(/^\^/, ""),
    parts: _parts,
    converters,
    label: String(pattern).replace(/^\^/, ""),
  };
}

/** A pattern below a prefix. */
export function join_prefixes<T extends Prefix>(outer: Prefix, inner: T): Prefix {
  return {
    source: outer.source + inner.source,
    parts: outer.parts && inner.parts && [...outer.parts, ...inner.parts],
    converters: { ...outer.converters, ...inner.converters },
    label: outer.label + inner.label,
  };
}

/** A pattern with all that leads to it. */
export class Possibility {
  readonly prefix: Prefix;
  /** The `kwargs` options: a caller may repeat them, if the values are the same. */
  readonly defaults: Readonly<Kwargs>;
  #forms: readonly Form[] | undefined;
  #pattern: PythonPattern | undefined;

  constructor(prefix: Prefix, defaults: Readonly<Kwargs>) {
    this.prefix = prefix;
    this.defaults = defaults;
  }

  /** The same below another prefix, with further defaults, which win. */
  below(outer: Prefix, defaults: Readonly<Kwargs> = {}): Possibility {
    const all = Object.assign(new_kwargs(), this.defaults, defaults);
    return new Possibility(join_prefixes(outer, this.prefix), all);
  }

  /**
   * The texts it can make.
   * @throws ValueError for a regular expression that cannot be reversed.
   */
  get forms(): readonly Form[] {
    const { parts, source } = this.prefix;
    this.#forms ??= parts === undefined ? normalize(source) : [form_of_route(parts)];
    return this.#forms;
  }

  /** The path for these arguments, not yet percent-encoded, or `undefined` if they do not fit. */
  build(args: readonly unknown[], kwargs: Readonly<Kwargs>): string | undefined {
    for (const form of this.forms) {
      const values = args.length > 0 ? by_position(form, args) : this.#by_name(form, kwargs);
      const path = values && this.#fill(form, values);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  #by_name(form: Form, kwargs: Readonly<Kwargs>): Kwargs | undefined {
    const { params } = form;
    const { defaults } = this;
    if (params.some((name) => !Object.hasOwn(kwargs, name))) return undefined;
    for (const name of Object.keys(kwargs)) {
      if (!params.includes(name) && !Object.hasOwn(defaults, name)) return undefined;
    }
    for (const name of Object.keys(defaults)) {
      if (params.includes(name) || !Object.hasOwn(kwargs, name)) continue;
      if (!isDeepStrictEqual(kwargs[name], defaults[name])) return undefined;
    }
    return kwargs;
  }

  #fill(form: Form, values: Readonly<Kwargs>): string | undefined {
    let path = "";
    let fits = this.prefix.parts !== undefined;
    for (const piece of form.pieces) {
      if (typeof piece === "string") {
        path += piece;
        continue;
      }
      const converter = this.prefix.converters[piece.param];
      const text = text_of(converter, values[piece.param]);
      if (text === undefined) return undefined;
      fits &&= converter !== undefined && fits_alone(converter, text);
      path += text;
    }
    return fits || this.#matches(path) ? path : undefined;
  }

  /** Whether the pattern would lead back here. Most often each value fits for itself; but `<a>-<b>` may share differently. */
  #matches(path: string): boolean {
    if (this.#pattern === undefined) {
      try {
        this.#pattern = new PythonPattern(`^/${this.prefix.source}`);
      } catch (cause) {
        const message = `${this.prefix.label} cannot be reversed: ${(cause as Error).message}.`;
        throw new ImproperlyConfigured(message, { cause });
      }
    }
    return this.#pattern.regexp.test(`/${path}`);
  }
}

function by_position({ params }: Form, args: readonly unknown[]): Kwargs | undefined {
  if (args.length !== params.length) return undefined;
  const values = new_kwargs();
  for (const [index, name] of params.entries()) values[name] = args[index];
  return values;
}

function text_of(converter: Converter | undefined, value: unknown): string | undefined {
  if (converter === undefined) return str(value);
  try {
    return str(converter.to_url(value));
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function fits_alone({ regex }: Converter, text: string): boolean {
  if (regex === ".+") return text !== "" && !text.includes("\n");
  return !text.includes("/") && segment_scan(regex)?.(text, 0) === text.length;
}

function form_of_route(parts: readonly RoutePart[]): Form {
  const pieces = parts.map((part) => (typeof part === "string" ? part : { param: part.name }));
  return {
    pieces,
    params: parts
      .filter((part): part is Parameter => typeof part !== "string")
      .map(({ name }) => name),
  };
}
