/** The tree of a Python regular expression. @module */

/** A category such as `\d`: what it holds, and whether it is turned round (`\D`). */
export interface Category {
  readonly name: "digit" | "space" | "word";
  readonly negated: boolean;
  readonly ascii: boolean;
}

/** Whether case counts and, if not, whose letters have cases. */
export type CaseRule = "exact" | "ascii" | "unicode";

/** What a `[…]` lists: a range of code points (of one, for a single character) or a category. */
export type SetItem = readonly [first: number, last: number] | Category;

/** One node. Groups are numbered from 1, as in Python. */
export type Node =
  | { readonly kind: "text"; readonly code: number; readonly ignore_case: CaseRule }
  | { readonly kind: "any"; readonly newline: boolean }
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly items: readonly SetItem[];
      readonly ignore_case: CaseRule;
    }
  // `\A` and `^`; `\Z`; `$`, also before a last newline; and with the flag m `^` and `$`
  | { readonly kind: "start" | "end" | "last_line_end" | "line_start" | "line_end" }
  | { readonly kind: "boundary"; readonly negated: boolean; readonly ascii: boolean }
  | { readonly kind: "group"; readonly index: number; readonly body: Node }
  | { readonly kind: "atomic"; readonly body: Node }
  | {
      readonly kind: "look";
      readonly ahead: boolean;
      readonly negated: boolean;
      readonly body: Node;
    }
  | { readonly kind: "back"; readonly index: number }
  | {
      readonly kind: "repeat";
      readonly body: Node;
      readonly min: number;
      readonly max: number;
      readonly mode: "greedy" | "lazy" | "possessive";
    }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] };

/** A parsed expression. */
export interface Tree {
  readonly root: Node;
  /** How many groups capture. */
  readonly groups: number;
  /** The numbers of the named groups, in the order they open. */
  readonly names: ReadonlyMap<string, number>;
}

/** The nodes right below a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "choice":
      return node.branches;
    case "group":
    case "atomic":
    case "look":
    case "repeat":
      return [node.body];
    case "text":
    case "any":
    case "set":
    case "back":
    case "boundary":
    case "start":
    case "end":
    case "last_line_end":
    case "line_start":
    case "line_end":
      return [];
  }
}

/** The least and the greatest number of characters a node can match. */
export function width(node: Node): [least: number, greatest: number] {
  switch (node.kind) {
    case "text":
    case "any":
    case "set":
      return [1, 1];
    case "group":
    case "atomic":
      return width(node.body);
    case "back":
      return [0, Infinity];
    case "repeat": {
      const [least, greatest] = width(node.body);
      return [least * node.min, greatest === 0 ? 0 : greatest * node.max];
    }
    case "sequence": {
      const all = node.items.map(width);
      return [sum(all.map(([least]) => least)), sum(all.map(([, greatest]) => greatest))];
    }
    case "choice": {
      const all = node.branches.map(width);
      return [
        Math.min(...all.map(([least]) => least)),
        Math.max(...all.map(([, greatest]) => greatest)),
      ];
    }
    case "look":
    case "boundary":
    case "start":
    case "end":
    case "last_line_end":
    case "line_start":
    case "line_end":
      return [0, 0];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const SLASH = 0x2f;

/** Whether nothing the node matches can hold a `/`, nor depend on what stands around it. */
export function keeps_to_segment(node: Node): boolean {
  switch (node.kind) {
    case "text":
      return node.code !== SLASH;
    case "set":
      return !set_has(node.items, SLASH) !== node.negated;
    case "group":
    case "atomic":
    case "repeat":
    case "sequence":
    case "choice":
      return children(node).every(keeps_to_segment);
    case "any":
    case "back":
    case "look":
    case "boundary":
    case "start":
    case "end":
    case "last_line_end":
    case "line_start":
    case "line_end":
      return false;
  }
}

function set_has(items: readonly SetItem[], code: number): boolean {
  return items.some((item) => ("name" in item ? item.negated : item[0] <= code && code <= item[1]));
}

/** The text with which a match must begin, if the expression is tied to the start; and whether that is all of it. */
export function literal_start(root: Node): { text: string; whole: boolean } | undefined {
  const items = root.kind === "sequence" ? root.items : [root];
  const first = items[0]?.kind;
  if (first !== "start") return undefined;
  let text = "";
  for (const item of items.slice(1)) {
    if (item.kind !== "text" || item.ignore_case !== "exact") return { text, whole: false };
    text += String.fromCodePoint(item.code);
  }
  return { text, whole: true };
}
