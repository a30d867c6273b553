/** Opening a file that is to be sent: the handle first, then every check through it. @module */
import { type BigIntStats, fstatSync } from "node:fs";
import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FileNotFoundError, PermissionError, ValueError } from "../core/exceptions.ts";
import { type DiskFile, open_file_async } from "../core/files/_disk.ts";
import { code_of } from "../core/files/storage/_system.ts";
import { repr } from "../utils/_python.ts";
import { api_setting } from "./_settings.ts";

/** A file that may be sent. */
export interface OpenFile {
  readonly file: DiskFile;
  /** The last part of the path that was asked for; a symbolic link keeps its own name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last changed, in nanoseconds since the epoch. */
  readonly changed: bigint;
}

const MISSING: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"]);
const FORBIDDEN: ReadonlySet<unknown> = new Set(["EACCES", "EPERM"]);
const NO_FILE: ReadonlySet<unknown> = new Set(["EISDIR", "ENXIO", "ENODEV", "EOPNOTSUPP"]);

// How often a file is opened again because another one took its place between opening and checking.
const ATTEMPTS = 5;
// As many symbolic links in a row as Linux follows.
const MAX_LINKS = 40;

/**
 * @throws FileNotFoundError, PermissionError, or ValueError for what is no regular file. With `ALLOWED_FILE_PATHS`,
 * a path that leads out of them is a PermissionError whatever is there.
 */
export async function open_for_sending(location: string | URL): Promise<OpenFile> {
  const path = path_of(location);
  if (path.includes("\0")) throw new FileNotFoundError(`There is no file ${repr(path)}.`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const opened = await open_checked(path);
    if (opened !== undefined) return opened;
  }
  throw new PermissionError(`${repr(path)} was another file whenever it was checked.`);
}

function path_of(location: string | URL): string {
  return resolve(typeof location === "string" ? location : fileURLToPath(location));
}

/** The file, or `undefined` if the path has come to lead to another one meanwhile. */
async function open_checked(path: string): Promise<OpenFile | undefined> {
  const [file, failure] = await try_to_open(path);
  try {
    const real_path = await allowed_path(path);
    if (file === undefined) throw translated(path, failure);
    const stat = fstatSync(file.fileno(), { bigint: true });
    if (real_path === undefined || (await is_same(stat, real_path))) {
      if (!stat.isFile()) throw new ValueError(`${repr(path)} is no regular file.`);
      return { file, name: basename(path), size: Number(stat.size), changed: stat.mtimeNs };
    }
  } catch (error) {
    file?.close();
    throw error;
  }
  file.close();
  return undefined;
}

async function try_to_open(path: string): Promise<[file: DiskFile | undefined, failure?: unknown]> {
  try {
    return [await open_file_async(path)];
  } catch (error) {
    return [undefined, error];
  }
}

function translated(path: string, error: unknown): unknown {
  const code = code_of(error);
  if (MISSING.has(code))
    return new FileNotFoundError(`There is no file ${repr(path)}.`, { cause: error });
  if (FORBIDDEN.has(code))
    return new PermissionError(`${repr(path)} may not be read.`, { cause: error });
  if (NO_FILE.has(code))
    return new ValueError(`${repr(path)} is no regular file.`, { cause: error });
  return error;
}

/**
 * The path without symbolic links, if the setting says which are allowed.
 * @throws PermissionError for one outside the directories.
 */
async function allowed_path(path: string): Promise<string | undefined> {
  const directories = api_setting("ALLOWED_FILE_PATHS");
  if (directories === null) return undefined;
  const real_path = await without_links(path);
  for (const directory of directories) {
    const root = await without_links(path_of(directory));
    if (real_path === root || real_path.startsWith(root.endsWith(sep) ? root : root + sep))
      return real_path;
  }
  throw new PermissionError(
    `${repr(path)} is in none of the directories of the setting API (ALLOWED_FILE_PATHS).`,
  );
}

/** The path that a path stands for, with what does not exist left as it is: links to nothing are followed too. */
async function without_links(path: string, links = MAX_LINKS): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!MISSING.has(code_of(error))) throw translated(path, error);
  }
  const target = links === 0 ? undefined : await link_target(path);
  if (target !== undefined) return without_links(resolve(dirname(path), target), links - 1);
  const parent = dirname(path);
  return parent === path ? path : join(await without_links(parent, links), basename(path));
}

async function link_target(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch {
    return undefined; // it is no link, or not there
  }
}

/** Whether that path leads to the file that was opened. */
async function is_same(opened: BigIntStats, path: string): Promise<boolean> {
  try {
    const there = await lstat(path, { bigint: true });
    return there.ino === opened.ino && there.dev === opened.dev;
  } catch {
    return false;
  }
}
