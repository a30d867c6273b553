/**
 * The index of a resolver: a tree of path segments, so that finding a view does not take longer with more routes.
 *
 * A path walks from segment to segment, along the edge of its text and along those of converters that accept it. Where it
 * ends, and wherever a pattern begins that is no list of segments, leaves are collected; they are asked in the order in
 * which they were declared, so that the first match wins as if all had been tried one by one. @module
 */
import { IncludeLeaf, KnownLeaf, type Leaf, PatternLeaf } from "./_leaf.ts";
import type { ResolverMatch } from "./_resolver_match.ts";
import { end_of_segment, type SegmentScan, SLASH } from "./_segment.ts";
import type { DynamicSegment, Segment, Shape } from "./_shape.ts";
import { NO_SURROUNDINGS, type Surroundings, surroundings_in, type Walk } from "./_surroundings.ts";
import { URLPattern } from "./_url_pattern.ts";
import { TextTable } from "./_text_table.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** A segment of a path, with what follows it. */
class Edge {
  /** What matches if the path ends with this segment. */
  readonly leaves: Leaf[] = [];
  /** Where a slash leads. */
  #to: Node | undefined = undefined;

  get to(): Node | undefined {
    return this.#to;
  }

  /** The same; made, if nothing has led there yet. */
  make_to(): Node {
    return (this.#to ??= new Node());
  }
}

/** A segment that a converter accepts. */
class DynamicEdge extends Edge {
  readonly regex: string;
  readonly scan: SegmentScan;

  constructor({ converter, scan }: DynamicSegment) {
    super();
    this.regex = converter.regex;
    this.scan = scan;
  }
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
      found = joined(found, this.#leaves.get_part(path, start, start + length));
    return found;
  }
}

/** A place between two segments. What it does not have is `undefined`. */
class Node {
  /** The next segments that are texts. */
  texts: TextTable<Edge> | undefined = undefined;
  /** The next segments that converters accept. */
  converters: DynamicEdge[] | undefined = undefined;
  open: OpenLeaves | undefined = undefined;

  edge(segment: Segment): Edge {
    if (typeof segment === "string")
      return (this.texts ??= new TextTable<Edge>()).get_or_add(segment, new_edge);
    const edges = (this.converters ??= []);
    const known = edges.find(({ regex }) => regex === segment.converter.regex);
    if (known !== undefined) return known;
    const edge = new DynamicEdge(segment);
    edges.push(edge);
    return edge;
  }

  add({ tail, whole }: Shape, leaf: Leaf): void {
    if (whole || typeof tail !== "string") this.edge(tail).leaves.push(leaf);
    else (this.open ??= new OpenLeaves()).add(tail, leaf);
  }
}

function new_edge(): Edge {
  return new Edge();
}

/** A leaf that only one path leads to, with the walk there. */
interface FixedLeaf {
  readonly leaf: Leaf;
  readonly walk: Walk;
}

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
    for (const segment of shape.segments) inner = inner.edge(segment).make_to();
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
  const { length } = path;
  let node = from;
  let found = before;
  // one step for each segment; only where a path leads on in two ways is the other one a call
  for (let depth = from_depth; ; depth += 1) {
    const start = starts[depth] ?? 0;
    const { open, texts, converters } = node;
    let to: Node | undefined;
    if (open !== undefined) found = open.collect(path, start, found);
    if (texts !== undefined) {
      const end = end_of_segment(path, start);
      const edge = texts.get_part(path, start, end);
      starts[depth + 1] = end + 1;
      if (edge !== undefined) {
        if (end === length) found = joined(found, edge.leaves);
        else to = edge.to;
      }
    }
    if (converters !== undefined) {
      for (const edge of converters) {
        const end = edge.scan(path, start);
        if (end < 0) continue;
        starts[depth + 1] = end + 1;
        if (end === length) {
          found = joined(found, edge.leaves);
        } else {
          if (to !== undefined) found = collect(to, walk, depth + 1, found);
          to = edge.to;
        }
      }
    }
    if (to === undefined) return found;
    node = to;
  }
}
