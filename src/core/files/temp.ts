/** Temporary files. @module */
import { randomInt } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OSError } from "../exceptions.ts";
import { type DiskFile, open_new, open_new_async } from "./_disk.ts";

/** Options of `NamedTemporaryFile`. What Python's takes beside these has no meaning here and is ignored. */
export interface NamedTemporaryFileOptions {
  /** Default `w+b`. The file is always readable, writable and binary. */
  mode?: string | undefined;
  /** The end of the name. Default none. */
  suffix?: string | null | undefined;
  /** The start of the name. Default `tmp`. */
  prefix?: string | null | undefined;
  /** The directory. Default `gettempdir()`. */
  dir?: string | null | undefined;
  /** Whether `close` removes the file. Default `true`. */
  delete?: boolean | undefined;
  /** As `delete`; the file is removed on close if both are true. Default `true`. */
  delete_on_close?: boolean | undefined;
  buffering?: number | undefined;
  encoding?: string | null | undefined;
  newline?: string | null | undefined;
  errors?: string | null | undefined;
}

const CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_";
const ATTEMPTS = 100;

/** The directory for temporary files: `TMPDIR`, `TEMP` or `TMP` of the environment, else the system's. */
export function gettempdir(): string {
  const { TMPDIR, TEMP, TMP } = process.env;
  for (const dir of [TMPDIR, TEMP, TMP]) if (dir && is_writable(dir)) return resolve(dir);
  return tmpdir();
}

function is_writable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function random_path(options: NamedTemporaryFileOptions): string {
  let name = "";
  for (let i = 0; i < 8; i++) name += CHARACTERS[randomInt(CHARACTERS.length)] ?? "";
  return join(
    options.dir ?? gettempdir(),
    `${options.prefix ?? "tmp"}${name}${options.suffix ?? ""}`,
  );
}

function is_deleted(options: NamedTemporaryFileOptions): boolean {
  return (options.delete ?? true) && (options.delete_on_close ?? true);
}

function is_taken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

function no_name_left(): OSError {
  return new OSError("No free name for a temporary file was found; is its directory full?");
}

/**
 * A new file that only its owner may read or write, with Python's file methods; `close` removes it. It can be called with
 * `new` and without.
 * @throws the system's error if the directory does not exist or is full.
 */
export function NamedTemporaryFile(options: NamedTemporaryFileOptions = {}): DiskFile {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return open_new(random_path(options), options.mode ?? "w+b", is_deleted(options));
    } catch (error) {
      if (!is_taken(error)) throw error;
    }
  }
  throw no_name_left();
}

/** `NamedTemporaryFile` without blocking: for use while serving. */
export async function open_temporary_file(
  options: NamedTemporaryFileOptions = {},
): Promise<DiskFile> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await open_new_async(random_path(options), options.mode ?? "w+b", is_deleted(options));
    } catch (error) {
      if (!is_taken(error)) throw error;
    }
  }
  throw no_name_left();
}
