/** The text of a route, taken apart: `"a/<int:n>/"` is `"a/"`, the parameter `n`, `"/"`. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { closest } from "../utils/_closest.ts";
import { escape, is_identifier } from "../utils/regex_helper.ts";
import { type Converter, find_converter, get_converters } from "./converters.ts";

/** A `<converter:name>` of a route. */
export interface Parameter {
  readonly name: string;
  readonly converter: Converter;
}

/** A piece of a route: text that stands as it is, or a parameter. */
export type RoutePart = string | Parameter;

const PARAMETER = /<(?:([^>:]+):)?([^>]+)>/g;

/** White space of Python's `string` module, which angle brackets may not hold. */
export const whitespace_set: ReadonlySet<string> = new Set(" \t\n\r\v\f");

/**
 * The parts of a route: text and parameters by turns, beginning and ending with text. A `<` that nothing closes is text.
 * @throws ImproperlyConfigured for white space in brackets, an unknown converter, and a name that is none or comes twice.
 */
export function parse_route(route: string): readonly RoutePart[] {
  const parts: RoutePart[] = [];
  const names = new Set<string>();
  let end = 0;
  for (const match of route.matchAll(PARAMETER)) {
    const [whole, converter = "str", name = ""] = match;
    check(route, whole, name, names);
    names.add(name);
    parts.push(route.slice(end, match.index), { name, converter: converter_of(route, converter) });
    end = match.index + whole.length;
  }
  parts.push(route.slice(end));
  return parts;
}

function check(route: string, whole: string, name: string, names: ReadonlySet<string>): void {
  if (Array.from(whole).some((character) => whitespace_set.has(character)))
    throw new ImproperlyConfigured(
      `The route ${repr(route)} has white space inside ${repr(whole)}; take it out.`,
    );
  if (!is_identifier(name))
    throw new ImproperlyConfigured(
      `The route ${repr(route)} names a parameter ${repr(name)}; a name is letters, digits and underscores, and no digit first.`,
    );
  if (names.has(name))
    throw new ImproperlyConfigured(
      `The route ${repr(route)} has two parameters named ${repr(name)}.`,
    );
}

function converter_of(route: string, name: string): Converter {
  const converter = find_converter(name);
  if (converter !== undefined) return converter;
  const known = Object.keys(get_converters());
  const near = closest(name, known);
  const hint =
    near === undefined ? `There are ${known.join(", ")}.` : `Did you mean ${repr(near)}?`;
  throw new ImproperlyConfigured(
    `The route ${repr(route)} uses the unknown converter ${repr(name)}. ${hint} A converter of the site's own is made known with register_converter().`,
  );
}

/** The route as a regular expression in Python's syntax. */
export function route_source(parts: readonly RoutePart[], is_endpoint: boolean): string {
  const pieces = parts.map((part) =>
    typeof part === "string" ? escape(part) : `(?P<${part.name}>${part.converter.regex})`,
  );
  return `^${pieces.join("")}${is_endpoint ? "\\Z" : ""}`;
}
