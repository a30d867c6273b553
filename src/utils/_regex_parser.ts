/** Reads a regular expression in Python's syntax (Python docs: `re`, "Regular Expression Syntax"). @module */
import { ValueError } from "../core/exceptions.ts";
import type { CaseRule, Category, Node, SetItem, Tree } from "./_regex_tree.ts";
import { width } from "./_regex_tree.ts";

interface Flags {
  readonly ascii: boolean;
  readonly ignore_case: boolean;
  readonly multiline: boolean;
  readonly dot_all: boolean;
  readonly verbose: boolean;
}

const NO_FLAGS: Flags = {
  ascii: false,
  ignore_case: false,
  multiline: false,
  dot_all: false,
  verbose: false,
};

const FLAG_NAMES: Record<string, keyof Flags | undefined> = {
  a: "ascii",
  i: "ignore_case",
  m: "multiline",
  s: "dot_all",
  x: "verbose",
};

const CATEGORIES: Record<string, Category["name"] | undefined> = {
  d: "digit",
  s: "space",
  w: "word",
};

const CONTROLS: Record<string, number | undefined> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
};

const HEX_LENGTHS: Record<string, number | undefined> = { x: 2, u: 4, U: 8 };

/**
 * Parses a pattern.
 * @throws ValueError for what Python refuses too, and for the few things JavaScript cannot do.
 */
export function parse_regex(source: string): Tree {
  return new Parser(source).parse();
}

class Parser {
  readonly #characters: readonly string[];
  #position = 0;
  #groups = 0;
  readonly #open = new Set<number>();
  readonly #names = new Map<string, number>();

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  parse(): Tree {
    const root = this.#choice(this.#global_flags());
    if (this.#position < this.#characters.length) this.#fail("an unbalanced parenthesis");
    return { root, groups: this.#groups, names: this.#names };
  }

  // Reading

  #fail(what: string, position = this.#position): never {
    throw new ValueError(`${what} at position ${position}`);
  }

  #peek(text: string): boolean {
    return this.#characters.slice(this.#position, this.#position + text.length).join("") === text;
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#position += text.length;
    return true;
  }

  #next(): string {
    return this.#characters[this.#position++] ?? this.#fail("an unexpected end of the pattern");
  }

  #until(end: string): string {
    const found = this.#characters.indexOf(end, this.#position);
    if (found < 0) this.#fail(`a missing ${end}`);
    const text = this.#characters.slice(this.#position, found).join("");
    this.#position = found + 1;
    return text;
  }

  #while(allowed: RegExp, most = Infinity): string {
    let text = "";
    while (text.length < most && allowed.test(this.#characters[this.#position] ?? ""))
      text += this.#next();
    return text;
  }

  #skip_layout(flags: Flags): void {
    for (;;) {
      if (this.#take("(?#")) this.#until(")");
      else if (flags.verbose && /^[ \t\n\r\f\v]$/.test(this.#characters[this.#position] ?? ""))
        this.#position += 1;
      else if (flags.verbose && this.#take("#")) this.#while(/^[^\n]$/u);
      else return;
    }
  }

  // Structure

  #global_flags(): Flags {
    let flags = NO_FLAGS;
    for (;;) {
      const start = this.#position;
      this.#skip_layout(flags);
      if (!this.#take("(?") || !/^[aiLmsux]$/.test(this.#characters[this.#position] ?? "")) {
        this.#position = start;
        return flags;
      }
      const letters = this.#while(/^[a-zA-Z]$/);
      if (!this.#take(")")) {
        this.#position = start; // flags of one group: `(?i:…)`
        return flags;
      }
      flags = this.#with_flags(flags, letters, true);
    }
  }

  #with_flags(flags: Flags, letters: string, on: boolean): Flags {
    const changed: Record<string, boolean> = {};
    for (const letter of letters) {
      if (letter === "u" && on) continue;
      const name = FLAG_NAMES[letter];
      if (name === undefined) this.#fail(`the flag ${letter}, which text patterns do not have,`);
      changed[name] = on;
    }
    return { ...flags, ...changed };
  }

  #choice(flags: Flags): Node {
    const branches = [this.#sequence(flags)];
    while (this.#take("|")) branches.push(this.#sequence(flags));
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
  }

  #sequence(flags: Flags): Node {
    const items: Node[] = [];
    for (;;) {
      this.#skip_layout(flags);
      const at = this.#position;
      if (at >= this.#characters.length || this.#peek("|") || this.#peek(")")) break;
      const character = this.#next();
      if ("*+?{".includes(character) && this.#quantify(character, items, at)) continue;
      items.push(this.#atom(character, flags));
    }
    return { kind: "sequence", items };
  }

  /** Puts a quantifier on the last item. `false`: the brace was only a brace. */
  #quantify(character: string, items: Node[], at: number): boolean {
    let [min, max] = [character === "+" ? 1 : 0, character === "?" ? 1 : Infinity];
    if (character === "{") {
      const bounds = this.#bounds();
      if (bounds === undefined) return false;
      [min, max] = bounds;
    }
    if (min > max) this.#fail("a minimum above the maximum", at);
    const body = items.pop();
    if (body === undefined || is_position(body)) this.#fail("nothing to repeat", at);
    if (body.kind === "repeat") this.#fail("a second quantifier", at);
    const mode = this.#take("?") ? "lazy" : this.#take("+") ? "possessive" : "greedy";
    items.push({ kind: "repeat", body, min, max, mode });
    return true;
  }

  #bounds(): [min: number, max: number] | undefined {
    const start = this.#position;
    const low = this.#while(/^[0-9]$/);
    const has_comma = this.#take(",");
    const high = has_comma ? this.#while(/^[0-9]$/) : low;
    if ((low === "" && !has_comma) || !this.#take("}")) {
      this.#position = start;
      return undefined;
    }
    return [low === "" ? 0 : Number(low), high === "" ? Infinity : Number(high)];
  }

  #atom(character: string, flags: Flags): Node {
    switch (character) {
      case ".":
        return { kind: "any", newline: flags.dot_all };
      case "^":
        return { kind: flags.multiline ? "line_start" : "start" };
      case "$":
        return { kind: flags.multiline ? "line_end" : "last_line_end" };
      case "[":
        return this.#set(flags);
      case "(":
        return this.#group(flags);
      case "\\":
        return this.#escape(flags);
      default:
        return text_node(character.codePointAt(0) ?? 0, flags);
    }
  }

  #group(flags: Flags): Node {
    const at = this.#position - 1;
    if (!this.#take("?")) return this.#capture(flags, undefined, at);
    if (this.#take("P<")) return this.#capture(flags, this.#group_name(">"), at);
    if (this.#take("P=")) return this.#back_reference(this.#group_name(")"));
    if (this.#take(":")) return this.#close(this.#choice(flags), at);
    if (this.#take(">")) return { kind: "atomic", body: this.#close(this.#choice(flags), at) };
    if (this.#take("(")) this.#fail("a condition on a group, which JavaScript cannot express,", at);
    for (const [start, ahead, negated] of LOOKS) {
      if (this.#take(start)) return this.#look(flags, ahead, negated, at);
    }
    return this.#flagged_group(flags, at);
  }

  #capture(flags: Flags, name: string | undefined, at: number): Node {
    const index = ++this.#groups;
    if (name !== undefined) {
      if (this.#names.has(name)) this.#fail(`a second group named ${name}`, at);
      this.#names.set(name, index);
    }
    this.#open.add(index);
    const body = this.#close(this.#choice(flags), at);
    this.#open.delete(index);
    return { kind: "group", index, body };
  }

  #group_name(end: string): string {
    const name = this.#until(end);
    if (!is_identifier(name))
      this.#fail(`the name ${JSON.stringify(name)}, which no group can have,`);
    return name;
  }

  #look(flags: Flags, ahead: boolean, negated: boolean, at: number): Node {
    const body = this.#close(this.#choice(flags), at);
    const [least, greatest] = width(body);
    if (!ahead && least !== greatest) this.#fail("a look-behind of no fixed length", at);
    return { kind: "look", ahead, negated, body };
  }

  #flagged_group(flags: Flags, at: number): Node {
    const on = this.#while(/^[aiLmsux]$/);
    const off = this.#take("-") ? this.#while(/^[aiLmsux]$/) : "";
    if (on + off === "") this.#fail("an unknown extension after (?", at);
    if (this.#take(")"))
      this.#fail("flags for the whole pattern that do not stand at its start", at);
    if (!this.#take(":")) this.#fail("an unknown extension after (?", at);
    const inner = this.#with_flags(this.#with_flags(flags, on, true), off, false);
    return this.#close(this.#choice(inner), at);
  }

  #close(body: Node, at: number): Node {
    if (!this.#take(")")) this.#fail("a missing ), for the parenthesis", at);
    return body;
  }

  #back_reference(name: string | number): Node {
    const index = typeof name === "number" ? name : this.#names.get(name);
    if (index === undefined || index > this.#groups)
      this.#fail(`a reference to the unknown group ${name}`);
    if (this.#open.has(index)) this.#fail("a reference to a group that is still open");
    return { kind: "back", index };
  }

  // Characters

  #escape(flags: Flags): Node {
    const letter = this.#next();
    const category = this.#category(letter, flags);
    if (category !== undefined)
      return { kind: "set", negated: false, items: [category], ignore_case: "exact" };
    switch (letter) {
      case "A":
        return { kind: "start" };
      case "Z":
        return { kind: "end" };
      case "b":
      case "B":
        return { kind: "boundary", negated: letter === "B", ascii: flags.ascii };
      default:
        return this.#number_escape(letter) ?? text_node(this.#character_escape(letter), flags);
    }
  }

  #category(letter: string, flags: Flags): Category | undefined {
    const name = CATEGORIES[letter.toLowerCase()];
    return name && { name, negated: letter !== letter.toLowerCase(), ascii: flags.ascii };
  }

  /** `\1` to `\99`; three octal digits are a character. */
  #number_escape(letter: string): Node | undefined {
    if (!/^[1-9]$/.test(letter)) return undefined;
    const digits = letter + this.#while(/^[0-9]$/, 1);
    if (/^[0-3][0-7]$/.test(digits) && /^[0-7]$/.test(this.#characters[this.#position] ?? "")) {
      this.#position -= 1;
      return undefined;
    }
    return this.#back_reference(Number(digits));
  }

  #character_escape(letter: string): number {
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    const length = HEX_LENGTHS[letter];
    if (length !== undefined) {
      const digits = this.#while(/^[0-9a-fA-F]$/, length);
      const code = parseInt(digits, 16);
      if (digits.length < length || code > 0x10ffff) this.#fail(`an incomplete escape \\${letter}`);
      return code;
    }
    if (/^[0-7]$/.test(letter)) return this.#octal(letter);
    if (/^[a-zA-Z0-9]$/.test(letter)) this.#fail(`the unknown escape \\${letter}`);
    return letter.codePointAt(0) ?? 0;
  }

  #octal(letter: string): number {
    const code = parseInt(letter + this.#while(/^[0-7]$/, 2), 8);
    return code > 0o377 ? this.#fail("an octal escape above \\377") : code;
  }

  #set(flags: Flags): Node {
    const at = this.#position - 1;
    const negated = this.#take("^");
    const items: SetItem[] = [];
    while (items.length === 0 || !this.#peek("]")) {
      if (this.#position >= this.#characters.length) this.#fail("a missing ], for the bracket", at);
      items.push(this.#set_item(flags));
    }
    this.#position += 1;
    return { kind: "set", negated, items, ignore_case: case_rule(flags) };
  }

  #set_item(flags: Flags): SetItem {
    const at = this.#position;
    const first = this.#set_member(flags);
    if (!this.#peek("-") || this.#peek("-]"))
      return typeof first === "number" ? [first, first] : first;
    this.#position += 1;
    const last = this.#set_member(flags);
    if (typeof first !== "number" || typeof last !== "number" || first > last)
      this.#fail("a range that is none", at);
    return [first, last];
  }

  #set_member(flags: Flags): number | Category {
    const character = this.#next();
    if (character !== "\\") return character.codePointAt(0) ?? 0;
    const letter = this.#next();
    return this.#category(letter, flags) ?? this.#character_escape(letter);
  }
}

const LOOKS: readonly (readonly [start: string, ahead: boolean, negated: boolean])[] = [
  ["=", true, false],
  ["!", true, true],
  ["<=", false, false],
  ["<!", false, true],
];

function text_node(code: number, flags: Flags): Node {
  return { kind: "text", code, ignore_case: case_rule(flags) };
}

function case_rule(flags: Flags): CaseRule {
  if (!flags.ignore_case) return "exact";
  return flags.ascii ? "ascii" : "unicode";
}

function is_position(node: Node): boolean {
  return ["start", "end", "last_line_end", "line_start", "line_end", "boundary"].includes(
    node.kind,
  );
}

/** Whether Python takes the text for a name: what a route's parameter and a named group must be. */
export function is_identifier(text: string): boolean {
  return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text.normalize("NFKC"));
}
