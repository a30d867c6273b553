/** Finding views and building URLs (Django docs: `django.urls` utility functions). @module */
import { on_change } from "../conf/index.ts";
import { decode } from "../utils/_codecs.ts";
import { task, task_to_write, use_tasks } from "../utils/_task.ts";
import { urlsplit, urlunsplit } from "../utils/_urlsplit.ts";
import { type Lazy, lazy } from "../utils/functional.ts";
import { override } from "../utils/_active_language.ts";
import type { Kwargs } from "./_describe.ts";
import { type Query, query_text } from "./_query.ts";
import type { ResolverMatch } from "./_resolver_match.ts";
import { build_namespaced_url, build_url } from "./_reverse.ts";
import type { AnyView, URLConf } from "./_types.ts";
import { forget_resolvers, get_resolver } from "./_url_resolver.ts";
import { NoReverseMatch } from "./exceptions.ts";

/** Options of `resolve` and `is_valid_path`. */
export interface ResolveOptions {
  /** The URLconf. Default: that of the task, or else `ROOT_URLCONF`. */
  urlconf?: URLConf | null | undefined;
}

/** Options of `reverse` and `reverse_lazy`. Parameters are given either as `args` or as `kwargs`. */
export interface ReverseOptions {
  /** The URLconf. Default: that of the task, or else `ROOT_URLCONF`. */
  urlconf?: URLConf | null | undefined;
  /** The values of the parameters, in their order. */
  args?: Iterable<unknown> | null | undefined;
  /** The values of the parameters by name. */
  kwargs?: Readonly<Kwargs> | null | undefined;
  /** The instance namespace, or several joined with `:`, that a name of an application stands for if it can. */
  current_app?: string | null | undefined;
  /** The query string, as an object, pairs or a `QueryDict`. An empty one adds nothing. */
  query?: Query | null | undefined;
  /** What follows `#`. It is put there as it is. */
  fragment?: string | null | undefined;
}

/**
 * The view that a path leads to, and what the path gives it.
 * @throws Resolver404 if no pattern matches.
 */
export function resolve(path: string, options: ResolveOptions = {}): ResolverMatch {
  return get_resolver(options.urlconf ?? get_urlconf()).resolve(path);
}

/** The match of a path, or `false` if no pattern matches. */
export function is_valid_path(path: string, options: ResolveOptions = {}): ResolverMatch | false {
  return get_resolver(options.urlconf ?? get_urlconf())._find(String(path)) ?? false;
}

/**
 * The URL of a name (`"polls:detail"`) or of a view, with the script prefix; what is given is percent-encoded. Of several
 * patterns with the name, the last declared that fits is taken.
 * @throws NoReverseMatch if none fits; ValueError for `args` together with `kwargs`.
 */
export function reverse(viewname: string | AnyView, options: ReverseOptions = {}): string {
  const tables = get_resolver(options.urlconf ?? get_urlconf())._tables;
  const prefix = get_script_prefix();
  let url =
    typeof viewname === "string" && viewname.includes(":")
      ? build_namespaced_url(tables, viewname, options.current_app, prefix, options)
      : build_url(tables, viewname, prefix, options);
  if (options.query) {
    const query = query_text(options.query);
    if (query !== "") url += `?${query}`;
  }
  if (typeof options.fragment === "string") url += `#${options.fragment}`;
  return url;
}

/** `reverse` at each use: for a URL that is named before the URLconf is there. */
export const reverse_lazy: (viewname: string | AnyView, options?: ReverseOptions) => Lazy<string> =
  lazy(reverse, String);

/** Forgets the resolvers, after a URLconf was changed. */
export function clear_url_caches(): void {
  forget_resolvers();
}

/** What all URLs of this task begin with: `/`, unless the application is mounted deeper. Always ends in `/`. */
export function get_script_prefix(): string {
  return task().script_prefix ?? "/";
}

/** Sets what all URLs of this task begin with; a slash is put behind it if there is none. */
export function set_script_prefix(prefix: string): void {
  const whole = prefix.endsWith("/") ? prefix : `${prefix}/`;
  if (whole === get_script_prefix()) return;
  use_tasks();
  task_to_write().script_prefix = whole;
}

/** Goes back to the prefix `/`. */
export function clear_script_prefix(): void {
  delete task_to_write().script_prefix;
}

/** The URLconf that was set for this task, or else the default. */
export function get_urlconf(): URLConf | undefined;
export function get_urlconf<T>(default_value: T): URLConf | T;
export function get_urlconf(default_value?: unknown): unknown {
  return task().urlconf ?? default_value;
}

/** Sets the URLconf of this task; `null` goes back to `ROOT_URLCONF`. */
export function set_urlconf(urlconf_name: URLConf | null | undefined): void {
  if (urlconf_name) {
    use_tasks();
    task_to_write().urlconf = urlconf_name;
  } else if (task().urlconf !== undefined) {
    delete task_to_write().urlconf;
  }
}

on_change(["ROOT_URLCONF"], () => set_urlconf(null));

/** A URL of this site in another language, if its pattern has one; otherwise the URL as it is. */
export function translate_url(url: string, lang_code: string): string {
  const parts = urlsplit(url);
  const match = is_valid_path(unquote(parts.path));
  const name = match && match.url_name;
  if (!match || name === null || name === false) return url;
  const full_name = match.namespace === "" ? name : `${match.namespace}:${name}`;
  try {
    const { args, kwargs } = match;
    const path = override(lang_code, {}, () => reverse(full_name, { args, kwargs }));
    return urlunsplit({ ...parts, path });
  } catch (error) {
    if (error instanceof NoReverseMatch) return url;
    throw error;
  }
}

function unquote(path: string): string {
  return path.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    decode(Buffer.from(run.replaceAll("%", ""), "hex"), "utf-8", "replace"),
  );
}
