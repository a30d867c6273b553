/** The two forms of a schema, each in one shape: definitions apart, all references by name. @module */
import {
  child_at,
  each_schema,
  escaped,
  is_object,
  map_children,
  unescaped,
} from "./_schema_walk.ts";
import { json_schema, type JSONSchema, type Schema, type Side } from "./schema.ts";

/** A JSON Schema whose local references are all `#/$defs/<name>`, perhaps with more behind. */
export interface Form {
  readonly root: JSONSchema;
  readonly defs: ReadonlyMap<string, JSONSchema>;
}

/** The form of a library, with what is its own affair taken out; `undefined` if the library has none. */
export function form_of(schema: Schema, side: Side): Form | undefined {
  const json = json_schema(schema, side);
  if (json === undefined) return undefined;
  const form = split(json);
  if (side === "input") return form;
  const input = json_schema(schema, "input");
  return opened(form, input === undefined ? undefined : split(input));
}

/** Where the definitions of a form are. */
export const DEFS = "#/$defs/";
/** The name of a root that refers to itself. */
const ROOT = "";

/** Takes the definitions out, those too that have an id of their own where they stand. */
function split(json: JSONSchema): Form {
  const { $schema: _dialect, $defs, ...rest } = json;
  const defs = new Map<string, JSONSchema>();
  const hoisted = new Map<string, JSONSchema>();
  const hoist = (schema: JSONSchema): JSONSchema => {
    const { $id, id, ...inner } = map_children(schema, hoist);
    const name = named($id) ?? named(id);
    const own = name === undefined ? { ...inner, ...unnamed($id, id) } : inner;
    if (name === undefined) return own;
    hoisted.set(name, own);
    return { $ref: DEFS + name };
  };
  let root = hoist(rest);
  for (const [name, def] of Object.entries(is_object($defs) ? $defs : {}))
    if (is_object(def)) defs.set(name, map_children(def, hoist));
  for (const [name, def] of hoisted) if (!defs.has(name)) defs.set(name, def);
  if (refers_to_root(root, defs)) {
    defs.set(ROOT, root);
    root = { $ref: DEFS };
  }
  const by_name = (schema: JSONSchema): JSONSchema => with_plain_ref(schema, by_name, defs);
  return {
    root: by_name(root),
    defs: new Map([...defs].map(([name, def]) => [name, by_name(def)])),
  };
}

function named(id: unknown): string | undefined {
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** What stood there and is no name. */
function unnamed($id: unknown, id: unknown): JSONSchema {
  return { ...($id !== undefined && { $id }), ...(id !== undefined && { id }) };
}

function is_root_ref($ref: unknown): $ref is string {
  return typeof $ref === "string" && /^#(?:\/|$)/.test($ref) && !$ref.startsWith(DEFS);
}

function refers_to_root(root: JSONSchema, defs: ReadonlyMap<string, JSONSchema>): boolean {
  let found = false;
  const look = ({ $ref }: JSONSchema): void => void (found ||= is_root_ref($ref));
  for (const schema of [root, ...defs.values()]) each_schema(schema, look);
  return found;
}

/** A reference to the root becomes one to its definition, one with escapes one without. */
function with_plain_ref(
  schema: JSONSchema,
  each: (schema: JSONSchema) => JSONSchema,
  defs: ReadonlyMap<string, JSONSchema>,
): JSONSchema {
  const copy = map_children(schema, each);
  const { $ref } = copy;
  if (is_root_ref($ref)) copy.$ref = DEFS + $ref.slice(1);
  else if (typeof $ref === "string" && $ref.startsWith(DEFS)) {
    const [name = "", ...rest] = $ref.slice(DEFS.length).split("/");
    const plain = defs.has(name) ? name : decoded(name);
    copy.$ref = [DEFS + escaped(plain), ...rest].join("/");
  }
  return copy;
}

/** The name in a fragment of a URI (RFC 6901 §6). */
function decoded(name: string): string {
  try {
    return unescaped(decodeURIComponent(name));
  } catch {
    return unescaped(name); // it was not percent-encoded
  }
}

/** The definition that a reference of a form names, and what follows the name; `undefined` for another reference. */
export function target_of($ref: unknown): readonly [name: string, rest: string] | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith(DEFS)) return undefined;
  const [name = "", ...rest] = $ref.slice(DEFS.length).split("/");
  const tail = rest.map((part) => `/${part}`).join("");
  return [unescaped(name), tail];
}

/** `additionalProperties: false` of what is given says only that it was filtered, unless what is taken says it too. */
function opened(output: Form, input: Form | undefined): Form {
  const open = (schema: JSONSchema, twin: JSONSchema | undefined): JSONSchema => {
    const copy = map_children(schema, (child, keyword, key) =>
      open(child, child_at(twin, keyword, key)),
    );
    if (copy.additionalProperties === false && twin?.additionalProperties !== false)
      delete copy.additionalProperties;
    return copy;
  };
  const defs = new Map<string, JSONSchema>();
  for (const [name, def] of output.defs) defs.set(name, open(def, input?.defs.get(name)));
  return { root: open(output.root, input?.root), defs };
}

const NUMBERED =
  /^(?:__schema|alias|domain|intersection|morph|proto|sequence|structure|union|unit)?\d*$/;

/** Whether a library made up the name of a definition: by a number, for what refers to itself. */
export function is_anonymous(name: string): boolean {
  return name === ROOT || (NUMBERED.test(name) && /\d$/.test(name));
}
