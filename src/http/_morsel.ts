/** `Morsel`: one cookie to set, with its attributes (Python's `http.cookies`). @module */
import { CookieError, KeyError } from "../core/exceptions.ts";
import { time } from "../utils/_clock.ts";
import { mapping_items, type Pairs } from "../utils/_mapping.ts";
import { define_repr, repr, str } from "../utils/_python.ts";
import { http_date } from "../utils/http.ts";
import { is_legal, quote } from "./_cookie_text.ts";

/** Options of `Morsel.OutputString`. */
export interface MorselTextOptions {
  /** The attributes to write, in lower case. Default: all. */
  attrs?: readonly string[] | null | undefined;
}

/** Options of `Morsel.output`. */
export interface MorselOutputOptions extends MorselTextOptions {
  /** What stands in front. Default `Set-Cookie:`. */
  header?: string | undefined;
}

/** The attributes in Python's order, in lower case, and how they are written. */
const WRITTEN: readonly (readonly [name: string, written: string])[] = [
  ["expires", "expires"],
  ["path", "Path"],
  ["comment", "Comment"],
  ["domain", "Domain"],
  ["max-age", "Max-Age"],
  ["secure", "Secure"],
  ["httponly", "HttpOnly"],
  ["version", "Version"],
  ["samesite", "SameSite"],
];
const NAMES: readonly string[] = WRITTEN.map(([name]) => name);
const PLACES: ReadonlyMap<string, number> = new Map(NAMES.map((name, place) => [name, place]));
const PLACES_IN_OUTPUT: readonly number[] = NAMES.toSorted().map((name) => NAMES.indexOf(name));
const UNSET: readonly unknown[] = NAMES.map(() => "");

// RFC 6265 §4.1.1: attribute values hold neither controls nor semicolons; with one, text from a visitor could add attributes
// oxlint-disable-next-line no-control-regex -- the controls are what is refused
const INJECTION = /[\x00-\x1f\x7f;]/;

/** Whether a cookie cannot have that name because an attribute has it. */
export function is_attribute(name: string): boolean {
  return PLACES.has(name.toLowerCase());
}

/** A name and a value, and a mapping from attributes to their values. An attribute that is not set is `""`. */
export class Morsel {
  static {
    define_repr(
      this.prototype,
      (morsel) => `<${morsel.constructor.name}: ${morsel.OutputString()}>`,
    );
  }

  /** The values by place; `undefined` for a deleted one. */
  #attributes = UNSET.slice();
  #key = "";
  #value: unknown = "";
  #coded_value = "";

  /** The name of the cookie. */
  get key(): string {
    return this.#key;
  }

  /** The value as it was given, as text. */
  get value(): unknown {
    return this.#value;
  }

  /** The value as it is sent. */
  get coded_value(): string {
    return this.#coded_value;
  }

  /**
   * Gives the cookie its name and value: Python's `set()`.
   * @throws CookieError for a name that is empty, has a character it may not have, or is an attribute's.
   * @internal
   */
  _assign(key: string, value: unknown, coded_value: string): void {
    if (is_attribute(key))
      throw new CookieError(`A cookie cannot be called ${repr(key)}: that is an attribute.`);
    if (!is_legal(key))
      throw new CookieError(
        `A cookie cannot be called ${repr(key)}: a name has letters, digits and !#$%&'*+-.^_\`|~: only.`,
      );
    this.#key = key;
    this.#value = value;
    this.#coded_value = coded_value;
  }

  get size(): number {
    return this.#attributes.filter((value) => value !== undefined).length;
  }

  #value_of(key: string): unknown {
    const place = PLACES.get(key);
    return place === undefined ? undefined : this.#attributes[place];
  }

  /** @throws KeyError for what is no attribute. */
  getitem(key: string): unknown {
    const value = this.#value_of(key);
    if (value === undefined) throw new KeyError(repr(key));
    return value;
  }

  get(key: string): unknown;
  get<D>(key: string, default_value: D): unknown;
  get(key: string, default_value?: unknown): unknown {
    const value = this.#value_of(key);
    return value === undefined ? default_value : value;
  }

  has(key: string): boolean {
    return this.#value_of(key) !== undefined;
  }

  /**
   * Sets an attribute, in any case. A number in `expires` is seconds from when the cookie is written.
   * @throws CookieError for what is no attribute, or a value that would end it.
   */
  set(key: string, value: unknown): void {
    const name = key.toLowerCase();
    const place = PLACES.get(name);
    if (place === undefined)
      throw new CookieError(`A cookie has no attribute ${repr(key)}; it has ${NAMES.join(", ")}.`);
    const is_text = typeof value === "string" || (typeof value === "object" && value !== null);
    if (is_text && name !== "comment" && INJECTION.test(str(value)))
      throw new CookieError(`${repr(value)} cannot be sent as ${name}: take out ";" and controls.`);
    this.#attributes[place] = value ?? null;
  }

  /** The value of an attribute, which is first set to `default_value` if it was deleted. */
  setdefault(key: string, default_value?: unknown): unknown {
    if (!this.has(key.toLowerCase())) this.set(key, default_value ?? null);
    return this.getitem(key.toLowerCase());
  }

  /** Sets several attributes. */
  update(values: Pairs<unknown>): void {
    for (const [key, value] of pairs_of(values)) this.set(key, value);
  }

  /** @throws KeyError */
  delete(key: string): void {
    const place = PLACES.get(key);
    if (place === undefined || !this.has(key)) throw new KeyError(repr(key));
    this.#attributes[place] = undefined;
  }

  *keys(): IterableIterator<string> {
    for (const name of NAMES) if (this.has(name)) yield name;
  }

  *values(): IterableIterator<unknown> {
    for (const name of this.keys()) yield this.getitem(name);
  }

  *items(): IterableIterator<[key: string, value: unknown]> {
    for (const name of this.keys()) yield [name, this.getitem(name)];
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  /** A cookie of the same name, value and attributes. */
  copy(): Morsel {
    const copy = new Morsel();
    copy.#key = this.#key;
    copy.#value = this.#value;
    copy.#coded_value = this.#coded_value;
    copy.#attributes = this.#attributes.slice();
    return copy;
  }

  /** What stands behind `Set-Cookie:`, attributes in alphabetical order. */
  OutputString(options: MorselTextOptions = {}): string {
    let text = `${this.#key}=${this.#coded_value}`;
    for (const place of PLACES_IN_OUTPUT) {
      const value = this.#attributes[place];
      if (value === "" || value === undefined) continue;
      const [name = "", written = ""] = WRITTEN[place] ?? [];
      if (options.attrs && !options.attrs.includes(name)) continue;
      text += attribute_text(name, written, value);
    }
    return text;
  }

  /** The header line. */
  output(options: MorselOutputOptions = {}): string {
    return `${options.header ?? "Set-Cookie:"} ${this.OutputString(options)}`;
  }

  toString(): string {
    return this.output();
  }
}

function pairs_of(values: Pairs<unknown>): Iterable<readonly [string, unknown]> {
  const items = mapping_items(values) ?? values;
  return items as Iterable<readonly [string, unknown]>; // by its type it is a mapping or the pairs of one
}

/** An attribute with the `; ` in front of it; nothing for a flag that is off. */
function attribute_text(name: string, written: string, value: unknown): string {
  if (name === "secure" || name === "httponly") return value ? `; ${written}` : "";
  if (name === "expires" && Number.isInteger(value))
    return `; ${written}=${http_date(time() + Number(value))}`;
  if (name === "comment" && typeof value === "string") return `; ${written}=${quote(value)}`;
  return `; ${written}=${str(value)}`;
}
