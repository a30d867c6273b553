/** URLs of files during development (Django docs: `django.conf.urls` utility functions, `static()`). @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { AnyView } from "../../urls/_types.ts";
import type { URLPattern } from "../../urls/_url_pattern.ts";
import type { URLResolver } from "../../urls/_url_resolver.ts";
import { re_path } from "../../urls/conf.ts";
import { urlsplit } from "../../utils/_urlsplit.ts";
import { escape } from "../../utils/regex_helper.ts";
import { serve } from "../../views/static.ts";
import { settings } from "../index.ts";

/** Options of `static`. All but `view` is given to the view. */
export interface StaticOptions {
  /** The view, which gets `path`. Default: `serve` of `views/static`. */
  view?: AnyView | undefined;
  /** The directory whose files are served. */
  document_root?: string | URL | undefined;
  /** Whether directories are listed. Default `false`. */
  show_indexes?: boolean | undefined;
  [name: string]: unknown;
}

/**
 * A pattern that serves files below a prefix while `DEBUG`; no pattern otherwise, or if the prefix names a host.
 * `[...patterns, ...static(settings.MEDIA_URL, { document_root: settings.MEDIA_ROOT })]`
 * @throws ImproperlyConfigured for an empty prefix.
 */
function static_(prefix: string, options: StaticOptions = {}): (URLPattern | URLResolver)[] {
  const { view = serve, ...kwargs } = options;
  if (!prefix)
    throw new ImproperlyConfigured(
      "static() needs a prefix, such as settings.MEDIA_URL: an empty one would be the whole site.",
    );
  if (!settings.DEBUG || urlsplit(prefix).netloc !== "") return [];
  const start = escape(prefix.replace(/^\/+/, ""));
  const expression: string = `^${start}(?P<path>.*)$`;
  return [re_path(expression, view, { kwargs })];
}
export { static_ as static };
