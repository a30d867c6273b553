/** Reads JSON as Python's decoder does: with `NaN`, with hooks, and with the place of an error. @module */
import { ValueError } from "../core/exceptions.ts";

/** Text that is not JSON. */
export class JSONDecodeError extends ValueError {
  /** What is wrong, without the place. */
  readonly msg: string;
  /** The whole text. */
  readonly doc: string;
  /** Where in the text, from 0. */
  readonly pos: number;
  /** The line, from 1. */
  readonly lineno: number;
  /** The column, from 1. */
  readonly colno: number;

  constructor(msg: string, doc: string, pos: number, options?: ErrorOptions) {
    const before = doc.slice(0, pos);
    const lineno = before.split("\n").length;
    const colno = pos - before.lastIndexOf("\n");
    super(`${msg} (line ${lineno}, column ${colno})`, options);
    this.msg = msg;
    this.doc = doc;
    this.pos = pos;
    this.lineno = lineno;
    this.colno = colno;
  }
}

/** Options of `loads`. */
export interface LoadsOptions {
  /** Gives what stands for an object, from its pairs in their order, repeated names included. */
  object_pairs_hook?: ((pairs: [name: string, value: unknown][]) => unknown) | null | undefined;
  /** Gives what stands for an object; not asked beside `object_pairs_hook`. */
  object_hook?: ((object: Record<string, unknown>) => unknown) | null | undefined;
  /** Gives the value of a number with a fraction or an exponent. Default `Number`. */
  parse_float?: ((text: string) => unknown) | null | undefined;
  /** Gives the value of a whole number. Default `Number`, which is exact up to 2^53. */
  parse_int?: ((text: string) => unknown) | null | undefined;
  /** Gives the value of `NaN`, `Infinity` and `-Infinity`. Default `Number`. */
  parse_constant?: ((text: string) => unknown) | null | undefined;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const CONSTANT = /NaN|-?Infinity/y;
const WORD = /null|true|false/y;
const SPACE = /[ \t\n\r]*/y;
// Up to the next quote that no backslash precedes; JSON.parse judges what lies between.
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;

/** How deep lists and objects may be nested: far from where the stack ends. */
const MAX_DEPTH = 1000;

class Scanner {
  readonly #text: string;
  readonly #options: LoadsOptions;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: LoadsOptions) {
    this.#text = text;
    this.#options = options;
  }

  document(): unknown {
    this.#skip_space();
    const value = this.#value();
    this.#skip_space();
    if (this.#at < this.#text.length) throw this.#error("There is more behind the value");
    return value;
  }

  #error(message: string): JSONDecodeError {
    return new JSONDecodeError(message, this.#text, this.#at);
  }

  /** What the sticky pattern matches here, behind which the scanner then is. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skip_space(): void {
    this.#take(SPACE);
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #value(): unknown {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === "{") return this.#object();
    if (first === "[") return this.#list();
    return this.#scalar();
  }

  #scalar(): unknown {
    const { parse_constant, parse_float, parse_int } = this.#options;
    const word = this.#take(WORD);
    if (word !== null) return word[0] === "null" ? null : word[0] === "true";
    const constant = this.#take(CONSTANT);
    if (constant !== null) return (parse_constant ?? Number)(constant[0]);
    const number = this.#take(NUMBER);
    if (number === null) throw this.#error("A value is missing");
    const is_float = number[1] !== undefined || number[2] !== undefined;
    return ((is_float ? parse_float : parse_int) ?? Number)(number[0]);
  }

  #string(): string {
    const start = this.#at;
    const match = this.#take(STRING);
    if (match === null) throw this.#error("The text does not end");
    try {
      return String(JSON.parse(match[0]));
    } catch (cause) {
      throw new JSONDecodeError(
        "The text has a control character or an unknown escape",
        this.#text,
        start,
        { cause },
      );
    }
  }

  #deeper(): void {
    this.#at++;
    if (++this.#depth > MAX_DEPTH) throw this.#error(`More than ${MAX_DEPTH} levels are nested`);
    this.#skip_space();
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#deeper();
    if (!this.#taken("]")) {
      do {
        this.#skip_space();
        list.push(this.#value());
        this.#skip_space();
      } while (this.#taken(","));
      if (!this.#taken("]")) throw this.#error("A comma or ] is missing");
    }
    this.#depth--;
    return list;
  }

  #object(): unknown {
    const pairs: [name: string, value: unknown][] = [];
    this.#deeper();
    if (!this.#taken("}")) {
      do pairs.push(this.#pair());
      while (this.#taken(","));
      if (!this.#taken("}")) throw this.#error("A comma or } is missing");
    }
    this.#depth--;
    const { object_hook, object_pairs_hook } = this.#options;
    if (object_pairs_hook) return object_pairs_hook(pairs);
    const object = Object.fromEntries(pairs); // defines members: "__proto__" is one like any other
    return object_hook ? object_hook(object) : object;
  }

  #pair(): [name: string, value: unknown] {
    this.#skip_space();
    if (this.#text[this.#at] !== '"') throw this.#error("A name in double quotes is missing");
    const name = this.#string();
    this.#skip_space();
    if (!this.#taken(":")) throw this.#error("A colon is missing");
    this.#skip_space();
    const value = this.#value();
    this.#skip_space();
    return [name, value];
  }
}

/** The data in the text. @throws JSONDecodeError */
export function scan(text: string, options: LoadsOptions): unknown {
  return new Scanner(text, options).document();
}
