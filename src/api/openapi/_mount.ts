/** Where an API is mounted: the path before its routes, and the parameters in it. @module */
import { get_script_prefix, get_urlconf } from "../../urls/base.ts";
import { as_prefix, join_prefixes, Possibility } from "../../urls/_possibility.ts";
import type { Converter } from "../../urls/converters.ts";
import { get_resolver } from "../../urls/resolvers.ts";
import { RoutePattern } from "../../urls/_route_pattern.ts";
import type { Pattern } from "../../urls/_types.ts";
import { quote_reverse } from "../../utils/_quote.ts";
import { patterns_to } from "../_mounts.ts";

/** A path as a document has it, and the converters of its parameters. */
export interface Template {
  /** `/orgs/{org}/api/`. */
  readonly path: string;
  readonly converters: Readonly<Record<string, Converter>>;
}

/** What stands before the routes of the API. An API that no URLconf mounts is taken to be at the root. */
export function mount_of(api: object): Template {
  const script_prefix = get_script_prefix();
  const patterns = patterns_to(api, get_resolver(get_urlconf())) ?? [];
  const { path, converters } = template_of(patterns);
  return { path: script_prefix + path, converters };
}

/** A route as a template. */
export function template_of_route(route: string): Template {
  return template_of([new RoutePattern(route)]);
}

function template_of(patterns: readonly Pattern[]): Template {
  const [first, ...others] = patterns.map(as_prefix);
  if (first === undefined) return { path: "", converters: {} };
  const whole = others.reduce(join_prefixes, first);
  const [form] = new Possibility(whole, {}).forms;
  const pieces = (form?.pieces ?? []).map((piece) =>
    typeof piece === "string" ? quote_reverse(piece) : `{${piece.param}}`,
  );
  return { path: pieces.join(""), converters: whole.converters };
}
