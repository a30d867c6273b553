/** Where the bytes of a file response come from, and how they are read without blocking. @module */
import type { FileHandle } from "node:fs/promises";
import { fstatSync } from "node:fs";
import { DiskFile } from "../core/files/_disk.ts";
import { FileProxyMixin } from "../core/files/utils.ts";
import { OSError } from "../core/exceptions.ts";

/** A file on disk; `read_at` fills a buffer from a position and tells how many bytes there were. */
export interface PositionedFile {
  read_at(buffer: Uint8Array, position: number): Promise<number>;
}

/** A stretch of a file on disk. */
export interface FileSource {
  readonly file: PositionedFile;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** How long it is, in bytes. */
  readonly length: number;
}

/** Files up to this size are read in one go, before the response is made. */
export const SMALL_FILE = 65_536;
/** A larger one is sent in pieces of this size: smaller pieces are slower, larger ones only need more memory. */
export const PIECE = 524_288;

/** Whether the value is what `fs.promises.open` gives. */
export function is_file_handle(value: unknown): value is FileHandle {
  return (
    typeof value === "object" &&
    value !== null &&
    "fd" in value &&
    typeof value.fd === "number" &&
    "readFile" in value &&
    "read" in value &&
    typeof value.read === "function"
  );
}

/** What is left of a file on disk, from its position on; of a `FileHandle`, which has none, all. */
export function disk_source(value: unknown): FileSource | undefined {
  if (is_file_handle(value)) {
    const { size } = fstatSync(value.fd);
    return { file: handle_reader(value), start: 0, length: size };
  }
  const disk = unwrapped(value);
  if (!(disk instanceof DiskFile) || disk.closed) return undefined;
  const start = disk.tell();
  const { size } = fstatSync(disk.fileno());
  return { file: disk, start, length: Math.max(0, size - start) };
}

function unwrapped(value: unknown): unknown {
  let file = value;
  while (file instanceof FileProxyMixin) file = file.file;
  return file;
}

function handle_reader(handle: FileHandle): PositionedFile {
  return {
    async read_at(buffer, position) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      return bytesRead;
    },
  };
}

/**
 * The bytes of the source in pieces, never more than its length.
 * @throws OSError if the file has become shorter meanwhile.
 */
export async function* read_pieces(
  source: FileSource,
  piece_size: number,
): AsyncGenerator<Buffer, void, undefined> {
  const end = source.start + source.length;
  for (let at = source.start; at < end;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(piece_size, end - at));
    const got = await source.file.read_at(piece, at);
    if (got === 0)
      throw new OSError(`The file became shorter while it was sent, by ${end - at} bytes.`);
    at += got;
    yield got === piece.length ? piece : piece.subarray(0, got);
  }
}

/** Bytes in memory in pieces, each as long as `size` says then; nothing is copied. */
export function* bytes_in_pieces(
  bytes: Buffer,
  size: () => number,
): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + size());
    at += piece.length;
    yield piece;
  }
}

/** The whole source in one buffer; shorter than announced if the file became so meanwhile. */
export async function read_whole(source: FileSource): Promise<Buffer> {
  const content = Buffer.allocUnsafe(source.length);
  let length = 0;
  while (length < content.length) {
    const got = await source.file.read_at(content.subarray(length), source.start + length);
    if (got === 0) break;
    length += got;
  }
  return content.subarray(0, length);
}
