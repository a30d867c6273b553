/** `FileSystemStorage`: files in a directory (Django docs: File storage API, "The FileSystemStorage class"). @module */
import { fstatSync, type Dirent } from "node:fs";
import { lstat, readdir, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { is_longer } from "../../../utils/_utf8.ts";
import { ValueError } from "../../exceptions.ts";
import { open_file_async } from "../_disk.ts";
import { File } from "../base.ts";
import { LocatedStorage, type LocatedStorageOptions } from "./_located.ts";
import {
  code_of,
  make_directories,
  move_file,
  system_error,
  take_group,
  temporary_path_of,
  with_name,
  write_file,
} from "./_system.ts";
import type { ContentOfFile, NameOptions } from "./base.ts";

/** Options of the `FileSystemStorage` constructor. */
export interface FileSystemStorageOptions extends LocatedStorageOptions {
  /** Let a file that is saved replace one of the same name. Default `false`: it gets another name. */
  allow_overwrite?: boolean | undefined;
}

/**
 * Files in a directory of this machine. A name that leads out of it is refused; symbolic links in it are followed. Serve
 * what users upload from a host of its own, and as it is: never from a place whose files a server would run.
 */
export class FileSystemStorage extends LocatedStorage {
  readonly #allow_overwrite: boolean;

  constructor(options: FileSystemStorageOptions = {}) {
    super(options);
    this.#allow_overwrite = options.allow_overwrite ?? false;
  }

  override async _open(name: string, mode: string): Promise<File> {
    const file = await with_name(name, open_file_async(this.path(name), mode));
    if (!fstatSync(file.fileno()).isDirectory()) return new File(file);
    await file.aclose();
    throw system_error("EISDIR", `${name} is a directory.`);
  }

  override _save(name: string, content: ContentOfFile): Promise<string> {
    return with_name(name, this.#place(name, content));
  }

  async #place(name: string, content: ContentOfFile): Promise<string> {
    let path = this.path(name);
    const placing = { overwrite: this.#allow_overwrite, mode: this.file_permissions_mode };
    const temporary = temporary_path_of(content);
    await make_directories(dirname(path), this.directory_permissions_mode);
    for (;;) {
      try {
        if (temporary === undefined) await write_file(path, content, placing);
        else await move_file(temporary, path, placing);
        break;
      } catch (error) {
        if (code_of(error) !== "EEXIST") throw error;
        path = this.path(await this.get_available_name(name)); // somebody else took the name meanwhile
      }
    }
    await take_group(path, this.location);
    return relative(this.location, path).split(sep).join("/");
  }

  override async is_name_available(name: string, options: NameOptions = {}): Promise<boolean> {
    if (!this.#allow_overwrite) return super.is_name_available(name, options);
    return !options.max_length || !is_longer(name, options.max_length);
  }

  override get_alternative_name(file_root: string, file_ext: string): string {
    return this.#allow_overwrite
      ? file_root + file_ext
      : super.get_alternative_name(file_root, file_ext);
  }

  /** Deletes a file, or an empty directory. @throws ValueError for an empty name. */
  override async delete(name: string): Promise<void> {
    if (name === "")
      throw new ValueError("delete() needs a name: an empty one is the storage itself.");
    const path = this.path(name);
    try {
      if ((await with_name(name, lstat(path))).isDirectory()) await rmdir(path);
      else await unlink(path);
    } catch (error) {
      if (code_of(error) !== "ENOENT") throw error;
    }
  }

  override async exists(name: string): Promise<boolean> {
    const path = this.path(name);
    try {
      await lstat(path);
      return true;
    } catch {
      return false; // what cannot be looked at is as good as not there
    }
  }

  override async listdir(path: string): Promise<[directories: string[], files: string[]]> {
    const directory = this.path(path);
    const found: [directories: string[], files: string[]] = [[], []];
    const entries = await with_name(path, readdir(directory, { withFileTypes: true }));
    for (const entry of entries)
      found[(await is_directory(entry, directory)) ? 0 : 1].push(entry.name);
    return found;
  }

  override async size(name: string): Promise<number> {
    return (await with_name(name, stat(this.path(name)))).size;
  }

  override async get_accessed_time(name: string): Promise<Date> {
    return (await with_name(name, stat(this.path(name)))).atime;
  }

  /** When the system last changed anything about the file: Unix keeps no other time. */
  override async get_created_time(name: string): Promise<Date> {
    return (await with_name(name, stat(this.path(name)))).ctime;
  }

  override async get_modified_time(name: string): Promise<Date> {
    return (await with_name(name, stat(this.path(name)))).mtime;
  }
}

/** Whether it is a directory, or a link to one. */
async function is_directory(entry: Dirent, directory: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return (await stat(join(directory, entry.name))).isDirectory();
  } catch {
    return false; // a link to nothing
  }
}
