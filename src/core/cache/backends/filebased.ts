/** `FileBasedCache`, a cache in files, which outlives the process. @module */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { time } from "../../../utils/_clock.ts";
import { salted_hmac } from "../../../utils/crypto.ts";
import { md5 } from "./_keys.ts";
import { from_bytes, to_bytes } from "./_values.ts";
import { BaseCache, type CacheParams, type Timeout, type VersionOptions } from "./base.ts";

const compress = promisify<Uint8Array, Buffer>(deflate);
const decompress = promisify<Uint8Array, Buffer>(inflate);

// A file is a signature, then when it ends (seconds since the epoch, infinite for never), then the compressed value.
const SIGNATURE = 32;
const HEAD = SIGNATURE + 8;
const SALT = "nuages.core.cache.backends.filebased";

/**
 * One file for each entry, which other processes with the same `SECRET_KEY` may use too: who could only write into the
 * directory could not plant an entry. Only the a-forms: files have to be waited for. When `MAX_ENTRIES` is reached, a
 * third of the files goes, whichever.
 */
export class FileBasedCache extends BaseCache {
  /** What the names of the files end with. */
  declare cache_suffix: string;
  readonly #dir: string;

  static {
    this.prototype.cache_suffix = ".djcache";
  }

  /** @param dir Made if it is not there, readable for nobody else. */
  constructor(dir: string, params: CacheParams = {}) {
    super(params);
    this.#dir = resolve(dir);
  }

  override async aadd(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    if (await this.ahas_key(key, options)) return false;
    await this.aset(key, value, timeout, options);
    return true;
  }

  override async aget(
    key: string,
    default_value?: unknown,
    options?: VersionOptions,
  ): Promise<unknown> {
    const content = await this.#read(this.#file_of(key, options));
    if (content === undefined) return default_value;
    try {
      return from_bytes(await decompress(content));
    } catch {
      return default_value; // written by another version of V8, say: as good as not there
    }
  }

  override async aset(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<void> {
    const file = this.#file_of(key, options);
    const content = await compress(to_bytes(value));
    const made = await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    if (made !== undefined) await chmod(this.#dir, 0o700); // whatever the umask
    await this.#cull();
    await this.#write(file, this.get_backend_timeout(timeout), content);
  }

  override async atouch(
    key: string,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    const file = this.#file_of(key, options);
    const content = await this.#read(file);
    if (content === undefined) return false;
    await this.#write(file, this.get_backend_timeout(timeout), content);
    return true;
  }

  override async adelete(key: string, options?: VersionOptions): Promise<boolean> {
    return remove(this.#file_of(key, options));
  }

  override async ahas_key(key: string, options?: VersionOptions): Promise<boolean> {
    return (await this.#read(this.#file_of(key, options))) !== undefined;
  }

  override async aclear(): Promise<void> {
    await Promise.all((await this.#files()).map(remove));
  }

  #file_of(key: string, options: VersionOptions | undefined): string {
    const made = this.make_and_validate_key(key, options);
    return join(this.#dir, md5(made) + this.cache_suffix);
  }

  async #write(file: string, ends: number | null, content: Uint8Array): Promise<void> {
    const head = Buffer.alloc(HEAD);
    head.writeDoubleLE(ends ?? Infinity, SIGNATURE);
    const bytes = Buffer.concat([head, content]);
    sign(file, bytes).copy(bytes);
    const temporary = join(this.#dir, `${randomBytes(8).toString("hex")}.tmp`);
    try {
      await writeFile(temporary, bytes, { mode: 0o600, flag: "wx" });
      await rename(temporary, file); // so that nobody reads half an entry
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** The compressed value in a file; one that is not ours, or has ended, is deleted. */
  async #read(file: string): Promise<Buffer | undefined> {
    const bytes = await if_there(readFile(file));
    if (bytes === undefined) return undefined;
    if (is_ours(file, bytes) && bytes.readDoubleLE(SIGNATURE) >= time())
      return bytes.subarray(HEAD);
    await remove(file);
    return undefined;
  }

  async #files(): Promise<string[]> {
    const names = (await if_there(readdir(this.#dir))) ?? [];
    return names
      .filter((name) => name.endsWith(this.cache_suffix))
      .map((name) => join(this.#dir, name));
  }

  async #cull(): Promise<void> {
    const files = await this.#files();
    if (files.length < this._max_entries) return;
    const doomed =
      this._cull_frequency === 0 ? files.length : Math.floor(files.length / this._cull_frequency);
    // the names are digests, so any part of them is a random one
    await Promise.all(files.slice(0, doomed).map(remove));
  }
}

/** The signature of what follows it; for this file alone, so that none can be put in the place of another. */
function sign(file: string, bytes: Uint8Array): Buffer {
  const signed = Buffer.concat([Buffer.from(`${basename(file)}:`), bytes.subarray(SIGNATURE)]);
  return salted_hmac(SALT, signed, { algorithm: "sha256" }).digest();
}

function is_ours(file: string, bytes: Buffer): boolean {
  return bytes.length >= HEAD && timingSafeEqual(bytes.subarray(0, SIGNATURE), sign(file, bytes));
}

/** The result, `undefined` if there is no such file. */
async function if_there<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether there was such a file. */
async function remove(file: string): Promise<boolean> {
  return (await if_there(rm(file).then(() => true))) ?? false;
}
