/** What a URLconf is made of: views, patterns, and the objects that hold them. @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import type { RoutePart } from "./_route.ts";
import type { Shape } from "./_shape.ts";
import type { Converter } from "./converters.ts";
import type { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** A view whose URL gives it these kwargs; it may ask for fewer of them. */
export type View<Kwargs = Record<string, unknown>> = (
  request: HttpRequest,
  kwargs: Kwargs,
) => Awaitable<HttpResponseBase>;

/** Any view, whatever arguments it asks for: what a decorator takes. */
export type AnyView = (request: HttpRequest, ...args: never[]) => Awaitable<HttpResponseBase>;

/**
 * A view as the handler calls it: `view(request, kwargs)`; with unnamed groups `view(request, ...args)`, and
 * `view(request, ...args, kwargs)` if there are kwargs as well.
 */
export type Callback = (request: HttpRequest, ...args: unknown[]) => Awaitable<HttpResponseBase>;

/** A list of what `path`, `re_path` and `i18n_patterns` return. */
export type URLPatterns = Iterable<URLPattern | URLResolver>;

/** A view that answers an error: `handler404(request, exception)`; `handler500` gets no exception. */
export type ErrorHandler = (
  request: HttpRequest,
  exception: unknown,
) => Awaitable<HttpResponseBase>;

/** What a pattern made of a path: the rest of it, and what it captured. */
export type Matched = readonly [rest: string, args: unknown[], kwargs: Record<string, unknown>];

/** How a path compares with one pattern: a `RoutePattern`, a `RegexPattern` or a `LocalePrefixPattern`. */
export interface Pattern {
  /** The name of the URL, for messages. */
  readonly name?: string | null | undefined;
  /** The converters of its parameters, by name. */
  readonly converters: Readonly<Record<string, Converter>>;
  /** The pattern as a JavaScript expression. */
  readonly regex: RegExp;
  /** The pattern in Python's syntax, which is what `reverse()` reads. @internal */
  readonly _source: string;
  /** The pattern as text and parameters, if it is no regular expression. @internal */
  readonly _parts: readonly RoutePart[] | undefined;
  /** Whether it must match to the end. @internal */
  readonly _is_endpoint: boolean;
  /** How the index of a resolver finds the pattern. @internal */
  readonly _shape: Shape;
  /** The rest and the captures, or `null`. */
  match(path: string): Matched | null;
  /** The pattern with its name, for messages. */
  describe(): string;
  /** The pattern as it was written. */
  toString(): string;
}

/** Which patterns were tried: each a chain from the outermost include to the pattern. */
export type Tried = readonly (readonly (URLPattern | URLResolver)[])[];

/** A module, or an object, with a list of patterns. */
export interface URLConfModule {
  /** The patterns, of which the first that matches wins. */
  readonly urlpatterns: URLPatterns;
  /** The application namespace of the patterns, when they are included. */
  readonly app_name?: string | undefined;
  /** Answers a bad request. Read from the root URLconf alone, as the three below. */
  readonly handler400?: ErrorHandler | undefined;
  /** Answers `PermissionDenied`. */
  readonly handler403?: ErrorHandler | undefined;
  /** Answers a path that no pattern matches, and `Http404`. */
  readonly handler404?: ErrorHandler | undefined;
  /** Answers an error that nothing else handled. */
  readonly handler500?: ((request: HttpRequest) => Awaitable<HttpResponseBase>) | undefined;
}

/** A module with `urlpatterns`, or the patterns themselves. */
export type URLConf = URLConfModule | URLPatterns;

/** What `include` returns: the patterns, their application namespace, and the namespace of this instance. */
export type Included = readonly [
  urlconf: URLConf,
  app_name: string | null | undefined,
  namespace: string | null | undefined,
];
