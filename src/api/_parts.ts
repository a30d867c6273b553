/** The parts of a request that a spec may declare, each as the object or value that its schema is to check. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { HttpHeaders, type HttpRequest } from "../http/request.ts";
import { error_text } from "../utils/_error_text.ts";
import { log } from "../utils/_logger.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { split_header_value } from "../utils/_header_values.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import { Coercion, type Plan, type Values } from "./_coercion.ts";
import { form_values, read_body, read_form } from "./_request_body.ts";
import type { Parser } from "./parsers.ts";
import { is_schema, json_schema, json_schema_failure, type Schema } from "./schema.ts";
import type { HandlerPart, Spec } from "./spec.ts";

/** Takes a part from a request. */
export type Source = (
  request: HttpRequest,
  kwargs: Readonly<Values>,
  parsers: readonly Parser[],
) => Maybe<unknown>;

/** A part that is declared. */
export interface Part {
  readonly name: PartName;
  readonly loc: readonly [PartName];
  readonly schema: Schema;
  readonly source: Source;
}

type PartName = "path" | HandlerPart;

// In the order in which their faults are told.
const SOURCES: Readonly<Record<PartName, (schema: Schema) => Source>> = {
  path: path_source,
  query: query_source,
  headers: headers_source,
  cookies: cookies_source,
  body: () => (request, _kwargs, parsers) => read_body(request, parsers),
  form: form_source,
};

/** The names of what a handler is given besides the values of the path. */
export const HANDLER_PARTS: ReadonlySet<string> = new Set(
  Object.keys(SOURCES).filter((name) => name !== "path"),
);

/**
 * The parts that a spec declares.
 * @param label What errors call the endpoint.
 * @throws ImproperlyConfigured for a part that is no schema.
 */
export function parts_of(spec: Spec, label: string): Part[] {
  const parts: Part[] = [];
  for (const name of Object.keys(SOURCES) as PartName[]) {
    const schema = spec[name]; // the keys of SOURCES are these names
    if (schema === undefined) continue;
    if (!is_schema(schema))
      throw new ImproperlyConfigured(
        `The ${name} of ${label} is ${repr(schema)}, which is no schema: write one, such as z.object({ … }).`,
      );
    if (CONVERTED.has(name)) tell_if_text(spec, name, label, schema);
    parts.push({ name, loc: [name], schema, source: SOURCES[name](schema) });
  }
  return parts;
}

/** The parts of which all is text before it is converted. */
const CONVERTED: ReadonlySet<PartName> = new Set(["query", "headers", "cookies", "form"]);

// An endpoint is made twice where its route is known later: the parts of its spec that were told of.
const told = new WeakMap<Spec, Set<PartName>>();

/** Without a JSON Schema nothing can be converted: a number would be refused, whatever a client sends. */
function tell_if_text(spec: Spec, name: PartName, label: string, schema: Schema): void {
  if (json_schema(schema, "input") !== undefined) return;
  const names = told.get(spec) ?? new Set();
  if (names.has(name)) return;
  told.set(spec, names.add(name));
  log(
    "nuages.api",
    "warning",
    `All values in the ${name} of ${label} stay text: ${why_text(schema)}`,
  );
}

function why_text(schema: Schema): string {
  const failure = json_schema_failure(schema, "input");
  if (failure !== undefined) return `its JSON Schema cannot be made (${error_text(failure)}).`;
  const { vendor } = schema["~standard"];
  return `its schema has no JSON Schema. ${REMEDIES.get(vendor) ?? OTHER_REMEDY}`;
}

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["valibot", "Wrap it in toStandardJsonSchema() of @valibot/to-json-schema."],
  ["zod", "Make it with zod 4.2 or newer, and with zod instead of zod/mini."],
]);
const OTHER_REMEDY = "Take a library with Standard JSON Schema, such as zod or ArkType.";

function coercion_of(schema: Schema): Coercion {
  return new Coercion(json_schema(schema, "input"));
}

function no_values(): Values {
  return Object.create(null) as Values; // an object without a prototype is one
}

/** What converters have left text becomes what the schema declares, too. */
function path_source(schema: Schema): Source {
  const coercion = coercion_of(schema);
  return (_request, kwargs) => {
    const values = no_values();
    for (const name of Object.keys(kwargs)) values[name] = coercion.plan(name).one(kwargs[name]);
    return values;
  };
}

function query_source(schema: Schema): Source {
  const coercion = coercion_of(schema);
  return (request) => {
    const fields = request._query_fields();
    return fields === undefined
      ? values_of(request.GET.lists(), coercion)
      : values_of_fields(fields, coercion);
  };
}

/** The same as `values_of` without a list for what need not be one. @param fields Names and values in turn. */
function values_of_fields(fields: readonly string[], coercion: Coercion): Values {
  const values = no_values();
  let lists: MultiValueDict<string> | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? "";
    const value = fields[at + 1] ?? "";
    const plan = coercion.plan(name);
    if (plan.takes_all) (lists ??= new MultiValueDict()).appendlist(name, value);
    else plan.put_one(values, name, value);
  }
  if (lists !== undefined)
    for (const [name, list] of lists.lists()) coercion.plan(name).put(values, name, list);
  return values;
}

function values_of(
  lists: Iterable<readonly [name: string, values: readonly unknown[]]>,
  coercion: Coercion,
): Values {
  const values = no_values();
  for (const [name, list] of lists) coercion.plan(name).put(values, name, list);
  return values;
}

function cookies_source(schema: Schema): Source {
  const coercion = coercion_of(schema);
  return ({ COOKIES: cookies }) => {
    const values = no_values();
    for (const name of Object.keys(cookies)) coercion.plan(name).put(values, name, [cookies[name]]);
    return values;
  };
}

function form_source(schema: Schema): Source {
  const coercion = coercion_of(schema);
  return (request) =>
    and_then(read_form(request), (form) =>
      form === undefined ? no_values() : values_of(form_values(form), coercion),
    );
}

/** The headers that the schema names; all others only for a schema that may look at them. */
function headers_source(schema: Schema): Source {
  const coercion = coercion_of(schema);
  if (coercion.names.length === 0 && coercion.is_open) return any_headers;
  const named = coercion.names.map(
    (name) => [name, HttpHeaders.to_wsgi_name(name), coercion.plan(name)] as const,
  );
  const known = new Set(named.map(([, meta_name]) => meta_name));
  return (request) => {
    const values = no_values();
    for (const [name, meta_name, plan] of named) {
      const text = request._meta_value(meta_name);
      if (text !== undefined) put_header(values, name, text, plan);
    }
    if (!coercion.is_open) return values;
    for (const [name, text] of request.headers.items())
      if (!known.has(HttpHeaders.to_wsgi_name(name)))
        put_header(values, name, text, coercion.plan(name));
    return values;
  };
}

/** A list in a header has commas, and so has a header that came more than once (RFC 9110 §5.3). */
function put_header(values: Values, name: string, text: string, plan: Plan): void {
  plan.put(values, name, plan.is_list ? [...split_header_value(text)] : [text]);
}

/**
 * All headers under their usual names, for a schema that does not say which it names. It finds them as `x-request-id`
 * and `x_request_id`, too: those are properties of the prototype, which nobody lists.
 */
function any_headers({ headers }: HttpRequest): Values {
  const spellings = no_values();
  const values = Object.create(spellings) as Values; // what holds texts only is one
  for (const [name, value] of headers.items()) {
    values[name] = value;
    const lower = name.toLowerCase();
    for (const spelling of [lower, lower.replaceAll("-", "_")])
      Object.defineProperty(spellings, spelling, { value, configurable: true });
  }
  return values;
}
