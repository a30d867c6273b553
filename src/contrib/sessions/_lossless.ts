/**
 * What JavaScript would lose of a session that Python wrote: `1.0` and whole numbers above 2^53, which its numbers cannot
 * hold, and the order of keys that look like integers. Kept beside the data and put back when it is saved. @module
 */
import { loads } from "../../utils/_json.ts";
import { NumberLiteral } from "../../utils/_json_writer.ts";
import { is_plain } from "../../utils/_mapping.ts";

/** The keys of the data in their order, with values in which special numbers are `NumberLiteral`s. */
export type Origin = ReadonlyMap<string, unknown>;

// Mostly nothing of the kind is there, and then nothing below runs.
const SPECIAL = /[[:,]-?\d+(?:\.\d*0[^\d]|[\d.]*[eE]|\d{15})|"(?:0|[1-9]\d*)":/;
const INTEGER_KEY = /^(?:0|[1-9]\d*)$/;

const origins = new WeakMap<object, Origin>();

/** The data in JSON text; what JavaScript loses of it is remembered for `origin_of`. */
export function loads_lossless(text: string): unknown {
  const data = loads(text);
  if (!SPECIAL.test(text) || !is_plain(data)) return data;
  const literal = loads(text, {
    parse_int: number_or_literal,
    parse_float: number_or_literal,
    object_pairs_hook: (pairs) => new Map(pairs),
  });
  if (literal instanceof Map && is_lossy(literal)) origins.set(data, literal);
  return data;
}

function number_or_literal(text: string): number | NumberLiteral {
  const number = Number(text);
  return String(number) === text ? number : new NumberLiteral(text);
}

function is_lossy(value: unknown): boolean {
  if (value instanceof NumberLiteral) return true;
  if (Array.isArray(value)) return value.some(is_lossy);
  if (!(value instanceof Map)) return false;
  for (const [key, item] of value) if (INTEGER_KEY.test(String(key)) || is_lossy(item)) return true;
  return false;
}

/** What `loads_lossless` remembers of the data. */
export function origin_of(data: object): Origin | undefined {
  return origins.get(data);
}

/** The data as it is to be written: numbers that nobody changed as they were read. */
export function as_read(value: unknown, origin: unknown): unknown {
  if (origin instanceof NumberLiteral) return value === Number(origin.text) ? origin : value;
  if (Array.isArray(value) && Array.isArray(origin))
    return value.map((item: unknown, at) => as_read(item, origin[at]));
  if (origin instanceof Map) {
    if (value instanceof Map) return mapping_as_read([...value], origin);
    if (is_plain(value)) return in_order_read(value, origin);
  }
  return value;
}

function mapping_as_read(pairs: [unknown, unknown][], origin: Map<unknown, unknown>): unknown {
  return new Map(pairs.map(([key, item]) => [key, as_read(item, origin.get(key))]));
}

/** A plain object moves integer keys to the front: those that were read go back to their place. */
function in_order_read(value: Readonly<Record<string, unknown>>, origin: Origin): unknown {
  const pairs = [...origin.keys()]
    .filter((key) => Object.hasOwn(value, key))
    .map((key): [unknown, unknown] => [key, value[key]]);
  for (const pair of Object.entries(value)) if (!origin.has(pair[0])) pairs.push(pair);
  return mapping_as_read(pairs, new Map<unknown, unknown>(origin));
}
