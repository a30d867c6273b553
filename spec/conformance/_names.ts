/**
 * Members of results, by the names that a script uses for them: an object has them itself; a plain object, a list, a
 * text or bytes get those of Python's dict, list, str and bytes here. @module
 */
import { KeyError } from "nuages/core/exceptions";

/** A script asked for something that is not there. No recording names it, so it never passes for an outcome. */
export class Missing extends Error {}

/** A plain object: what a dict becomes. */
export type Dict = Record<string, unknown>;

/** Whether a value is a plain object, with or without a prototype. */
export function is_dict(value: unknown): value is Dict {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The text of a string, or of a `String` object such as a safe string. */
export function text_of(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof String ? value.toString() : undefined;
}

/** The bytes of a Buffer, another typed array, an ArrayBuffer or a DataView. */
export function bytes_of(value: unknown): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** The class name under which recordings know a value: every request is an `HttpRequest`. */
export function class_name(value: unknown): string {
  if (typeof value === "function") return is_class(value) ? "type" : "function";
  if (typeof value !== "object" || value === null) return typeof value;
  const names = class_names(value);
  return names.includes("HttpRequest") ? "HttpRequest" : (names[0] ?? "object");
}

function is_class(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function class_names(value: object): string[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === "object" && prototype !== null) {
    names.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

/** `String(value)` or what `console.log` prints, in which a request of any class calls itself `HttpRequest`. */
export function printed(value: unknown, text: string): string {
  if (class_name(value) !== "HttpRequest") return text;
  return text.replace(own_class_name(value), "HttpRequest");
}

function own_class_name(value: unknown): string {
  return typeof value === "object" && value !== null ? value.constructor.name : "";
}

/**
 * `holder.name`: a member, an entry of a plain object, an item of a list or text, or the `size` of any of these.
 * @throws Missing if the holder is null.
 */
export function read_member(holder: unknown, name: string): unknown {
  if (holder === null || holder === undefined) throw new Missing(`${name} of ${String(holder)}`);
  if (is_dict(holder))
    return name === "size" && !Object.hasOwn(holder, name) ? dict_size(holder) : own(holder, name);
  const items = sequence(holder);
  if (items !== undefined && name === "size") return items.length;
  if (/^\d+$/.test(name)) {
    if (items !== undefined) return items[Number(name)];
    if (typeof property(holder, "getitem") === "function")
      return call_method(holder, "getitem", [Number(name)]);
  }
  return property(holder, name);
}

/** Follows `names` from `start`, one member after the other. */
export function read_path(start: unknown, names: readonly string[]): unknown {
  return names.reduce(read_member, start);
}

/** `holder.name = value`. */
export function write_member(holder: unknown, name: string, value: unknown): void {
  if (typeof holder !== "object" || holder === null)
    throw new Missing(`${name} cannot be set on ${String(holder)}`);
  // Assigning, so that a setter runs and a read-only member refuses
  (holder as Dict)[name] = value;
}

/**
 * `holder.name(...args)`.
 * @throws TypeError if there is no such method, as in JavaScript.
 */
export function call_member(holder: unknown, name: string, args: readonly unknown[]): unknown {
  if (holder === null || holder === undefined) throw new Missing(`${name}() of ${String(holder)}`);
  if (is_dict(holder) && typeof own(holder, name) !== "function")
    return call_python(DICT_METHODS, holder, name, args);
  if (holder instanceof Map && holder.constructor === Map)
    return call_python(DICT_METHODS, holder, name, args);
  if (Array.isArray(holder) && LIST_METHODS.has(name) && holder.constructor === Array)
    return call_python(LIST_METHODS, holder, name, args);
  return call_method(holder, name, args);
}

function own(dict: Dict, name: string): unknown {
  return Object.hasOwn(dict, name) ? dict[name] : undefined; // not what every JavaScript object has
}

function call_python<Holder>(
  methods: ReadonlyMap<string, Method<Holder>>,
  holder: Holder,
  name: string,
  args: readonly unknown[],
): unknown {
  const method = methods.get(name);
  if (method === undefined) throw new Missing(`${class_name(holder)} has no method ${name}`);
  return method(holder, ...args);
}

function property(holder: unknown, name: string): unknown {
  return Reflect.get(Object(holder) as object, name, holder);
}

function call_method(holder: unknown, name: string, args: readonly unknown[]): unknown {
  const method = property(holder, name);
  if (typeof method !== "function")
    throw new TypeError(`${class_name(holder)} has no method ${name}`);
  return Reflect.apply(method, holder, args);
}

/** The items of what Python indexes by position: lists, texts by character, bytes by number. */
function sequence(value: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value;
  const text = text_of(value);
  return text === undefined ? bytes_of(value) : Array.from(text);
}

type DictLike = Dict | Map<unknown, unknown>;
type Method<Holder> = (holder: Holder, ...args: unknown[]) => unknown;

function dict_size(dict: DictLike): number {
  return dict instanceof Map ? dict.size : Object.keys(dict).length;
}

function dict_has(dict: DictLike, key: unknown): boolean {
  return dict instanceof Map ? dict.has(key) : Object.hasOwn(dict, String(key));
}

function dict_get(dict: DictLike, key: unknown): unknown {
  return dict instanceof Map ? dict.get(key) : dict[String(key)];
}

function dict_set(dict: DictLike, key: unknown, value: unknown): void {
  if (dict instanceof Map) dict.set(key, value);
  else dict[String(key)] = value;
}

function dict_delete(dict: DictLike, key: unknown): void {
  if (!dict_has(dict, key)) throw new KeyError(String(key));
  if (dict instanceof Map) dict.delete(key);
  else delete dict[String(key)];
}

function dict_items(dict: DictLike): [unknown, unknown][] {
  return dict instanceof Map ? [...dict] : Object.entries(dict);
}

const DICT_METHODS = new Map<string, Method<DictLike>>([
  ["get", (dict, key, fallback) => (dict_has(dict, key) ? dict_get(dict, key) : fallback)],
  ["getitem", dict_getitem],
  ["has", dict_has],
  ["set", dict_set],
  ["delete", dict_delete],
  ["pop", dict_pop],
  ["setdefault", dict_setdefault],
  ["update", dict_update],
  ["keys", (dict) => dict_items(dict).map(([key]) => key)],
  ["values", (dict) => dict_items(dict).map(([, value]) => value)],
  ["items", dict_items],
  ["copy", (dict) => (dict instanceof Map ? new Map(dict) : { ...dict })],
]);

function dict_getitem(dict: DictLike, key: unknown): unknown {
  if (!dict_has(dict, key)) throw new KeyError(String(key));
  return dict_get(dict, key);
}

function dict_pop(dict: DictLike, key: unknown, ...fallback: unknown[]): unknown {
  if (!dict_has(dict, key) && fallback.length > 0) return fallback[0];
  const value = dict_getitem(dict, key);
  dict_delete(dict, key);
  return value;
}

function dict_setdefault(dict: DictLike, key: unknown, value: unknown): unknown {
  if (!dict_has(dict, key)) dict_set(dict, key, value);
  return dict_get(dict, key);
}

function dict_update(dict: DictLike, other: unknown): void {
  if (!is_dict(other) && !(other instanceof Map)) throw new TypeError("only a dict updates a dict");
  for (const [key, value] of dict_items(other)) dict_set(dict, key, value);
}

const LIST_METHODS = new Map<string, Method<unknown[]>>([
  ["getitem", (list, index) => list.at(Number(index))],
  ["has", (list, value) => list.includes(value)],
  ["push", (list, value) => void list.push(value)],
  ["set", (list, index, value) => void list.splice(Number(index), 1, value)],
]);
