/** The leaves of a resolver's index: a pattern, or an include, with what the includes around it add. @module */
import { ValueError } from "../core/exceptions.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import { ResolverMatch, type ResolverMatchOptions } from "./_resolver_match.ts";
import type { DynamicSegment, Shape } from "./_shape.ts";
import type { Tried } from "./_types.ts";
import { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** A segment of the path that becomes an argument. */
interface Capture {
  readonly depth: number;
  readonly segment: DynamicSegment;
}

/** Something that gives arguments: a captured segment, or the `kwargs` option of an include or a pattern. */
type Giver = Capture | Kwargs;

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
    extra_kwargs: Object.assign(new_kwargs(), outer.extra_kwargs, include.default_kwargs),
    routes: [...outer.routes, String(include.pattern)],
    app_names: [...outer.app_names, include.app_name],
    namespaces: [...outer.namespaces, include.namespace],
  };
}

function captures(depth: number, shape: Shape): Capture[] {
  return [...shape.segments, shape.tail].flatMap((segment, index) =>
    typeof segment === "string" ? [] : [{ depth: depth + index, segment }],
  );
}

function some(kwargs: Kwargs): Kwargs[] {
  return Object.keys(kwargs).length === 0 ? [] : [kwargs];
}

/** What a path is compared with, and where its segments begin; the last entry is one past the end of the last one. */
export interface Walk {
  readonly path: string;
  readonly starts: number[];
  /** What works out which patterns were tried. */
  readonly resolver: { tried(path: string): Tried };
  /** The path as the resolver got it. */
  readonly whole_path: string;
}

/** A pattern, or an include that the index has not opened, which the path may match. */
export interface Leaf {
  /** The place in the order of declaration: of several leaves that match, the first wins. */
  readonly order: number;
  /** The match, or `undefined` if the pattern or a converter refuses after all. */
  match(walk: Walk): ResolverMatch | undefined;
}

/** A leaf for a pattern whose segments the index has compared already: nothing but the converters is left to do. */
export class KnownLeaf implements Leaf {
  readonly order: number;
  readonly #item: URLPattern;
  readonly #givers: readonly Giver[];
  readonly #options: ResolverMatchOptions;
  readonly #own: readonly Capture[];
  /** Whether an own value is replaced by one of the `kwargs` option. */
  readonly #replaced: boolean;

  constructor(order: number, outer: Surroundings, item: URLPattern, shape: Shape) {
    this.order = order;
    this.#item = item;
    this.#own = captures(outer.depth, shape);
    this.#givers = [...outer.givers, ...this.#own, ...some(item.default_args)];
    const names = this.#own.map(({ segment }) => segment.name);
    this.#replaced = names.some((name) => name in item.default_args);
    this.#options = {
      url_name: item.name,
      route: join_routes(outer.routes, String(item.pattern)),
      app_names: outer.app_names,
      namespaces: outer.namespaces,
      extra_kwargs: Object.assign(new_kwargs(), outer.extra_kwargs, item.default_args),
      _captured: names,
    };
  }

  match(walk: Walk): ResolverMatch | undefined {
    const kwargs = gather(this.#givers, walk);
    if (kwargs === undefined) return undefined;
    let options = this.#options;
    if (this.#replaced)
      options = { ...options, _captured: undefined, captured_kwargs: gather(this.#own, walk) };
    return new ResolverMatch(
      this.#item.callback,
      [],
      kwargs,
      options,
      walk.resolver,
      walk.whole_path,
    );
  }
}

/** A leaf that asks the pattern itself. */
export class AskingLeaf implements Leaf {
  readonly order: number;
  readonly #outer: Surroundings;
  readonly #item: URLPattern | URLResolver;

  constructor(order: number, outer: Surroundings, item: URLPattern | URLResolver) {
    this.order = order;
    this.#outer = outer;
    this.#item = item;
  }

  match(walk: Walk): ResolverMatch | undefined {
    const outer = this.#outer;
    const kwargs = gather(outer.givers, walk);
    if (kwargs === undefined) return undefined;
    const rest = walk.path.slice(walk.starts[outer.depth]);
    const item = this.#item;
    const inner = item instanceof URLPattern ? item.resolve(rest) : item._find(rest);
    if (inner === undefined) return undefined;
    const routes =
      item instanceof URLPattern ? outer.routes : [...outer.routes, String(item.pattern)];
    const options = {
      url_name: inner.url_name,
      route: join_routes(routes, inner.route ?? ""),
      app_names: [...outer.app_names, ...inner.app_names],
      namespaces: [...outer.namespaces, ...inner.namespaces],
      captured_kwargs: inner.captured_kwargs,
      extra_kwargs: Object.assign(new_kwargs(), outer.extra_kwargs, inner.extra_kwargs),
    };
    Object.assign(kwargs, inner.kwargs);
    return new ResolverMatch(
      inner.func,
      inner.args,
      kwargs,
      options,
      walk.resolver,
      walk.whole_path,
    );
  }
}

/** The arguments; `undefined` if a converter refuses its text. */
function gather(givers: readonly Giver[], { path, starts }: Walk): Kwargs | undefined {
  const kwargs = new_kwargs();
  try {
    for (const giver of givers) {
      if (is_capture(giver)) {
        const { depth, segment } = giver;
        kwargs[segment.name] = segment.converter.to_python(
          path.slice(starts[depth], (starts[depth + 1] ?? 0) - 1),
        );
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

function is_capture(giver: Giver): giver is Capture {
  return Object.getPrototypeOf(giver) !== null;
}

/** Routes one after the other; an inner one loses its `^`. */
function join_routes(outer: readonly string[], inner: string): string {
  return [...outer, inner].reduceRight((rest, route) =>
    route === "" ? rest : route + rest.replace(/^\^/, ""),
  );
}
