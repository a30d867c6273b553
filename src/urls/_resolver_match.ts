/** `ResolverMatch`: the view that a path leads to, and what the path gives it. @module */
import { IndexError } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import type { AnyView, Callback, Tried } from "./_types.ts";

/** Options of the `ResolverMatch` constructor. */
export interface ResolverMatchOptions {
  /** The name of the pattern. */
  readonly url_name?: string | null | undefined;
  /** The application namespaces, the outermost first; empty ones are dropped. */
  readonly app_names?: readonly (string | null | undefined)[] | null | undefined;
  /** The instance namespaces, the outermost first; empty ones are dropped. */
  readonly namespaces?: readonly (string | null | undefined)[] | null | undefined;
  /** The route as it was written, that of includes before it. */
  readonly route?: string | null | undefined;
  /** The patterns that were tried, up to the one that matched. */
  readonly tried?: Tried | null | undefined;
  /** What the innermost pattern captured. */
  readonly captured_kwargs?: Kwargs | null | undefined;
  /** What the `kwargs` options of the pattern and its includes add. */
  readonly extra_kwargs?: Kwargs | null | undefined;
  /** Which of the kwargs the innermost pattern captured, instead of `captured_kwargs`. @internal */
  readonly _captured?: readonly string[] | "all" | undefined;
}

/** The result of `resolve()`. Also reads as a list: `const [func, args, kwargs] = resolve("/")`. */
export class ResolverMatch {
  /** The view. */
  readonly func: Callback;
  /** The values of unnamed groups; empty if there are kwargs, but for those of the innermost pattern. */
  readonly args: unknown[];
  /** What was captured by name, and what the `kwargs` options add; an object without a prototype. */
  readonly kwargs: Kwargs;
  readonly #options: ResolverMatchOptions;
  readonly #trace: { tried(path: string): Tried } | undefined;
  readonly #path: string;
  static {
    define_repr(this.prototype);
  }

  /** @param trace What works out `tried`, and for which path; without it, `options.tried` is it. */
  constructor(
    func: AnyView,
    args: unknown[],
    kwargs: Kwargs,
    options: ResolverMatchOptions = {},
    trace?: { tried(path: string): Tried },
    path = "",
  ) {
    this.func = func as Callback; // the patterns give what the view asks for: `path()` has checked it
    this.args = args;
    this.kwargs = kwargs;
    this.#options = options;
    this.#trace = trace;
    this.#path = path;
  }

  /** The name of the pattern. */
  get url_name(): string | null {
    return this.#options.url_name ?? null;
  }

  /** The route as it was written, with those of the includes before it. */
  get route(): string | null {
    return this.#options.route ?? null;
  }

  /** The application namespaces, the outermost first. */
  get app_names(): string[] {
    return not_empty(this.#options.app_names);
  }

  /** The application namespaces joined with `:`. */
  get app_name(): string {
    return this.app_names.join(":");
  }

  /** The instance namespaces, the outermost first. */
  get namespaces(): string[] {
    return not_empty(this.#options.namespaces);
  }

  /** The instance namespaces joined with `:`. */
  get namespace(): string {
    return this.namespaces.join(":");
  }

  /** The name with its namespaces, as `reverse()` takes it. Without a name, the view's own name stands for it. */
  get view_name(): string {
    return [...this.namespaces, this.url_name || this._func_path].join(":");
  }

  /** The patterns that were tried, the one that matched last; worked out when it is asked for. */
  get tried(): Tried | null {
    return this.#options.tried ?? this.#trace?.tried(this.#path) ?? null;
  }

  /** What the innermost pattern captured. */
  get captured_kwargs(): Kwargs | null {
    const { captured_kwargs, _captured } = this.#options;
    if (_captured === undefined) return captured_kwargs ?? null;
    const captured = new_kwargs();
    for (const name of _captured === "all" ? Object.keys(this.kwargs) : _captured)
      captured[name] = this.kwargs[name];
    return captured;
  }

  /** What the `kwargs` options of the pattern and its includes added. */
  get extra_kwargs(): Kwargs | null {
    const { extra_kwargs } = this.#options;
    return extra_kwargs ? Object.assign(new_kwargs(), extra_kwargs) : null;
  }

  /** The name of the view's class or function. @internal */
  get _func_path(): string {
    const { view_class, name } = this.func as { view_class?: { name: string }; name?: string };
    return view_class?.name ?? (name || "<anonymous>");
  }

  /** @throws IndexError for another index than 0 (func), 1 (args) and 2 (kwargs). */
  getitem(key: number): Callback | unknown[] | Kwargs {
    const item = [...this].at(key);
    if (item === undefined)
      throw new IndexError(`A ResolverMatch has the items 0 to 2, not ${key}.`);
    return item;
  }

  *[Symbol.iterator](): Generator<Callback | unknown[] | Kwargs, void> {
    yield this.func;
    yield this.args;
    yield this.kwargs;
  }

  toString(): string {
    const { captured_kwargs, extra_kwargs } = this;
    const parts = [
      `func=${this._func_path}`,
      `args=${repr_args(this.args)}`,
      `kwargs=${repr(this.kwargs)}`,
      `url_name=${repr(this.url_name)}`,
      `app_names=${repr(this.app_names)}`,
      `namespaces=${repr(this.namespaces)}`,
      `route=${repr(this.route)}`,
    ];
    if (has_keys(captured_kwargs)) parts.push(`captured_kwargs=${repr(captured_kwargs)}`);
    if (has_keys(extra_kwargs)) parts.push(`extra_kwargs=${repr(extra_kwargs)}`);
    return `ResolverMatch(${parts.join(", ")})`;
  }
}

function not_empty(names: ResolverMatchOptions["app_names"]): string[] {
  return (names ?? []).filter((name): name is string => Boolean(name));
}

function has_keys(kwargs: Kwargs | null): boolean {
  return kwargs !== null && Object.keys(kwargs).length > 0;
}

/** The unnamed values as Python prints them: a tuple. */
function repr_args(args: readonly unknown[]): string {
  return `(${args.map(repr).join(", ")}${args.length === 1 ? "," : ""})`;
}
