/** URLs: which view answers a path, and which path leads to a view (Django docs: URL dispatcher). @module */
export {
  clear_script_prefix,
  clear_url_caches,
  get_script_prefix,
  get_urlconf,
  is_valid_path,
  resolve,
  type ResolveOptions,
  reverse,
  reverse_lazy,
  type ReverseOptions,
  set_script_prefix,
  set_urlconf,
  translate_url,
} from "./base.ts";
export {
  type AppPatterns,
  include,
  type IncludeOptions,
  path,
  path_within,
  type PathOptions,
  type PathWithin,
  re_path,
} from "./conf.ts";
export {
  type Converter,
  get_converters,
  IntConverter,
  PathConverter,
  register_converter,
  SlugConverter,
  StringConverter,
  UUIDConverter,
} from "./converters.ts";
export { NoReverseMatch, Resolver404, type Resolver404Details } from "./exceptions.ts";
export {
  get_resolver,
  LocalePrefixPattern,
  type LocalePrefixPatternOptions,
  type Matched,
  type Pattern,
  type PatternOptions,
  RegexPattern,
  ResolverMatch,
  type ResolverMatchOptions,
  type ReverseArguments,
  RoutePattern,
  type Tried,
  URLPattern,
  type URLPatternOptions,
  URLResolver,
  type URLResolverOptions,
} from "./resolvers.ts";
export { get_callable } from "./utils.ts";
export type {
  AnyView,
  Callback,
  ErrorHandler,
  Included,
  URLConf,
  URLConfModule,
  URLPatterns,
  View,
} from "./_types.ts";
export type { Converters, Params, RegexArguments } from "./_params.ts";
