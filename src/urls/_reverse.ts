/** From a name and arguments to a URL. @module */
import { ValueError } from "../core/exceptions.ts";
import { quote_reverse } from "../utils/_quote.ts";
import { escape_leading_slashes } from "../utils/http.ts";
import type { Kwargs } from "./_describe.ts";
import { arguments_do_not_fit, no_such_name, no_such_namespace } from "./_no_reverse.ts";
import { join_prefixes, type Possibility, type Prefix } from "./_possibility.ts";
import type { NamespaceEntry, ReverseTables, Tables } from "./_reverse_tables.ts";
import type { AnyView } from "./_types.ts";

/** What the caller gives: values by position or by name. */
export interface Arguments {
  readonly args?: Iterable<unknown> | null | undefined;
  readonly kwargs?: Readonly<Kwargs> | null | undefined;
}

const NOTHING: readonly unknown[] = [];
const NO_KWARGS: Readonly<Kwargs> = {};

/**
 * The URL of a name or a view, with its script prefix.
 * @throws NoReverseMatch if there is none with these arguments; ValueError for `args` together with `kwargs`.
 */
export function build_url(
  tables: ReverseTables,
  lookup: string | AnyView,
  script_prefix: string,
  given: Arguments,
  possibilities: readonly Possibility[] | undefined = tables.current.lookups.get(lookup),
): string {
  const args = given.args ? [...given.args] : NOTHING;
  const kwargs = given.kwargs ?? NO_KWARGS;
  if (args.length > 0 && Object.keys(kwargs).length > 0)
    throw new ValueError("A URL is built from args or from kwargs, not from both.");
  if (possibilities === undefined) throw no_such_name(lookup, tables);
  for (const possibility of possibilities) {
    const path = possibility.build(args, kwargs);
    // never a URL that a browser would take for another host
    if (path !== undefined) return escape_leading_slashes(quote_reverse(script_prefix + path));
  }
  throw arguments_do_not_fit(lookup, possibilities, args, kwargs);
}

/** A namespace that a name leads to, and what stands before its patterns. */
interface Namespace {
  readonly prefix: Prefix;
  readonly tables: ReverseTables;
  /** The patterns of its names, below the prefix, as far as they were asked for. */
  readonly possibilities: Map<string, readonly Possibility[]>;
}

/** What is remembered of one resolver's namespaces. */
interface Memory {
  /** By their full names. */
  readonly namespaces: Map<string, Namespace>;
  /** By the names that were asked for without a current application. */
  readonly names: Map<string, readonly Possibility[]>;
}

const memories = new WeakMap<Tables, Memory>();

function memory_of(tables: Tables): Memory {
  let memory = memories.get(tables);
  if (memory === undefined)
    memories.set(tables, (memory = { namespaces: new Map(), names: new Map() }));
  return memory;
}

/** The URL of `app:name`, `app:inner:name` and so on; see `build_url`. */
export function build_namespaced_url(
  root: ReverseTables,
  name: string,
  current_app: string | null | undefined,
  script_prefix: string,
  given: Arguments,
): string {
  const { names } = memory_of(root.current);
  let found = current_app ? undefined : names.get(name);
  if (found === undefined) {
    found = find_namespaced(root, name, current_app);
    if (!current_app) names.set(name, found);
  }
  return build_url(root, name, script_prefix, given, found);
}

/** @throws NoReverseMatch for a name that is not there. */
function find_namespaced(
  root: ReverseTables,
  name: string,
  current_app: string | null | undefined,
): readonly Possibility[] {
  const path = name.split(":");
  const view = path.pop() ?? "";
  const { prefix, tables, possibilities } = namespace_of(root, path, current_app, name);
  const known = possibilities.get(view);
  if (known !== undefined) return known;
  const found = tables.current.lookups.get(view)?.map((each) => each.below(prefix));
  if (found === undefined) throw no_such_name(name, root);
  possibilities.set(view, found);
  return found;
}

/** Goes from namespace to namespace. A name of an application stands for the current instance, or a default one. */
function namespace_of(
  root: ReverseTables,
  path: readonly string[],
  current_app: string | null | undefined,
  name: string,
): Namespace {
  let current = current_app ? current_app.split(":") : [];
  let at: NamespaceEntry | undefined;
  let tables = root.current;
  let prefix: Prefix | undefined;
  const resolved: string[] = [];
  for (const [depth, part] of path.entries()) {
    const wanted = current[depth];
    const namespace = instance(tables.apps.get(part), part, wanted);
    if (namespace !== wanted) current = [];
    at = tables.namespaces.get(namespace);
    if (at === undefined) throw no_such_namespace(name, part, resolved, root);
    prefix = prefix === undefined ? at.prefix : join_prefixes(prefix, at.prefix);
    resolved.push(namespace);
    tables = at.resolver._tables.current;
  }
  if (at === undefined || prefix === undefined) throw no_such_name(name, root);
  const { namespaces } = memory_of(root.current);
  const key = resolved.join(":");
  let namespace = namespaces.get(key);
  if (namespace === undefined)
    namespaces.set(
      key,
      (namespace = { prefix, tables: at.resolver._tables, possibilities: new Map() }),
    );
  return namespace;
}

function instance(
  instances: readonly string[] | undefined,
  part: string,
  wanted: string | undefined,
): string {
  if (instances === undefined) return part;
  if (wanted !== undefined && instances.includes(wanted)) return wanted;
  return instances.includes(part) ? part : (instances[0] ?? part);
}
