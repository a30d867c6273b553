/** Which patterns are tried for a path, one after the other: what the debug page of a 404 shows. @module */
import type { Tried } from "./_types.ts";
import { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

type Chain = (URLPattern | URLResolver)[];

/** The patterns up to the first that matches, or all. An include that matches stands before each of those inside it. */
export function tried_patterns(resolver: URLResolver, path: string): Tried {
  return attempt(resolver, path).tried ?? [];
}

/** `tried` is missing if the resolver's own pattern does not match. */
function attempt(resolver: URLResolver, path: string): { matched: boolean; tried?: Chain[] } {
  const rest = resolver.pattern.match(path)?.[0];
  if (rest === undefined) return { matched: false };
  const tried: Chain[] = [];
  for (const item of resolver.url_patterns) {
    if (item instanceof URLPattern) {
      tried.push([item]);
      if (item.pattern.match(rest) !== null) return { matched: true, tried };
    } else {
      const inner = attempt(item, rest);
      if (inner.tried === undefined) tried.push([item]);
      else for (const chain of inner.tried) tried.push([item, ...chain]);
      if (inner.matched) return { matched: true, tried };
    }
  }
  return { matched: false, tried };
}
