/** The properties of a JSON Schema of an object, across references and branches. @module */
import { canonical, is_object, put } from "../_schema_walk.ts";
import type { JSONSchema } from "../schema.ts";

/** A property. */
export interface Field {
  readonly name: string;
  readonly schema: JSONSchema;
  readonly required: boolean;
}

/** Follows a reference; `undefined` for one that leads nowhere. */
type Target = ($ref: unknown) => JSONSchema | undefined;

interface Shape {
  readonly properties: Record<string, JSONSchema>;
  readonly required: ReadonlySet<string>;
}

const NOTHING: Shape = { properties: {}, required: new Set() };

/** The properties, in the order in which they are declared. */
export function fields_of(schema: JSONSchema, target: Target): Field[] {
  const { properties, required } = shape_of(schema, target, []);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property,
    required: required.has(name),
  }));
}

function shape_of(schema: JSONSchema, target: Target, open: readonly JSONSchema[]): Shape {
  if (open.includes(schema)) return NOTHING; // it is inside itself
  const inside = [...open, schema];
  const read = (part: unknown): Shape =>
    is_object(part) ? shape_of(part, target, inside) : NOTHING;
  const shapes = [own_shape(schema), read(target(schema.$ref)), ...list(schema.allOf).map(read)];
  for (const branches of [schema.anyOf, schema.oneOf]) {
    const [first = NOTHING, ...others] = list(branches).map(read);
    shapes.push(others.reduce((one, other) => merged(one, other, is_in_both), first));
  }
  return shapes.reduce((one, other) => merged(one, other, is_in_either));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function own_shape({ properties, required }: JSONSchema): Shape {
  const own: Record<string, JSONSchema> = {};
  for (const [name, property] of Object.entries(is_object(properties) ? properties : {}))
    put(own, name, is_object(property) ? property : {});
  return { properties: own, required: new Set(list(required).map(String)) };
}

type Joins = (name: string, one: Shape, other: Shape) => boolean;

const is_in_both: Joins = (name, one, other) => one.required.has(name) && other.required.has(name);
const is_in_either: Joins = (name, one, other) =>
  one.required.has(name) || other.required.has(name);

function merged(one: Shape, other: Shape, joins: Joins): Shape {
  const properties: Record<string, JSONSchema> = {};
  for (const name of [...Object.keys(one.properties), ...Object.keys(other.properties)]) {
    if (Object.hasOwn(properties, name)) continue;
    put(properties, name, any_of(own_property(one, name), own_property(other, name)));
  }
  const names = [...one.required, ...other.required];
  return { properties, required: new Set(names.filter((name) => joins(name, one, other))) };
}

function own_property({ properties }: Shape, name: string): JSONSchema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function any_of(one: JSONSchema | undefined, other: JSONSchema | undefined): JSONSchema {
  if (one === undefined || other === undefined) return one ?? other ?? {};
  return canonical(one) === canonical(other) ? one : { anyOf: [one, other] };
}
