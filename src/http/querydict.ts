/** `QueryDict`: the query string or the form of a request, in which a key may repeat. @module */
import { on_change, settings } from "../conf/index.ts";
import { AttributeError, TooManyFieldsSent, ValueError } from "../core/exceptions.ts";
import { decode, encode } from "../utils/_codecs.ts";
import { str } from "../utils/_python.ts";
import { parse_fields } from "../utils/_qsl.ts";
import { quote, quote_plus } from "../utils/_quote.ts";
import { MultiValueDict, type Pairs } from "../utils/datastructures.ts";

/** Options of the `QueryDict` constructor. */
export interface QueryDictOptions {
  /** Whether the dictionary may be changed. Default `false`. */
  mutable?: boolean | undefined;
  /** The charset of the percent-decoded bytes. Default `settings.DEFAULT_CHARSET`. */
  encoding?: string | null | undefined;
}

/** Options of `QueryDict.fromkeys`. */
export interface QueryDictFromkeysOptions extends QueryDictOptions {
  /** The value of every key. Default `""`. */
  value?: unknown;
}

/** Options of `QueryDict.urlencode`. */
export interface QueryDictUrlencodeOptions {
  /** ASCII characters to leave as they are; without any, a space is `+`, with some it is `%20`. */
  safe?: string | null | undefined;
}

// What every QueryDict asks of the settings, kept until one of them changes.
let default_charset: string | undefined;
let max_fields: number | null | undefined;
on_change(["DEFAULT_CHARSET", "DATA_UPLOAD_MAX_NUMBER_FIELDS"], () => {
  default_charset = undefined;
  max_fields = undefined;
});

const NO_OPTIONS: QueryDictOptions = {};

/** A `MultiValueDict` of texts that cannot be changed; `copy()` gives one that can. */
export class QueryDict extends MultiValueDict<string> {
  #encoding: string | null;
  #mutable: boolean;

  /**
   * @param query_string The part after the `?`, as text or bytes. A name without `=` has the value `""`.
   * @throws TooManyFieldsSent above `DATA_UPLOAD_MAX_NUMBER_FIELDS` fields; LookupError for an unknown charset.
   */
  constructor(query_string?: string | Uint8Array | null, options: QueryDictOptions = NO_OPTIONS) {
    super();
    this.#encoding = options.encoding || (default_charset ??= settings.DEFAULT_CHARSET);
    this.#mutable = options.mutable ?? false;
    if (query_string === undefined || query_string === null || query_string.length === 0) return;
    const fields = query_fields(query_string, this.#encoding);
    const lists = this._lists;
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i] ?? "";
      const value = fields[i + 1] ?? "";
      const list = lists.get(name);
      if (list === undefined) lists.set(name, [value]);
      else list.push(value);
    }
  }

  /** A dictionary with these keys, all of the same value; a key that repeats has it as often. */
  static fromkeys(
    iterable: Iterable<string | Uint8Array>,
    options: QueryDictFromkeysOptions = {},
  ): QueryDict {
    const { value = "", mutable = false, encoding } = options;
    const q = new this("", { mutable: true, encoding });
    for (const key of iterable) q.appendlist(key, value);
    q._mutable = mutable;
    return q;
  }

  /** The charset for `urlencode()` and for bytes that are set; what is there already is not decoded again. */
  get encoding(): string {
    return (this.#encoding ??= settings.DEFAULT_CHARSET);
  }

  set encoding(value: string | null) {
    this.#encoding = value;
  }

  /** Whether the dictionary may be changed. @internal */
  get _mutable(): boolean {
    return this.#mutable;
  }

  set _mutable(value: boolean) {
    this.#mutable = value;
  }

  #check_mutable(): void {
    if (!this.#mutable)
      throw new AttributeError("This QueryDict cannot be changed; change a copy().");
  }

  /** Bytes as text; a value of another type stays what it is, against the type of the dictionary. */
  #text(value: unknown): string {
    return bytes_to_text(value, this.encoding) as string; // what Django keeps, too
  }

  /** Makes the value the only one of the key; bytes are decoded, a list is one value. */
  override set(key: string | Uint8Array, value: unknown): void {
    this.#check_mutable();
    super.set(this.#text(key), this.#text(value));
  }

  override delete(key: string): void {
    this.#check_mutable();
    super.delete(key);
  }

  /** Gives the key a copy of the list. */
  override setlist(key: string | Uint8Array, list_: Iterable<unknown>): void {
    this.#check_mutable();
    super.setlist(
      this.#text(key),
      Array.from(list_, (value) => this.#text(value)),
    );
  }

  override setlistdefault(key: string, default_list?: string[] | null): string[] {
    this.#check_mutable();
    return super.setlistdefault(key, default_list);
  }

  override appendlist(key: string | Uint8Array, value: unknown): void {
    this.#check_mutable();
    super.appendlist(this.#text(key), this.#text(value));
  }

  override pop(key: string): string[];
  override pop<D>(key: string, default_value: D): string[] | D;
  override pop<D>(key: string, ...rest: [] | [default_value: D]): string[] | D {
    this.#check_mutable();
    return rest.length === 0 ? super.pop(key) : super.pop(key, rest[0]);
  }

  override popitem(): [key: string, list: string[]] {
    this.#check_mutable();
    return super.popitem();
  }

  override clear(): void {
    this.#check_mutable();
    super.clear();
  }

  override setdefault(key: string | Uint8Array, default_value?: unknown): string {
    this.#check_mutable();
    return super.setdefault(this.#text(key), this.#text(default_value));
  }

  /** Adds values to those that are there, of any type; bytes are not decoded here. */
  override update(
    arg?: MultiValueDict<unknown> | Pairs<unknown> | null,
    kwargs?: Readonly<Record<string, unknown>>,
  ): void {
    // a value of another type stays what it is, against the type of the dictionary
    super.update(arg as Pairs<string>, kwargs as Readonly<Record<string, string>>);
  }

  /** A deep copy that can be changed, with the same charset. */
  override copy(): QueryDict {
    const Class = this.constructor as typeof QueryDict; // a subclass takes the same arguments
    const result = new Class("", { mutable: true, encoding: this.encoding });
    for (const [key, list] of this._lists) result.setlist(key, list.map(deep_copy));
    return result;
  }

  /**
   * The query string again, without the `?`. Values go through their `str`; a key with an empty list is left out.
   * @throws UnicodeEncodeError for text that the charset cannot express.
   */
  urlencode(options: QueryDictUrlencodeOptions = {}): string {
    const encoding = this.encoding;
    const safe = options.safe ? encode(options.safe, encoding).toString("latin1") : "";
    const quote_it = safe === "" ? quote_plus : (bytes: Uint8Array): string => quote(bytes, safe);
    const encoded = (value: unknown): string => quote_it(encode(str(value), encoding));
    const pairs: string[] = [];
    for (const [key, list] of this._lists) {
      for (const value of list) pairs.push(`${encoded(key)}=${encoded(value)}`);
    }
    return pairs.join("&");
  }
}

/**
 * The fields of a query string, names and values in turn.
 * @param encoding The charset. Default `settings.DEFAULT_CHARSET`.
 * @throws what the constructor of `QueryDict` throws. @internal
 */
export function query_fields(
  query_string: string | Uint8Array,
  encoding: string | null,
): readonly string[] {
  if (max_fields === undefined) max_fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS;
  const charset = encoding || (default_charset ??= settings.DEFAULT_CHARSET);
  try {
    return parse_fields(query_string, charset, max_fields);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new TooManyFieldsSent(`${error.message} DATA_UPLOAD_MAX_NUMBER_FIELDS sets the limit.`, {
      cause: error,
    });
  }
}

function deep_copy<T>(value: T): T {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}

/** Bytes as text, with U+FFFD for what is no text in the charset; anything else as it is. */
export function bytes_to_text(s: Uint8Array, encoding: string): string;
export function bytes_to_text<T>(s: T, encoding: string): T | string;
export function bytes_to_text(s: unknown, encoding: string): unknown {
  return s instanceof Uint8Array ? decode(s, encoding, "replace") : s;
}
