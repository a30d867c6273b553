/** URLs that begin with the language (Django docs: Translation, "Language prefix in URL patterns"). @module */
import {
  LocalePrefixPattern,
  type LocalePrefixPatternOptions,
} from "../../urls/_locale_pattern.ts";
import type { URLConf } from "../../urls/_types.ts";
import { URLPattern } from "../../urls/_url_pattern.ts";
import { get_resolver, URLResolver } from "../../urls/_url_resolver.ts";
import { path } from "../../urls/conf.ts";
import { set_language } from "../../views/i18n.ts";
import { settings } from "../index.ts";

type Item = URLPattern | URLResolver;

function is_item(value: Item | LocalePrefixPatternOptions): value is Item {
  return value instanceof URLPattern || value instanceof URLResolver;
}

/**
 * Patterns whose URLs begin with the active language: `/de/about/`. For the root URLconf alone. With `USE_I18N` false
 * they stay as they are. The last argument may be the options.
 */
export function i18n_patterns(...urls: (Item | LocalePrefixPatternOptions)[]): Item[] {
  const patterns = urls.filter(is_item);
  if (!settings.USE_I18N) return patterns;
  const options = urls.find((each): each is LocalePrefixPatternOptions => !is_item(each));
  return [new URLResolver(new LocalePrefixPattern(options), patterns)];
}

const known = new WeakMap<object, [used: boolean, prefixed_default: boolean]>();

/** Whether the URLconf uses `i18n_patterns`, and whether URLs of the default language have the prefix as well. */
export function is_language_prefix_patterns_used(
  urlconf?: URLConf | null,
): [used: boolean, prefixed_default: boolean] {
  const { url_patterns } = get_resolver(urlconf);
  let answer = known.get(url_patterns);
  if (answer === undefined) {
    const found = url_patterns.find(
      ({ pattern }) => pattern instanceof LocalePrefixPattern,
    )?.pattern;
    answer =
      found instanceof LocalePrefixPattern ? [true, found.prefix_default_language] : [false, false];
    known.set(url_patterns, answer);
  }
  return answer;
}

/** `setlang/`, where a form chooses the language: `path("i18n/", include(i18n))` with `import * as i18n`. */
export const urlpatterns: readonly Item[] = [
  path("setlang/", set_language, { name: "set_language" }),
];
