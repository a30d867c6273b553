/** Paths of files (Django's `django.utils._os`). @module */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SuspiciousFileOperation } from "../core/exceptions.ts";
import { repr } from "./_python.ts";

/**
 * The absolute path of `paths` below `base`. An absolute one takes the place of all before it.
 * @throws SuspiciousFileOperation if it lies outside `base`.
 */
export function safe_join(base: string, ...paths: string[]): string {
  const root = resolve(base);
  const path = resolve(root, ...paths);
  const below = fold(root.endsWith(sep) ? root : root + sep);
  if (fold(path) === fold(root) || fold(path).startsWith(below)) return path;
  throw new SuspiciousFileOperation(`The path ${repr(path)} lies outside ${repr(root)}.`);
}

/** Paths that Windows takes for one file become one text. */
function fold(path: string): string {
  return process.platform === "win32" ? path.toLowerCase() : path;
}

/** The path as text; also of a `file:` URL. @throws TypeError for anything else. */
export function to_path(value: string | URL): string {
  if (value instanceof URL) return fileURLToPath(value);
  if (typeof value === "string") return value;
  throw new TypeError(`${repr(value)} is no path: give a text or a file URL.`);
}

/** Options of `makedirs` and `safe_makedirs`. */
export interface MakedirsOptions {
  /** The permissions, whatever the umask. Default 0o777. */
  mode?: number | undefined;
  /** Whether the directory may be there already. Default `false`. */
  exist_ok?: boolean | undefined;
}

/** Makes a directory and those above it that are missing, all with exactly these permissions. Blocks. */
export function safe_makedirs(name: string, options: MakedirsOptions = {}): void {
  const { mode = 0o777, exist_ok } = options;
  makedirs(name, { mode, exist_ok, parent_mode: mode });
}

/**
 * Makes a directory and those above it that are missing. Blocks.
 * @param options `parent_mode`: the permissions of those above; default: as the system makes them.
 */
export function makedirs(
  name: string,
  options: MakedirsOptions & { parent_mode?: number | null | undefined } = {},
): void {
  const { mode = 0o777, exist_ok = false, parent_mode } = options;
  const path = resolve(name);
  const parent = dirname(path);
  if (!is_directory(parent))
    makedirs(parent, { exist_ok: true, mode: parent_mode ?? undefined, parent_mode });
  try {
    mkdirSync(path, { mode });
    if (options.mode !== undefined) chmodSync(path, mode);
  } catch (error) {
    if (!exist_ok || !is_directory(path)) throw error;
  }
}

function is_directory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether symbolic links can be made here. Blocks. */
export function symlinks_supported(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  try {
    symlinkSync(folder, join(folder, "link"));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
