/** The files of sessions: never half written, and nobody else may read them. @module */
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { ImproperlyConfigured } from "../../../core/exceptions.ts";
import { repr } from "../../../utils/_python.ts";
import { get_random_string } from "../../../utils/crypto.ts";

const OWNER_ONLY = 0o600;

function has_code(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** What a file holds, and when it was written. */
export interface StoredFile {
  readonly text: string;
  readonly modified: Date;
}

/** The file; `undefined` if there is none. */
export async function read(path: string): Promise<StoredFile | undefined> {
  try {
    const file = await open(path, "r");
    try {
      const { mtime } = await file.stat();
      return { text: await file.readFile("latin1"), modified: mtime };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (has_code(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Makes sure that there is a file: a new one, or one that was there.
 * @returns `false` if it is the other way round.
 * @throws ImproperlyConfigured if there is no such folder.
 */
export async function claim(path: string, must_create: boolean): Promise<boolean> {
  try {
    const file = await open(path, must_create ? "wx" : "r+", OWNER_ONLY);
    await file.close();
    return true;
  } catch (error) {
    if (has_code(error, must_create ? "EEXIST" : "ENOENT")) return false;
    if (!has_code(error, "ENOENT")) throw error;
    throw new ImproperlyConfigured(
      `There is no folder ${repr(dirname(path))}: make it, or set SESSION_FILE_PATH to another.`,
      { cause: error },
    );
  }
}

/** Puts another text in the file, for readers all at once. */
export async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}_out_${get_random_string(8)}`;
  try {
    const file = await open(beside, "wx", OWNER_ONLY);
    try {
      await file.writeFile(text, "latin1");
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await remove(beside);
    throw error;
  }
}

/** Deletes the file, if there is one. */
export async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!has_code(error, "ENOENT")) throw error;
  }
}
