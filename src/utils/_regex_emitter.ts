/** Writes a parsed Python expression as JavaScript source, for the flag `u`. @module */
import { ValueError } from "../core/exceptions.ts";
import { cases_of } from "./_regex_cases.ts";
import {
  type CaseRule,
  type Category,
  children,
  type Node,
  type SetItem,
  type Tree,
  width,
} from "./_regex_tree.ts";

/** The JavaScript source, and where the groups of the Python pattern are among its groups. */
export interface Emitted {
  readonly source: string;
  /** For each group of the pattern, from the first on, its number in JavaScript. */
  readonly numbers: readonly number[];
}

/**
 * Writes the tree.
 * @param observed The groups whose text somebody will read.
 * @throws ValueError where JavaScript would remember other text in a group than Python does.
 */
export function emit_regex(tree: Tree, observed: ReadonlySet<number>): Emitted {
  const emitter = new Emitter(observed);
  const source = emitter.write(tree.root);
  return { source, numbers: emitter.numbers };
}

const WORD = "\\p{L}\\p{N}_";
const SPACES =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ANY = "[^]";

const POSITIONS = {
  start: "^",
  end: "$",
  last_line_end: "(?=\\n?$)",
  line_start: "(?<=^|\\n)",
  line_end: "(?=\\n|$)",
};

class Emitter {
  readonly numbers: number[] = [];
  readonly #observed: ReadonlySet<number>;
  #count = 0;
  /** Groups that took part in any match that comes this far. */
  #matched = new Set<number>();

  constructor(observed: ReadonlySet<number>) {
    this.#observed = observed;
  }

  write(node: Node): string {
    switch (node.kind) {
      case "text":
        return node.ignore_case === "exact"
          ? escape_code(node.code)
          : this.#set([[node.code, node.code]], node.ignore_case, false);
      case "any":
        return node.newline ? ANY : "[^\\n]";
      case "set":
        return this.#set(node.items, node.ignore_case, node.negated);
      case "boundary":
        return boundary(node.ascii, node.negated);
      case "group":
        return this.#capture(node.index, node.body);
      case "atomic":
        return this.#atomic(node.body);
      case "look":
        return this.#look(node.ahead, node.negated, node.body);
      case "back":
        return this.#back(node.index);
      case "repeat":
        return this.#repeat(node);
      case "sequence":
        return node.items.map((item) => this.#in_sequence(item)).join("");
      case "choice":
        return this.#choice(node.branches);
      case "start":
      case "end":
      case "last_line_end":
      case "line_start":
      case "line_end":
        return POSITIONS[node.kind];
    }
  }

  #in_sequence(item: Node): string {
    const text = this.write(item);
    return item.kind === "choice" ? `(?:${text})` : text;
  }

  #capture(index: number, body: Node): string {
    const number = ++this.#count;
    this.numbers[index - 1] = number;
    const text = `(${this.write(body)})`;
    this.#matched.add(index);
    return text;
  }

  // What a look-ahead has matched is not tried again (ECMAScript, "Assertion"): the way to match without going back.
  #atomic(body: Node): string {
    const number = ++this.#count;
    return `(?=(${this.write(body)}))\\${number}(?:)`;
  }

  #look(ahead: boolean, negated: boolean, body: Node): string {
    const before = new Set(this.#matched);
    const text = `(?${ahead ? "" : "<"}${negated ? "!" : "="}${this.write(body)})`;
    if (negated) this.#matched = before;
    return text;
  }

  #back(index: number): string {
    // without text in the group, Python fails where JavaScript goes on
    if (!this.#matched.has(index))
      throw new ValueError(
        `a reference to group ${index}, which may have no text, cannot be expressed in JavaScript`,
      );
    return `\\${this.numbers[index - 1]}(?:)`;
  }

  #repeat(node: Node & { kind: "repeat" }): string {
    if (node.max > 1) this.#check_kept_groups(node.body);
    if (node.mode === "possessive") return this.#atomic({ ...node, mode: "greedy" });
    const before = new Set(this.#matched);
    const text = this.write(node.body);
    if (node.min === 0) this.#matched = before;
    // JavaScript undoes a last round that matched nothing (ECMAScript, "RepeatMatcher"), and what its groups found
    if (node.min === 0 && node.max === 1 && width(node.body)[0] === 0)
      return node.mode === "lazy" ? `(?:|${text})` : `(?:${text}|)`;
    const body = `(?:${text})`;
    return body + quantifier(node.min, node.max) + (node.mode === "lazy" ? "?" : "");
  }

  /** JavaScript forgets a group at the start of each round, Python keeps what an earlier round found. */
  #check_kept_groups(body: Node): void {
    const sometimes = width(body)[0] === 0;
    for (const group of groups_below(body, sometimes)) {
      if (group.optional && this.#observed.has(group.index))
        throw new ValueError(
          `group ${group.index} does not take part in every round of a repetition, which JavaScript treats differently`,
        );
    }
  }

  #choice(branches: readonly Node[]): string {
    const before = new Set(this.#matched);
    let common: Set<number> | undefined;
    const texts = branches.map((branch) => {
      this.#matched = new Set(before);
      const text = this.write(branch);
      const matched = this.#matched;
      common = new Set([...(common ?? matched)].filter((index) => matched.has(index)));
      return text;
    });
    this.#matched = common ?? before;
    return texts.join("|");
  }

  #set(items: readonly SetItem[], ignore_case: CaseRule, negated: boolean): string {
    const simple: string[] = [];
    const turned: string[] = []; // complements that are no list of characters
    for (const item of items) {
      if (!("name" in item)) simple.push(cases_of_range(item[0], item[1], ignore_case));
      else if (item.negated) turned.push(`[^${category(item)}]`);
      else simple.push(category(item));
    }
    if (turned.length === 0) return `[${negated ? "^" : ""}${simple.join("")}]`;
    const listed = simple.length === 0 ? turned : [`[${simple.join("")}]`, ...turned];
    if (negated) return `(?!${listed.join("|")})${ANY}`;
    return listed.length === 1 ? listed.join("") : `(?:${listed.join("|")})`;
  }
}

function* groups_below(
  node: Node,
  optional: boolean,
): Generator<{ index: number; optional: boolean }> {
  if (node.kind === "group") yield { index: node.index, optional };
  const may_be_left_out =
    optional || node.kind === "choice" || (node.kind === "repeat" && node.min === 0);
  for (const child of children(node)) yield* groups_below(child, may_be_left_out);
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  return min === 0 && max === 1 ? "?" : `{${min},${max}}`;
}

function category({ name, ascii }: Category): string {
  if (name === "digit") return ascii ? "0-9" : "\\p{Nd}";
  if (name === "space") return ascii ? "\\t-\\r\\x20" : SPACES;
  return ascii ? "A-Za-z0-9_" : WORD;
}

function boundary(ascii: boolean, negated: boolean): string {
  const word = `[${category({ name: "word", negated: false, ascii })}]`;
  // Python up to 3.13: `\B` does not match in an empty text
  if (negated) return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?!(?<!${ANY})$))`;
  return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
}

function escape_code(code: number): string {
  const character = String.fromCodePoint(code);
  if (/^[A-Za-z0-9_]$/.test(character)) return character;
  return /^[\^$\\.*+?()[\]{}|/]$/.test(character) ? `\\${character}` : set_code(code);
}

function set_code(code: number): string {
  const character = String.fromCodePoint(code);
  if (/^[A-Za-z0-9_]$/.test(character)) return character;
  return `\\u{${code.toString(16)}}`;
}

function range(first: number, last: number): string {
  return first === last ? set_code(first) : `${set_code(first)}-${set_code(last)}`;
}

function cases_of_range(first: number, last: number, rule: CaseRule): string {
  if (rule === "exact") return range(first, last);
  const codes = new Set<number>();
  for (let code = first; code <= last; code += 1) {
    for (const other of cases_of(code, rule === "ascii"))
      if (other < first || other > last) codes.add(other);
  }
  return range(first, last) + [...codes].map(set_code).join("");
}
