/** Where a text stops being JSON. Asked when `JSON.parse` has failed, whose message is another one on every engine. @module */

/** What is wrong with a text, and where. */
export interface JSONFault {
  /** The index of the first character that cannot be there. */
  readonly at: number;
  /** What is wrong with it. */
  readonly problem: string;
}

const SPACE = /[ \t\n\r]*/y;
const WORD = /null|true|false/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex -- controls are among what may not stand in a text
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first fault of the text; `undefined` for JSON. It must not be nested deeper than the stack is. */
export function find_fault(text: string): JSONFault | undefined {
  return new Reader(text).document();
}

/** Every method gives the fault it meets, or is behind what it reads. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JSONFault | undefined {
    const fault = this.#value();
    if (fault !== undefined) return fault;
    return this.#at < this.#text.length ? this.#fault("the value is over here") : undefined;
  }

  #fault(problem: string, at = this.#at): JSONFault {
    const is_end = at >= this.#text.length;
    return { at, problem: is_end ? `it ends early, ${problem}` : problem };
  }

  /** Whether the sticky pattern matches something here, behind which the reader then is. */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** A value with the space around it. */
  #value(): JSONFault | undefined {
    this.#take(SPACE);
    const fault = this.#bare_value();
    this.#take(SPACE);
    return fault;
  }

  #bare_value(): JSONFault | undefined {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === "{") return this.#members("}", () => this.#pair());
    if (first === "[") return this.#members("]", () => this.#value());
    return this.#take(WORD) || this.#take(NUMBER) ? undefined : this.#fault("a value is expected");
  }

  #members(end: string, read: () => JSONFault | undefined): JSONFault | undefined {
    this.#at++;
    this.#take(SPACE);
    if (this.#taken(end)) return undefined;
    do {
      const fault = read();
      if (fault !== undefined) return fault;
    } while (this.#taken(","));
    return this.#taken(end) ? undefined : this.#fault(`a comma or ${end} is expected`);
  }

  #pair(): JSONFault | undefined {
    this.#take(SPACE);
    if (this.#text[this.#at] !== '"') return this.#fault("a name in double quotes is expected");
    const fault = this.#string();
    if (fault !== undefined) return fault;
    this.#take(SPACE);
    return this.#taken(":") ? this.#value() : this.#fault("a colon is expected");
  }

  #string(): JSONFault | undefined {
    const start = this.#at++;
    do this.#take(PLAIN);
    while (this.#take(ESCAPE));
    if (this.#taken('"')) return undefined;
    const next = this.#text[this.#at];
    if (next === undefined) return this.#fault("the text that starts here has no end", start);
    return this.#fault(
      next === "\\" ? "no such escape exists" : "a control character must be escaped",
    );
  }
}
