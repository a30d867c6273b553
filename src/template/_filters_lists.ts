/** Filters on lists (Django docs: Built-in filters). @module */
import { randomInt } from "node:crypto";
import { conditional_escape } from "../utils/_escape.ts";
import { repr, str } from "../utils/_python.ts";
import { mark_safe } from "../utils/safestring.ts";
import {
  int_or_none,
  is_silent,
  is_text,
  len,
  list_of,
  to_float,
  to_list,
  to_sequence,
} from "./_filter_values.ts";
import { ValueError } from "../core/exceptions.ts";
import { member_bound } from "./backends/_members.ts";

/** The first item, or character; `""` if there is none. @throws KeyError for a dictionary, TypeError for what is no list. */
export function first(value: unknown): unknown {
  return item(is_text(value) ? Array.from(str(value).slice(0, 2)) : to_sequence(value), 0);
}

/** The last item, or character; `""` if there is none. @throws KeyError for a dictionary, TypeError for what is no list. */
export function last(value: unknown): unknown {
  return item(to_sequence(value), -1);
}

/** Any item; `""` if there is none. @throws KeyError for a dictionary, TypeError for what is no list. */
export function random(value: unknown): unknown {
  const list = to_sequence(value);
  return item(list, list.length === 0 ? 0 : randomInt(list.length));
}

function item(list: readonly unknown[], index: number): unknown {
  return list.length === 0 ? "" : list.at(index);
}

/** How many items, characters or keys it has; 0 for what has none. */
export function length(value: unknown): number {
  return len(value) ?? 0;
}

/** The items with `arg` between them, escaped unless they are safe. What is no list stays as it is. */
export function join(value: unknown, arg: unknown, autoescape = true): unknown {
  const list = list_of(value);
  if (list === undefined) return value;
  if (autoescape)
    return mark_safe(list.map(conditional_escape).join(String(conditional_escape(arg))));
  return list.every(is_text) ? mark_safe(list.map(str).join(str(arg))) : value;
}

/** Python's slice: `"1:3"`, `":-1"`, `"::2"`. What is no list or text, or no slice, leaves the value as it is. */
function slice(value: unknown, arg: unknown): unknown {
  const bounds = slice_bounds(str(arg));
  const list = is_text(value) ? Array.from(str(value)) : value;
  if (bounds === undefined || !(Array.isArray(list) || list instanceof Uint8Array)) return value;
  const items = sliced<unknown>(Array.from<unknown>(list), bounds);
  if (is_text(value)) return items.join("");
  return list instanceof Uint8Array ? Buffer.from(items.map(Number)) : items;
}
export { slice };

type Bounds = readonly (number | undefined)[];

function slice_bounds(text: string): Bounds | undefined {
  const bounds: (number | undefined)[] = [];
  for (const part of text.split(":")) {
    const bound = part === "" ? undefined : int_or_none(part);
    if (part !== "" && bound === undefined) return undefined;
    bounds.push(bound === undefined ? undefined : Number(bound));
  }
  if (bounds.length > 3 || bounds[2] === 0) return undefined;
  return bounds.length === 1 ? [undefined, bounds[0]] : bounds;
}

function sliced<T>(list: readonly T[], [start, stop, step = 1]: Bounds): T[] {
  const size = list.length;
  const from_start = (bound: number): number => (bound < 0 ? bound + size : bound);
  if (step > 0) {
    const end = stop === undefined ? size : Math.max(0, from_start(stop));
    const kept = list.slice(Math.max(0, from_start(start ?? 0)), end);
    return step === 1 ? kept : kept.filter((_, index) => index % step === 0);
  }
  const from = start === undefined ? size - 1 : Math.min(size - 1, from_start(start));
  const end = stop === undefined ? -1 : Math.max(-1, from_start(stop));
  const backwards = list.slice(Math.max(0, end + 1), Math.max(0, from + 1)).reverse();
  return backwards.filter((_, index) => index % step === 0);
}

// --- sorting

/** The items in the order of a property, given as `name.of.it` or as an index; `""` if they cannot be compared. */
export function dictsort(value: unknown, arg: unknown): unknown[] | "" {
  return sorted(value, arg, 1);
}

/** `dictsort`, backwards; equal items keep their order. */
export function dictsortreversed(value: unknown, arg: unknown): unknown[] | "" {
  return sorted(value, arg, -1);
}

function sorted(value: unknown, arg: unknown, direction: number): unknown[] | "" {
  try {
    const read = property_reader(arg);
    const keyed = to_list(value).map((entry) => ({ entry, key: read(entry) }));
    if (keyed.length === 1) return [keyed[0]?.entry];
    keyed.sort((a, b) => direction * compare(a.key, b.key));
    return keyed.map(({ entry }) => entry);
  } catch (error) {
    if (is_silent(error) && !(error instanceof ValueError)) return "";
    throw error;
  }
}

/** Reads the property; a number, or a text that is one, is a key of its own. */
function property_reader(arg: unknown): (value: unknown) => unknown {
  if (is_number(arg)) return (value) => indexed(value, arg);
  const path = str(arg).split(".");
  return (value) => path.reduce<unknown>(member_of, value);
}

function is_number(arg: unknown): boolean {
  try {
    to_float(arg);
    return true;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

function indexed(value: unknown, key: unknown): unknown {
  const is_index = typeof key === "number" || typeof key === "bigint";
  const holder = is_text(value) ? Array.from(str(value)) : value;
  if (Array.isArray(holder) && is_index) return there((holder as unknown[]).at(Number(key)), key);
  if (Array.isArray(holder)) throw new TypeError(`${repr(key)} is no index.`);
  return member_of(holder, typeof key === "number" ? key : str(key));
}

function member_of(value: unknown, name: string | number): unknown {
  return there(member_bound(value, name), name);
}

function there(value: unknown, name: unknown): unknown {
  if (value === undefined) throw new TypeError(`Something in the list has no ${repr(name)}.`);
  return value;
}

/** Which of two values comes first, as Python's `<` tells it. @throws KeyError for a dictionary, TypeError for what is no list. */
function compare(a: unknown, b: unknown): number {
  if (is_text(a) && is_text(b)) return compare_text(str(a), str(b));
  if (Array.isArray(a) && Array.isArray(b)) return compare_lists(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  const [left, right] = [numeric(a), numeric(b)];
  if (left === undefined || right === undefined)
    throw new TypeError(`${repr(a)} and ${repr(b)} have no order.`);
  return left < right ? -1 : left > right ? 1 : 0;
}

function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** By code points, where JavaScript compares by halves of them. */
function compare_text(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const high = (text: string): number => {
    const code = text.charCodeAt(at);
    return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
  };
  if (at >= a.length || at >= b.length) return a.length - b.length;
  return high(a) - high(b);
}

function compare_lists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compare(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
