/** Where an API is mounted: the path before its routes, and the parameters in it. @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import { get_script_prefix, get_urlconf } from "../../urls/base.ts";
import { as_prefix, join_prefixes, Possibility } from "../../urls/_possibility.ts";
import type { Converter } from "../../urls/converters.ts";
import { get_resolver, type URLResolver } from "../../urls/resolvers.ts";
import { RoutePattern } from "../../urls/_route_pattern.ts";
import type { Pattern } from "../../urls/_types.ts";
import { quote_reverse } from "../../utils/_quote.ts";
import { patterns_to } from "../_mounts.ts";

/** A path as a document has it. */
export interface Template {
  /** `/orgs/{org}/api/`. */
  readonly path: string;
  /** Its parameters in their order; those of a regular expression have no converter. */
  readonly parameters: readonly PathParameter[];
}

/** A parameter of a path. */
export interface PathParameter {
  readonly name: string;
  readonly converter: Converter | undefined;
}

/** What stands before the routes of the API. An API that no URLconf mounts is taken to be at the root. */
export function mount_of(api: object): Template {
  const script_prefix = get_script_prefix();
  const root = root_resolver();
  const patterns = root && patterns_to(api, root);
  const { path, parameters } = template_of(patterns ?? []);
  return { path: script_prefix + path, parameters };
}

/** The resolver of the task or the project; `undefined` without a URLconf: a document can be printed without one. */
export function root_resolver(): URLResolver | undefined {
  try {
    return get_resolver(get_urlconf());
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return undefined;
    throw error;
  }
}

/** A route as a template. */
export function template_of_route(route: string): Template {
  return template_of([new RoutePattern(route)]);
}

function template_of(patterns: readonly Pattern[]): Template {
  const [first, ...others] = patterns.map(as_prefix);
  if (first === undefined) return { path: "", parameters: [] };
  const { converters, ...whole } = others.reduce(join_prefixes, first);
  const [form] = new Possibility({ converters, ...whole }, {}).forms;
  const parameters: PathParameter[] = [];
  const pieces = (form?.pieces ?? []).map((piece) => {
    if (typeof piece === "string") return quote_reverse(piece);
    const { param: name } = piece;
    parameters.push({ name, converter: converters[name] });
    return `{${name}}`;
  });
  return { path: pieces.join(""), parameters };
}
