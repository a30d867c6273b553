/** What a URLconf is written with: `path`, `re_path`, `include` (Django docs: URL dispatcher). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { repr } from "../utils/_python.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import type { Kwargs } from "./_describe.ts";
import { LocalePrefixPattern } from "./_locale_pattern.ts";
import type { Given, RegexArguments } from "./_params.ts";
import { RegexPattern } from "./_regex_pattern.ts";
import { RoutePattern } from "./_route_pattern.ts";
import type { AnyView, Included, Pattern, URLConf, URLPatterns, View } from "./_types.ts";
import { URLPattern } from "./_url_pattern.ts";
import { URLResolver } from "./_url_resolver.ts";

/** Options of `path` and `re_path`. */
export interface PathOptions<Extra extends object = object> {
  /** What the view gets besides what is captured; it wins over a captured value of the same name. */
  kwargs?: Extra | null | undefined;
  /** The name of the URL, for `reverse()`. */
  name?: string | null | undefined;
}

/**
 * A URL pattern: `path("articles/<int:year>/", (request, { year }) => …, { name: "archive" })`, or one with an `include()`.
 * The view is given what the route captures; asking for more does not compile.
 * @throws ImproperlyConfigured for a route that is written wrongly; TypeError for a view that is none.
 */
export function path<const Route extends string, Extra extends object = {}>(
  route: Route,
  view: View<Given<Route, NoInfer<Extra>>> | Included,
  options: PathOptions<Extra> = {},
): URLPattern | URLResolver {
  return make_pattern(route, view, options, RoutePattern);
}

/** `path` for patterns that are included below the route `Outer`: their views also get what that one captures. */
export type PathWithin<Outer extends string> = <
  const Route extends string,
  Extra extends object = {},
>(
  route: Route,
  view: View<Given<`${Outer}${Route}`, NoInfer<Extra>>> | Included,
  options?: PathOptions<Extra>,
) => URLPattern | URLResolver;

/**
 * `path`, for the URLconf of an include: `const path = path_within("orgs/<int:org>/")` lets views ask for `org` as well.
 * It changes types only.
 * @param _outer The route, or the routes one after the other, under which the URLconf is included.
 */
export function path_within<const Outer extends string>(_outer: Outer): PathWithin<Outer> {
  return path as PathWithin<Outer>; // the outer captures arrive with the others
}

/**
 * A URL pattern as a regular expression: text in Python's syntax, or a `RegExp`. What it captures stays text. Named groups
 * come as one object, else unnamed ones by position. A wrong expression is told when it is first used. How long it takes
 * is up to you: one like `(a+)+` takes for ever on the path that somebody chooses for it. The system check `nuages.W001`
 * warns about such.
 * @throws TypeError for a view that is none.
 */
export function re_path<const Expression extends string, Extra extends object = {}>(
  route: Expression | RegExp,
  view:
    | ((
        request: HttpRequest,
        ...args: RegexArguments<Expression, NoInfer<Extra>>
      ) => Awaitable<HttpResponseBase>)
    | Included,
  options: PathOptions<Extra> = {},
): URLPattern | URLResolver {
  // a view of these arguments is a view, which the compiler cannot see while Expression is open
  return make_pattern(route, view as AnyView | Included, options, RegexPattern);
}

type PatternClass<Route> = new (
  route: Route,
  options: { name?: string | null | undefined; is_endpoint: boolean },
) => Pattern;

function make_pattern<Route extends string | RegExp>(
  route: Route,
  view: AnyView | Included,
  { kwargs, name }: PathOptions,
  Class: PatternClass<Route>,
): URLPattern | URLResolver {
  const extra = checked_kwargs(route, kwargs);
  if (is_included(view)) {
    const [urlconf, app_name, namespace] = view;
    const pattern = new Class(route, { is_endpoint: false });
    return new URLResolver(pattern, urlconf, { default_kwargs: extra, app_name, namespace });
  }
  const complaint = wrong_view(view);
  if (complaint !== undefined) throw new TypeError(`The route ${show(route)} ${complaint}`);
  return new URLPattern(new Class(route, { name, is_endpoint: true }), view, {
    default_args: extra,
    name,
  });
}

function show(route: string | RegExp): string {
  return typeof route === "string" ? repr(route) : String(route);
}

function is_included(view: unknown): view is Included {
  return Array.isArray(view) && view.length === 3 && !view.some(is_pattern);
}

function is_pattern(item: unknown): item is URLPattern | URLResolver {
  return item instanceof URLPattern || item instanceof URLResolver;
}

function checked_kwargs(route: string | RegExp, kwargs: unknown): Kwargs | undefined {
  if (kwargs === undefined || kwargs === null) return undefined;
  const prototype: unknown = typeof kwargs === "object" ? Object.getPrototypeOf(kwargs) : undefined;
  if (prototype !== null && prototype !== Object.prototype)
    throw new TypeError(
      `The kwargs of the route ${show(route)} must be a plain object, not ${repr(kwargs)}.`,
    );
  return kwargs as Kwargs; // a plain object
}

/** What is wrong with a view, or `undefined`. */
function wrong_view(view: unknown): string | undefined {
  if (typeof view === "function") {
    if ("as_view" in view) return `has a class for a view: give ${view.name}.as_view().`;
    const is_class = /^class\b/.test(Function.prototype.toString.call(view));
    return is_class ? `has the class ${view.name} for a view: give a function.` : undefined;
  }
  if (Array.isArray(view)) return "has a list for a view: put include() around it.";
  const made_by = typeof view === "object" ? view?.constructor : undefined;
  if (typeof made_by === "function" && "as_view" in made_by)
    return `has an instance of ${made_by.name} for a view: give ${made_by.name}.as_view().`;
  return `needs a view, a function from a request to a response, or an include(); it has ${repr(view)}.`;
}

/** Options of `include`. */
export interface IncludeOptions {
  /** The name of this instance of the application. Default: the application's own name. */
  namespace?: string | null | undefined;
}

/** Patterns, or a URLconf, with their application namespace. */
export type AppPatterns = readonly [patterns: URLConf, app_name: string | null | undefined];

/**
 * Another URLconf below a route: `path("polls/", include(polls_urls))`. A list may come with an application namespace, as
 * a URLconf with its `app_name`: `include([patterns, "polls"])`.
 * @throws ImproperlyConfigured for a namespace without an application namespace, and for `i18n_patterns` in what is included.
 */
export function include(arg: URLConf | AppPatterns, options: IncludeOptions = {}): Included {
  const [urlconf, given_name] = is_app_patterns(arg) ? arg : [arg as URLConf, undefined];
  if (typeof urlconf !== "object" || urlconf === null)
    throw new ImproperlyConfigured(
      `include() takes a URLconf, a module or a list of patterns, not ${repr(urlconf)}: import it and give the module itself.`,
    );
  const app_name = ("app_name" in urlconf ? urlconf.app_name : undefined) ?? given_name;
  const { namespace } = options;
  if (namespace && !app_name)
    throw new ImproperlyConfigured(
      `include() got the namespace ${repr(namespace)} for patterns without an application namespace. ` +
        "Export app_name beside urlpatterns, or include [patterns, app_name].",
    );
  refuse_i18n_patterns(urlconf);
  return [urlconf, app_name, namespace || app_name];
}

/** A pair is told from a list of two patterns by its first item. */
function is_app_patterns(arg: URLConf | AppPatterns): arg is AppPatterns {
  if (!Array.isArray(arg)) return false;
  const items: unknown[] = arg;
  if (items.every(is_pattern)) return false;
  if (items.length === 2 && !is_pattern(items[0])) return true;
  throw new ImproperlyConfigured(
    `include() takes a list of patterns, or a pair of such a list and an app_name; it got a list of ${items.length} items, ` +
      "some of which are no patterns. An instance namespace goes into the options: { namespace }.",
  );
}

function refuse_i18n_patterns(urlconf: URLConf): void {
  const patterns: URLPatterns = "urlpatterns" in urlconf ? urlconf.urlpatterns : urlconf;
  if (!Array.isArray(patterns)) return;
  if (patterns.some((item) => is_pattern(item) && item.pattern instanceof LocalePrefixPattern))
    throw new ImproperlyConfigured(
      "i18n_patterns() belong into the root URLconf; they cannot be included.",
    );
}
