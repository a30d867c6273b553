/** `cached_property`: a getter that runs once for each object. @module */

/** Where in the prototypes of the object this getter stands. */
function owner_of(object: object, name: PropertyKey, getter: unknown): object | undefined {
  for (let at: unknown = object; typeof at === "object" && at !== null;) {
    if (Object.getOwnPropertyDescriptor(at, name)?.get === getter) return at;
    at = Object.getPrototypeOf(at);
  }
  return undefined;
}

function keep(object: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(object, name, {
    configurable: true,
    enumerable: true,
    writable: true,
    value,
  });
}

/**
 * Decorates a getter: `@cached_property get size() { … }` runs once for each object. Assigning the property replaces what
 * is kept (for TypeScript it needs a setter beside it, which is not called), and deleting it makes the getter run again.
 */
export function cached_property<This extends object, Value>(
  func: (this: This) => Value,
  context: ClassGetterDecoratorContext<This, Value>,
): (this: This) => Value {
  const { name } = context;
  let assignable = false;

  function cached(this: This): Value {
    const value = func.call(this);
    keep(this, name, value);
    return value;
  }
  // an assignment before the first reading would find no setter: the first object made gives the class one
  context.addInitializer(function (this: This) {
    if (assignable) return;
    assignable = true;
    const owner = owner_of(this, name, cached);
    if (owner === undefined) return;
    Object.defineProperty(owner, name, {
      configurable: true,
      get: cached,
      set(this: This, value: unknown) {
        keep(this, name, value);
      },
    });
  });
  return cached;
}
