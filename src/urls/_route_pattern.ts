/** `RoutePattern`: what `path()` matches. @module */
import { ImproperlyConfigured, ValueError } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { PythonPattern } from "../utils/regex_helper.ts";
import { CheckURLMixin, type Kwargs, new_kwargs, type PatternOptions } from "./_describe.ts";
import { parse_route, type RoutePart, route_source } from "./_route.ts";
import { type Accepts, run_of, RunMatcher, type RunsMatch } from "./_runs.ts";
import { type Shape, shape_of_route } from "./_shape.ts";
import type { Matched, Pattern } from "./_types.ts";
import type { Converter } from "./converters.ts";

/** A route such as `articles/<int:year>/`. Outside of `<…>` its text means itself. */
export class RoutePattern extends CheckURLMixin implements Pattern {
  readonly name: string | null;
  /** The converters of its parameters, by name. */
  readonly converters: Readonly<Record<string, Converter>>;
  /** The route as text and parameters. @internal */
  readonly _parts: readonly RoutePart[];
  /** Whether it must match to the end. @internal */
  readonly _is_endpoint: boolean;
  readonly #route: string;
  readonly #is_text: boolean;
  #compiled: PythonPattern | undefined;
  /** `null`: not all parameters are runs. */
  #runs: RunMatcher | null | undefined;

  /** @throws ImproperlyConfigured for a route that is written wrongly. */
  constructor(route: string, options: PatternOptions = {}) {
    super();
    this.#route = String(route); // may be a lazy text
    this.name = options.name ?? null;
    this._is_endpoint = options.is_endpoint ?? false;
    this._parts = parse_route(this.#route);
    this.#is_text = this._parts.length === 1;
    const converters = Object.create(null) as Record<string, Converter>;
    for (const part of this._parts)
      if (typeof part !== "string") converters[part.name] = part.converter;
    this.converters = converters;
  }

  get _source(): string {
    return route_source(this._parts, this._is_endpoint);
  }

  get _shape(): Shape {
    return shape_of_route(this._parts);
  }

  /** The route as a JavaScript expression; its groups have no names. */
  get regex(): RegExp {
    return this.#pattern.regexp;
  }

  get #pattern(): PythonPattern {
    if (this.#compiled === undefined) {
      try {
        this.#compiled = new PythonPattern(this._source);
      } catch (cause) {
        const message = `A converter of the route ${repr(this.#route)} has a wrong regular expression: ${String(cause)}.`;
        throw new ImproperlyConfigured(message, { cause });
      }
    }
    return this.#compiled;
  }

  match(path: string): Matched | null {
    if (!this.#is_text) return this.#match_parameters(path);
    if (this._is_endpoint) return path === this.#route ? ["", [], new_kwargs()] : null;
    return path.startsWith(this.#route) ? [path.slice(this.#route.length), [], new_kwargs()] : null;
  }

  #match_parameters(path: string): Matched | null {
    if (this.#runs === undefined) this.#runs = matcher_of_runs(this._parts, this._is_endpoint);
    const found = this.#runs === null ? this.#match_regex(path) : this.#runs.match(path);
    if (found === undefined) return null;
    const kwargs: Kwargs = new_kwargs();
    let index = 0;
    try {
      for (const part of this._parts) {
        if (typeof part !== "string")
          kwargs[part.name] = part.converter.to_python(found.values[index++] ?? "");
      }
    } catch (error) {
      if (error instanceof ValueError) return null;
      throw error;
    }
    return [path.slice(found.end), [], kwargs];
  }

  #match_regex(path: string): RunsMatch | undefined {
    const last = this._parts.at(-1);
    if (this._is_endpoint && typeof last === "string" && !path.endsWith(last)) return undefined;
    const pattern = this.#pattern;
    const found = pattern.search(path);
    if (found === undefined) return undefined;
    const values = [...pattern.groupindex.values()].map((index) => found.groups[index - 1] ?? "");
    return { values, end: found.end };
  }

  override toString(): string {
    return this.#route;
  }
}

/** The matcher of a route all of whose parameters are runs of characters; `null` for another. */
function matcher_of_runs(parts: readonly RoutePart[], to_the_end: boolean): RunMatcher | null {
  const texts: string[] = [];
  const runs: Accepts[] = [];
  for (const part of parts) {
    if (typeof part === "string") {
      texts.push(part);
      continue;
    }
    const run = run_of(part.converter.regex);
    if (run === undefined) return null;
    runs.push(run);
  }
  return new RunMatcher(texts, runs, to_the_end);
}
