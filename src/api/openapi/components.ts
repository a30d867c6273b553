/** The schemas of a document: those with an id become components of that name. @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import { log } from "../../utils/_logger.ts";
import { repr } from "../../utils/_python.ts";
import { error_text } from "../../utils/_error_text.ts";
import { ERROR_SCHEMAS } from "../_error_shapes.ts";
import { form_of, type Form, is_anonymous, target_of } from "../_schema_forms.ts";
import { canonical, each_schema, map_children, put } from "../_schema_walk.ts";
import { source_of } from "../_standard_schema.ts";
import {
  type JSONSchema,
  json_schema_failure,
  type Schema,
  type Side,
  unshown_fields,
} from "../schema.ts";
import { SCHEMAS } from "./_objects.ts";
import { fields_of, type Field } from "./_fields.ts";

/** A schema, and the endpoint that declares it. */
export interface Use {
  readonly schema: Schema;
  /** What messages call the endpoint. */
  readonly label: string;
}

/** A definition that becomes a component, with its references by key. */
interface Definition {
  /** The id, or the name in its own document. */
  readonly name: string;
  /** Whether somebody gave it this name: then no other may have it. */
  readonly is_id: boolean;
  /** The endpoint that declares it. */
  readonly label: string;
  readonly forms: { [side in Side]?: JSONSchema };
}

const KEY = "nuages:";

/** All schemas of a document. They must be known before the first is written: names depend on both sides of each. */
export class Components {
  /** The components that were referred to, in the order in which they were. */
  readonly used: Record<string, JSONSchema> = {};
  readonly #definitions = new Map<string, Definition>();
  readonly #roots = new Map<Schema, { [side in Side]?: JSONSchema }>();
  readonly #differing: ReadonlySet<string>;
  /** The keys of definitions by the names of components. */
  readonly #names = new Map<string, string>();

  /** @throws ImproperlyConfigured for two different schemas with one id. */
  constructor(uses: Iterable<Use>) {
    for (const [name, schema] of Object.entries(ERROR_SCHEMAS)) {
      const forms = { input: keyed(schema, (id) => id), output: keyed(schema, (id) => id) };
      this.#definitions.set(name, { name, is_id: true, label: "the error responses", forms });
    }
    for (const { schema: given, label } of uses) {
      const schema = source_of(given) ?? given;
      if (!this.#roots.has(schema)) this.#add({ schema, label });
    }
    this.#differing = this.#find_differing();
    for (const [key, { is_id, forms }] of this.#definitions) {
      if (!is_id) continue;
      for (const side of ["output", "input"] as const) if (forms[side]) this.#claim(key, side);
    }
  }

  #add({ schema, label }: Use): void {
    const at = this.#roots.size;
    const roots: { [side in Side]?: JSONSchema } = {};
    this.#roots.set(schema, roots);
    for (const side of ["input", "output"] as const) {
      const form = form_of(schema, side);
      if (form === undefined) refuse_duplicates(schema, side, label);
      if (form === undefined) continue;
      const key_of = (name: string): string => (is_anonymous(name) ? `${at}/${name}` : name);
      roots[side] = keyed(form.root, key_of);
      this.#define(form, side, { key_of, label });
    }
  }

  #define(
    form: Form,
    side: Side,
    { key_of, label }: { key_of: (name: string) => string; label: string },
  ): void {
    for (const [name, schema] of form.defs) {
      const key = key_of(name);
      const own = keyed(schema, key_of);
      const known = this.#definitions.get(key);
      if (known === undefined) {
        const forms = { [side]: own };
        this.#definitions.set(key, { name, is_id: !is_anonymous(name), label, forms });
      } else if (known.forms[side] === undefined) {
        known.forms[side] = own;
      } else if (comparable(known.forms[side]) !== comparable(own)) {
        throw new ImproperlyConfigured(
          `Two different schemas have the id ${repr(name)}, that of ${known.label} and that of ${label}. Give one of them another id.`,
        );
      }
    }
  }

  /** The keys whose two sides differ, in themselves or in what they refer to. */
  #find_differing(): Set<string> {
    const differing = new Set<string>();
    const both = [...this.#definitions].filter(([, { forms }]) => forms.input && forms.output);
    for (const [key, { forms }] of both)
      if (canonical(forms.input) !== canonical(forms.output)) differing.add(key);
    let size: number;
    do {
      size = differing.size;
      for (const [key, { forms }] of both)
        if (forms.input && keys_in(forms.input).some((other) => differing.has(other)))
          differing.add(key);
    } while (differing.size > size);
    return differing;
  }

  /** The name of a component; `side` matters only if the sides differ. */
  #name_of(key: string, side: Side): string {
    const { name = "", is_id: has_id = false } = this.#definitions.get(key) ?? {};
    const base = has_id ? name.replace(/[^\w.-]/g, "_") : "Schema";
    return side === "input" && this.#differing.has(key) ? `${base}Input` : base;
  }

  /** @throws ImproperlyConfigured if another schema has the name. */
  #claim(key: string, side: Side): void {
    const name = this.#name_of(key, side);
    const owner = this.#names.get(name);
    if (owner !== undefined && owner !== key)
      throw new ImproperlyConfigured(
        `The schemas with the ids ${repr(owner)} and ${repr(key)} would both be the component ${repr(name)}. Give one of them another id.`,
      );
    this.#names.set(name, key);
  }

  /** As `#claim`, for a schema that has no name of its own. */
  #claim_any(key: string, side: Side): string {
    const base = this.#name_of(key, side);
    const own = `${key} ${this.#differing.has(key) ? side : ""}`;
    for (let number = 1; ; number++) {
      const name = `${base}${number}`;
      const owner = this.#names.get(name) ?? own;
      this.#names.set(name, owner);
      if (owner === own) return name;
    }
  }

  /** A schema for the document. What cannot be shown is `{}`, and told in the log once. */
  schema(given: Schema, given_side: Side, where: string): JSONSchema {
    const [schema, side] = turned_back(given, given_side);
    warn(schema, side, where);
    const root = this.#roots.get(schema)?.[side];
    return root === undefined ? {} : this.#written(root, side);
  }

  /** The properties of an object that is taken; `undefined` if the schema has no JSON Schema. */
  fields(schema: Schema, where: string): readonly Field[] | undefined {
    warn(schema, "input", where);
    const root = this.#roots.get(schema)?.input;
    if (root === undefined) return undefined;
    const target = ($ref: unknown): JSONSchema | undefined => {
      const found = key_in($ref);
      return found?.[1] === "" ? this.#definitions.get(found[0])?.forms.input : undefined;
    };
    return fields_of(root, target).map((field) => ({
      ...field,
      schema: this.#written(field.schema, "input"),
    }));
  }

  /** Whether a form has a file among its fields. */
  has_file(schema: Schema): boolean {
    const seen = new Set<JSONSchema>();
    const look = (part: JSONSchema): boolean => {
      if (seen.has(part)) return false;
      seen.add(part);
      let found = part.format === "binary";
      each_schema(part, ({ format, $ref }) => {
        const key = key_in($ref)?.[0];
        const target = key === undefined ? undefined : this.#definitions.get(key)?.forms.input;
        found ||= format === "binary" || (target !== undefined && look(target));
      });
      return found;
    };
    const root = this.#roots.get(schema)?.input;
    return root !== undefined && look(root);
  }

  /** A reference to one of the schemas of errors. */
  error(name: keyof typeof ERROR_SCHEMAS): JSONSchema {
    return this.#written({ $ref: KEY + name }, "output");
  }

  /** The schema with its references as the document has them; what they lead to becomes used. */
  #written(schema: JSONSchema, side: Side): JSONSchema {
    const copy = map_children(schema, (child) => this.#written(child, side));
    const target = key_in(copy.$ref);
    if (target !== undefined) copy.$ref = SCHEMAS + this.#use(target[0], side) + target[1];
    return copy;
  }

  #use(key: string, side: Side): string {
    const definition = this.#definitions.get(key);
    const name = definition?.is_id ? this.#name_of(key, side) : this.#claim_any(key, side);
    if (Object.hasOwn(this.used, name)) return name;
    put(this.used, name, {}); // known before what is inside refers to it
    put(this.used, name, this.#written(definition?.forms[side] ?? {}, side));
    return name;
  }
}

/** The schema with its references by key. */
function keyed(schema: JSONSchema, key_of: (name: string) => string): JSONSchema {
  const copy = map_children(schema, (child) => keyed(child, key_of));
  const target = target_of(copy.$ref);
  if (target !== undefined) copy.$ref = KEY + encodeURIComponent(key_of(target[0])) + target[1];
  return copy;
}

function key_in($ref: unknown): readonly [key: string, rest: string] | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith(KEY)) return undefined;
  const [key = "", ...rest] = $ref.slice(KEY.length).split("/");
  return [decodeURIComponent(key), rest.map((part) => `/${part}`).join("")];
}

function keys_in(schema: JSONSchema): string[] {
  const keys: string[] = [];
  each_schema(schema, ({ $ref }) => {
    const target = key_in($ref);
    if (target !== undefined) keys.push(target[0]);
  });
  return keys;
}

/** What two schemas with one id must agree in. The number of a nameless schema is none of it. */
function comparable(schema: JSONSchema): string {
  return canonical(schema).replace(/"nuages:\d+%2F[^"]*"/g, '"nuages:"');
}

/** What `encoded()` turned round is shown as the other side of what it was made of: both have one name. */
function turned_back(schema: Schema, side: Side): readonly [Schema, Side] {
  const source = source_of(schema);
  if (source === undefined) return [schema, side];
  return [source, side === "input" ? "output" : "input"];
}

const told: { readonly [side in Side]: WeakSet<Schema> } = {
  input: new WeakSet(),
  output: new WeakSet(),
};

function warn(schema: Schema, side: Side, where: string): void {
  if (told[side].has(schema)) return;
  told[side].add(schema);
  const problem = problem_of(schema, side);
  if (problem !== undefined)
    log(
      "nuages.api",
      "warning",
      `${where} is not shown as it is in the OpenAPI document: ${problem}`,
    );
}

/** @throws ImproperlyConfigured if zod found two schemas of one id inside this one. */
function refuse_duplicates(schema: Schema, side: Side, label: string): void {
  const cause = json_schema_failure(schema, side);
  const [, id] = /^Duplicate schema id "(.*)" detected/.exec(message_of(cause) ?? "") ?? [];
  if (id === undefined) return;
  throw new ImproperlyConfigured(
    `Two different schemas in one of ${label} have the id ${repr(id)}. Give one of them another id.`,
    { cause },
  );
}

function message_of(error: unknown): string | undefined {
  return error === undefined ? undefined : error_text(error);
}

function problem_of(schema: Schema, side: Side): string | undefined {
  const { vendor } = schema["~standard"];
  const unshown = unshown_fields(schema, side);
  if (unshown.length > 0) return `JSON Schema has no ${unshown.join(", ")} (${vendor})`;
  if (form_of(schema, side) !== undefined) return undefined;
  const reason = message_of(json_schema_failure(schema, side));
  return `${vendor} gives no JSON Schema for it${reason === undefined ? "" : `: ${reason}`}`;
}
