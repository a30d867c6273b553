/** `CaseInsensitiveMapping`: names in any case, as in headers. @module */
import { isDeepStrictEqual } from "node:util";
import { AttributeError, KeyError, ValueError } from "../core/exceptions.ts";
import { is_iterable, mapping_items, type Pairs } from "./_mapping.ts";
import { define_repr, repr } from "./_python.ts";

/** A mapping that cannot be changed and finds a key in any case; it keeps the case the key came in. Iterating gives the keys. */
export class CaseInsensitiveMapping<T> {
  static {
    define_repr(this.prototype);
  }

  /**
   * Pairs under their lower-case keys: what subclasses fill and read.
   * @internal
   */
  protected readonly _store: Map<string, readonly [key: string, value: T]>;

  /**
   * @param data Of keys that differ in case only, the last one stays, at the place of the first.
   * @throws ValueError for an element of a list that is no pair, or whose key is not text.
   */
  constructor(data: Pairs<T>) {
    this._store = new Map();
    for (const pair of unpack<T>(data)) this._store.set(pair[0].toLowerCase(), pair);
  }

  /** The number of keys. */
  get size(): number {
    return this._store.size;
  }

  /** @throws KeyError for a missing key. */
  getitem(key: string): T {
    const pair = this._store.get(key.toLowerCase());
    if (pair === undefined) throw new KeyError(repr(key));
    return pair[1];
  }

  get(key: string): T | undefined;
  get<D>(key: string, default_value: D): T | D;
  get<D>(key: string, default_value?: D): T | D | undefined {
    const pair = this._store.get(key.toLowerCase());
    return pair === undefined ? default_value : pair[1];
  }

  has(key: string): boolean {
    return this._store.has(key.toLowerCase());
  }

  /** The keys in the case they came in. */
  *keys(): IterableIterator<string> {
    for (const [key] of this._store.values()) yield key;
  }

  *values(): IterableIterator<T> {
    for (const [, value] of this._store.values()) yield value;
  }

  *items(): IterableIterator<[key: string, value: T]> {
    for (const [key, value] of this._store.values()) yield [key, value];
  }

  /** Whether the other is a mapping of any kind with the same values under the same keys, in any case. */
  equals(other: unknown): boolean {
    const items = mapping_items(other);
    if (items === undefined) return false;
    const folded = new Map(Array.from(items, ([key, value]) => [String(key).toLowerCase(), value]));
    const own = new Map(Array.from(this.items(), ([key, value]) => [key.toLowerCase(), value]));
    return isDeepStrictEqual(own, folded);
  }

  /** The mapping itself: nothing can change it. */
  copy(): this {
    return this;
  }

  toString(): string {
    return repr(new Map(this.items()));
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
}

function* unpack<T>(data: unknown): Generator<readonly [string, T]> {
  const items = mapping_items(data);
  if (items !== undefined) {
    for (const [key, value] of items) {
      if (typeof key !== "string") throw new AttributeError(`The key ${repr(key)} is not text.`);
      yield [key, value as T]; // as the constructor's type says
    }
    return;
  }
  if (!is_iterable(data))
    throw new TypeError(`${repr(data)} is neither a mapping nor a list of pairs.`);
  let index = 0;
  for (const element of data) yield pair_of<T>(element, index++);
}

function pair_of<T>(element: unknown, index: number): readonly [string, T] {
  if (!is_iterable(element)) throw new TypeError(`Element ${index}, ${repr(element)}, is no pair.`);
  const parts = [...element];
  if (parts.length !== 2)
    throw new ValueError(`Element ${index} has ${parts.length} items; a key and a value are two.`);
  const [key, value] = parts;
  if (typeof key !== "string")
    throw new ValueError(`The key of element ${index}, ${repr(key)}, is not text.`);
  return [key, value as T]; // as the constructor's type says
}
