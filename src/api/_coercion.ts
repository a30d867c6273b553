/** Strings become what a schema declares: its input JSON Schema is read once, and one small plan kept per property. @module */
import {
  ARRAY,
  BOOLEAN,
  type DeclaredType,
  FILE,
  INTEGER,
  NOTHING,
  NUMBER,
  properties_of,
  STRING,
} from "./_declared_type.ts";
import { to_boolean, to_integer, to_number } from "./_text_values.ts";
import type { JSONSchema } from "./schema.ts";

/** An object of a request: without a prototype, so that any key is only a key. */
export type Values = Record<string, unknown>;

/** What one text becomes; the text itself if it is nothing else. */
type Convert = (text: string) => unknown;

/** What to do with the values of one name. Those that are no text (files) are not converted. */
export class Plan {
  readonly #name: string | undefined;
  readonly #convert: Convert | undefined;
  // What the elements of an array become; undefined: it is no array.
  readonly #items: Convert | undefined;
  readonly #prefix: readonly Convert[];
  readonly #may_be_single: boolean;
  // A file that a browser was not given comes as an empty text: it is absent.
  readonly #skips_empty: boolean;

  /** @param name The declared name; without one it is for any that is not declared. */
  constructor(type: DeclaredType, name?: string) {
    const all = type.types | (type.items?.types ?? 0);
    const is_array = (type.types & ARRAY) !== 0;
    this.#name = name;
    this.#convert = converter_for(type);
    this.#items = is_array ? (converter_for(type.items ?? NOTHING) ?? AS_IT_IS) : undefined;
    this.#prefix = type.prefix.map((item) => converter_for(item) ?? AS_IT_IS);
    this.#may_be_single = !is_array || (type.types & ~ARRAY) !== 0;
    this.#skips_empty = (all & FILE) !== 0 && (all & STRING) === 0;
  }

  /** Whether there shall be an array, be there one value or several. */
  get is_list(): boolean {
    return !this.#may_be_single;
  }

  /** Whether all values of a name are asked for, and not the last alone. */
  get takes_all(): boolean {
    return this.#items !== undefined;
  }

  /** Puts the last value under the name, of one that does not take all. */
  put_one(target: Values, given_name: string, value: string): void {
    if (!this.#skips_empty || value !== "") target[this.#name ?? given_name] = this.one(value);
  }

  /** Puts the value under the name, if there is one. */
  put(target: Values, given_name: string, values: readonly unknown[]): void {
    const name = this.#name ?? given_name; // the same, but JavaScript need not look it up as it does a piece of a query
    const given = this.#skips_empty ? values.filter((value) => value !== "") : values;
    if (given.length === 0) return;
    if (this.#items === undefined || (this.#may_be_single && given.length === 1))
      target[name] = this.one(given[given.length - 1]);
    else target[name] = given.map((value, at) => converted(value, this.#prefix[at] ?? this.#items));
  }

  /** What a single value becomes. */
  one(value: unknown): unknown {
    return converted(value, this.#convert);
  }
}

function converted(value: unknown, convert: Convert | undefined): unknown {
  return convert === undefined || typeof value !== "string" ? value : convert(value);
}

const AS_IT_IS: Convert = (text) => text;

/** What becomes of a text; `undefined` if it stays one. A number goes before a boolean: `1` may be both. */
function converter_for({ types, texts }: DeclaredType): Convert | undefined {
  if ((types & STRING) !== 0) return undefined;
  const to_any_number = (types & NUMBER) === INTEGER ? to_integer : to_number;
  const number = (types & NUMBER) === 0 ? undefined : to_any_number;
  const boolean = (types & BOOLEAN) === 0 ? undefined : to_boolean;
  if (number === undefined && boolean === undefined) return undefined;
  const named = new Set(texts);
  return (text) => (named.has(text) ? text : (number?.(text) ?? boolean?.(text) ?? text));
}

/** The last of several values. */
const LAST = new Plan(NOTHING);
/** One value as it is, several as an array: nothing is known. */
const AS_IT_CAME = new Plan({ ...NOTHING, types: STRING | ARRAY });

/** The plans of one schema. */
export class Coercion {
  /** Whether the schema may look at names that it does not name. */
  readonly is_open: boolean;
  readonly #named = new Map<string, Plan>();
  readonly #others: Plan;

  /** @param json The input side; `undefined` if the library has none. */
  constructor(json: JSONSchema | undefined) {
    const properties = json === undefined ? undefined : properties_of(json);
    for (const [name, type] of properties?.named ?? []) this.#named.set(name, new Plan(type, name));
    this.is_open = properties?.others !== undefined || properties === undefined;
    if (properties === undefined) this.#others = AS_IT_CAME;
    else this.#others = properties.others === undefined ? LAST : new Plan(properties.others);
  }

  /** The names of the schema. */
  get names(): string[] {
    return [...this.#named.keys()];
  }

  /** What to do with the values of this name. */
  plan(name: string): Plan {
    return this.#named.get(name) ?? this.#others;
  }
}
