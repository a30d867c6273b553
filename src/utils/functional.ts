/** Values that are worked out late: cached, lazy, wrapped (Django docs: Utils, `django.utils.functional`). @module */
import { is_lazy, LAZY } from "./_lazy.ts";
import { define_repr, repr, str } from "./_python.ts";

export { cached_property } from "./_cached_property.ts";
export { is_lazy } from "./_lazy.ts";
export {
  empty,
  LazyObject,
  SimpleLazyObject,
  type SimpleLazyObjectConstructor,
} from "./_lazy_object.ts";

/** A text or a number that is worked out whenever it is used. */
export interface LazyPrimitive<R> {
  valueOf(): R;
  toString(): string;
  toJSON(): R;
}

/**
 * What `lazy()` makes: an object as it is, of a text or a number an object that converts to it. (Django's name for it,
 * `Promise`, means something else in JavaScript; `is_lazy(value)` tells one.)
 */
export type Lazy<R> = R extends object ? R : LazyPrimitive<R>;

/** What stands behind the proxies: `console.log` looks at it. */
class LazyResult {
  static {
    define_repr(this.prototype, (result) => repr(result.valueOf())); // the proxy is asked, so its valueOf
  }

  readonly [LAZY] = true;
  readonly value: () => unknown;

  constructor(value: () => unknown) {
    this.value = value;
  }
}

/** What JavaScript's operators make of the value. */
function primitive(value: unknown, hint: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  return hint === "number" ? Number(value) : str(value);
}

const AT_EACH_USE: ProxyHandler<LazyResult> = {
  get(result, name) {
    if (name === LAZY) return true;
    if (name === "then") return undefined; // `await` asks whether this is a promise: no use, and it must not fail
    if (name === "toString") return () => str(result.value());
    if (name === Symbol.toPrimitive) return (hint: string) => primitive(result.value(), hint);
    const value = result.value();
    const object = Object(value) as object;
    if (name === "toJSON" && !(name in object)) return () => value;
    const member: unknown = Reflect.get(object, name);
    return typeof member === "function" && name !== "constructor" ? member.bind(value) : member;
  },
  has: (result, name) =>
    name === LAZY || (name !== "then" && Reflect.has(Object(result.value()) as object, name)),
  getPrototypeOf: (result) => Reflect.getPrototypeOf(Object(result.value()) as object),
};

/**
 * Makes a function lazy: it runs at every use of what it returned, not when it is called. So a text may be translated
 * into the language of each request.
 * @param resultclasses What the function gives (`String`), for the reader; Django asks for them.
 */
export function lazy<A extends unknown[], R>(
  func: (...args: A) => R,
  ..._resultclasses: unknown[]
): (...args: A) => Lazy<R> {
  return (...args) =>
    new Proxy(new LazyResult(() => func(...args)), AT_EACH_USE) as unknown as Lazy<R>; // the proxy has the members of the result
}

/** A text made lazy: what it converts to is asked for at each use. */
export function lazystr(text: unknown): LazyPrimitive<string> {
  return lazy(str, String)(text);
}

/**
 * A decorator for a function: called with a lazy argument it gives a lazy result, otherwise it runs at once.
 * @throws TypeError without any class.
 */
export function keep_lazy(
  ...resultclasses: unknown[]
): <A extends unknown[], R>(func: (...args: A) => R) => (...args: A) => R | Lazy<R> {
  if (resultclasses.length === 0)
    throw new TypeError("keep_lazy() needs the class of the result: keep_lazy(String).");
  return (func) => {
    const lazy_func = lazy(func, ...resultclasses);
    return (...args) => (args.some(is_lazy) ? lazy_func(...args) : func(...args));
  };
}

/** `keep_lazy(String)`: for a function that takes lazy arguments and gives text. */
export function keep_lazy_text<A extends unknown[]>(
  func: (...args: A) => string,
): (...args: A) => string | LazyPrimitive<string> {
  return keep_lazy(String)(func);
}

/** The values of which the predicate is false, and those of which it is true, each in order. */
export function partition<T>(
  predicate: (value: T) => unknown,
  values: Iterable<T>,
): [unmatched: T[], matched: T[]] {
  const results: [T[], T[]] = [[], []];
  for (const value of values) results[predicate(value) ? 1 : 0].push(value);
  return results;
}
