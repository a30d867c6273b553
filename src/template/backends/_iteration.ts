/** Loops and conditions in templates. @module */
import { is_plain_object, str, truthy } from "../../utils/_python.ts";

const NONE: readonly never[] = [];

/** What `for x in value` goes through: a list, anything iterable, the keys of a plain object. */
export function items(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === "string") return Array.from(value);
  if (typeof value !== "object" || value === null) return NONE;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>);
  return is_array_like(value) ? value : Object.keys(value);
}

/** Whether it is a list of another kind. A key called `length` makes none of a plain object. */
function is_array_like(value: object): value is ArrayLike<unknown> {
  return typeof (value as { length?: unknown }).length === "number" && !is_plain_object(value);
}

/** What `for a, b in value` goes through: lists, or the entries of a plain object. */
export function pairs(value: unknown): ArrayLike<ArrayLike<unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (!(Symbol.iterator in value) && !is_array_like(value)) return Object.entries(value);
  }
  return Array.from(items(value), items);
}

/** nunjucks' `loop`. */
export function loop(index0: number, length: number): Readonly<Record<string, unknown>> {
  return {
    index: index0 + 1,
    index0,
    revindex: length - index0,
    revindex0: length - index0 - 1,
    first: index0 === 0,
    last: index0 === length - 1,
    length,
  };
}

/** Django's `forloop`. */
export function forloop(
  counter0: number,
  length: number,
  parentloop: unknown,
): Readonly<Record<string, unknown>> {
  return {
    counter: counter0 + 1,
    counter0,
    revcounter: length - counter0,
    revcounter0: length - counter0 - 1,
    first: counter0 === 0,
    last: counter0 === length - 1,
    length,
    parentloop: parentloop ?? {},
  };
}

// --- truth

/** Python's truth: an empty list is false. */
export function truth(value: unknown): boolean {
  return typeof value === "object" ? truthy(value) : Boolean(value);
}

/** `item in container`: of a list, a text, a dictionary, the keys of a plain object. */
export function contains(item: unknown, container: unknown): boolean {
  if (typeof container === "string" || container instanceof String)
    return String(container).includes(str(item));
  if (Array.isArray(container)) return container.includes(item);
  if (typeof container !== "object" || container === null) return false;
  const { has } = container as { has?: unknown };
  if (typeof has === "function") return Reflect.apply(has, container, [item]) === true;
  if (Symbol.iterator in container) return Array.from(items(container)).includes(item);
  return Object.hasOwn(container, str(item));
}
