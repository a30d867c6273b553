/** Objects that are made when something is first asked of them. @module */
import { NotImplementedError } from "../core/exceptions.ts";
import { define_repr, repr } from "./_python.ts";

/** What `_wrapped` is before the object is made. */
export const empty: unique symbol = Symbol("empty");

/**
 * Stands for an object that `_setup()` makes when it is first needed: members, `in`, iteration, `instanceof` and
 * assignments go to that object. It is not `===` to it, and cannot stand for a text or a number. Names that the class has
 * itself are its own, as in Django.
 */
export abstract class LazyObject<T extends object> {
  static {
    define_repr(this.prototype, (lazy) => `<LazyObject: ${repr(lazy._wrapped)}>`);
  }

  /** The object, or `empty` while there is none. @internal */
  _wrapped: T | typeof empty = empty;

  constructor() {
    // oxlint-disable-next-line no-constructor-return -- the proxy is what the class gives
    return new Proxy<this>(this, FORWARD);
  }

  /** Makes the object and keeps it in `_wrapped`. @internal */
  _setup(): void {
    throw new NotImplementedError("A subclass of LazyObject makes its object in _setup().");
  }
}

type AnyLazy = LazyObject<object>;

function wrapped_of(lazy: AnyLazy): object {
  if (lazy._wrapped === empty) lazy._setup();
  if (lazy._wrapped === empty) throw new TypeError("_setup() did not set _wrapped.");
  return lazy._wrapped;
}

/** Whether the name belongs to the lazy object, not to what it stands for. */
function is_own(lazy: AnyLazy, name: PropertyKey): boolean {
  return name in lazy && !Object.hasOwn(Object.prototype, name);
}

const FORWARD: ProxyHandler<AnyLazy> = {
  get(lazy, name) {
    if (is_own(lazy, name)) return Reflect.get(lazy, name);
    const wrapped = wrapped_of(lazy);
    const value: unknown = Reflect.get(wrapped, name);
    // methods run on the object itself: they may use private fields
    return typeof value === "function" && name !== "constructor" ? value.bind(wrapped) : value;
  },
  set(lazy, name, value) {
    if (name === "_wrapped") return Reflect.set(lazy, name, value);
    return Reflect.set(wrapped_of(lazy), name, value);
  },
  has: (lazy, name) => is_own(lazy, name) || Reflect.has(wrapped_of(lazy), name),
  deleteProperty(lazy, name) {
    if (name === "_wrapped") throw new TypeError("_wrapped cannot be deleted.");
    return Reflect.deleteProperty(wrapped_of(lazy), name);
  },
  ownKeys: (lazy) => Reflect.ownKeys(wrapped_of(lazy)),
  getOwnPropertyDescriptor(lazy, name) {
    const descriptor = Reflect.getOwnPropertyDescriptor(wrapped_of(lazy), name);
    // a proxy may only call fixed what is so on its own target
    return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
  },
  getPrototypeOf: (lazy) => Reflect.getPrototypeOf(wrapped_of(lazy)),
};

class Simple<T extends object> extends LazyObject<T> {
  static {
    define_repr(this.prototype, (lazy) => {
      const shown = lazy._wrapped === empty ? lazy._setupfunc : lazy._wrapped;
      return `<SimpleLazyObject: ${repr(shown)}>`;
    });
  }

  declare readonly _setupfunc: () => T;

  constructor(func: () => T) {
    super();
    // not an assignment, which would go to the object that is not there yet
    Object.defineProperty(this, "_setupfunc", { configurable: true, value: func });
  }

  override _setup(): void {
    this._wrapped = this._setupfunc();
  }
}

/** The type of `SimpleLazyObject`: what it makes looks like what the function gives. */
export interface SimpleLazyObjectConstructor {
  /** @param func Makes the object; it runs once. */
  new <T extends object>(func: () => T): T;
}

/** A `LazyObject` for the result of a function. */
export const SimpleLazyObject: SimpleLazyObjectConstructor =
  Simple as unknown as SimpleLazyObjectConstructor; // the proxy has every member of what it wraps
