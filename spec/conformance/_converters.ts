/** `$converter`: the path converters that scripts register, by name. @module */
import { ValueError } from "nuages/core/exceptions";

/** A path converter, as `register_converter` takes it. */
export interface Converter {
  readonly regex: string;
  to_python(value: string): unknown;
  to_url(value: unknown): string;
}

/** A class of path converters. */
export type ConverterClass = new () => Converter;

/** A class with these members on its prototype. */
function converter(members: Converter): ConverterClass {
  class ScriptedConverter {
    declare readonly regex: string;
    declare to_python: (value: string) => unknown;
    declare to_url: (value: unknown) => string;
  }
  Object.assign(ScriptedConverter.prototype, members);
  return ScriptedConverter;
}

function refuse(): never {
  throw new ValueError("The converter refuses this value.");
}

function even(value: number): number {
  return value % 2 === 0 ? value : refuse();
}

/** Joins the items of a list; a text is joined by character, as in Python. */
function joined(value: unknown, separator: string): string {
  if (typeof value === "string") return Array.from(value).join(separator);
  return Array.isArray(value) ? value.map(String).join(separator) : refuse();
}

/** The converter classes by the names under which scripts know them. */
export const CONVERTERS: Readonly<Record<string, ConverterClass>> = {
  hex: converter({
    regex: "[0-9a-fA-F]+",
    to_python: (value) => Number.parseInt(value, 16),
    to_url: (value) => Number(value).toString(16),
  }),
  csv: converter({
    regex: "[a-z0-9]+(?:,[a-z0-9]+)*",
    to_python: (value) => value.split(","),
    to_url: (value) => joined(value, ","),
  }),
  even: converter({
    regex: "[0-9]+",
    to_python: (value) => even(Number(value)),
    to_url: (value) => String(even(Number(value))),
  }),
  yyyy: converter({
    regex: "[0-9]{4}",
    to_python: Number,
    to_url: (value) => String(value).padStart(4, "0"),
  }),
  signed: converter({ regex: "-?[0-9]+", to_python: Number, to_url: String }),
  upper: converter({
    regex: "[a-z]+",
    to_python: (value) => value.toUpperCase(),
    to_url: (value) => String(value).toLowerCase(),
  }),
  dotted: converter({
    regex: "[0-9]+(?:\\.[0-9]+){0,2}",
    to_python: (value) => value.split(".").map(Number),
    to_url: (value) => joined(value, "."),
  }),
  never: converter({ regex: "[^/]+", to_python: refuse, to_url: refuse }),
};
