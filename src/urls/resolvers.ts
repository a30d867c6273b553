/** The objects behind URL patterns (Django: `urls/resolvers`). @module */
export { CheckURLMixin, type PatternOptions } from "./_describe.ts";
export { LocalePrefixPattern, type LocalePrefixPatternOptions } from "./_locale_pattern.ts";
export { RegexPattern } from "./_regex_pattern.ts";
export { ResolverMatch, type ResolverMatchOptions } from "./_resolver_match.ts";
export { whitespace_set } from "./_route.ts";
export { RoutePattern } from "./_route_pattern.ts";
export { URLPattern, type URLPatternOptions } from "./_url_pattern.ts";
export {
  get_resolver,
  type ReverseArguments,
  URLResolver,
  type URLResolverOptions,
} from "./_url_resolver.ts";
export type { Matched, Pattern, Tried } from "./_types.ts";
