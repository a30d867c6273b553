/** `OrderedSet`: a set that keeps the order its items came in. @module */
import { KeyError } from "../core/exceptions.ts";
import { define_repr, repr } from "./_python.ts";

/** A set in the order of insertion, with Python's methods. JavaScript's own `Set` keeps the order too. */
export class OrderedSet<T> {
  static {
    define_repr(this.prototype);
  }

  readonly #items: Set<T>;

  constructor(iterable?: Iterable<T> | null) {
    this.#items = new Set(iterable ?? undefined);
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: T): void {
    this.#items.add(item);
  }

  /** @throws KeyError if the item is not there. */
  remove(item: T): void {
    if (!this.#items.delete(item)) throw new KeyError(repr(item));
  }

  /** Takes the item out if it is there. */
  discard(item: T): void {
    this.#items.delete(item);
  }

  has(item: T): boolean {
    return this.#items.has(item);
  }

  /** The items, last one first. */
  *reversed(): IterableIterator<T> {
    yield* [...this.#items].reverse();
  }

  toString(): string {
    return `${this.constructor.name}(${this.size === 0 ? "" : repr([...this.#items])})`;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#items.values();
  }
}
