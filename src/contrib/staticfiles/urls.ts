/** The URLs of static files during development. @module */
import { static as static_patterns } from "../../conf/urls/static.ts";
import { settings } from "../../conf/index.ts";
import type { URLPattern } from "../../urls/_url_pattern.ts";
import type { URLResolver } from "../../urls/_url_resolver.ts";
import { serve } from "./views.ts";

/** Options of `staticfiles_urlpatterns`. */
export interface StaticfilesUrlpatternsOptions {
  /** Where the files are. Default `settings.STATIC_URL`. */
  prefix?: string | null | undefined;
}

/**
 * The pattern that serves static files while `DEBUG`, to be put behind those of the site; no pattern otherwise.
 * @throws ImproperlyConfigured without a prefix and without `STATIC_URL`.
 */
export function staticfiles_urlpatterns(
  options: StaticfilesUrlpatternsOptions = {},
): (URLPattern | URLResolver)[] {
  return static_patterns(options.prefix ?? settings.STATIC_URL ?? "", { view: serve });
}
