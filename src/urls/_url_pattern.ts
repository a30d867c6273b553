/** `URLPattern`: a pattern and its view, what `path()` and `re_path()` return. @module */
import { define_repr } from "../utils/_python.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import { ResolverMatch } from "./_resolver_match.ts";
import type { AnyView, Callback, Pattern } from "./_types.ts";

/** Options of the `URLPattern` constructor. */
export interface URLPatternOptions {
  /** What the view gets besides what is captured. It wins over a captured value of the same name. */
  default_args?: Kwargs | null | undefined;
  /** The name of the URL, for `reverse()`. */
  name?: string | null | undefined;
}

/** A pattern that leads to a view. */
export class URLPattern {
  readonly pattern: Pattern;
  /** The view. */
  readonly callback: Callback;
  readonly default_args: Kwargs;
  readonly name: string | null;
  static {
    define_repr(this.prototype);
  }

  constructor(pattern: Pattern, callback: AnyView, options: URLPatternOptions = {}) {
    this.pattern = pattern;
    this.callback = callback as Callback; // the pattern gives what the view asks for: `path()` has checked it
    this.default_args = Object.assign(new_kwargs(), options.default_args);
    this.name = options.name ?? null;
  }

  /** The view and its arguments, or `undefined` if the path does not match. */
  resolve(path: string): ResolverMatch | undefined {
    const matched = this.pattern.match(path);
    if (matched === null) return undefined;
    const [, args, captured_kwargs] = matched;
    const kwargs = Object.assign(new_kwargs(), captured_kwargs, this.default_args);
    return new ResolverMatch(this.callback, args, kwargs, {
      url_name: this.name,
      route: String(this.pattern),
      captured_kwargs,
      extra_kwargs: this.default_args,
    });
  }

  /** The name of the view's class or function. */
  get lookup_str(): string {
    const { view_class, name } = this.callback as { view_class?: { name: string }; name?: string };
    return view_class?.name ?? (name || "<anonymous>");
  }

  toString(): string {
    return `<URLPattern ${this.pattern.describe()}>`;
  }
}
