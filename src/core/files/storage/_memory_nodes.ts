/** A tree of files and directories in memory. @module */
import { time } from "../../../utils/_clock.ts";
import { repr } from "../../../utils/_python.ts";
import { OSError } from "../../exceptions.ts";
import { BytesIO } from "../_memory.ts";
import { File } from "../base.ts";
import { system_error } from "./_system.ts";

function now(): Date {
  return new Date(time() * 1000);
}

/** What has times. */
class TimedNode {
  readonly created_time: Date = now();
  accessed_time: Date = this.created_time;
  modified_time: Date = this.created_time;
}

/** A file in memory. */
export class FileNode extends TimedNode {
  /** What is in it. */
  content: Buffer = Buffer.alloc(0);

  /** Puts something in the place of what is in it. */
  set(content: Buffer): void {
    this.content = content;
    this.modified_time = now();
  }
}

/** A directory in memory. */
export class DirectoryNode extends TimedNode {
  readonly children: Map<string, FileNode | DirectoryNode> = new Map();

  /** Adds a child. */
  add(name: string, child: FileNode | DirectoryNode): void {
    this.children.set(name, child);
    this.modified_time = this.accessed_time = now();
  }

  /** Removes a child, if it is there. */
  remove(name: string): void {
    if (this.children.delete(name)) this.modified_time = this.accessed_time = now();
  }
}

/** What is below a directory under this path; `undefined` if nothing is. @throws OSError if a file is in the way. */
export function find(
  root: DirectoryNode,
  parts: readonly string[],
): FileNode | DirectoryNode | undefined {
  let node: FileNode | DirectoryNode | undefined = root;
  for (const part of parts) {
    if (node instanceof FileNode) throw not_a_directory(parts);
    node = node?.children.get(part);
  }
  return node;
}

/** The directory of this path, which is made if it is not there. @throws OSError if a file is in the way. */
export function make_directory(root: DirectoryNode, parts: readonly string[]): DirectoryNode {
  let node = root;
  for (const part of parts) {
    let child = node.children.get(part);
    if (child instanceof FileNode) throw not_a_directory(parts);
    if (child === undefined) node.add(part, (child = new DirectoryNode()));
    node = child;
  }
  return node;
}

function not_a_directory(parts: readonly string[]): OSError {
  return system_error("ENOTDIR", `${repr(parts.join("/"))} lies in a file, not in a directory.`);
}

/** An open file in memory. What is written is in the file at once; who reads has what was there when it was opened. */
class Handle extends BytesIO {
  readonly name: string;
  readonly mode: string;
  readonly #node: FileNode;

  constructor(node: FileNode, name: string, mode: string) {
    super(mode.includes("w") ? undefined : node.content);
    this.#node = node;
    this.name = name;
    this.mode = mode;
    if (mode.includes("w")) node.set(this.getvalue());
  }

  get size(): number {
    return this.getvalue().length;
  }

  override read(size?: number | null): Buffer {
    if (!this.readable()) throw new OSError(`${repr(this.name)} was not opened for reading.`);
    return super.read(size);
  }

  override write(data: string | Uint8Array): number {
    this.#check_writable();
    if (this.mode.includes("a")) this.seek(0, 2);
    const written = super.write(typeof data === "string" ? Buffer.from(data) : data);
    this.#node.set(this.getvalue());
    return written;
  }

  override truncate(size?: number | null): number {
    this.#check_writable();
    const length = super.truncate(size);
    this.#node.set(this.getvalue());
    return length;
  }

  #check_writable(): void {
    if (!this.writable()) throw new OSError(`${repr(this.name)} was not opened for writing.`);
  }

  override readable(): boolean {
    return super.readable() && /[r+]/.test(this.mode);
  }

  override writable(): boolean {
    return super.writable() && /[wax+]/.test(this.mode);
  }
}

/** A file of an `InMemoryStorage`. Closing it does nothing, and opening it goes to its start. */
export class InMemoryFileNode extends File {
  constructor(node: FileNode, name: string, mode: string) {
    super(new Handle(node, name, mode));
    node.accessed_time = now();
  }

  override open(_mode?: string | null): this {
    this.seek(0);
    return this;
  }

  override close(): void {}

  override async aclose(): Promise<void> {}
}
