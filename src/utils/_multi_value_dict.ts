/** `MultiValueDict`: keys that may repeat, as in query strings and forms. @module */
import { isDeepStrictEqual } from "node:util";
import { KeyError } from "../core/exceptions.ts";
import { is_iterable, mapping_items, type Pairs } from "./_mapping.ts";
import { define_repr, repr } from "./_python.ts";

/** A key that a `MultiValueDict` does not have; the message is its `repr`. */
export class MultiValueDictKeyError extends KeyError {}

/** A mapping or pairs of it, to fill a `MultiValueDict` with. */
export type Lists<T> = Pairs<T[]>;

function pairs_of(value: unknown): Iterable<readonly [unknown, unknown]> {
  const items = mapping_items(value);
  if (items !== undefined) return items;
  if (!is_iterable(value))
    throw new TypeError(`${repr(value)} is neither a mapping nor a list of pairs.`);
  return value as Iterable<readonly [unknown, unknown]>; // what is no pair fails when it is destructured
}

/**
 * A mapping from keys to lists; read like a plain mapping, it gives the last value of each list
 * (Django docs: Request and response objects, "QueryDict objects"). Iterating gives the keys.
 */
export class MultiValueDict<T> {
  static {
    define_repr(this.prototype);
  }

  /**
   * The lists themselves. Not private, so that two dictionaries compare equal in tests when their lists do.
   * @internal
   */
  protected readonly _lists: Map<string, T[]>;

  /** @param key_to_list_mapping The lists given are kept as they are, not copied. */
  constructor(key_to_list_mapping?: Lists<T> | MultiValueDict<T> | null) {
    this._lists = new Map();
    if (key_to_list_mapping === undefined || key_to_list_mapping === null) return;
    const pairs =
      key_to_list_mapping instanceof MultiValueDict
        ? key_to_list_mapping._lists
        : pairs_of(key_to_list_mapping);
    for (const [key, list] of pairs) this._lists.set(key as string, list as T[]); // as the parameter's type says
  }

  /** The number of keys. */
  get size(): number {
    return this._lists.size;
  }

  /**
   * The last value of the key. An empty list, which no request brings, gives `[]`; the type leaves that out.
   * @throws MultiValueDictKeyError
   */
  getitem(key: string): T {
    const list = this._lists.get(key);
    if (list === undefined) throw new MultiValueDictKeyError(repr(key));
    return last(list);
  }

  /** The last value of the key; `default_value` if the key is missing or its list is empty. */
  get(key: string): T | undefined;
  get<D>(key: string, default_value: D): T | D;
  get<D>(key: string, default_value?: D): T | D | undefined {
    const list = this._lists.get(key);
    if (list === undefined || list.length === 0) return default_value;
    const value = last(list);
    return Array.isArray(value) && value.length === 0 ? default_value : value;
  }

  /** A copy of the list; for a missing key `default_value` itself, or `[]` if that is not given or `null`. */
  getlist(key: string): T[];
  getlist<D>(key: string, default_value: D): T[] | NonNullable<D>;
  getlist(key: string, default_value?: unknown): unknown {
    const list = this._lists.get(key);
    if (list === undefined) return default_value ?? [];
    if (Array.isArray(list)) return list.slice();
    return list === null ? list : Array.from(list as Iterable<T>); // what `setlist` was given against its type
  }

  /** Whether the key is there, be its list empty. */
  has(key: string): boolean {
    return this._lists.has(key);
  }

  /** Makes the value the only one of the key. */
  set(key: string, value: T): void {
    this._lists.set(key, [value]);
  }

  /** @throws KeyError for a missing key. */
  delete(key: string): void {
    if (!this._lists.delete(key)) throw new KeyError(repr(key));
  }

  /** Makes this very list that of the key. */
  setlist(key: string, list_: T[]): void {
    this._lists.set(key, list_);
  }

  /** The last value of the key, which is first set to `default_value` (without one, `null`) if it is missing. */
  setdefault(key: string, default_value?: T): T {
    if (!this.has(key)) this.set(key, (default_value ?? null) as T); // `null`: what Python's None is here
    return this.getitem(key);
  }

  /** The list of the key itself, not a copy; a missing one is first set to `default_list` (without one, `[]`). */
  setlistdefault(key: string, default_list?: T[] | null): T[] {
    if (!this.has(key)) this.setlist(key, default_list ?? []);
    return this._lists.get(key) ?? [];
  }

  /** Adds a value to those of the key. */
  appendlist(key: string, value: T): void {
    const list = this._lists.get(key);
    if (list === undefined) this._lists.set(key, [value]);
    else list.push(value);
  }

  /**
   * Takes the key out and gives its whole list.
   * @throws KeyError for a missing key without `default_value`.
   */
  pop(key: string): T[];
  pop<D>(key: string, default_value: D): T[] | D;
  pop<D>(key: string, ...rest: [default_value?: D]): T[] | D | undefined {
    const list = this._lists.get(key);
    if (list === undefined) {
      if (rest.length === 0) throw new KeyError(repr(key));
      return rest[0];
    }
    this._lists.delete(key);
    return list;
  }

  /**
   * Takes the newest key out and gives it with its list.
   * @throws KeyError if there is none.
   */
  popitem(): [key: string, list: T[]] {
    const newest = [...this._lists].at(-1);
    if (newest === undefined) throw new KeyError("popitem() of an empty dictionary");
    this._lists.delete(newest[0]);
    return newest;
  }

  clear(): void {
    this._lists.clear();
  }

  keys(): IterableIterator<string> {
    return this._lists.keys();
  }

  /** Pairs of a key and its last value. */
  *items(): IterableIterator<[key: string, value: T]> {
    for (const [key, list] of this._lists) yield [key, last(list)];
  }

  /** Pairs of a key and its list: the lists themselves, not copies. */
  lists(): IterableIterator<[key: string, list: T[]]> {
    return this._lists.entries();
  }

  /** The last value of every key. */
  *values(): IterableIterator<T> {
    for (const list of this._lists.values()) yield last(list);
  }

  /** A dictionary of the same class with lists of its own; the values are the same. */
  copy(): MultiValueDict<T> {
    const Class = this.constructor as new (lists: Lists<T>) => MultiValueDict<T>; // a subclass takes lists too, or overrides this
    return new Class(Array.from(this._lists, ([key, list]) => [key, list.slice()] as const));
  }

  /**
   * Adds values to those that are there; nothing is replaced. Of another `MultiValueDict` it adds all values, of a
   * plain mapping each value as one, even if it is a list.
   */
  update(
    arg?: MultiValueDict<T> | Pairs<T> | null,
    kwargs: Readonly<Record<string, T>> = {},
  ): void {
    if (arg instanceof MultiValueDict) {
      for (const [key, list] of arg._lists) {
        const own = this.setlistdefault(key);
        const { length } = list; // as it is now: the dictionary may be updated with itself
        for (let index = 0; index < length; index++) own.push(list[index] as T); // the index is there
      }
    } else if (arg !== undefined && arg !== null) {
      for (const [key, value] of pairs_of(arg)) this.setlistdefault(key as string).push(value as T); // as the parameter's type says
    }
    for (const [key, value] of Object.entries(kwargs)) this.setlistdefault(key).push(value);
  }

  /**
   * A plain object without a prototype, with the last value of every key. Against the type of the dictionary, a key may
   * be a number, which no object can hold: then it is a `Map`.
   */
  dict(): Record<string, T> {
    const plain = Object.create(null) as Record<string, T>;
    for (const [key, list] of this._lists) {
      if (typeof key !== "string") return new Map(this.items()) as never;
      plain[key] = last(list);
    }
    return plain;
  }

  /** Whether the other is a `MultiValueDict` with the same lists; the order of the keys does not count. */
  equals(other: unknown): boolean {
    return other instanceof MultiValueDict && isDeepStrictEqual(this._lists, other._lists);
  }

  /** What `JSON.stringify` writes: the last values, as Python's `json.dumps`. */
  toJSON(): Record<string, T> {
    return this.dict();
  }

  toString(): string {
    return `<${this.constructor.name}: ${repr(this._lists)}>`;
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this._lists.keys();
  }
}

/** `list[-1]`, and `[]` of an empty list: what Django reads from it. */
function last<T>(list: T[]): T {
  return list.length === 0 ? ([] as T) : (list[list.length - 1] as T); // the index is there
}
