/** `DictWrapper`: values that go through a function when their key is asked for with a prefix. @module */
import { KeyError } from "../core/exceptions.ts";
import { mapping_items, type Pairs } from "./_mapping.ts";
import { define_repr, repr } from "./_python.ts";

/** `w.getitem("*a")` is `func` of the value of `a`, if `*` is the prefix; `w.getitem("a")` is the value itself. */
export class DictWrapper<T, R> {
  static {
    define_repr(this.prototype);
  }

  readonly func: (value: T) => R;
  readonly prefix: string;
  readonly #data: Map<unknown, T>;

  constructor(data: Pairs<T>, func: (value: T) => R, prefix: string) {
    const pairs = mapping_items(data) ?? (data as Iterable<readonly [unknown, unknown]>); // the other forms of Pairs
    this.#data = new Map(pairs as Iterable<readonly [unknown, T]>); // as the parameter's type says
    this.func = func;
    this.prefix = prefix;
  }

  get size(): number {
    return this.#data.size;
  }

  /** @throws KeyError if there is no such key once the prefix is off. */
  getitem(key: string): T | R {
    const prefixed = key.startsWith(this.prefix);
    const name = prefixed ? key.slice(this.prefix.length) : key;
    if (!this.#data.has(name)) throw new KeyError(repr(name));
    const value = this.#data.get(name) as T; // the key is there
    return prefixed ? this.func(value) : value;
  }

  has(key: string): boolean {
    return this.#data.has(key);
  }

  toString(): string {
    return repr(this.#data);
  }

  [Symbol.iterator](): IterableIterator<unknown> {
    return this.#data.keys();
  }
}
