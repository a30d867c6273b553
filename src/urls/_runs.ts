/**
 * Routes whose parameters are runs of characters (`[0-9]+`, `[^/]+`, `.+`), matched without a regular expression.
 *
 * The result is the one that backtracking gives, each parameter as long as the rest allows; but a place from which the
 * rest has failed is not tried again, so that the time grows with the path and not with a power of it. @module
 */
import { parse_regex } from "../utils/_regex_parser.ts";
import type { Node, SetItem } from "../utils/_regex_tree.ts";

/** Whether a run may hold the UTF-16 unit. */
export type Accepts = (unit: number) => boolean;

const SURROGATES = 0xd800;

/** The test of a run; `undefined` for an expression that is something else. */
export function run_of(regex: string): Accepts | undefined {
  let root: Node;
  try {
    root = parse_regex(regex).root;
  } catch {
    return undefined; // matching the route will say what is wrong with it
  }
  const [item, ...more] = root.kind === "sequence" ? root.items : [];
  if (item?.kind !== "repeat" || more.length > 0) return undefined;
  if (item.min !== 1 || item.max !== Infinity || item.mode !== "greedy") return undefined;
  return accepts(item.body);
}

function accepts(body: Node): Accepts | undefined {
  if (body.kind === "any") return body.newline ? () => true : (unit) => unit !== 10;
  if (body.kind !== "set" || body.ignore_case !== "exact") return undefined;
  const ranges: (readonly [number, number])[] = [];
  for (const item of body.items) {
    if (!is_range(item) || item[1] >= SURROGATES) return undefined;
    ranges.push(item);
  }
  return (unit) => ranges.some(([first, last]) => first <= unit && unit <= last) !== body.negated;
}

function is_range(item: SetItem): item is readonly [number, number] {
  return Array.isArray(item);
}

/** What a route of runs found. */
export interface RunsMatch {
  readonly values: readonly string[];
  readonly end: number;
}

/** What is known of one parameter while a path is being matched. */
interface State {
  /** A run that it accepts, as far as it is known: from here … */
  start: number;
  /** … to here. */
  end: number;
  /** Wherever in the run the parameter begins from here on, the rest of the route fails. */
  failed_from: number;
}

/** A route: text, run, text, run, …, text. */
export class RunMatcher {
  readonly #texts: readonly string[];
  readonly #runs: readonly Accepts[];
  readonly #to_the_end: boolean;

  constructor(texts: readonly string[], runs: readonly Accepts[], to_the_end: boolean) {
    this.#texts = texts;
    this.#runs = runs;
    this.#to_the_end = to_the_end;
  }

  match(path: string): RunsMatch | undefined {
    const first = this.#texts[0] ?? "";
    const last = this.#texts.at(-1) ?? "";
    if (!path.startsWith(first) || (this.#to_the_end && !path.endsWith(last))) return undefined;
    const states = this.#runs.map((): State => ({
      start: Infinity,
      end: -1,
      failed_from: Infinity,
    }));
    const values: string[] = [];
    const end = this.#match_from(path, 0, first.length, states, values);
    return end < 0 ? undefined : { values: values.toReversed(), end };
  }

  /** The end of the match if the parameter `index` begins at `start`, or −1. Puts the values down, the last one first. */
  #match_from(
    path: string,
    index: number,
    start: number,
    states: readonly State[],
    values: string[],
  ): number {
    const run = this.#runs[index];
    const state = states[index];
    if (run === undefined || state === undefined) return start;
    extend(state, path, start, run);
    const text = this.#texts[index + 1] ?? "";
    const is_last = index === this.#runs.length - 1;
    const only = is_last && this.#to_the_end ? path.length - text.length : undefined;
    let at = Math.min(state.end, state.failed_from);
    if (only !== undefined) at = only <= at ? only : start;
    for (; at > start; at -= 1) {
      if (!splits_pair(path, at) && path.startsWith(text, at)) {
        const end = this.#match_from(path, index + 1, at + text.length, states, values);
        if (end >= 0) {
          values.push(path.slice(start, at));
          return end;
        }
      }
      if (only !== undefined) break;
    }
    state.failed_from = start;
    return -1;
  }
}

/** Makes the run known from `start` on; a run that ends before the known one begins is another. */
function extend(state: State, path: string, start: number, run: Accepts): void {
  if (state.start <= start && start <= state.end) return;
  let at = start;
  while (at < path.length && at !== state.start && run(path.charCodeAt(at))) at += 1;
  if (at !== state.start) {
    state.end = at;
    state.failed_from = Infinity;
  }
  state.start = start;
}

/** Whether a character that takes two UTF-16 units stands across the place. */
function splits_pair(path: string, at: number): boolean {
  return (path.charCodeAt(at) & 0xfc00) === 0xdc00 && (path.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}
