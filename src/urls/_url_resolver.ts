/** `URLResolver`: a pattern and what is included below it; and the resolver of a whole URLconf. @module */
import { on_change, settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";
import { type Kwargs, new_kwargs } from "./_describe.ts";
import { error_handler } from "./_error_handlers.ts";
import { Index } from "./_index.ts";
import { type NamespaceEntry, ReverseTables } from "./_reverse_tables.ts";
import { build_url } from "./_reverse.ts";
import { RegexPattern } from "./_regex_pattern.ts";
import { ResolverMatch } from "./_resolver_match.ts";
import { tried_patterns } from "./_tried.ts";
import type {
  AnyView,
  ErrorHandler,
  Matched,
  Pattern,
  Tried,
  URLConf,
  URLConfModule,
} from "./_types.ts";
import type { URLPattern } from "./_url_pattern.ts";
import { Resolver404 } from "./exceptions.ts";

/** Options of the `URLResolver` constructor. */
export interface URLResolverOptions {
  /** What every view below gets besides what is captured; patterns inside may replace it. */
  default_kwargs?: Kwargs | null | undefined;
  /** The application namespace. */
  app_name?: string | null | undefined;
  /** The instance namespace. */
  namespace?: string | null | undefined;
}

/** Options of `URLResolver.reverse`: either `args` or `kwargs`. */
export interface ReverseArguments {
  /** The values of the parameters, in their order. */
  args?: Iterable<unknown> | null | undefined;
  /** The values of the parameters by name. */
  kwargs?: Readonly<Kwargs> | null | undefined;
}

/** A pattern with more patterns below it. */
export class URLResolver {
  readonly pattern: Pattern;
  /** The URLconf as it was given: a module, or a list. */
  readonly urlconf_name: URLConf;
  readonly default_kwargs: Kwargs;
  readonly app_name: string | null;
  readonly namespace: string | null;
  #patterns: readonly (URLPattern | URLResolver)[] | undefined;
  #index: Index | undefined;
  #tables: ReverseTables | undefined;
  static {
    define_repr(this.prototype);
  }

  constructor(pattern: Pattern, urlconf_name: URLConf, options: URLResolverOptions = {}) {
    this.pattern = pattern;
    this.urlconf_name = urlconf_name;
    this.default_kwargs = Object.assign(new_kwargs(), options.default_kwargs);
    this.app_name = options.app_name ?? null;
    this.namespace = options.namespace ?? null;
  }

  /** The URLconf itself. */
  get urlconf_module(): URLConf {
    return this.urlconf_name;
  }

  /**
   * The patterns, as they were when they were first read.
   * @throws ImproperlyConfigured for a URLconf without a list of patterns.
   */
  get url_patterns(): readonly (URLPattern | URLResolver)[] {
    this.#patterns ??= patterns_of(this.urlconf_name);
    return this.#patterns;
  }

  /**
   * The first pattern that matches, with its view and arguments.
   * @throws Resolver404 if none does. It tells what was tried.
   */
  resolve(path: string): ResolverMatch {
    const text = String(path); // may be a lazy text
    const match = this._find(text);
    if (match !== undefined) return match;
    const rest = this.pattern.match(text)?.[0];
    throw new Resolver404(new NotFound(this, text, rest ?? text));
  }

  /** As `resolve`, without an error. @internal */
  _find(path: string): ResolverMatch | undefined {
    this.#index ??= new Index(this);
    if (this.pattern === ROOT) return this.#index.find(path, 1, path);
    const matched = this.pattern.match(path);
    if (matched === null) return undefined;
    const inner = this.#index.find(matched[0], 0, path);
    return inner === undefined ? undefined : this.#with_own(matched, inner, path);
  }

  /** Every match, in the order of the patterns, each worked out when it is asked for; the first is that of `_find`. @internal */
  *_find_all(path: string): Generator<ResolverMatch, void, undefined> {
    this.#index ??= new Index(this);
    if (this.pattern === ROOT) return yield* this.#index.find_all(path, 1, path);
    const matched = this.pattern.match(path);
    if (matched === null) return;
    for (const inner of this.#index.find_all(matched[0], 0, path))
      yield this.#with_own(matched, inner, path);
  }

  /** The match of an inner pattern with what this one adds. */
  #with_own([, args, captured]: Matched, inner: ResolverMatch, path: string): ResolverMatch {
    const kwargs = Object.assign(new_kwargs(), captured, this.default_kwargs, inner.kwargs);
    const has_kwargs = Object.keys(kwargs).length > 0;
    const options = {
      url_name: inner.url_name,
      app_names: [this.app_name, ...inner.app_names],
      namespaces: [this.namespace, ...inner.namespaces],
      route: inner.route,
      captured_kwargs: inner.captured_kwargs,
      extra_kwargs: Object.assign(new_kwargs(), this.default_kwargs, inner.extra_kwargs),
    };
    return new ResolverMatch(
      inner.func,
      has_kwargs ? inner.args : [...args, ...inner.args],
      kwargs,
      options,
      this,
      path,
    );
  }

  /** The patterns that `resolve` tries for the path. @internal */
  tried(path: string): Tried {
    return tried_patterns(this, path);
  }

  /**
   * The view that answers this status: the URLconf's `handler404` and the like, or the default page.
   * @throws ViewDoesNotExist for a handler that is no function.
   */
  resolve_error_handler(view_type: number): ErrorHandler {
    return error_handler(this.urlconf_name, view_type);
  }

  /**
   * The path to a view or a name, without the script prefix and the leading slash.
   * @throws NoReverseMatch if there is none with these arguments.
   */
  reverse(lookup_view: string | AnyView, options: ReverseArguments = {}): string {
    return build_url(this._tables, lookup_view, "", options);
  }

  /** What `reverse()` looks into. @internal */
  get _tables(): ReverseTables {
    this.#tables ??= new ReverseTables(this);
    return this.#tables;
  }

  /** The included namespaces, each with the pattern that leads there; as they are for the active language. */
  get namespace_dict(): ReadonlyMap<string, NamespaceEntry> {
    return this._tables.current.namespaces;
  }

  /** The application namespaces with their instances, the last declared first. */
  get app_dict(): ReadonlyMap<string, readonly string[]> {
    return this._tables.current.apps;
  }

  /** The names and views that can be reversed, each with its patterns, the last declared first. */
  get reverse_dict(): ReadonlyMap<string | AnyView, readonly unknown[]> {
    return this._tables.current.lookups;
  }

  toString(): string {
    const names = `${repr(this.app_name)}:${repr(this.namespace)}`.replaceAll("'", "");
    return `<URLResolver ${repr_urlconf(this.urlconf_name)} (${names}) ${this.pattern.describe()}>`;
  }
}

/** What a `Resolver404` tells; its text is the message. */
class NotFound {
  readonly path: string;
  readonly #resolver: URLResolver;
  readonly #whole_path: string;

  constructor(resolver: URLResolver, whole_path: string, path: string) {
    this.path = path;
    this.#resolver = resolver;
    this.#whole_path = whole_path;
  }

  get tried(): Tried {
    return this.#resolver.tried(this.#whole_path);
  }

  toString(): string {
    return `No URL pattern matches ${repr(this.#whole_path)}.`;
  }
}

function is_module(urlconf: URLConf): urlconf is URLConfModule {
  return typeof urlconf === "object" && urlconf !== null && "urlpatterns" in urlconf;
}

function patterns_of(urlconf: URLConf): readonly (URLPattern | URLResolver)[] {
  const patterns: unknown = is_module(urlconf) ? urlconf.urlpatterns : urlconf;
  if (typeof patterns === "object" && patterns !== null && Symbol.iterator in patterns)
    return checked(Array.isArray(patterns) ? patterns : [...(patterns as Iterable<unknown>)]);
  throw new ImproperlyConfigured(
    typeof urlconf === "string"
      ? `A URLconf is a module or a list of patterns, not the text ${repr(urlconf)}: import it and give the module itself.`
      : "The URLconf has no list of urlpatterns. If it does export one, two modules may be importing each other.",
  );
}

function checked(patterns: readonly unknown[]): readonly (URLPattern | URLResolver)[] {
  const at = patterns.findIndex(
    (item) => typeof item !== "object" || item === null || !("pattern" in item),
  );
  if (at < 0) return patterns as (URLPattern | URLResolver)[]; // what has a pattern is one of these
  throw new ImproperlyConfigured(
    `urlpatterns[${at}] is ${repr(patterns[at])}: put there what path() or re_path() gives, and a list with "..." before it.`,
  );
}

function repr_urlconf(urlconf: URLConf): string {
  if (is_module(urlconf)) return "<URLconf>";
  const [first] = urlconf;
  return first === undefined ? "[]" : `<${first.constructor.name} list>`;
}

/** What every path begins with. */
const ROOT = new RegexPattern("^/");

let resolvers = new WeakMap<object, URLResolver>();
let root: URLResolver | undefined;

/**
 * The resolver of a URLconf, made once; without one that of `ROOT_URLCONF`.
 * @throws ImproperlyConfigured if `ROOT_URLCONF` is not set.
 */
export function get_resolver(urlconf?: URLConf | null): URLResolver {
  if (!urlconf) return (root ??= resolver_of(settings.ROOT_URLCONF));
  return resolver_of(urlconf);
}

function resolver_of(urlconf: URLConf): URLResolver {
  if (typeof urlconf !== "object") return new URLResolver(ROOT, urlconf);
  let resolver = resolvers.get(urlconf);
  if (resolver === undefined) resolvers.set(urlconf, (resolver = new URLResolver(ROOT, urlconf)));
  return resolver;
}

/** Forgets all resolvers of whole URLconfs. @internal */
export function forget_resolvers(): void {
  resolvers = new WeakMap();
  root = undefined;
}

on_change(["ROOT_URLCONF"], forget_resolvers);
