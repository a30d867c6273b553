/** Which API a path lies under, for errors that happen outside of endpoints (docs/api.md, "Errors"). @module */
import type { HttpRequest } from "../http/request.ts";
import { get_resolver, URLResolver } from "../urls/resolvers.ts";
import type { Pattern, URLConf } from "../urls/_types.ts";
import type { API } from "./api.ts";

/** An API, and the patterns that lead to it, the outermost first. */
interface Mount {
  readonly api: API;
  readonly patterns: readonly Pattern[];
}

const apis = new WeakMap<object, API>();
const mounts = new WeakMap<URLResolver, readonly Mount[]>();

/** Remembers which API these URL patterns are of. */
export function remember_api(patterns: object, api: API): void {
  apis.set(patterns, api);
}

/** The API under whose prefix the request's path lies; of several, the one with the longest prefix. */
export function mounted_api(request: HttpRequest): API | undefined {
  let api: API | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const mount of mounts_of(get_resolver(request.urlconf))) {
    const rest = rest_below(mount.patterns, request.path_info);
    if (rest === undefined || rest.length >= shortest) continue;
    shortest = rest.length;
    ({ api } = mount);
  }
  return api;
}

/** The patterns that lead to an API, the outermost first, below the root; `undefined` if it is not mounted. */
export function patterns_to(api: object, root: URLResolver): readonly Pattern[] | undefined {
  return mounts_of(root)
    .find((mount) => mount.api === api)
    ?.patterns.slice(1);
}

/** The APIs that a URLconf mounts, in the order of its patterns. */
export function mounted_apis(root: URLResolver): API[] {
  return [...new Set(mounts_of(root).map(({ api }) => api))];
}

function mounts_of(root: URLResolver): readonly Mount[] {
  let found = mounts.get(root);
  if (found === undefined) mounts.set(root, (found = [...mounts_in(root, [], [])]));
  return found;
}

/** What the patterns, one after the other, leave of the path; `undefined` if they do not match. */
function rest_below(patterns: readonly Pattern[], path: string): string | undefined {
  let rest: string | undefined = path;
  for (const pattern of patterns) {
    if (rest === undefined) break;
    rest = pattern.match(rest)?.[0];
  }
  return rest;
}

function* mounts_in(
  resolver: URLResolver,
  outer: readonly Pattern[],
  around: readonly URLConf[],
): Generator<Mount> {
  const { urlconf_name } = resolver;
  if (around.includes(urlconf_name)) return; // a URLconf may include itself
  const patterns = [...outer, resolver.pattern];
  const api = typeof urlconf_name === "object" ? apis.get(urlconf_name) : undefined;
  if (api !== undefined) return void (yield { api, patterns });
  for (const item of resolver.url_patterns) {
    if (item instanceof URLResolver) yield* mounts_in(item, patterns, [...around, urlconf_name]);
  }
}
