/** `DummyCache`, a cache that keeps nothing: for development. @module */
import { BaseCache, type CacheParams, type Timeout, type VersionOptions } from "./base.ts";

/** Checks the keys, and forgets the values. */
export class DummyCache extends BaseCache {
  /** @param _host Accepted as every backend does. */
  constructor(_host: string, params: CacheParams = {}) {
    super(params);
  }

  override add(
    key: string,
    _value: unknown,
    _timeout?: Timeout,
    options?: VersionOptions,
  ): boolean {
    this.make_and_validate_key(key, options);
    return true;
  }

  override get(key: string, default_value?: unknown, options?: VersionOptions): unknown {
    this.make_and_validate_key(key, options);
    return default_value;
  }

  override set(key: string, _value: unknown, _timeout?: Timeout, options?: VersionOptions): void {
    this.make_and_validate_key(key, options);
  }

  override touch(key: string, _timeout?: Timeout, options?: VersionOptions): boolean {
    this.make_and_validate_key(key, options);
    return false;
  }

  override delete(key: string, options?: VersionOptions): boolean {
    this.make_and_validate_key(key, options);
    return false;
  }

  override has_key(key: string, options?: VersionOptions): boolean {
    this.make_and_validate_key(key, options);
    return false;
  }

  override clear(): void {}
}
