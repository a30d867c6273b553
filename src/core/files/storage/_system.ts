/** Files and directories on disk, made with the modes they shall have, and errors of the system. @module */
import {
  chmod,
  chown,
  copyFile,
  constants,
  link,
  mkdir,
  open,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { repr } from "../../../utils/_python.ts";
import { OSError, SuspiciousFileOperation } from "../../exceptions.ts";
import type { ContentOfFile } from "./base.ts";

/** The code of an error of the system: `ENOENT`. */
export function code_of(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** An error as the system makes them, for what is not on disk. */
export function system_error(code: string, message: string): OSError {
  return Object.assign(new OSError(message), { code });
}

/** Does the work. @throws SuspiciousFileOperation if the system finds the name too long. */
export async function with_name<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (code_of(error) !== "ENAMETOOLONG") throw error;
    const message = `The name ${repr(name.slice(0, 50))}… is longer than the file system allows.`;
    throw new SuspiciousFileOperation(message, { cause: error });
  }
}

/**
 * Makes a directory and those above it that are missing.
 * @param mode The mode of all of them, whatever the umask; `null`: as the system makes them.
 * @throws OSError if a file is in the way.
 */
export async function make_directories(path: string, mode: number | null): Promise<void> {
  try {
    if (mode === null) await mkdir(path, { recursive: true });
    else await make_with_mode(path, mode);
  } catch (error) {
    const code = code_of(error);
    if (code !== "EEXIST" && code !== "ENOTDIR") throw error;
    throw Object.assign(new OSError(`${repr(path)} is no directory.`, { cause: error }), { code });
  }
}

async function make_with_mode(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
    await chmod(path, mode);
  } catch (error) {
    const code = code_of(error);
    if (code === "ENOENT") {
      await make_with_mode(dirname(path), mode);
      await make_with_mode(path, mode);
    } else if (code !== "EEXIST" || !(await stat(path)).isDirectory()) {
      throw error;
    }
  }
}

/** Where a file is on disk that may be moved from there; `undefined` for one that is not. */
export function temporary_path_of(content: ContentOfFile): string | undefined {
  if (!("temporary_file_path" in content)) return undefined;
  const { temporary_file_path } = content;
  if (typeof temporary_file_path !== "function") return undefined;
  const path: unknown = temporary_file_path.call(content);
  return typeof path === "string" ? path : undefined;
}

/** How a file is put in its place. */
export interface Placing {
  /** Whether what is there is replaced. */
  readonly overwrite: boolean;
  /** The mode, whatever the umask; `null`: as the system, or whoever made a temporary file, chose it. */
  readonly mode: number | null;
}

/** Writes a file. @throws the system's `EEXIST` if there is one, unless it may be overwritten. */
export async function write_file(
  path: string,
  content: ContentOfFile,
  { overwrite, mode }: Placing,
): Promise<void> {
  const file = await open(path, overwrite ? "w" : "wx", mode ?? 0o666);
  try {
    if (mode !== null) await file.chmod(mode);
    for await (const chunk of content.chunks()) await file.writeFile(chunk);
  } catch (error) {
    if (!overwrite) await rm(path, { force: true }); // half a file is none
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Moves a file, also to another file system. In one move nobody can get in between.
 * @throws the system's `EEXIST` if there is one, unless it may be overwritten.
 */
export async function move_file(
  from: string,
  to: string,
  { overwrite, mode }: Placing,
): Promise<void> {
  if (resolve(from) !== to) {
    if (overwrite) await replace(from, to);
    else await put(from, to);
  }
  if (mode !== null) await chmod(to, mode);
}

async function replace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (code_of(error) !== "EXDEV") throw error;
    await copyFile(from, to);
    await rm(from, { force: true });
  }
}

// rename() would overwrite, whatever was looked up before; a second link to the file is refused if there is something
async function put(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (code_of(error) === "EEXIST" || code_of(error) === "ENOENT") throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL); // another file system, or one without links
  }
  await rm(from, { force: true });
}

/** Gives a file the group of a directory, if that is allowed. */
export async function take_group(path: string, directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const [file, { gid }] = await Promise.all([stat(path), stat(directory)]);
  if (file.gid === gid) return;
  try {
    await chown(path, file.uid, gid);
  } catch (error) {
    if (code_of(error) !== "EPERM") throw error;
  }
}
