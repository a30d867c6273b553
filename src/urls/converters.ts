/** Path converters: what `<int:year>` accepts and gives to the view (Django docs: URL dispatcher, "Path converters"). @module */
import { ValueError } from "../core/exceptions.ts";
import { repr, str } from "../utils/_python.ts";

/** A path converter. One instance serves all routes, so it must keep nothing. */
export interface Converter {
  /** What the part of the path is as JSON Schema, for API documents. Default there: any text. */
  readonly json_schema?: object | undefined;
  /** What the part of the path must look like: a regular expression in Python's syntax, without anchors. */
  readonly regex: string;
  /** The value for the view. Throwing a `ValueError` means that the route does not match after all. */
  to_python(value: string): unknown;
  /** The text for `reverse()`, not yet percent-encoded. Throwing a `ValueError` means that this pattern cannot be used. */
  to_url(value: unknown): string;
}

/** `<int:…>`: ASCII digits. A number above 2⁵³ − 1, which JavaScript would round, does not match. */
export class IntConverter {
  declare regex: string;
  declare json_schema: object;
  static {
    this.prototype.regex = "[0-9]+";
    this.prototype.json_schema = { type: "integer", minimum: 0 };
  }

  /** @throws ValueError for a number that cannot be told exactly. */
  to_python(value: string): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new ValueError(`${value} is no integer that a number can hold.`);
    return number;
  }

  to_url(value: unknown): string {
    return str(value);
  }
}

/** `<str:…>`, and `<…>` without a converter: anything but a slash, and not nothing. */
export class StringConverter {
  declare regex: string;
  declare json_schema: object;
  static {
    this.prototype.regex = "[^/]+";
    this.prototype.json_schema = { type: "string" };
  }

  to_python(value: string): string {
    return value;
  }

  to_url(value: string): string {
    return value;
  }
}

/** `<uuid:…>`: a UUID in lower case with hyphens, given to the view as text. */
export class UUIDConverter {
  declare regex: string;
  declare json_schema: object;
  static {
    this.prototype.regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    this.prototype.json_schema = { type: "string", format: "uuid" };
  }

  to_python(value: string): string {
    return value;
  }

  to_url(value: unknown): string {
    return str(value);
  }
}

/** `<slug:…>`: ASCII letters, digits, hyphens and underscores. */
export class SlugConverter extends StringConverter {
  static {
    this.prototype.regex = "[-a-zA-Z0-9_]+";
    this.prototype.json_schema = { type: "string", pattern: "^[-a-zA-Z0-9_]+$" };
  }
}

/** `<path:…>`: anything, slashes too, but no line break. */
export class PathConverter extends StringConverter {
  static {
    this.prototype.regex = ".+";
    this.prototype.json_schema = { type: "string" };
  }
}

type Converters = Record<string, Converter>;

function without_prototype(...sources: Converters[]): Converters {
  return Object.assign(Object.create(null) as Converters, ...sources) as Converters;
}

/** The converters that are always there. */
export const DEFAULT_CONVERTERS: Readonly<Converters> = without_prototype({
  int: new IntConverter(),
  path: new PathConverter(),
  slug: new SlugConverter(),
  str: new StringConverter(),
  uuid: new UUIDConverter(),
});

/** The converters of the site, by name. */
export const REGISTERED_CONVERTERS: Converters = without_prototype();

/**
 * Makes a converter known as `<type_name:…>`, to the routes written from then on. Its type is made known beside it:
 * `declare module "nuages/urls" { interface Converters { hex: number } }`.
 * @throws ValueError if the name is taken.
 */
export function register_converter(converter: new () => Converter, type_name: string): void {
  if (type_name in DEFAULT_CONVERTERS || type_name in REGISTERED_CONVERTERS)
    throw new ValueError(
      `There is a path converter ${repr(type_name)} already; choose another name.`,
    );
  REGISTERED_CONVERTERS[type_name] = new converter();
}

/** All converters by name, in an object without a prototype. */
export function get_converters(): Record<string, Converter> {
  return without_prototype(DEFAULT_CONVERTERS, REGISTERED_CONVERTERS);
}

/** The converter of this name. @internal */
export function find_converter(name: string): Converter | undefined {
  return REGISTERED_CONVERTERS[name] ?? DEFAULT_CONVERTERS[name];
}
