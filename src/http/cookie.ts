/** Cookies: reading the header (Django's `django.http.cookie`), and `SimpleCookie`, a jar of those to set. @module */
import { KeyError } from "../core/exceptions.ts";
import { mapping_items } from "../utils/_mapping.ts";
import { define_repr, repr, str } from "../utils/_python.ts";
import { scan_cookies } from "./_cookie_scanner.ts";
import { quote, unquote } from "./_cookie_text.ts";
import { Morsel, type MorselOutputOptions } from "./_morsel.ts";

/** Options of `SimpleCookie.output`. */
export interface CookieOutputOptions extends MorselOutputOptions {
  /** What stands between the lines. Default `\r\n`. */
  sep?: string | undefined;
}

/** A mapping from names to `Morsel`s, in the order they were set; iterating gives the names. */
export class SimpleCookie {
  static {
    define_repr(this.prototype, (jar) => {
      const values = sorted(jar).map(([key, morsel]) => `${key}=${repr(morsel.value)}`);
      return `<${jar.constructor.name}: ${values.join(" ")}>`;
    });
  }

  readonly #morsels = new Map<string, Morsel>();

  /** @param input What `load` takes. */
  constructor(input?: string | object | null) {
    if (input) this.load(input);
  }

  get size(): number {
    return this.#morsels.size;
  }

  /** @throws KeyError */
  getitem(key: string): Morsel {
    const morsel = this.#morsels.get(key);
    if (morsel === undefined) throw new KeyError(repr(key));
    return morsel;
  }

  get(key: string): Morsel | undefined;
  get<D>(key: string, default_value: D): Morsel | D;
  get<D>(key: string, default_value?: D): Morsel | D | undefined {
    return this.#morsels.get(key) ?? default_value;
  }

  has(key: string): boolean {
    return this.#morsels.has(key);
  }

  /**
   * Sets the cookie's value. A cookie that is there already keeps its attributes.
   * @param value Turned into text; a `Morsel` is kept as it is.
   * @throws CookieError for a name that no cookie can have.
   */
  set(key: string, value: unknown): void {
    if (value instanceof Morsel) this.#morsels.set(key, value);
    else this.#assign(key, ...this.value_encode(value));
  }

  #assign(key: string, value: unknown, coded_value: string): Morsel {
    const morsel = this.#morsels.get(key) ?? new Morsel();
    morsel._assign(key, value, coded_value);
    this.#morsels.set(key, morsel);
    return morsel;
  }

  /** @throws KeyError */
  delete(key: string): void {
    if (!this.#morsels.delete(key)) throw new KeyError(repr(key));
  }

  clear(): void {
    this.#morsels.clear();
  }

  keys(): IterableIterator<string> {
    return this.#morsels.keys();
  }

  values(): IterableIterator<Morsel> {
    return this.#morsels.values();
  }

  items(): IterableIterator<[key: string, morsel: Morsel]> {
    return this.#morsels.entries();
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  /** The value as text, and as it is sent: in quotes, with octal escapes, where it has to be. */
  value_encode(val: unknown): [value: string, coded_value: string] {
    const text = str(val);
    return [text, quote(text)];
  }

  /** The value that `value_encode` coded, and `val` itself. */
  value_decode(val: string): [value: unknown, coded_value: string] {
    return [unquote(val), val];
  }

  /**
   * Adds the cookies of a header with their attributes, or of a mapping from names to values. Of text that is not
   * such a header it takes nothing.
   */
  load(rawdata: string | object): void {
    if (typeof rawdata === "string") {
      this.#load_text(rawdata);
      return;
    }
    const items = mapping_items(rawdata);
    if (items === undefined)
      throw new TypeError(`Cookies are loaded from text or a mapping, not from ${repr(rawdata)}.`);
    for (const [key, value] of items) this.set(str(key), value);
  }

  #load_text(text: string): void {
    let morsel: Morsel | undefined;
    for (const { is_attribute, key, value } of scan_cookies(text)) {
      if (is_attribute) morsel?.set(key, value);
      else morsel = this.#assign(key, ...this.value_decode(String(value)));
    }
  }

  /** One header line for each cookie, ordered by name. A response sends them in the order they were set. */
  output(options: CookieOutputOptions = {}): string {
    const lines = sorted(this).map(([, morsel]) => morsel.output(options));
    return lines.join(options.sep ?? "\r\n");
  }

  toString(): string {
    return this.output();
  }
}

function sorted(jar: SimpleCookie): [key: string, morsel: Morsel][] {
  return [...jar.items()].sort(([left], [right]) => (left < right ? -1 : 1)); // names are ASCII, and each is there once
}

/** Whether HTTP counts it as white space: RFC 9110 §5.6.3. */
function is_blank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The part of the text between two places, without the blanks around it. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && is_blank(text.charCodeAt(start))) start++;
  while (end > start && is_blank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * The cookies of a `Cookie:` header, as an object without a prototype. Of several with one name the last counts; a part
 * without `=` is the value of a cookie without name. Nothing is percent-decoded; text in quotes loses quotes and escapes.
 * Only spaces and tabs are taken off a name: other white space would let a script forge a `__Host-` cookie.
 */
export function parse_cookie(cookie: string): Record<string, string> {
  // an object of that type, as yet without keys; V8 fills and reads it faster than one of Object.create(null)
  const cookies = Object.setPrototypeOf({}, null) as Record<string, string>;
  let equals = cookie.indexOf("=");
  for (let start = 0; start < cookie.length;) {
    let end = cookie.indexOf(";", start);
    if (end < 0) end = cookie.length;
    if (equals >= 0 && equals < start) equals = cookie.indexOf("=", start);
    const has_name = equals >= 0 && equals < end;
    const key = has_name ? trimmed(cookie, start, equals) : "";
    const value = trimmed(cookie, has_name ? equals + 1 : start, end);
    if (key !== "" || value !== "") cookies[key] = unquote(value);
    start = end + 1;
  }
  return cookies;
}
