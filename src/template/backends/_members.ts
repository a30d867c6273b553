/** Names and members in templates: what they lead to, and what they do not. @module */
import { is_altering } from "../../utils/_alters_data.ts";
import { str } from "../../utils/_python.ts";
import { TemplateSyntaxError } from "../exceptions.ts";
import { type Callable, is_class } from "./_callable.ts";
import type { Context } from "./_context.ts";
import type { Frame } from "./_nunjucks.ts";

/** Anything that has members: a primitive too, but neither `null` nor `undefined`. */
type Holder = Readonly<Record<PropertyKey, unknown>>;

/** The value of a name: a local one, else one of the context. */
export function lookup(context: Context, frame: Frame, name: string): unknown {
  const value = frame.lookup(name);
  return value !== undefined ? value : context.lookup(name);
}

/** A method where a value is wanted. Keys of a dictionary come before its methods. */
export function called(object: Holder, method: Callable, key: string | number): unknown {
  const item = item_of(object, key);
  if (item !== undefined) return item;
  if (alters_data(object, method, key) || is_class(method)) return undefined;
  return method.length > 0 ? bound(object, method, key) : method.call(object);
}

/** A method as a value of its own. */
export function bound(object: Holder, method: Callable, key: string | number): Callable {
  const call: Callable = (...args) => method.apply(object, args);
  return alters_data(object, method, key) ? Object.assign(call, { alters_data: true }) : call;
}

function alters_data(object: Holder, method: Callable, key: string | number): boolean {
  return method.alters_data === true || is_altering(object, key);
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
  if (typeof value === "function") return bound(object as Holder, value as Callable, key);
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
  if (is_altering(object, key)) throw changes_data(name);
  return Reflect.apply(allowed(method as Callable, name), object, args);
}

function not_callable(value: unknown, name: string): TemplateSyntaxError {
  const state = value === undefined || value === null ? "has no value" : "is not a function";
  return new TemplateSyntaxError(`${name} cannot be called: it ${state}.`);
}

function allowed(fn: Callable, name: string): Callable {
  if (fn.alters_data === true) throw changes_data(name);
  return fn;
}

function changes_data(name: string): TemplateSyntaxError {
  return new TemplateSyntaxError(`${name} changes data: a template may not call it.`);
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
