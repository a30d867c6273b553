/** How `JSONEncoder` writes: by hand, because Python's spaces and escapes are not those of `JSON.stringify`. @module */
import { ValueError } from "../core/exceptions.ts";
import type { JSONEncoder } from "./_json.ts";
import {
  compare_text,
  is_written_as_is,
  member_names,
  type MemberNames,
  quote,
} from "./_json_text.ts";
import { is_plain } from "./_mapping.ts";
import { number_text } from "./_python.ts";
import { MultiValueDict } from "./datastructures.ts";

/** A number as it is to be written, for one that JavaScript's cannot hold: `1.0`, `12345678901234567890`. */
export class NumberLiteral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

// The outer levels are not watched, since data is rarely deep: a circle goes past them soon enough.
const UNWATCHED = 32;

/** Writes one value for an encoder; it cannot be used again after an error. */
export class Writer {
  readonly #encoder: JSONEncoder;
  readonly #names: MemberNames;
  #depth = 0;
  readonly #open: unknown[] = [];

  constructor(encoder: JSONEncoder) {
    this.#encoder = encoder;
    this.#names = member_names(encoder.ensure_ascii, encoder.key_separator);
  }

  value(value: unknown): string {
    switch (typeof value) {
      case "string":
        return quote(value, this.#encoder.ensure_ascii);
      case "number":
        return (value | 0) === value ? `${value}` : this.#number(value);
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return "null";
      case "bigint":
        return value.toString();
      case "object":
        return value === null ? "null" : this.#object(value);
      case "function":
      case "symbol":
        return this.#other(value);
    }
  }

  /** A whole number is a Python int up to where JavaScript itself writes an exponent; any other is a float. */
  #number(value: number): string {
    const size = Math.abs(value);
    if (size >= 1e-4 && size < 2 ** 53) return `${value}`; // as Python writes it
    if (size < 1e21) return number_text(value);
    if (!this.#encoder.allow_nan && !Number.isFinite(value))
      throw new ValueError(`JSON has no ${value}; allow_nan, which would write it, is off.`);
    return `${value}`;
  }

  #object(value: object): string {
    if (Array.isArray(value)) return this.#list(value);
    if (is_plain(value)) return this.#plain(value);
    if (value instanceof Map) return this.#pairs(value, value);
    if (value instanceof MultiValueDict) return this.#pairs(value, value.items());
    if (value instanceof String) return quote(value.toString(), this.#encoder.ensure_ascii);
    if (value instanceof NumberLiteral) return value.text;
    return this.#other(value);
  }

  #other(value: unknown): string {
    this.#enter(value);
    return this.value(this.#encoder.default(value)) + this.#leave("");
  }

  #list(list: readonly unknown[]): string {
    if (list.length === 0) return "[]";
    const separator = this.#enter(list);
    let text = "";
    for (const item of list)
      text += (text === "" ? this.#opened("[") : separator) + this.value(item);
    return text + this.#leave("]");
  }

  #plain(object: Readonly<Record<string, unknown>>): string {
    const names = Object.keys(object);
    if (names.length === 0) return "{}";
    if (this.#encoder.sort_keys) names.sort(compare_text);
    const separator = this.#enter(object);
    let text = "";
    for (const name of names) {
      text += text === "" ? this.#opened("{") : separator;
      text += this.#names.written(name) + this.value(object[name]);
    }
    return text + this.#leave("}");
  }

  #pairs(mapping: object, items: Iterable<readonly [unknown, unknown]>): string {
    const separator = this.#enter(mapping);
    let text = "";
    for (const [key, value] of this.#encoder.sort_keys ? sorted(items) : items) {
      const name = this.#name(key);
      if (name === undefined) continue;
      text += text === "" ? this.#opened("{") : separator;
      text += this.#names.written(name) + this.value(value);
    }
    return text === "" ? `{${this.#leave("")}}` : text + this.#leave("}");
  }

  /** A key as a name: numbers, booleans and `null` by what they are in JSON. */
  #name(key: unknown): string | undefined {
    if (typeof key === "string") return key;
    if (key instanceof String) return key.toString();
    if (key === null || key === undefined || typeof key === "boolean") return this.value(key);
    if (typeof key === "number" || typeof key === "bigint") return this.value(key);
    if (this.#encoder.skipkeys) return undefined;
    throw new TypeError(
      `The keys of a JSON object are text, numbers, booleans or null, not ${typeof key}s; skipkeys leaves such entries out.`,
    );
  }

  /** Goes one level down, and gives what stands between the items there. */
  #enter(container: unknown): string {
    const { check_circular, indent, item_separator } = this.#encoder;
    if (++this.#depth > UNWATCHED && check_circular) {
      if (this.#open.includes(container))
        throw new ValueError("The data contains itself, which JSON cannot say.");
      this.#open.push(container);
    }
    return indent === undefined ? item_separator : item_separator + this.#line(indent);
  }

  /** The bracket, and with `indent` the line break behind it. */
  #opened(bracket: string): string {
    const { indent } = this.#encoder;
    return indent === undefined ? bracket : bracket + this.#line(indent);
  }

  /** Goes one level up, and gives the bracket, with `indent` on a line of its own. */
  #leave(bracket: string): string {
    if (this.#depth > UNWATCHED) this.#open.pop();
    this.#depth--;
    const { indent } = this.#encoder;
    return indent === undefined || bracket === "" ? bracket : this.#line(indent) + bracket;
  }

  #line(indent: string): string {
    return `\n${indent.repeat(this.#depth)}`;
  }
}

/** As deep as `write_line` goes by itself: below it the data may be a circle, for which a `Writer` watches. */
const SHALLOW = 30;

/** What a `Writer` writes on one line in the order of insertion, without its bookkeeping; anything unusual is left to it. */
export function write_line(value: unknown, encoder: JSONEncoder): string {
  const names = member_names(encoder.ensure_ascii, encoder.key_separator);
  if (is_plain(value)) return line_of_object(value, encoder, names, 1);
  return line_of(value, encoder, names, 0);
}

function line_of(value: unknown, encoder: JSONEncoder, names: MemberNames, depth: number): string {
  if (typeof value === "string") return quote(value, encoder.ensure_ascii);
  if (typeof value === "number" && (value | 0) === value) return `${value}`;
  if (typeof value === "object" && value !== null && depth < SHALLOW) {
    if (Array.isArray(value)) return line_of_list(value, encoder, names, depth + 1);
    if (is_plain(value)) return line_of_object(value, encoder, names, depth + 1);
  }
  return new Writer(encoder).value(value);
}

function line_of_list(
  list: readonly unknown[],
  encoder: JSONEncoder,
  names: MemberNames,
  depth: number,
): string {
  const { item_separator } = encoder;
  let text = "[";
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += item_separator;
    text += line_of(list[i], encoder, names, depth);
  }
  return `${text}]`;
}

function line_of_object(
  object: Readonly<Record<string, unknown>>,
  encoder: JSONEncoder,
  names: MemberNames,
  depth: number,
): string {
  const { item_separator, ensure_ascii } = encoder;
  let text = "";
  // neither Object.keys(), which makes a list, nor what another program has put into Object.prototype
  for (const name in object) {
    if (!Object.hasOwn(object, name)) continue;
    const value = object[name];
    const before = text === "" ? "{" : item_separator;
    // one template: an engine that keeps the parts of a text apart has fewer of them to put together at the end
    text =
      typeof value === "string" && ensure_ascii && is_written_as_is(value)
        ? `${text}${before}${names.written(name)}"${value}"`
        : `${text}${before}${names.written(name)}${line_of(value, encoder, names, depth)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

function sorted(items: Iterable<readonly [unknown, unknown]>): (readonly [unknown, unknown])[] {
  return [...items].sort(([left], [right]) => {
    if (typeof left === "string" && typeof right === "string") return compare_text(left, right);
    if (typeof left === "number" && typeof right === "number") return left - right;
    throw new TypeError("sort_keys cannot order keys of different types.");
  });
}
