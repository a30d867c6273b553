/** `ImmutableList`: a list that says why it cannot be changed. @module */
import { AttributeError, IndexError } from "../core/exceptions.ts";
import { define_repr, repr } from "./_python.ts";

/** Options of the `ImmutableList` constructor. */
export interface ImmutableListOptions {
  /** The message of the error that a change throws. */
  warning?: string | undefined;
}

/** An array that throws `AttributeError` at every method that would change it, Python's and JavaScript's alike. */
export class ImmutableList<T> extends Array<T> {
  static {
    define_repr(this.prototype);
  }

  readonly warning!: string;

  constructor(iterable: Iterable<T> = [], options: ImmutableListOptions = {}) {
    super();
    let index = 0;
    for (const item of iterable) this[index++] = item;
    const warning = options.warning ?? "This list cannot be changed; change a copy: [...list].";
    Object.defineProperty(this, "warning", { value: warning });
    Object.freeze(this);
  }

  /** `map()`, `filter()` and the like give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  get size(): number {
    return this.length;
  }

  /** @throws IndexError */
  getitem(index: number): T {
    const item = this.at(index);
    if (index >= this.length || index < -this.length)
      throw new IndexError(`There is no item ${index} in a list of ${this.length}.`);
    return item as T; // the index is there
  }

  has(item: T): boolean {
    return this.includes(item);
  }

  /** @throws AttributeError always, with the list's warning. */
  complain(..._ignored: unknown[]): never {
    throw new AttributeError(this.warning);
  }

  override toString(): string {
    return `(${this.map(repr).join(", ")}${this.length === 1 ? "," : ""})`;
  }
}

/** What changes a list: Python's methods (`set` and `delete` for brackets), then JavaScript's. */
const MUTATORS = [
  "append",
  "extend",
  "insert",
  "remove",
  "set",
  "delete",
  "pop",
  "sort",
  "reverse",
  "push",
  "shift",
  "unshift",
  "splice",
  "fill",
  "copyWithin",
] as const;

for (const name of MUTATORS) {
  Object.defineProperty(ImmutableList.prototype, name, {
    configurable: true,
    writable: true,
    value: ImmutableList.prototype.complain,
  });
}
