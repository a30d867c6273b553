/** `FileBasedCache`, a cache in files, which outlives the process. @module */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { time } from "../../../utils/_clock.ts";
import { md5 } from "./_keys.ts";
import { from_bytes, to_bytes } from "./_values.ts";
import { BaseCache, type CacheParams, type Timeout, type VersionOptions } from "./base.ts";

const compress = promisify<Uint8Array, Buffer>(deflate);
const decompress = promisify<Uint8Array, Buffer>(inflate);

/** A file begins with when it ends: seconds since the epoch, infinite for never. */
const HEAD = 8;

/**
 * One file for each entry, which other processes may use too. Only the a-forms: files have to be waited for. When
 * `MAX_ENTRIES` is reached, a third of the files goes, whichever.
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
      return from_bytes(await decompress(content.subarray(HEAD)));
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
    const content = Buffer.concat([
      head(this.get_backend_timeout(timeout)),
      await compress(to_bytes(value)),
    ]);
    await this.#make_dir();
    await this.#cull();
    const temporary = join(this.#dir, `${randomBytes(8).toString("hex")}.tmp`);
    try {
      await writeFile(temporary, content, { mode: 0o600 });
      await rename(temporary, file); // so that nobody reads half an entry
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  override async atouch(
    key: string,
    timeout?: Timeout,
    options?: VersionOptions,
  ): Promise<boolean> {
    const file = this.#file_of(key, options);
    if ((await this.#read(file)) === undefined) return false;
    const handle = await open(file, "r+");
    try {
      await handle.write(head(this.get_backend_timeout(timeout)), 0, HEAD, 0);
    } finally {
      await handle.close();
    }
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

  /** The content of a file that has not ended; one that has is deleted. */
  async #read(file: string): Promise<Buffer | undefined> {
    const content = await if_there(readFile(file));
    if (content === undefined) return undefined;
    if (content.length >= HEAD && content.readDoubleLE(0) >= time()) return content;
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

  async #make_dir(): Promise<void> {
    const made = await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    if (made !== undefined) await chmod(this.#dir, 0o700); // whatever the umask
  }
}

function head(ends: number | null): Buffer {
  const bytes = Buffer.alloc(HEAD);
  bytes.writeDoubleLE(ends ?? Infinity);
  return bytes;
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
