/** What a JSON Schema says of one value, as far as it matters for text: which types it may have. @module */
import { is_object, unescaped } from "./_schema_walk.ts";
import type { JSONSchema } from "./schema.ts";

// The types a value may have, as bits: those of several branches are joined, those of `allOf` must agree.
export const STRING = 1;
export const INTEGER = 2;
/** A number that need not be whole. */
export const NUMBER: number = 4 | INTEGER;
export const BOOLEAN = 8;
export const ARRAY = 16;
/** A string that stands for a file. */
export const FILE = 32;
const OTHER = 64;

const BITS = new Map<unknown, number>([
  ["string", STRING],
  ["integer", INTEGER],
  ["number", NUMBER],
  ["boolean", BOOLEAN],
  ["array", ARRAY],
  ["object", OTHER],
]);

/** What a schema declares. `types` is 0 if it says nothing of the type, or allows only `null`. */
export interface DeclaredType {
  readonly types: number;
  /** The texts that it names: constants, members of an enum. */
  readonly texts: readonly string[];
  /** What all elements of an array are that `prefix` does not describe. */
  readonly items: DeclaredType | undefined;
  /** What the first elements of a tuple are. */
  readonly prefix: readonly DeclaredType[];
}

/** No type at all. */
export const NOTHING: DeclaredType = { types: 0, texts: [], items: undefined, prefix: [] };

/** What a schema says of the properties of an object. */
export interface Properties {
  readonly named: Map<string, DeclaredType>;
  /** What those are that it does not name; `undefined` if it takes none, or does not look at them. */
  others: DeclaredType | undefined;
}

/** The properties that a schema declares; `undefined` if it says nothing of an object. */
export function properties_of(json: JSONSchema): Properties | undefined {
  const found: Properties = { named: new Map(), others: undefined };
  return new TypeReader(json).collect(json, found) ? found : undefined;
}

/** Reads parts of one JSON Schema, whose local references it follows. */
class TypeReader {
  readonly #root: JSONSchema;

  constructor(root: JSONSchema) {
    this.#root = root;
  }

  /** What a part of the schema declares. @param open The parts around it: none is read within itself. */
  read(part: unknown, open: readonly unknown[] = []): DeclaredType {
    if (!is_object(part) || open.includes(part)) return NOTHING;
    const inside = [...open, part];
    const declared = [this.#own(part, inside)];
    for (const other of this.#conjuncts(part)) declared.push(this.read(other, inside));
    for (const branches of alternatives(part))
      declared.push(branches.map((branch) => this.read(branch, inside)).reduce(either, NOTHING));
    return declared.reduce(both);
  }

  /** Adds the properties of a part to those found; whether it says anything of an object. */
  collect(part: unknown, found: Properties, open: readonly unknown[] = []): boolean {
    if (!is_object(part) || open.includes(part)) return false;
    let is_said = part.type === "object" || is_object(part.properties);
    if (is_object(part.properties)) {
      for (const [name, property] of Object.entries(part.properties))
        found.named.set(name, either(found.named.get(name) ?? NOTHING, this.read(property)));
    }
    const { additionalProperties: others } = part;
    if (others === true || is_object(others))
      found.others = either(found.others ?? NOTHING, this.read(others));
    const inside = [...open, part];
    for (const other of [...this.#conjuncts(part), ...alternatives(part).flat()])
      is_said = this.collect(other, found, inside) || is_said;
    return is_said;
  }

  #own(part: JSONSchema, inside: readonly unknown[]): DeclaredType {
    if (Object.hasOwn(part, "const")) return constants([part.const]);
    if (Array.isArray(part.enum)) return constants(part.enum);
    let types = 0;
    for (const type of Array.isArray(part.type) ? part.type : [part.type])
      types |= BITS.get(type) ?? 0;
    if (types === STRING && part.format === "binary") types = FILE;
    if ((types & ARRAY) === 0) return { ...NOTHING, types };
    const prefix: unknown[] = Array.isArray(part.prefixItems) ? part.prefixItems : [];
    return {
      ...NOTHING,
      types,
      items: this.read(part.items, inside),
      prefix: prefix.map((item) => this.read(item, inside)),
    };
  }

  /** The schemas that hold beside this one: what it refers to, and `allOf`. */
  #conjuncts(part: JSONSchema): unknown[] {
    const all: unknown[] = Array.isArray(part.allOf) ? [...part.allOf] : [];
    if (typeof part.$ref === "string") all.push(this.#target(part.$ref));
    return all;
  }

  /** What a local reference points at (RFC 6901). */
  #target(ref: string): unknown {
    const [document, ...keys] = ref.split("/");
    let target: unknown = document === "#" ? this.#root : undefined;
    for (const key of keys) {
      const name = unescaped(key);
      target = is_object(target) && Object.hasOwn(target, name) ? target[name] : undefined;
    }
    return target;
  }
}

/** The lists of which one schema must hold. */
function alternatives(part: JSONSchema): unknown[][] {
  return [part.anyOf, part.oneOf].filter((branches) => Array.isArray(branches));
}

/** Numbers and booleans that are named are converted as any other; the schema sees whether they are among the named. */
function constants(values: readonly unknown[]): DeclaredType {
  let types = 0;
  for (const value of values) types |= BITS.get(typeof value) ?? 0;
  const texts = values.filter((value) => typeof value === "string");
  return { ...NOTHING, types: texts.length === 0 ? types : (types & ~STRING) | OTHER, texts };
}

function either(a: DeclaredType, b: DeclaredType): DeclaredType {
  if (a.types === 0) return b;
  if (b.types === 0) return a;
  return {
    types: a.types | b.types,
    texts: [...a.texts, ...b.texts],
    items: a.items && b.items ? either(a.items, b.items) : (a.items ?? b.items),
    prefix: a.prefix.length > 0 ? a.prefix : b.prefix,
  };
}

/** What holds for both; if they contradict each other, nothing fits anyway. */
function both(a: DeclaredType, b: DeclaredType): DeclaredType {
  if (a.types === 0 || b.types === 0) return either(a, b);
  return { ...either(a, b), types: a.types & b.types || a.types };
}
