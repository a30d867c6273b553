/**
 * The index of a resolver: a tree of path segments, so that finding a view does not take longer with more routes.
 *
 * A path walks from segment to segment, along the edge of its text and along those of converters that accept it. Where it
 * ends, and wherever a pattern begins that is no list of segments, leaves are collected; they are asked in the order in
 * which they were declared, so that the first match wins as if all had been tried one by one. @module
 */
import { IncludeLeaf, KnownLeaf, type Leaf, PatternLeaf } from "./_leaf.ts";
import type { ResolverMatch } from "./_resolver_match.ts";
import type { SegmentTest } from "./_segment.ts";
import type { DynamicSegment, Segment, Shape } from "./_shape.ts";
import { NO_SURROUNDINGS, type Surroundings, surroundings_in, type Walk } from "./_surroundings.ts";
import { URLPattern } from "./_url_pattern.ts";
import { TextTable } from "./_text_table.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** What follows a segment that a converter accepts. */
interface DynamicEdge<T> {
  readonly regex: string;
  readonly test: SegmentTest;
  readonly to: T;
}

/** Leaves whose pattern goes on in a way the index does not know, by the text with which it begins here. */
class OpenLeaves {
  readonly #lengths = new Set<number>();
  readonly #leaves = new TextTable<Leaf[]>();

  add(text: string, leaf: Leaf): void {
    this.#lengths.add(text.length);
    this.#leaves.get_or_add(text, () => []).push(leaf);
  }

  collect(path: string, start: number, before: readonly Leaf[]): readonly Leaf[] {
    let found = before;
    for (const length of this.#lengths)
      found = joined(found, this.#leaves.get(path.slice(start, start + length)));
    return found;
  }
}

/** A place between two segments. What it does not have is `undefined`. */
class Node {
  /** Where the next segment is this text, and a slash follows. */
  texts: TextTable<Node> | undefined = undefined;
  /** Where a converter accepts the next segment, and a slash follows. */
  converters: DynamicEdge<Node>[] | undefined = undefined;
  /** What matches if the path ends with this text. */
  last_texts: TextTable<Leaf[]> | undefined = undefined;
  /** What matches if the path ends with a segment that a converter accepts. */
  last_converters: DynamicEdge<Leaf[]>[] | undefined = undefined;
  open: OpenLeaves | undefined = undefined;

  next(segment: Segment): Node {
    if (typeof segment === "string")
      return (this.texts ??= new TextTable<Node>()).get_or_add(segment, new_node);
    return edge_for((this.converters ??= []), segment, new_node);
  }

  add(shape: Shape, leaf: Leaf): void {
    const { tail } = shape;
    if (typeof tail !== "string")
      edge_for((this.last_converters ??= []), tail, () => []).push(leaf);
    else if (shape.whole)
      (this.last_texts ??= new TextTable<Leaf[]>()).get_or_add(tail, () => []).push(leaf);
    else (this.open ??= new OpenLeaves()).add(tail, leaf);
  }
}

function new_node(): Node {
  return new Node();
}

function edge_for<T>(
  edges: DynamicEdge<T>[],
  { converter, test }: DynamicSegment,
  make: () => T,
): T {
  const { regex } = converter;
  let edge = edges.find((each) => each.regex === regex);
  if (edge === undefined) edges.push((edge = { regex, test, to: make() }));
  return edge.to;
}

/** A leaf that only one path leads to, with the walk there. */
interface FixedLeaf {
  readonly leaf: Leaf;
  readonly walk: Walk;
}

const SLASH = 0x2f;
// Includes are opened up to here; deeper ones, and those that hold themselves, keep an index of their own.
const MOST_INCLUDES = 8;
const MOST_LEAVES = 50_000;

/** The index of one resolver's patterns. */
export class Index {
  readonly #root = new Node();
  readonly #resolver: URLResolver;
  /** Paths that lead to the same pattern each time, which captures nothing: as many as there are such patterns, at most. */
  readonly #fixed = new TextTable<FixedLeaf>();
  #leaves = 0;

  constructor(resolver: URLResolver) {
    this.#resolver = resolver;
    this.#add_all(this.#root, resolver, NO_SURROUNDINGS, [resolver.url_patterns]);
  }

  #add_all(node: Node, resolver: URLResolver, outer: Surroundings, open: readonly unknown[]): void {
    for (const item of resolver.url_patterns) this.#add(node, item, outer, open);
  }

  #add(
    node: Node,
    item: URLPattern | URLResolver,
    outer: Surroundings,
    open: readonly unknown[],
  ): void {
    const shape = item.pattern._shape;
    let inner = node;
    for (const segment of shape.segments) inner = inner.next(segment);
    if (item instanceof URLPattern) {
      const order = this.#leaves++;
      if (shape.whole && item.pattern._is_endpoint)
        inner.add(shape, new KnownLeaf(order, outer, item, shape));
      else inner.add(as_open(shape), new PatternLeaf(order, outer, item));
    } else if (this.#can_open(item, shape, open)) {
      this.#add_all(inner, item, surroundings_in(outer, item, shape), [...open, item.url_patterns]);
    } else {
      inner.add(as_open(shape), new IncludeLeaf(this.#leaves++, outer, item));
    }
  }

  #can_open(item: URLResolver, shape: Shape, open: readonly unknown[]): boolean {
    if (!shape.whole || shape.tail !== "" || item.pattern._is_endpoint) return false;
    if (open.length > MOST_INCLUDES || this.#leaves > MOST_LEAVES) return false;
    return !open.includes(item.url_patterns);
  }

  /**
   * The match for the path.
   * @param start Where its first segment begins: at 1 where a path must begin with a slash, else at 0.
   * @param whole_path The path as it was given to the resolver.
   */
  find(path: string, start: number, whole_path: string): ResolverMatch | undefined {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) {
      const { leaf, walk } = fixed;
      return leaf.match(walk.whole_path === whole_path ? walk : { ...walk, whole_path });
    }
    if (start === 1 && path.charCodeAt(0) !== SLASH) return undefined;
    const walk = this.#walk(path, start, whole_path);
    const leaves = this.#leaves_of(walk);
    const first = leaves[0];
    if (first?.is_fixed === true) this.#fixed.add(path, { leaf: first, walk });
    for (const leaf of leaves) {
      const match = leaf.match(walk);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** All matches, in the order of the patterns. */
  *find_all(
    path: string,
    start: number,
    whole_path: string,
  ): Generator<ResolverMatch, void, undefined> {
    if (start === 1 && path.charCodeAt(0) !== SLASH) return;
    const walk = this.#walk(path, start, whole_path);
    // at the end of a path a leaf may be found twice
    for (const leaf of new Set(this.#leaves_of(walk))) yield* leaf.matches(walk);
  }

  #walk(path: string, start: number, whole_path: string): Walk {
    // room for the usual number of segments: an array that grows costs more than one that has it
    const starts = [start, 0, 0, 0, 0, 0, 0, 0];
    return { path, starts, resolver: this.#resolver, whole_path };
  }

  /** What the path may match, in the order of declaration. */
  #leaves_of(walk: Walk): readonly Leaf[] {
    const found = collect(this.#root, walk, 0, NONE);
    return found.length > 1 ? found.toSorted((a, b) => a.order - b.order) : found;
  }
}

/** The shape of what must be asked: a last segment that is not known to end there is only how it begins. */
function as_open(shape: Shape): Shape {
  return { ...shape, tail: typeof shape.tail === "string" ? shape.tail : "", whole: false };
}

const NONE: readonly Leaf[] = [];

/** Both lists as one; one of them itself where the other is empty, as nearly always. */
function joined(found: readonly Leaf[], more: readonly Leaf[] | undefined): readonly Leaf[] {
  if (more === undefined || more.length === 0) return found;
  return found.length === 0 ? more : [...found, ...more];
}

/** What was found, and the leaves that the path reaches from a node, in any order. */
function collect(
  from: Node,
  walk: Walk,
  from_depth: number,
  before: readonly Leaf[],
): readonly Leaf[] {
  const { path, starts } = walk;
  let node = from;
  let found = before;
  // one step for each segment; only where a path leads on in two ways is the other one a call
  for (let depth = from_depth; ; depth += 1) {
    const start = starts[depth] ?? 0;
    if (node.open !== undefined) found = node.open.collect(path, start, found);
    const next = (starts[depth + 1] ||= next_start(path, start));
    const end = next - 1;
    if (end === path.length) return collect_last(node, path, start, found);
    const { texts, converters } = node;
    let to = texts === undefined ? undefined : texts.get(path.slice(start, end));
    if (converters !== undefined) {
      for (const edge of converters) {
        if (!edge.test(path, start, end)) continue;
        if (to !== undefined) found = collect(to, walk, depth + 1, found);
        to = edge.to;
      }
    }
    if (to === undefined) return found;
    node = to;
  }
}

/** Where the segment after this one begins. Segments are short: a loop costs less than `indexOf`. */
function next_start(path: string, start: number): number {
  let at = start;
  while (at < path.length && path.charCodeAt(at) !== SLASH) at += 1;
  return at + 1;
}

function collect_last(
  node: Node,
  path: string,
  start: number,
  before: readonly Leaf[],
): readonly Leaf[] {
  const { last_texts, last_converters } = node;
  let found = before;
  if (last_texts !== undefined) found = joined(found, last_texts.get(path.slice(start)));
  if (last_converters !== undefined) {
    for (const edge of last_converters)
      if (edge.test(path, start, path.length)) found = joined(found, edge.to);
  }
  return found;
}
