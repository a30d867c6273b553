/** Schemas turned round by `encoded()`: what one gives is what its source takes. @module */
import type { Schema } from "./schema.ts";

const sources = new WeakMap<Schema, Schema>();

/** Remembers what was turned round. */
export function remember_source(schema: Schema, source: Schema): void {
  sources.set(schema, source);
}

/** What was turned round to make this schema; `undefined` for any other. */
export function source_of(schema: Schema): Schema | undefined {
  return sources.get(schema);
}
