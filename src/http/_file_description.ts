/** What the headers of a file response are made of: the name and the length of the file. @module */
import { ReadStream, statSync } from "node:fs";
import { file_attribute, file_method } from "../core/files/utils.ts";

/** The name of a file, if it has one that is text; with its directories. */
export function file_name(file: unknown): string {
  const name = file_attribute(file, file instanceof ReadStream ? "path" : "name");
  return typeof name === "string" ? name : "";
}

/**
 * The bytes left to read, or `undefined` if the file cannot tell. In Django's order: by seeking to the end and back, by the
 * size of the buffer, by the size on disk, and last by reading it through.
 * @param block_size How much is read at a time, if it must be.
 */
export function remaining_length(file: unknown, block_size: number): number | undefined {
  if (file instanceof Blob) return file.size;
  if (file instanceof ReadStream) return stream_length(file);
  const tell = file_method(file, "tell");
  const seek = seek_of(file);
  if (tell === undefined)
    return seek === undefined ? undefined : length_by_reading(file, seek, block_size);
  const position = Number(tell());
  if (seek !== undefined) {
    seek(0, 2);
    const end = Number(tell());
    seek(position);
    return end - position;
  }
  const size = buffer_size(file) ?? disk_size(file_name(file));
  return size === undefined ? undefined : size - position;
}

type Seek = (offset: number, whence?: number) => unknown;

function seek_of(file: unknown): Seek | undefined {
  const seekable = file_method(file, "seekable");
  return seekable === undefined || seekable() ? file_method(file, "seek") : undefined;
}

function buffer_size(file: unknown): number | undefined {
  const buffer = file_method(file, "getbuffer")?.();
  const size = file_attribute(buffer, "nbytes") ?? file_attribute(buffer, "byteLength");
  return typeof size === "number" ? size : undefined;
}

function disk_size(path: string): number | undefined {
  return path === "" ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
}

function length_by_reading(file: unknown, seek: Seek, block_size: number): number {
  const read = file_method(file, "read");
  let length = 0;
  for (;;) {
    const block = read?.(block_size);
    const size = typeof block === "string" || block instanceof Uint8Array ? block.length : 0;
    if (size === 0) break;
    length += size;
  }
  seek(-length, 2);
  return length;
}

/** What a `fs.createReadStream` will give, unless the file changes; one that is being read already cannot tell. */
function stream_length(stream: ReadStream): number | undefined {
  const { path, bytesRead } = stream;
  const start = file_attribute(stream, "start");
  const end = file_attribute(stream, "end");
  if (bytesRead > 0 || typeof path !== "string") return undefined;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  const first = typeof start === "number" ? start : 0;
  const last = typeof end === "number" && end < stat.size ? end : stat.size - 1;
  return Math.max(0, last - first + 1);
}
