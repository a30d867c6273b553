/** Going through a JSON Schema: which of its values are schemas themselves (JSON Schema 2020-12 Core §10, §11). @module */
import type { JSONSchema } from "./schema.ts";

const SINGLE: ReadonlySet<string> = new Set(
  "items additionalItems additionalProperties contains contentSchema else if not propertyNames then unevaluatedItems unevaluatedProperties".split(
    " ",
  ),
);
const LISTS: ReadonlySet<string> = new Set("allOf anyOf items oneOf prefixItems".split(" "));
const MAPS: ReadonlySet<string> = new Set(
  "$defs definitions dependentSchemas patternProperties properties".split(" "),
);

/** Whether the value has keys to be read: an object, be it of a class, and no array. */
export function is_object(value: unknown): value is JSONSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A copy in which every schema directly inside is what `fn` gives for it.
 * @param fn Is told the keyword, and the index or name below it.
 */
export function map_children(
  schema: JSONSchema,
  fn: (child: JSONSchema, keyword: string, key?: string | number) => unknown,
): JSONSchema {
  const copy: JSONSchema = {};
  for (const [keyword, value] of Object.entries(schema))
    put(copy, keyword, mapped(value, keyword, fn));
  return copy;
}

function mapped(
  value: unknown,
  keyword: string,
  fn: (child: JSONSchema, keyword: string, key?: string | number) => unknown,
): unknown {
  if (LISTS.has(keyword) && Array.isArray(value))
    return value.map((child: unknown, at) => (is_object(child) ? fn(child, keyword, at) : child));
  if (!is_object(value)) return value;
  if (SINGLE.has(keyword)) return fn(value, keyword);
  if (!MAPS.has(keyword)) return value;
  const copy: JSONSchema = {};
  for (const [name, child] of Object.entries(value))
    put(copy, name, is_object(child) ? fn(child, keyword, name) : child);
  return copy;
}

/** Sets a key, be it `__proto__`. */
export function put(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The schema below the same keyword and key of another schema; `undefined` if that has none there. */
export function child_at(
  schema: JSONSchema | undefined,
  keyword: string,
  key?: string | number,
): JSONSchema | undefined {
  let found: unknown = own(schema, keyword);
  if (key !== undefined) found = own(found, key);
  return is_object(found) ? found : undefined;
}

function own(holder: unknown, key: string | number): unknown {
  const is_holder = typeof holder === "object" && holder !== null && Object.hasOwn(holder, key);
  return is_holder ? (holder as Record<string | number, unknown>)[key] : undefined; // read as it was found
}

/** Calls `fn` with the schema and with each schema inside it. */
export function each_schema(schema: JSONSchema, fn: (schema: JSONSchema) => void): void {
  fn(schema);
  map_children(schema, (child) => each_schema(child, fn));
}

/** A name as a key of a JSON Pointer (RFC 6901 §3). */
export function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The name that a key of a JSON Pointer stands for. */
export function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** JSON in which the order of keys does not show: equal texts are equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    is_object(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
