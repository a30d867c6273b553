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

/** The attributes in Python's order, and how they are written. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["expires", "expires"],
  ["path", "Path"],
  ["comment", "Comment"],
  ["domain", "Domain"],
  ["max-age", "Max-Age"],
  ["secure", "Secure"],
  ["httponly", "HttpOnly"],
  ["version", "Version"],
  ["samesite", "SameSite"],
]);
const IN_OUTPUT_ORDER: readonly string[] = [...ATTRIBUTES.keys()].sort();
const UNSET: ReadonlyMap<string, unknown> = new Map(
  Array.from(ATTRIBUTES.keys(), (name) => [name, ""] as const),
);

// RFC 6265 §4.1.1: attribute values hold neither controls nor semicolons; with one, text from a visitor could add attributes
// oxlint-disable-next-line no-control-regex -- the controls are what is refused
const INJECTION = /[\x00-\x1f\x7f;]/;

/** Whether a cookie cannot have that name because an attribute has it. */
export function is_attribute(name: string): boolean {
  return ATTRIBUTES.has(name.toLowerCase());
}

/** A name and a value, and a mapping from attributes to their values. An attribute that is not set is `""`. */
export class Morsel {
  static {
    define_repr(
      this.prototype,
      (morsel) => `<${morsel.constructor.name}: ${morsel.OutputString()}>`,
    );
  }

  readonly #attributes = new Map(UNSET);
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
    return this.#attributes.size;
  }

  /** @throws KeyError for what is no attribute. */
  getitem(key: string): unknown {
    if (!this.#attributes.has(key)) throw new KeyError(repr(key));
    return this.#attributes.get(key);
  }

  get(key: string): unknown;
  get<D>(key: string, default_value: D): unknown;
  get(key: string, default_value?: unknown): unknown {
    return this.#attributes.has(key) ? this.#attributes.get(key) : default_value;
  }

  has(key: string): boolean {
    return this.#attributes.has(key);
  }

  /**
   * Sets an attribute, in any case. A number in `expires` is seconds from when the cookie is written.
   * @throws CookieError for what is no attribute, or a value that would end it.
   */
  set(key: string, value: unknown): void {
    const name = key.toLowerCase();
    if (!ATTRIBUTES.has(name))
      throw new CookieError(
        `A cookie has no attribute ${repr(key)}; it has ${[...ATTRIBUTES.keys()].join(", ")}.`,
      );
    const is_text = typeof value === "string" || (typeof value === "object" && value !== null);
    if (is_text && name !== "comment" && INJECTION.test(str(value)))
      throw new CookieError(`${repr(value)} cannot be sent as ${name}: take out ";" and controls.`);
    this.#attributes.set(name, value);
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
    if (!this.#attributes.delete(key)) throw new KeyError(repr(key));
  }

  keys(): IterableIterator<string> {
    return this.#attributes.keys();
  }

  values(): IterableIterator<unknown> {
    return this.#attributes.values();
  }

  items(): IterableIterator<[key: string, value: unknown]> {
    return this.#attributes.entries();
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
    copy.#attributes.clear();
    for (const [key, value] of this.#attributes) copy.#attributes.set(key, value);
    return copy;
  }

  /** What stands behind `Set-Cookie:`, attributes in alphabetical order. */
  OutputString(options: MorselTextOptions = {}): string {
    let text = `${this.#key}=${this.#coded_value}`;
    for (const name of IN_OUTPUT_ORDER) {
      if (options.attrs && !options.attrs.includes(name)) continue;
      const value = this.#attributes.get(name);
      if (value === "" || !this.#attributes.has(name)) continue;
      text += attribute_text(name, value);
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
function attribute_text(name: string, value: unknown): string {
  const written = ATTRIBUTES.get(name) ?? name;
  if (name === "secure" || name === "httponly") return value ? `; ${written}` : "";
  if (name === "expires" && Number.isInteger(value))
    return `; ${written}=${http_date(time() + Number(value))}`;
  if (name === "comment" && typeof value === "string") return `; ${written}=${quote(value)}`;
  return `; ${written}=${str(value)}`;
}
