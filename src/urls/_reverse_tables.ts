/** What `reverse()` looks into: the patterns of each name and view, the namespaces, the applications. @module */
import { get_language } from "../utils/_active_language.ts";
import { LocalePrefixPattern } from "./_locale_pattern.ts";
import { as_prefix, join_prefixes, Possibility, type Prefix } from "./_possibility.ts";
import type { AnyView } from "./_types.ts";
import { URLPattern } from "./_url_pattern.ts";
import type { URLResolver } from "./_url_resolver.ts";

/** A namespace below a resolver. */
export interface NamespaceEntry {
  /** What leads there. */
  readonly prefix: Prefix;
  /** The include that has the namespace. */
  readonly resolver: URLResolver;
}

/** The tables of one resolver. */
export interface Tables {
  /** The patterns of each name and view, the last declared first. */
  readonly lookups: Map<string | AnyView, Possibility[]>;
  readonly namespaces: Map<string, NamespaceEntry>;
  /** The instances of each application, the last declared first. */
  readonly apps: Map<string, string[]>;
  /** Whether they hold for one language only. */
  readonly by_language: boolean;
}

function no_tables(by_language = false): Tables {
  return { lookups: new Map(), namespaces: new Map(), apps: new Map(), by_language };
}

/** The tables of a resolver, made when they are first needed. */
export class ReverseTables {
  readonly #resolver: URLResolver;
  #always: Tables | undefined;
  readonly #by_language = new Map<string, Tables>();
  #is_building = false;

  constructor(resolver: URLResolver) {
    this.#resolver = resolver;
  }

  /** The tables for the active language. */
  get current(): Tables {
    return this.#always ?? this.#for_language(get_language() ?? "");
  }

  #for_language(language: string): Tables {
    let tables = this.#by_language.get(language);
    if (tables !== undefined) return tables;
    if (this.#is_building) return no_tables(); // a URLconf that includes itself
    this.#is_building = true;
    try {
      tables = build(this.#resolver);
    } finally {
      this.#is_building = false;
    }
    if (tables.by_language) this.#by_language.set(language, tables);
    else this.#always = tables;
    return tables;
  }
}

function build(resolver: URLResolver): Tables {
  const tables = no_tables(resolver.url_patterns.some(depends_on_language));
  for (const item of resolver.url_patterns.toReversed()) {
    if (item instanceof URLPattern) add_pattern(tables, item);
    else if (item.app_name)
      add_namespace(tables, item, item.app_name, item.namespace ?? item.app_name);
    else add_include(tables, item);
  }
  return tables;
}

function depends_on_language(item: URLPattern | URLResolver): boolean {
  if (item instanceof URLPattern) return false;
  return item.pattern instanceof LocalePrefixPattern || item._tables.current.by_language;
}

function push<K, V>(map: Map<K, V[]>, key: K, ...values: readonly V[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...values]);
  else list.push(...values);
}

function add_pattern({ lookups }: Tables, item: URLPattern): void {
  const possibility = new Possibility(as_prefix(item.pattern), item.default_args);
  if (possibility.prefix.parts === undefined) {
    void item.pattern.regex; // a wrong expression, or one that cannot be reversed, is not passed over in silence
    void possibility.forms;
  }
  push(lookups, item.callback, possibility);
  if (item.name !== null) push(lookups, item.name, possibility);
}

function add_namespace(
  { apps, namespaces }: Tables,
  item: URLResolver,
  app_name: string,
  namespace: string,
): void {
  void item._tables.current; // what is wrong inside is told at once, as in Django
  push(apps, app_name, namespace);
  namespaces.set(namespace, { prefix: as_prefix(item.pattern), resolver: item });
}

function add_include(tables: Tables, item: URLResolver): void {
  const prefix = as_prefix(item.pattern);
  const inner = item._tables.current;
  for (const [name, possibilities] of inner.lookups) {
    for (const each of possibilities)
      push(tables.lookups, name, each.below(prefix, item.default_kwargs));
  }
  for (const [namespace, entry] of inner.namespaces)
    tables.namespaces.set(namespace, {
      prefix: join_prefixes(prefix, entry.prefix),
      resolver: entry.resolver,
    });
  for (const [app_name, namespaces] of inner.apps) push(tables.apps, app_name, ...namespaces);
}
