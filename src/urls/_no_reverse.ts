/** Why no URL could be built, told so that the mistake can be seen. @module */
import { repr } from "../utils/_python.ts";
import { closest } from "../utils/_closest.ts";
import type { Kwargs } from "./_describe.ts";
import type { Possibility } from "./_possibility.ts";
import type { ReverseTables } from "./_reverse_tables.ts";
import type { AnyView } from "./_types.ts";
import { NoReverseMatch } from "./exceptions.ts";

/** The error for a name, or a view, that no pattern has. */
export function no_such_name(name: string | AnyView, tables: ReverseTables): NoReverseMatch {
  if (typeof name !== "string") {
    return new NoReverseMatch(
      `No URL pattern leads to the view ${label(name)}. A decorated view is another function than the one it wraps: ` +
        "reverse the very function that path() was given, or a name.",
    );
  }
  return new NoReverseMatch(`There is no URL named ${repr(name)}.${hint(name, tables)}`);
}

/** The error for a namespace that is not there. */
export function no_such_namespace(
  name: string,
  namespace: string,
  inside: readonly string[],
  tables: ReverseTables,
): NoReverseMatch {
  const where = inside.length === 0 ? "" : ` inside ${repr(inside.join(":"))}`;
  return new NoReverseMatch(
    `There is no URL named ${repr(name)}: ${repr(namespace)} is no namespace${where}.${hint(name, tables)}`,
  );
}

/** The error for arguments that fit none of the patterns. */
export function arguments_do_not_fit(
  name: string | AnyView,
  possibilities: readonly Possibility[],
  args: readonly unknown[],
  kwargs: Readonly<Kwargs>,
): NoReverseMatch {
  const tried = possibilities.map(
    ({ prefix, forms }) =>
      `${repr(prefix.label)} (${forms.map(({ params }) => takes(params)).join(" or ")})`,
  );
  return new NoReverseMatch(
    `No URL of ${typeof name === "string" ? repr(name) : label(name)} fits ${given(args, kwargs)}. Tried: ${tried.join(", ")}.`,
  );
}

function takes(params: readonly string[]): string {
  return params.length === 0 ? "takes nothing" : `takes ${params.join(", ")}`;
}

function given(args: readonly unknown[], kwargs: Readonly<Kwargs>): string {
  if (args.length > 0) return `the arguments ${repr(args)}`;
  return Object.keys(kwargs).length > 0
    ? `the keyword arguments ${repr({ ...kwargs })}`
    : "a call without arguments";
}

function label(view: AnyView): string {
  return view.name || "<anonymous>";
}

function hint(name: string, tables: ReverseTables): string {
  const known = known_names(tables, "", new Set());
  const near = known.find((each) => each.endsWith(`:${name}`)) ?? closest(name, known);
  return near === undefined ? "" : ` Did you mean ${repr(near)}?`;
}

function known_names(tables: ReverseTables, prefix: string, seen: Set<ReverseTables>): string[] {
  if (seen.has(tables)) return [];
  seen.add(tables);
  const { lookups, namespaces } = tables.current;
  const names: string[] = [];
  for (const name of lookups.keys()) if (typeof name === "string") names.push(prefix + name);
  for (const [namespace, { resolver }] of namespaces)
    names.push(...known_names(resolver._tables, `${prefix}${namespace}:`, seen));
  return names;
}
