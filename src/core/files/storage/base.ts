/** `Storage`: what every storage of files can do (Django docs: File storage API, "The Storage class"). @module */
import { posix } from "node:path";
import { parts_of, split_path, suffixes_of } from "../../../utils/_pathlib.ts";
import { repr } from "../../../utils/_python.ts";
import { is_longer } from "../../../utils/_utf8.ts";
import { get_random_string } from "../../../utils/crypto.ts";
import { get_valid_filename } from "../../../utils/text.ts";
import { NotImplementedError, SuspiciousFileOperation } from "../../exceptions.ts";
import { File } from "../base.ts";
import { file_attribute, validate_file_name } from "../utils.ts";

/** What can be saved: a `File`, or anything else with Python's `read()`. */
export interface Savable {
  read(size?: number): string | Uint8Array;
}

/** A file as `_save` gets it: in pieces of bytes or text. */
export type ContentOfFile = File | File<string>;

/** Options of `Storage.open`. */
export interface OpenOptions {
  /** As Python's `open()` takes it; the file is always one of bytes. Default `"rb"`. */
  mode?: string | undefined;
}

/** Options of `Storage.save` and of what finds a name for it. */
export interface NameOptions {
  /** The most characters of the name with its directories. Default: any number. */
  max_length?: number | null | undefined;
}

/**
 * A storage of files by name; a name may have directories, with `/`. What may have to wait gives a promise. A storage of
 * your own supplies `_open`, `_save`, `delete`, `exists`, `listdir`, `size` and `url`, and what else it can.
 */
export class Storage {
  /** Opens a file. The error for one that is not there is the storage's own; its `code` is `ENOENT` in those of Nuages. */
  async open(name: string, options: OpenOptions = {}): Promise<File> {
    return this._open(name, options.mode ?? "rb");
  }

  /**
   * Saves a file under this name or, if it is taken, one like it; the name it has now. It is read from its start. One
   * that was uploaded into a temporary file may be moved, not copied.
   * @param name Default: the name of the file. It is not cleaned: `generate_filename` does that.
   * @throws SuspiciousFileOperation for a name that leads out of the storage, has a NUL, or is too long.
   */
  async save(
    name: string | null | undefined,
    content: Savable,
    options: NameOptions = {},
  ): Promise<string> {
    const wanted = name ?? file_attribute(content, "name");
    if (typeof wanted !== "string")
      throw new TypeError("A file is saved under a name: this one has none, and none was given.");
    const file = has_chunks(content) ? content : new File(content, { name: wanted });
    check(wanted);
    // again after each hook that a subclass may have made laxer
    const available = check(await this.get_available_name(wanted, options));
    return check(await this._save(available, file));
  }

  /** Whether nothing has this name, and it is not too long. */
  async is_name_available(name: string, options: NameOptions = {}): Promise<boolean> {
    return !(await this.exists(name)) && !exceeds(name, options.max_length);
  }

  /** A name that suits the storage, without directories: `get_valid_filename`. */
  get_valid_name(name: string): string {
    return get_valid_filename(name);
  }

  /** Another name: the root, `_` with 7 random letters and digits, the extension. */
  get_alternative_name(file_root: string, file_ext: string): string {
    return `${file_root}_${get_random_string(7)}${file_ext}`;
  }

  /**
   * This name, or one like it that is free and short enough.
   * @throws SuspiciousFileOperation for a name that leads elsewhere, or that cannot be made short enough.
   */
  async get_available_name(name: string, options: NameOptions = {}): Promise<string> {
    const { max_length } = options;
    let available = name.replaceAll("\\", "/");
    const [directory, file_name] = split(available);
    validate_file_name(file_name);
    const file_ext = suffixes_of(file_name);
    let file_root = file_name.slice(0, file_name.length - file_ext.length);
    while (!(await this.is_name_available(available, options))) {
      available = joined(directory, this.get_alternative_name(file_root, file_ext));
      if (max_length === undefined || max_length === null) continue;
      const excess = length(available) - max_length;
      if (excess <= 0) continue;
      file_root = Array.from(file_root).slice(0, -excess).join("");
      if (file_root === "")
        throw new SuspiciousFileOperation(
          `No name of at most ${max_length} characters can be made of ${repr(name)}.`,
        );
      available = joined(directory, this.get_alternative_name(file_root, file_ext));
    }
    return available;
  }

  /**
   * The name to give to `save()` for a name from outside, such as the client's: its last part cleaned by
   * `get_valid_name`.
   * @throws SuspiciousFileOperation for a name that leads elsewhere, or of which nothing is left.
   */
  generate_filename(filename: string): string {
    const [directory, name] = split(filename.replaceAll("\\", "/"));
    return check(posix.normalize(joined(directory, this.get_valid_name(name))));
  }

  /** The path of a file on this machine's disk. @throws NotImplementedError if files are kept elsewhere. */
  path(_name: string): string {
    throw new NotImplementedError(`Files in a ${this.constructor.name} have no path.`);
  }

  /** Deletes a file; one that is not there is no error. */
  async delete(_name: string): Promise<void> {
    return missing(this, "delete");
  }

  /** Whether there is a file or a directory of this name. */
  async exists(_name: string): Promise<boolean> {
    return missing(this, "exists");
  }

  /** The names of the directories and of the files in a directory; `""` is the storage itself. */
  async listdir(_path: string): Promise<[directories: string[], files: string[]]> {
    return missing(this, "listdir");
  }

  /** The size of a file in bytes. */
  async size(_name: string): Promise<number> {
    return missing(this, "size");
  }

  /** The URL of a file. */
  url(_name: string): string {
    return missing(this, "url");
  }

  /** When a file was last read. */
  async get_accessed_time(_name: string): Promise<Date> {
    return missing(this, "get_accessed_time");
  }

  /** When a file was made. */
  async get_created_time(_name: string): Promise<Date> {
    return missing(this, "get_created_time");
  }

  /** When a file was last changed. */
  async get_modified_time(_name: string): Promise<Date> {
    return missing(this, "get_modified_time");
  }

  /** What `open` does. */
  async _open(_name: string, _mode: string): Promise<File> {
    return missing(this, "_open");
  }

  /** What `save` does, once there is a name; the name it took. It must not overwrite what came there meanwhile. */
  async _save(_name: string, _content: ContentOfFile): Promise<string> {
    return missing(this, "_save");
  }
}

function missing(storage: Storage, name: string): never {
  throw new NotImplementedError(`The class ${storage.constructor.name} has no ${name}().`);
}

function has_chunks(content: Savable): content is ContentOfFile {
  return typeof file_attribute(content, "chunks") === "function";
}

/** Gives the name back if it stays in the storage. */
function check(name: string): string {
  if (name.includes("\0"))
    throw new SuspiciousFileOperation(`${repr(name)} has a NUL, which no name of a file has.`);
  return validate_file_name(name, { allow_relative_path: true });
}

/** `os.path.split`. @throws SuspiciousFileOperation if the directory climbs. */
function split(path: string): [directory: string, name: string] {
  const [directory, name] = split_path(path);
  if (parts_of(directory).includes(".."))
    throw new SuspiciousFileOperation(`${repr(path)} leads out of its directory.`);
  return [directory, name];
}

/** `os.path.join`. */
function joined(directory: string, name: string): string {
  return directory === "" || directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

function length(text: string): number {
  return Array.from(text).length;
}

function exceeds(name: string, max_length: number | null | undefined): boolean {
  return Boolean(max_length) && is_longer(name, max_length ?? 0);
}
