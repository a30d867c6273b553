/** What compiled templates call. Text and truth are Python's, as in Django's engines. @module */
import { number_text, str, truthy } from "../../utils/_python.ts";
import { has_html, SafeString } from "../../utils/safestring.ts";
import { TemplateSyntaxError } from "../exceptions.ts";
import type { Context } from "./_context.ts";
import { NunjucksSafeString, type Frame } from "./_nunjucks.ts";

type Callable = ((...args: unknown[]) => unknown) & { readonly alters_data?: boolean | undefined };
/** Anything that has members: a primitive too, but neither `null` nor `undefined`. */
type Holder = Readonly<Record<PropertyKey, unknown>>;

// --- text

const SPECIAL = /[&<>"']/;

/** The text with `& < > " '` as entities, in Django's form. */
export function escape_html(value: string): string {
  let index = value.search(SPECIAL);
  if (index < 0) return value;
  let escaped = "";
  let done = 0;
  for (; index < value.length; index++) {
    const entity = entity_of(value.charCodeAt(index));
    if (entity === undefined) continue;
    escaped += value.slice(done, index) + entity;
    done = index + 1;
  }
  return escaped + value.slice(done);
}

function entity_of(code: number): string | undefined {
  switch (code) {
    case 38:
      return "&amp;";
    case 60:
      return "&lt;";
    case 62:
      return "&gt;";
    case 34:
      return "&quot;";
    case 39:
      return "&#x27;";
    default:
      return undefined;
  }
}

/** The text of a value, escaped unless it is marked as safe. */
export function text(value: unknown): string {
  if (typeof value === "string") return escape_html(value);
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? `${value}` : number_text(value);
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null) {
    if (value instanceof NunjucksSafeString) return String(value);
    if (has_html(value)) return String(value.__html__());
  }
  return typeof value === "function"
    ? text(call_plain(value as Callable))
    : escape_html(plain(value));
}

/** The text of a value as it is. */
export function raw(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  return typeof value === "function" ? raw(call_plain(value as Callable)) : plain(value);
}

function plain(value: unknown): string {
  if (value instanceof Promise)
    throw new TemplateSyntaxError(
      "A template cannot wait for a promise: await it in the view, and give the template the result.",
    );
  return str(value);
}

/** What an extension's tag prints. */
export function suppressValue(value: unknown, autoescape: boolean): string {
  return autoescape ? text(value) : raw(value);
}

/** Marks what a block or a macro has made as safe. */
export function safe(value: unknown): SafeString {
  return new SafeString(value);
}

// --- names and members

/** The value of a name: a local one, else one of the context. */
export function lookup(context: Context, frame: Frame, name: string): unknown {
  const value = frame.lookup(name);
  return value !== undefined ? value : context.lookup(name);
}

const is_class = (value: Callable): boolean =>
  /^class\b/.test(Function.prototype.toString.call(value));

/** A function where a value is wanted: called if it needs no arguments and changes nothing, as in Django's language. */
function call_plain(value: Callable): unknown {
  if (value.alters_data === true || value.length > 0 || is_class(value)) return undefined;
  return value();
}

/** A method where a value is wanted. Keys of a dictionary come before its methods. */
export function called(object: Holder, method: Callable, key: string | number): unknown {
  const item = item_of(object, key);
  if (item !== undefined) return item;
  if (method.alters_data === true || is_class(method)) return undefined;
  return method.length > 0 ? bound(object, method) : method.call(object);
}

/** A method as a value of its own. */
export function bound(object: Holder, method: Callable): Callable {
  const call: Callable = (...args) => method.apply(object, args);
  return method.alters_data === true ? Object.assign(call, { alters_data: true }) : call;
}

/** A member that is no property: the item of a dictionary. */
export function absent(object: Holder, key: string | number): unknown {
  return typeof object === "object" ? item_of(object, key) : undefined;
}

function item_of(object: Holder, key: string | number): unknown {
  if (object instanceof Map) return (object as ReadonlyMap<unknown, unknown>).get(key);
  const { getitem, has } = object;
  if (typeof getitem !== "function" || typeof has !== "function") return undefined;
  return Reflect.apply(has, object, [key]) === true
    ? Reflect.apply(getitem, object, [key])
    : undefined;
}

// Through these a value leads to a constructor, or to the code of a function.
const CLOSED: ReadonlySet<unknown> = new Set(["constructor", "prototype", "caller", "callee"]);

/** The property `object[key]`; nothing private, and nothing that leads to a constructor. */
function property(object: unknown, key: unknown): unknown {
  if (object === undefined || object === null) return undefined;
  const name = typeof key === "number" ? key : str(key);
  const holder = object as Holder; // neither null nor undefined
  if (typeof name === "string" && name.startsWith("_")) return undefined;
  if (!CLOSED.has(name)) return holder[name];
  const own = Object.getOwnPropertyDescriptor(holder, name)?.value as unknown;
  return typeof own === "function" || typeof object === "function" ? undefined : own;
}

/** `object[key]` as a value. */
export function member_called(object: unknown, key: string | number): unknown {
  const value = property(object, key);
  if (typeof value === "function") return called(object as Holder, value as Callable, key);
  return value === undefined && object ? absent(object as Holder, key) : value;
}

/** `object[key]` to be passed on. */
export function member_bound(object: unknown, key: string | number): unknown {
  const value = property(object, key);
  if (typeof value === "function") return bound(object as Holder, value as Callable);
  return value === undefined && object ? absent(object as Holder, key) : value;
}

// --- names without a value

const MISSING = Symbol("missing");

/** The value of a name, or the mark that there is no such name. */
export function known(context: Context, frame: Frame, name: string): unknown {
  const value = lookup(context, frame, name);
  return value === undefined && !context.has(name) ? MISSING : value;
}

/** The value of a member, or the mark that there is no such member. */
export function known_member(object: unknown, key: string | number): unknown {
  const value = member_called(object, key);
  if (value !== undefined || object === MISSING) return value;
  return typeof object === "object" && object !== null && key in object ? value : MISSING;
}

/** While `DEBUG`: a name without a value is shown as it stands in the template. */
export function shown(value: unknown, name: string): unknown {
  return value === MISSING ? `{{ ${name} }}` : value;
}

/** With `throwOnUndefined`: a name without a value is an error, and so is `null`. */
export function strict(value: unknown, name: string): unknown {
  if (value === MISSING || value === undefined || value === null)
    throw new TemplateSyntaxError(`${name} has no value.`);
  return value;
}

// --- calls

/** Calls a function of the context; `this` is the context. @throws TemplateSyntaxError if it is no function. */
export function call(fn: unknown, name: string, context: Context, args: unknown[]): unknown {
  if (typeof fn !== "function") throw not_callable(fn, name);
  return Reflect.apply(allowed(fn as Callable, name), context, args);
}

/** Calls a method. @throws TemplateSyntaxError if it is no function, or one that a template may not call. */
export function call_member(
  object: unknown,
  key: string | number,
  name: string,
  _context: Context,
  args: unknown[],
): unknown {
  const property_value = property(object, key);
  const method =
    property_value === undefined && object ? absent(object as Holder, key) : property_value;
  if (typeof method !== "function") throw not_callable(method, name);
  return Reflect.apply(allowed(method as Callable, name), object, args);
}

function not_callable(value: unknown, name: string): TemplateSyntaxError {
  const state = value === undefined || value === null ? "has no value" : "is not a function";
  return new TemplateSyntaxError(`${name} cannot be called: it ${state}.`);
}

function allowed(fn: Callable, name: string): Callable {
  if (fn.alters_data === true)
    throw new TemplateSyntaxError(`${name} changes data: a template may not call it.`);
  return fn;
}

// --- loops

const NONE: readonly never[] = [];

/** What `for x in value` goes through: a list, anything iterable, the keys of a plain object. */
export function items(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === "string") return Array.from(value);
  if (typeof value !== "object" || value === null) return NONE;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>);
  const { length } = value as { length?: unknown };
  return typeof length === "number" ? (value as ArrayLike<unknown>) : Object.keys(value);
}

/** What `for a, b in value` goes through: lists, or the entries of a plain object. */
export function pairs(value: unknown): ArrayLike<ArrayLike<unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (!(Symbol.iterator in value) && !("length" in value)) return Object.entries(value);
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
  const { has } = container as Holder;
  if (typeof has === "function") return Reflect.apply(has, container, [item]) === true;
  if (Symbol.iterator in container) return Array.from(items(container)).includes(item);
  return Object.hasOwn(container, str(item));
}

/** A macro whose errors name the line inside it. */
export function guarded(macro: Callable, failed: (error: unknown) => unknown): Callable {
  return function (this: unknown, ...args) {
    try {
      return macro.apply(this, args);
    } catch (error) {
      throw failed(error);
    }
  };
}
