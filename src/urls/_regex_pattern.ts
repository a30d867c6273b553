/** `RegexPattern`: what `re_path()` matches. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { parse_regex } from "../utils/_regex_parser.ts";
import { literal_start } from "../utils/_regex_tree.ts";
import { repr } from "../utils/_python.ts";
import { PythonPattern } from "../utils/regex_helper.ts";
import { CheckURLMixin, type Kwargs, new_kwargs, type PatternOptions } from "./_describe.ts";
import { ScriptPattern } from "./_script_pattern.ts";
import { type Shape, shape_of_text, UNKNOWN_SHAPE } from "./_shape.ts";
import type { Matched, Pattern } from "./_types.ts";
import type { Converter } from "./converters.ts";

const NO_CONVERTERS = Object.freeze(Object.create(null)) as Readonly<Record<string, Converter>>;

/**
 * A regular expression: text in Python's syntax, or a JavaScript `RegExp`. It is searched for, so without `^` it matches
 * anywhere.
 */
export class RegexPattern extends CheckURLMixin implements Pattern {
  readonly name: string | null;
  /** Empty: what a regular expression captures stays text. */
  readonly converters: Readonly<Record<string, Converter>> = NO_CONVERTERS;
  readonly _parts: undefined;
  readonly _is_endpoint: boolean;
  readonly #given: string | RegExp;
  #compiled: PythonPattern | ScriptPattern | undefined;

  constructor(regex: string | RegExp, options: PatternOptions = {}) {
    super();
    this.#given = regex instanceof RegExp ? regex : String(regex);
    this.name = options.name ?? null;
    this._is_endpoint = options.is_endpoint ?? false;
  }

  get _source(): string {
    return this.#given instanceof RegExp ? this.#pattern.pattern : this.#given;
  }

  get _shape(): Shape {
    if (this.#given instanceof RegExp) return UNKNOWN_SHAPE;
    try {
      const start = literal_start(parse_regex(this.#given).root);
      return start === undefined
        ? UNKNOWN_SHAPE
        : shape_of_text(start.text, start.whole && !this._is_endpoint);
    } catch {
      return UNKNOWN_SHAPE; // `match` will say what is wrong with it
    }
  }

  /**
   * The expression in JavaScript; its groups have no names.
   * @throws ImproperlyConfigured for an expression that is wrong.
   */
  get regex(): RegExp {
    return this.#pattern.regexp;
  }

  get #pattern(): PythonPattern | ScriptPattern {
    if (this.#compiled === undefined) {
      const given = this.#given;
      try {
        this.#compiled =
          given instanceof RegExp ? new ScriptPattern(given) : new PythonPattern(given);
      } catch (cause) {
        const message = `${repr(given)} cannot be used as a regular expression: ${(cause as Error).message}.`;
        throw new ImproperlyConfigured(message, { cause });
      }
    }
    return this.#compiled;
  }

  match(path: string): Matched | null {
    const pattern = this.#pattern;
    const to_the_end = this._is_endpoint && pattern.pattern.endsWith("$");
    const found = to_the_end ? pattern.fullmatch(path) : pattern.search(path);
    if (found === undefined) return null;
    const kwargs: Kwargs = new_kwargs();
    if (pattern.groupindex.size === 0) return [path.slice(found.end), [...found.groups], kwargs];
    for (const [name, index] of pattern.groupindex) {
      const text = found.groups[index - 1];
      if (text !== null) kwargs[name] = text;
    }
    return [path.slice(found.end), [], kwargs];
  }

  override toString(): string {
    return this.#given instanceof RegExp ? this.#given.source : this.#given;
  }
}
