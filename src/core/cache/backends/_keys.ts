/** The keys of a cache: how they are made, and what no cache should be given as one. @module */
import { createHash } from "node:crypto";
import { ImproperlyConfigured, ValueError } from "../../exceptions.ts";

/** `CACHES` names no such cache, or a class that is none. */
export class InvalidCacheBackendError extends ImproperlyConfigured {}

/** A key that this cache cannot take. */
export class InvalidCacheKey extends ValueError {}

/** The warning of a key that memcached would refuse: emitted with `process.emitWarning`. */
export class CacheKeyWarning extends Error {
  override get name(): string {
    return "CacheKeyWarning";
  }
}

/** Makes the key that is stored. */
export type KeyFunction = (key: string, key_prefix: string, version: number) => string;

/** `prefix:version:key`. */
export function default_key_func(key: string, key_prefix: string, version: number): string {
  return `${key_prefix}:${version}:${key}`;
}

/** The function itself, or the default one. */
export function get_key_func(key_func: KeyFunction | null | undefined): KeyFunction {
  return key_func ?? default_key_func;
}

/** The longest key that memcached takes, in characters. */
export const MEMCACHE_MAX_KEY_LENGTH = 250;

// oxlint-disable-next-line no-control-regex -- control characters are what memcached refuses
const REFUSED = /[\0-\x20\x7f]/;

/** Why memcached would refuse the key; nothing if it would not. */
export function* memcache_key_warnings(key: string): Generator<string, void, undefined> {
  if (key.length > MEMCACHE_MAX_KEY_LENGTH)
    yield `The cache key ${JSON.stringify(key)} is longer than ${MEMCACHE_MAX_KEY_LENGTH} characters: memcached refuses it.`;
  if (REFUSED.test(key))
    yield `The cache key ${JSON.stringify(key)} has spaces or control characters: memcached refuses it.`;
}

/** The MD5 of the parts, in hexadecimal. @internal */
export function md5(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
