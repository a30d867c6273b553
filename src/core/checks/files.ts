/** The check of uploads (Django docs: System check framework, "Files"). @module */
import { statSync } from "node:fs";
import { settings } from "../../conf/index.ts";
import { repr } from "../../utils/_python.ts";
import { type CheckMessage, Error } from "./messages.ts";

/** Whether there is such a directory. */
export function is_directory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** `files.E001`. */
export function check_setting_file_upload_temp_dir(): CheckMessage[] {
  const directory = settings.FILE_UPLOAD_TEMP_DIR;
  if (!directory || is_directory(directory)) return [];
  const msg = `FILE_UPLOAD_TEMP_DIR is ${repr(directory)}, and there is no such directory.`;
  return [new Error(msg, { id: "files.E001" })];
}
