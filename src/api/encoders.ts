/** Data as JSON and MessagePack can say it (docs/api.md, "JSON"). @module */
import { ValueError } from "../core/exceptions.ts";
import { json_default } from "../core/serializers/json.ts";
import { bytes_of } from "../http/_base.ts";
import { is_lazy } from "../utils/_lazy.ts";
import { str } from "../utils/_python.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import { cycle_error, depth_error, described, MAX_DEPTH, no_form } from "./_encoder_errors.ts";

/** How instances of a class become data: the first pair whose class matches by `instanceof` is used. */
export type TypeEncoder = readonly [
  Class: abstract new (...args: never[]) => object,
  encode: (value: never) => unknown,
];

/**
 * Compact JSON. What the encoders give is encoded in its turn.
 * @param encoders Nearest first; what none of them is for goes by the built-in rules.
 * @throws TypeError for functions, symbols, promises, and data that contains itself; ValueError for an invalid date, and
 * for data nested over 500 levels deep.
 */
export function encode_json(value: unknown, encoders: readonly TypeEncoder[]): string {
  const plain = to_plain(value, encoders, "json");
  return plain === undefined ? "null" : JSON.stringify(plain);
}

/**
 * The same data without what the format cannot say. Only what holds something to be changed is copied; in objects, what
 * JSON leaves out may stay.
 * @param target For `"msgpack"`, dates and bytes are data.
 * @throws what `encode_json` throws.
 */
export function to_plain(
  value: unknown,
  encoders: readonly TypeEncoder[],
  target: "json" | "msgpack",
): unknown {
  return new Conversion(encoders, target === "msgpack").value(value, 0);
}

/** As deep as data goes without being watched: in a circle it comes to that soon enough. */
const UNWATCHED = 32;

/** What `JSON.stringify` leaves out of an object. */
function is_left_out(value: unknown): boolean {
  return typeof value === "function" || typeof value === "symbol";
}

/** One walk through data. What needs no change is given back as it is, so that `JSON.stringify` has it first-hand. */
class Conversion {
  readonly #encoders: readonly TypeEncoder[];
  readonly #is_binary: boolean;
  readonly #open: object[] = [];

  constructor(encoders: readonly TypeEncoder[], is_binary: boolean) {
    this.#encoders = encoders;
    this.#is_binary = is_binary;
  }

  value(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "object":
        if (value === null) return value;
        return depth < UNWATCHED ? this.#object(value, depth) : this.#watched(value, depth);
      case "number":
        return this.#is_binary && !Number.isFinite(value) ? null : value;
      case "bigint":
        return value.toString();
      case "function":
      case "symbol":
        throw no_form(value);
      case "string":
      case "boolean":
      case "undefined":
        return value;
    }
  }

  /** Whether there is nothing to do for it, as for most of what is in data. */
  #stays(value: unknown): boolean {
    return (
      typeof value === "string" ||
      typeof value === "boolean" ||
      (typeof value === "number" && !this.#is_binary)
    );
  }

  #watched(value: object, depth: number): unknown {
    if (this.#open.includes(value)) throw cycle_error(this.#open, value);
    if (depth >= MAX_DEPTH) throw depth_error();
    this.#open.push(value);
    const plain = this.#object(value, depth);
    this.#open.pop();
    return plain;
  }

  #object(value: object, depth: number): unknown {
    for (const [Class, encode] of this.#encoders) {
      if (value instanceof Class)
        return this.value((encode as (value: object) => unknown)(value), depth + 1); // the class says so
    }
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#members(value, depth);
    return this.#instance(value, depth);
  }

  #list(list: readonly unknown[], depth: number): unknown {
    if (has_json(list)) return this.value(list.toJSON(), depth + 1);
    let copy: unknown[] | undefined;
    for (let at = 0; at < list.length; at++) {
      const item = list[at];
      if (this.#stays(item)) continue;
      const plain = this.value(item, depth + 1);
      if (!Object.is(plain, item)) (copy ??= [...list])[at] = plain;
    }
    return copy ?? list;
  }

  /** Neither `Object.keys()`, which makes a list, nor what another program has put into `Object.prototype`. */
  #members(object: object, depth: number): unknown {
    const members = object as Readonly<Record<string, unknown>>; // to be read by name
    let copy: Record<string, unknown> | undefined;
    for (const name in members) {
      const item = members[name];
      if (this.#stays(item)) continue;
      let plain: unknown;
      if (!is_left_out(item)) plain = this.value(item, depth + 1);
      else if (name === "toJSON" && has_json(object)) return this.value(object.toJSON(), depth + 1);
      if (Object.is(plain, item) || !Object.hasOwn(object, name)) continue;
      put((copy ??= { ...members }), name, plain);
    }
    return copy ?? object;
  }

  #instance(value: object, depth: number): unknown {
    if (value instanceof Date) return this.#date(value);
    const bytes = bytes_of(value);
    if (bytes !== undefined) return this.#is_binary ? bytes : bytes.toString("base64");
    if (is_lazy(value) || value instanceof String) return str(value);
    if (has_json(value)) return this.value(value.toJSON(), depth + 1);
    if (value instanceof Map) return this.#entries(value, depth);
    if (value instanceof MultiValueDict) return this.#entries(value.items(), depth);
    if (value instanceof Set) return this.#list([...value], depth);
    if (value instanceof Number || value instanceof Boolean || value instanceof BigInt)
      return this.value(value.valueOf(), depth);
    if (value instanceof Promise) throw no_form(value);
    return this.#members(value, depth);
  }

  #date(date: Date): unknown {
    if (!this.#is_binary) return json_default(date);
    if (Number.isNaN(date.getTime())) throw new ValueError("MessagePack has no invalid Date.");
    return date;
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, depth: number): unknown {
    const object: Record<string, unknown> = {};
    for (const [key, item] of entries) {
      if (!is_left_out(item)) put(object, name_of(key), this.value(item, depth + 1));
    }
    return object;
  }
}

interface HasJson {
  toJSON(): unknown;
}

/** Data may have a member of that name; only a function is meant. */
function has_json(value: object): value is HasJson {
  return typeof (value as Partial<HasJson>).toJSON === "function";
}

/** Sets a member, of whatever name. */
function put(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else
    Object.defineProperty(object, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
}

/** The key of a `Map` as a name. */
function name_of(key: unknown): string {
  if (typeof key === "string") return key;
  if (key === null || typeof key === "number" || typeof key === "boolean") return String(key);
  if (typeof key === "bigint" || key instanceof String || is_lazy(key)) return str(key);
  throw new TypeError(
    `The keys of a Map must be text to become names: ${described(key)} is none. Convert the Map, or give an encoder for it.`,
  );
}
