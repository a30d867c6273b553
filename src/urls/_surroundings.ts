/** What the includes around a pattern add to its match: arguments, route, namespaces. @module */
import { ValueError } from "../core/exceptions.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import type { ResolverMatchOptions } from "./_resolver_match.ts";
import { type SegmentReader, segment_reader } from "./_segment.ts";
import type { DynamicSegment, Shape } from "./_shape.ts";
import type { Tried } from "./_types.ts";
import type { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** What a path is compared with, and where its segments begin; the last entry is one past the end of the last one. */
export interface Walk {
  readonly path: string;
  readonly starts: number[];
  /** What works out which patterns were tried. */
  readonly resolver: { tried(path: string): Tried };
  /** The path as the resolver got it. */
  readonly whole_path: string;
}

/** A segment of the path that becomes an argument. */
export class Capture {
  readonly depth: number;
  readonly name: string;
  /** Its value, as the converter gives it. */
  readonly read: SegmentReader;

  constructor(depth: number, { name, converter }: DynamicSegment) {
    this.depth = depth;
    this.name = name;
    this.read = segment_reader(converter);
  }
}

/** Something that gives arguments: a captured segment, or the `kwargs` option of an include or a pattern. */
export type Giver = Capture | Kwargs;

/** The includes around a pattern, as far as the index has opened them. */
export interface Surroundings {
  /** How many segments of the path they take. */
  readonly depth: number;
  /** What gives arguments, in the order in which later ones replace earlier ones. */
  readonly givers: readonly Giver[];
  readonly extra_kwargs: Kwargs;
  readonly routes: readonly string[];
  readonly app_names: readonly (string | null)[];
  readonly namespaces: readonly (string | null)[];
}

/** No include around. */
export const NO_SURROUNDINGS: Surroundings = {
  depth: 0,
  givers: [],
  extra_kwargs: new_kwargs(),
  routes: [],
  app_names: [],
  namespaces: [],
};

/** The surroundings inside an include. */
export function surroundings_in(
  outer: Surroundings,
  include: URLResolver,
  shape: Shape,
): Surroundings {
  return {
    depth: outer.depth + shape.segments.length,
    givers: [...outer.givers, ...captures(outer.depth, shape), ...some(include.default_kwargs)],
    extra_kwargs: merged(outer.extra_kwargs, include.default_kwargs),
    routes: [...outer.routes, String(include.pattern)],
    app_names: [...outer.app_names, include.app_name],
    namespaces: [...outer.namespaces, include.namespace],
  };
}

/** What is known of every match of the pattern. */
export function options_in(outer: Surroundings, item: URLPattern): ResolverMatchOptions {
  return {
    url_name: item.name,
    app_names: outer.app_names,
    namespaces: outer.namespaces,
    route: join_routes(outer.routes, String(item.pattern)),
    extra_kwargs: merged(outer.extra_kwargs, item.default_args),
  };
}

/** The segments of a pattern that become arguments. */
export function captures(depth: number, shape: Shape): Capture[] {
  const found: Capture[] = [];
  for (const [index, segment] of shape.segments.entries()) {
    if (typeof segment !== "string") found.push(new Capture(depth + index, segment));
  }
  if (typeof shape.tail !== "string")
    found.push(new Capture(depth + shape.segments.length, shape.tail));
  return found;
}

/** The kwargs as a list of givers: none if there are none. */
export function some(kwargs: Kwargs): Kwargs[] {
  return is_empty(kwargs) ? [] : [kwargs];
}

/** Whether there are no kwargs. */
export function is_empty(kwargs: Kwargs): boolean {
  for (const _ in kwargs) return false;
  return true;
}

/** Kwargs of an include and of what is in it, which win. Not to be changed: may be one of the two. */
export function merged(outer: Kwargs, inner: Kwargs): Kwargs {
  if (is_empty(outer)) return inner;
  return is_empty(inner) ? outer : Object.assign(new_kwargs(), outer, inner);
}

/** The arguments; `undefined` if a converter refuses its text. */
export function gather(givers: readonly Giver[], { path, starts }: Walk): Kwargs | undefined {
  const kwargs = new_kwargs();
  try {
    for (const giver of givers) {
      if (giver instanceof Capture) {
        const { depth, name } = giver;
        kwargs[name] = giver.read(path, starts[depth] ?? 0, (starts[depth + 1] ?? 0) - 1);
      } else {
        Object.assign(kwargs, giver);
      }
    }
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
  return kwargs;
}

/** Routes one after the other; an inner one loses its `^`. */
export function join_routes(outer: readonly string[], inner: string): string {
  return outer.reduceRight(
    (rest, route) => (route === "" ? rest : route + rest.replace(/^\^/, "")),
    inner,
  );
}
