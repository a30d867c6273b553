/** Whether what happened is what was recorded. @module */
import { inspect, isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "./_format.ts";
import { bytes_of, class_name, is_dict, text_of } from "./_names.ts";

/** In an outcome: a member that could not be read. */
export class Thrown {
  /** The class name of the error. */
  readonly throws: string;

  constructor(error: unknown) {
    this.throws = class_name(error);
  }
}

/** Whether a value is the one that was recorded. */
export function matches(expected: Json, actual: unknown): boolean {
  if (expected === null) return actual === null || actual === undefined;
  if (typeof expected === "string") return text_of(actual) === expected;
  if (typeof expected === "number") return is_number(actual) && Number(actual) === expected;
  if (typeof expected === "boolean") return actual === expected;
  if (Array.isArray(expected)) return matches_list(expected, actual);
  const [[key, form] = ["", null], ...others] = Object.entries(expected);
  const matcher = others.length === 0 ? FORMS.get(key) : undefined;
  return matcher === undefined ? matches_dict(expected, actual) : matcher(form, actual);
}

/** Whether two values are equal: deeply, and a safe string equals its text. */
export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** The value as failure messages show it, cut to a readable length. */
export function shown(value: unknown): string {
  const text = inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 400 });
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

/** The items of an iterator, which could be read only once; any other value as it is. */
export function settled(value: unknown): unknown {
  return is_iterator(value) ? [...value] : value;
}

const FORMS = new Map<string, (form: Json, actual: unknown) => boolean>([
  ["$bytes", matches_bytes],
  [
    "$date",
    (form, actual) => actual instanceof Date && actual.getTime() === Date.parse(String(form)),
  ],
  ["$number", (form, actual) => Object.is(actual, Number(form))],
  ["$map", matches_pairs],
  ["$set", matches_set],
  ["$throws", (form, actual) => actual instanceof Thrown && actual.throws === form],
  ["$object", (form, actual) => class_name(actual) === form],
]);

function matches_bytes(form: Json, actual: unknown): boolean {
  return bytes_of(actual)?.equals(Buffer.from(String(form), "base64")) ?? false;
}

function is_number(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function is_iterator(value: unknown): value is IterableIterator<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.iterator in value &&
    "next" in value &&
    typeof value.next === "function"
  );
}

/** The items of what Python would give as a list or as a view of a dict. */
function items_of(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) return undefined;
  // A text, bytes or a mapping can be iterated too, and yet is no list
  if (value instanceof String || bytes_of(value) !== undefined || value instanceof Map)
    return undefined;
  if ("items" in value) return undefined;
  return [...(value as Iterable<unknown>)];
}

function matches_list(expected: Json[], actual: unknown): boolean {
  if (actual instanceof Set) return matches_set(expected, actual);
  const items = items_of(actual);
  return (
    items !== undefined &&
    items.length === expected.length &&
    expected.every((value, index) => matches(value, items[index]))
  );
}

/** A set has no order. */
function matches_set(form: Json, actual: unknown): boolean {
  if (!Array.isArray(form) || !(actual instanceof Set) || actual.size !== form.length) return false;
  const items = [...actual];
  return form.every((value) => items.some((item) => matches(value, item)));
}

function matches_dict(expected: JsonObject, actual: unknown): boolean {
  const entries = entries_of(actual);
  if (entries === undefined || entries.length !== Object.keys(expected).length) return false;
  return entries.every(([key, value]) => {
    const recorded = typeof key === "string" ? own(expected, key) : undefined;
    return recorded !== undefined && matches(recorded, value);
  });
}

function own(json: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

function entries_of(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  return is_dict(value) ? Object.entries(value) : undefined;
}

/** `$map`: the order matters, and so do the keys' types, which a plain object cannot keep. */
function matches_pairs(form: Json, actual: unknown): boolean {
  const entries = entries_of(actual);
  if (!Array.isArray(form) || entries?.length !== form.length) return false;
  return form.every((pair, index) => {
    const [key = null, value = null] = Array.isArray(pair) ? pair : [];
    const [actual_key, actual_value] = entries[index] ?? [];
    const recorded_key = actual instanceof Map ? key : String(key);
    return matches(recorded_key, actual_key) && matches(value, actual_value);
  });
}

/** The value with safe strings as text and without distinctions that Python does not know. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof String) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [plain(key), plain(item)]));
  if (is_dict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return bytes_of(value) ?? value;
}
