/** The leaves of a resolver's index: patterns, and includes that the index has not opened. @module */
import { type Kwargs, new_kwargs } from "./_describe.ts";
import { ResolverMatch, type ResolverMatchOptions } from "./_resolver_match.ts";
import type { Shape } from "./_shape.ts";
import {
  Capture,
  captures,
  gather,
  type Giver,
  is_empty,
  join_routes,
  merged,
  options_in,
  some,
  type Surroundings,
  type Walk,
} from "./_surroundings.ts";
import type { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** What a path may match. */
export interface Leaf {
  /** The place in the order of declaration: of several leaves that match, the first wins. */
  readonly order: number;
  /** Whether only one path leads here, and always does. */
  readonly is_fixed: boolean;
  /** The match, or `undefined` if the pattern or a converter refuses after all. */
  match(walk: Walk): ResolverMatch | undefined;
  /** All matches: of an include there may be several. */
  matches(walk: Walk): Iterable<ResolverMatch>;
}

/** Its match as a list. */
function only(match: ResolverMatch | undefined): readonly ResolverMatch[] {
  return match === undefined ? [] : [match];
}

/** A pattern whose segments the index has compared already: nothing but the converters is left to do. */
export class KnownLeaf implements Leaf {
  readonly order: number;
  readonly is_fixed: boolean;
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
    this.is_fixed = !this.#givers.some((giver) => giver instanceof Capture);
    const names = this.#own.map(({ name }) => name);
    this.#replaced = names.some((name) => name in item.default_args);
    this.#options = { ...options_in(outer, item), _captured: names };
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

  matches(walk: Walk): readonly ResolverMatch[] {
    return only(this.match(walk));
  }
}

/** A pattern that must be asked. */
export class PatternLeaf implements Leaf {
  readonly order: number;
  readonly is_fixed = false;
  readonly #outer: Surroundings;
  readonly #item: URLPattern;
  readonly #options: ResolverMatchOptions;
  /** Whether nothing else gives arguments. */
  readonly #alone: boolean;

  constructor(order: number, outer: Surroundings, item: URLPattern) {
    this.order = order;
    this.#outer = outer;
    this.#item = item;
    this.#alone = outer.givers.length === 0 && is_empty(item.default_args);
    this.#options = { ...options_in(outer, item), _captured: this.#alone ? "all" : undefined };
  }

  match(walk: Walk): ResolverMatch | undefined {
    const { givers, depth } = this.#outer;
    const item = this.#item;
    const kwargs = this.#alone ? undefined : gather(givers, walk);
    if (!this.#alone && kwargs === undefined) return undefined;
    const matched = item.pattern.match(walk.path.slice(walk.starts[depth]));
    if (matched === null) return undefined;
    const [, args, captured_kwargs] = matched;
    const { resolver, whole_path } = walk;
    if (kwargs === undefined)
      return new ResolverMatch(
        item.callback,
        args,
        captured_kwargs,
        this.#options,
        resolver,
        whole_path,
      );
    Object.assign(kwargs, captured_kwargs, item.default_args);
    const options = { ...this.#options, captured_kwargs };
    return new ResolverMatch(item.callback, args, kwargs, options, resolver, whole_path);
  }

  matches(walk: Walk): readonly ResolverMatch[] {
    return only(this.match(walk));
  }
}

/** An include with an index of its own. */
export class IncludeLeaf implements Leaf {
  readonly order: number;
  readonly is_fixed = false;
  readonly #outer: Surroundings;
  readonly #item: URLResolver;

  constructor(order: number, outer: Surroundings, item: URLResolver) {
    this.order = order;
    this.#outer = outer;
    this.#item = item;
  }

  match(walk: Walk): ResolverMatch | undefined {
    const { givers, depth } = this.#outer;
    const kwargs = gather(givers, walk);
    if (kwargs === undefined) return undefined;
    const inner = this.#item._find(walk.path.slice(walk.starts[depth]));
    return inner === undefined ? undefined : this.#with_outer(kwargs, inner, walk);
  }

  *matches(walk: Walk): Generator<ResolverMatch, void, undefined> {
    const { givers, depth } = this.#outer;
    const kwargs = gather(givers, walk);
    if (kwargs === undefined) return;
    for (const inner of this.#item._find_all(walk.path.slice(walk.starts[depth])))
      yield this.#with_outer(Object.assign(new_kwargs(), kwargs), inner, walk);
  }

  /** @param kwargs Those of the surroundings; those of the inner match are added. */
  #with_outer(kwargs: Kwargs, inner: ResolverMatch, walk: Walk): ResolverMatch {
    const outer = this.#outer;
    Object.assign(kwargs, inner.kwargs);
    const options = {
      url_name: inner.url_name,
      app_names: [...outer.app_names, ...inner.app_names],
      namespaces: [...outer.namespaces, ...inner.namespaces],
      route: join_routes([...outer.routes, String(this.#item.pattern)], inner.route ?? ""),
      captured_kwargs: inner.captured_kwargs,
      extra_kwargs: merged(outer.extra_kwargs, inner.extra_kwargs ?? {}),
    };
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
