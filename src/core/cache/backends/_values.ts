/** Values as bytes, for a cache outside this process. @module */
import { deserialize, serialize } from "node:v8";

/**
 * The value in V8's format, which knows `Map`, `Set`, `Date`, bytes and circles, as `structuredClone` does. It takes the
 * place of Python's pickle: neither side can read the other's values.
 */
export function to_bytes(value: unknown): Buffer {
  return serialize(value);
}

/** The value again. @throws Error for bytes that are none. */
export function from_bytes(bytes: Uint8Array): unknown {
  const value: unknown = deserialize(bytes);
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}
