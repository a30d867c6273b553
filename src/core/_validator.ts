/** Objects that can be called: Python's `__call__`. @module */
import { define_repr } from "../utils/_python.ts";

/** What its instances are when they are called. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor gives a function, so it holds
export interface Validator {
  /** @throws ValidationError for a value that is not valid. */
  (value: unknown): void;
}

/**
 * A validator: an object that is called with a value, and throws a `ValidationError` if it does not like it. A subclass
 * says in `call` what it checks.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- as above
export abstract class Validator {
  static {
    define_repr(this.prototype, (validator) => `<${validator.constructor.name} object>`);
  }

  constructor() {
    const self: unknown = Object.setPrototypeOf(
      (value: unknown) => (self as this).call(value), // it has the prototype of the class
      new.target.prototype as object,
    );
    for (const name of ["name", "length"]) Reflect.deleteProperty(self as this, name); // a class may have its own
    // oxlint-disable-next-line no-constructor-return -- a function is the only thing that can be called
    return self as this; // as above
  }

  /** What calling it does. */
  abstract call(value: unknown): void;
}
