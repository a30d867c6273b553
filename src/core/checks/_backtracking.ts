/**
 * Whether a regular expression may take exponential time: whether something in it that repeats can match one text in more
 * than one way, as in `(a+)+`, `(a|a)*` or `(\w+\s*)*`. What counts is which position of the expression may follow which,
 * and in how many ways (Glushkov), and whether two ways can leave a position and come back to it over the same text
 * (Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers"). @module
 */
import type { Node, SetItem } from "../../utils/_regex_tree.ts";

/** A node that matches one character. */
type Position = Extract<Node, { kind: "text" | "any" | "set" }>;

/** How a node begins and ends, as indices of positions; one that comes twice is reached in two ways. */
interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const NOTHING: Fragment = { first: [], last: [], nullable: true };
// Fewer rounds than these are no loop: (\d{1,3}\.){1,3} is harmless.
const FEW = 10;
// What is bigger than any URL needs is not looked into, rather than making the start slow.
const MOST = 1000;

/** Whether two ways through one loop of the expression match the same text. */
export function is_ambiguous_loop(root: Node): boolean {
  return new Automaton(root).has_ambiguous_loop();
}

class Automaton {
  readonly #positions: Position[] = [];
  /** For each position, which follow it, and in how many ways. */
  readonly #follow: Map<number, number>[] = [];
  /** How many loops are open around what is being read. */
  #depth = 0;

  constructor(root: Node) {
    this.#read(root);
  }

  has_ambiguous_loop(): boolean {
    const loops = components(this.#positions.keys(), (at) => this.#follow[at]?.keys() ?? []);
    return loops.some((loop) => this.#is_ambiguous(loop));
  }

  // Building

  #read(node: Node): Fragment {
    switch (node.kind) {
      case "text":
      case "any":
      case "set":
        return this.#position(node);
      case "group":
      case "atomic":
        return this.#read(node.body);
      case "sequence":
        return node.items.reduce<Fragment>((before, item) => this.#then(before, item), NOTHING);
      case "choice":
        return either(node.branches.map((branch) => this.#read(branch)));
      case "repeat":
        return this.#repeat(node);
      case "look":
        this.#read(node.body); // a loop in there is one of its own
        return NOTHING;
      case "back":
      case "boundary":
      case "start":
      case "end":
      case "last_line_end":
      case "line_start":
      case "line_end":
        return NOTHING;
    }
  }

  #position(node: Position): Fragment {
    const index = this.#positions.push(node) - 1;
    this.#follow.push(new Map());
    return { first: [index], last: [index], nullable: false };
  }

  #then(before: Fragment, item: Node): Fragment {
    const after = this.#read(item);
    this.#connect(before, after);
    return {
      first: before.nullable ? [...before.first, ...after.first] : before.first,
      last: after.nullable ? [...before.last, ...after.last] : after.last,
      nullable: before.nullable && after.nullable,
    };
  }

  #repeat({ body, min, max, mode }: Extract<Node, { kind: "repeat" }>): Fragment {
    // so many and no others is one way; in a loop, a few rounds are as bad as many: (a{1,3})+
    const is_loop = min !== max && mode !== "possessive" && max > (this.#depth > 0 ? 1 : FEW);
    if (is_loop) this.#depth++;
    const inner = this.#read(body);
    if (is_loop) {
      this.#depth--;
      this.#connect(inner, inner);
    }
    return min === 0 ? { ...inner, nullable: true } : inner;
  }

  #connect({ last }: Fragment, { first }: Fragment): void {
    for (const from of last) {
      const follow = this.#follow[from];
      for (const to of first) follow?.set(to, (follow.get(to) ?? 0) + 1);
    }
  }

  // Judging

  /** Whether two ways lead from a position of the loop back to it over the same text. */
  #is_ambiguous(loop: ReadonlySet<number>): boolean {
    let steps = 0;
    for (const from of loop) {
      for (const [to, ways] of this.#follow[from] ?? []) {
        if (!loop.has(to)) continue;
        if (ways > 1) return true;
        steps++;
      }
    }
    if (steps > MOST) return false;
    const size = this.#positions.length;
    const pairs_after = (pair: number): number[] => this.#pairs_after(pair, size, loop);
    const equal = Array.from(loop, (at) => at * size + at);
    return components(equal, pairs_after).some((pairs) => {
      const unequal = [...pairs].some((pair) => Math.trunc(pair / size) !== pair % size);
      return unequal && equal.some((pair) => pairs.has(pair));
    });
  }

  /** Where two ways may be after one more character. */
  #pairs_after(pair: number, size: number, loop: ReadonlySet<number>): number[] {
    const [left, right] = [Math.trunc(pair / size), pair % size];
    const found: number[] = [];
    for (const a of this.#follow[left]?.keys() ?? []) {
      if (!loop.has(a)) continue;
      for (const b of this.#follow[right]?.keys() ?? [])
        if (loop.has(b) && (a === b || this.#overlap(a, b))) found.push(a * size + b);
    }
    return found;
  }

  readonly #overlaps = new Map<number, boolean>();

  #overlap(a: number, b: number): boolean {
    const key = Math.min(a, b) * this.#positions.length + Math.max(a, b);
    let known = this.#overlaps.get(key);
    if (known === undefined) {
      const [one, other] = [this.#positions[a], this.#positions[b]];
      known = one !== undefined && other !== undefined && overlap(one, other);
      this.#overlaps.set(key, known);
    }
    return known;
  }
}

function either(branches: readonly Fragment[]): Fragment {
  return {
    first: branches.flatMap(({ first }) => first),
    last: branches.flatMap(({ last }) => last),
    nullable: branches.some(({ nullable }) => nullable),
  };
}

/** The strongly connected parts that hold a cycle, of what can be reached from `starts` (Tarjan). */
function components(
  starts: Iterable<number>,
  next: (node: number) => Iterable<number>,
): Set<number>[] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const is_open = new Set<number>();
  const found: Set<number>[] = [];
  for (const start of starts) {
    if (order.has(start)) continue;
    const path: { node: number; rest: Iterator<number> }[] = [];
    const enter = (node: number): void => {
      order.set(node, order.size);
      low.set(node, order.size - 1);
      open.push(node);
      is_open.add(node);
      path.push({ node, rest: next(node)[Symbol.iterator]() });
    };
    const lower = (node: number, to: number | undefined): void => {
      low.set(node, Math.min(low.get(node) ?? 0, to ?? Infinity));
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node, rest } = top;
      const step = rest.next();
      if (!step.done) {
        if (!order.has(step.value)) enter(step.value);
        else if (is_open.has(step.value)) lower(node, order.get(step.value));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) lower(parent, low.get(node));
      if (low.get(node) !== order.get(node)) continue;
      const part = new Set(open.splice(open.indexOf(node)));
      for (const member of part) is_open.delete(member);
      if (part.size > 1 || [...next(node)].includes(node)) found.push(part);
    }
  }
  return found;
}

// One of each kind of character that the categories tell apart; the ends of ranges come to them.
const SAMPLES = Array.from("0aA_ /-.é٣\u00a0\u4e00").map((character) => character.charCodeAt(0));

/** Whether some character matches both. */
function overlap(one: Position, other: Position): boolean {
  const candidates = [...SAMPLES, ...edges(one), ...edges(other)];
  return candidates.some((code) => matches(one, code) && matches(other, code));
}

function edges(node: Position): number[] {
  if (node.kind === "any") return [];
  const ranges = node.kind === "text" ? [[node.code, node.code] as const] : node.items;
  return ranges.flatMap((item) => {
    if ("name" in item) return [];
    return [item[0] - 1, item[0], item[1], item[1] + 1].filter((code) => code >= 0);
  });
}

function matches(node: Position, code: number): boolean {
  if (node.kind === "any") return node.newline || code !== 10;
  const has =
    node.kind === "text"
      ? (wanted: number): boolean => node.code === wanted
      : (wanted: number): boolean => node.items.some((item) => holds(item, wanted));
  const codes = node.ignore_case === "exact" ? [code] : both_cases(code);
  return codes.some(has) !== (node.kind === "set" && node.negated);
}

function both_cases(code: number): number[] {
  const character = String.fromCodePoint(code);
  return [character, character.toLowerCase(), character.toUpperCase()].map(
    (one) => one.codePointAt(0) ?? 0,
  );
}

const CATEGORIES = {
  digit: [/\p{Nd}/u, /[0-9]/],
  space: [/\s/u, /[ \t\n\r\f\v]/],
  word: [/[\p{L}\p{N}_]/u, /[0-9A-Za-z_]/],
} as const;

function holds(item: SetItem, code: number): boolean {
  if (!("name" in item)) return item[0] <= code && code <= item[1];
  const [unicode, ascii] = CATEGORIES[item.name];
  return (item.ascii ? ascii : unicode).test(String.fromCodePoint(code)) !== item.negated;
}
