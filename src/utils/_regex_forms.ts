/** The texts that a regular expression matches, as templates to fill: what `reverse()` builds URLs from. @module */
import { ValueError } from "../core/exceptions.ts";

/** A piece of a template: text, or the parameter whose value stands there. */
export type Piece = string | { readonly param: string };

/** One text that a pattern can match. */
export interface Form {
  readonly pieces: readonly Piece[];
  /** The parameters that must be given, in order. One inside a repeated group is there several times. */
  readonly params: readonly string[];
}

/** A group, whose text is the parameter's value; a `(?P=name)` asks for no further value. */
class Group {
  readonly param: string;
  readonly asked: boolean;
  constructor(param: string, asked: boolean) {
    this.param = param;
    this.asked = asked;
  }
}

/** What may be there or not, because it holds a group. */
class Maybe {
  readonly item: Item;
  constructor(item: Item) {
    this.item = item;
  }
}

type Item = string | Group | Maybe | Item[];

/** Characters of a pattern; `literal` if a backslash stood before it. */
interface Token {
  readonly text: string;
  readonly literal: boolean;
}

// A character that the class matches; what matches no character is left out.
const REPRESENTATIVES: Record<string, string | undefined> = {
  A: "",
  b: "",
  B: "",
  Z: "",
  d: "0",
  D: "x",
  s: " ",
  S: "x",
  w: "x",
  W: "!",
};

const EMPTY: readonly Form[] = [{ pieces: [], params: [] }];

/**
 * The texts that a pattern can match, as far as Django reads patterns: what repeats is there as seldom as it may, what is
 * optional is left out and, if it holds a parameter, also put in; a character class gives its first character, a
 * look-around nothing. A pattern with `|` outside of a group gives the empty text alone.
 * @throws ValueError for flags, comments and what else begins with `(?` and cannot be reversed.
 */
export function normalize(pattern: string): readonly Form[] {
  return new Reader(pattern).forms();
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #pattern: string;
  #position = 0;
  #unnamed = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#tokens = tokens_of(pattern);
  }

  forms(): readonly Form[] {
    const items = this.#items();
    return items === undefined ? EMPTY : forms_of(items);
  }

  #peek(text: string): boolean {
    const token = this.#tokens[this.#position];
    return token !== undefined && !token.literal && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#position += 1;
    return true;
  }

  /** The items up to the end, a `$`, or the `)` of the group that is being read; `undefined` if there is a `|`. */
  #items(): Item[] | undefined {
    const items: Item[] = [];
    for (;;) {
      const token = this.#tokens[this.#position];
      if (token === undefined || this.#peek(")")) return items;
      this.#position += 1;
      if (token.literal) items.push(token.text);
      else if (token.text === "|") return undefined;
      else if (token.text === "$") this.#position = this.#tokens.length;
      else if (!this.#special(token.text, items)) return undefined;
    }
  }

  /** Reads what the character stands for. `false`: there is a `|` inside. */
  #special(character: string, items: Item[]): boolean {
    switch (character) {
      case "^":
        return true;
      case "[":
        items.push(this.#first_of_class());
        return true;
      case "(":
        return this.#group(items);
      case "*":
      case "?":
      case "+":
      case "{":
        this.#repeat(character, items);
        return true;
      default:
        items.push(character);
        return true;
    }
  }

  #first_of_class(): string {
    const first = this.#tokens[this.#position]?.text ?? "";
    this.#position += 1;
    while (this.#position < this.#tokens.length && !this.#take("]")) this.#position += 1;
    return first;
  }

  #group(items: Item[]): boolean {
    if (!this.#take("?")) {
      items.push(new Group(`_${this.#unnamed++}`, true));
      this.#skip_group();
      return true;
    }
    if (this.#take(":")) {
      const inner = this.#items();
      if (inner === undefined) return false;
      this.#take(")");
      items.push(inner);
      return true;
    }
    if (this.#peek("=") || this.#peek("!") || this.#peek("<")) this.#skip_group();
    else items.push(this.#named_group());
    return true;
  }

  #named_group(): Group {
    const is_group = this.#take("P") && this.#peek("<");
    if (!is_group && !this.#peek("=")) {
      throw new ValueError(
        `The pattern ${JSON.stringify(this.#pattern)} cannot be reversed: it has (? with something else than a name, ` +
          "a colon or a look-around behind it.",
      );
    }
    this.#position += 1;
    let name = "";
    const end = is_group ? ">" : ")";
    while (this.#position < this.#tokens.length && !this.#take(end))
      name += this.#tokens[this.#position++]?.text ?? "";
    if (is_group) this.#skip_group();
    return new Group(name, is_group);
  }

  /** Goes behind the end of the group that is open. */
  #skip_group(): void {
    for (let depth = 1; depth > 0 && this.#position < this.#tokens.length; this.#position += 1) {
      if (this.#peek("[")) {
        this.#position += 1;
        this.#first_of_class();
        this.#position -= 1;
      } else if (this.#peek("(")) depth += 1;
      else if (this.#peek(")")) depth -= 1;
    }
  }

  #repeat(character: string, items: Item[]): void {
    const least = character === "{" ? this.#least() : character === "+" ? 1 : 0;
    if (least === undefined) {
      items.push(character); // a brace that repeats nothing
      return;
    }
    if (!this.#take("?")) this.#take("+");
    const last = items.pop();
    if (last === undefined) return;
    if (least === 0) {
      if (holds_group(last)) items.push(new Maybe(last));
    } else {
      for (let count = 0; count < least; count += 1) items.push(last);
    }
  }

  /** The minimum of `{2,4}`; `undefined` if that is none. */
  #least(): number | undefined {
    const end = this.#tokens.findIndex(
      (token, index) => index >= this.#position && token.text === "}",
    );
    const inside = this.#tokens
      .slice(this.#position, end)
      .map((token) => token.text)
      .join("");
    const bounds = /^(\d*)(?:,\d*)?$/.exec(inside);
    if (end < 0 || bounds === null || inside === "") return undefined;
    this.#position = end + 1;
    return Number(bounds[1]);
  }
}

function tokens_of(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? "";
    if (character !== "\\") {
      tokens.push({ text: character, literal: false });
      continue;
    }
    const escaped = characters[++index] ?? "";
    const text = Object.hasOwn(REPRESENTATIVES, escaped) ? REPRESENTATIVES[escaped] : escaped;
    if (text) tokens.push({ text, literal: true });
  }
  return tokens;
}

// Django looks into groups that are always there only: `(?:a(?:b(c)?)?)?` reverses without any of it.
function holds_group(item: Item): boolean {
  return item instanceof Group || (Array.isArray(item) && item.some(holds_group));
}

function forms_of(items: readonly Item[]): readonly Form[] {
  let forms = EMPTY;
  for (const item of items) {
    const tails = forms_of_item(item);
    forms = forms.flatMap((form) => tails.map((tail) => join(form, tail)));
  }
  return forms;
}

function forms_of_item(item: Item): readonly Form[] {
  if (typeof item === "string") return [{ pieces: [item], params: [] }];
  if (item instanceof Group)
    return [{ pieces: [{ param: item.param }], params: item.asked ? [item.param] : [] }];
  if (item instanceof Maybe) return [...EMPTY, ...forms_of_item(item.item)];
  return forms_of(item);
}

function join(left: Form, right: Form): Form {
  const pieces = [...left.pieces];
  for (const piece of right.pieces) {
    const last = pieces.at(-1);
    if (typeof piece === "string" && typeof last === "string")
      pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return { pieces, params: [...left.params, ...right.params] };
}
