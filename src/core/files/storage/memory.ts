/** `InMemoryStorage`: files that are gone with the process (Django docs: File storage API). For tests. @module */
import { rm } from "node:fs/promises";
import { relative, sep } from "node:path";
import { repr } from "../../../utils/_python.ts";
import { ValueError } from "../../exceptions.ts";
import type { File } from "../base.ts";
import { LocatedStorage, type LocatedStorageOptions } from "./_located.ts";
import {
  DirectoryNode,
  FileNode,
  find,
  InMemoryFileNode,
  make_directory,
} from "./_memory_nodes.ts";
import { system_error, temporary_path_of } from "./_system.ts";
import type { ContentOfFile } from "./base.ts";

/** Files in memory, with the names, URLs and paths that they would have on disk. */
export class InMemoryStorage extends LocatedStorage {
  readonly #root = new DirectoryNode();

  constructor(options: LocatedStorageOptions = {}) {
    super(options);
  }

  override async _open(name: string, mode: string): Promise<File> {
    if (!/[rwax]/.test(mode))
      throw new ValueError(`A file mode has one of r, w, a, x: ${repr(mode)} does not.`);
    const parts = this.#parts(name);
    let node = find(this.#root, parts);
    if (node === undefined && /[wax]/.test(mode)) node = this.#make(parts);
    else if (mode.includes("x")) throw system_error("EEXIST", `${repr(name)} is there already.`);
    if (node instanceof DirectoryNode)
      throw system_error("EISDIR", `${repr(name)} is a directory.`);
    if (node === undefined) throw missing(name);
    return new InMemoryFileNode(node, parts.at(-1) ?? "", mode);
  }

  override async _save(name: string, content: ContentOfFile): Promise<string> {
    let parts = this.#parts(name);
    while (find(this.#root, parts) !== undefined)
      parts = this.#parts(await this.get_available_name(name)); // somebody else took the name meanwhile
    const node = this.#make(parts);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of content.chunks()) chunks.push(Buffer.from(chunk));
      node.set(Buffer.concat(chunks));
    } catch (error) {
      make_directory(this.#root, parts.slice(0, -1)).remove(parts.at(-1) ?? "");
      throw error;
    }
    const temporary = temporary_path_of(content);
    if (temporary !== undefined) await rm(temporary, { force: true });
    return parts.join("/");
  }

  /** Deletes a file, or a directory with all that is in it. */
  override async delete(name: string): Promise<void> {
    const parts = this.#parts(name);
    const directory = find(this.#root, parts.slice(0, -1));
    if (directory instanceof FileNode)
      throw system_error("ENOTDIR", `${repr(name)} lies in a file.`);
    directory?.remove(parts.at(-1) ?? "");
  }

  override async exists(name: string): Promise<boolean> {
    const parts = this.#parts(name);
    try {
      return find(this.#root, parts) !== undefined;
    } catch {
      return false; // it would lie in a file
    }
  }

  override async listdir(path: string): Promise<[directories: string[], files: string[]]> {
    const node = this.#node(path);
    if (node instanceof FileNode) throw system_error("ENOTDIR", `${repr(path)} is no directory.`);
    const found: [directories: string[], files: string[]] = [[], []];
    for (const [name, child] of node.children)
      found[child instanceof DirectoryNode ? 0 : 1].push(name);
    return found;
  }

  override async size(name: string): Promise<number> {
    const node = this.#node(name);
    if (node instanceof DirectoryNode)
      throw system_error("EISDIR", `${repr(name)} is a directory.`);
    return node.content.length;
  }

  override async get_accessed_time(name: string): Promise<Date> {
    return this.#node(name).accessed_time;
  }

  override async get_created_time(name: string): Promise<Date> {
    return this.#node(name).created_time;
  }

  override async get_modified_time(name: string): Promise<Date> {
    return this.#node(name).modified_time;
  }

  #parts(name: string): string[] {
    const path = relative(this.location, this.path(name));
    return path === "" ? [] : path.split(sep);
  }

  #make(parts: readonly string[]): FileNode {
    const node = new FileNode();
    make_directory(this.#root, parts.slice(0, -1)).add(parts.at(-1) ?? "", node);
    return node;
  }

  #node(name: string): FileNode | DirectoryNode {
    const node = find(this.#root, this.#parts(name));
    if (node === undefined) throw missing(name);
    return node;
  }
}

function missing(name: string): Error {
  return system_error("ENOENT", `There is no file ${repr(name)}.`);
}
