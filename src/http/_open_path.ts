/** Opening a file to be sent: guards, validators, ranges, and leaving the sending to the server in front. @module */
import { fstatSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SuspiciousFileOperation } from "../core/exceptions.ts";
import { type DiskFile, open_file_async } from "../core/files/_disk.ts";
import { repr } from "../utils/_python.ts";
import { http_date } from "../utils/http.ts";
import { Http404 } from "./_http404.ts";
import { content_range } from "./_byteranges.ts";
import { type ByteRange, requested_ranges } from "./_ranges.ts";
import type { FileResponseOptions } from "./_file_response.ts";
import type { HttpRequest } from "./request.ts";

/** The header by which a server in front is told to send a file, and its value. */
export type SendfileHeader = readonly [name: string, value: string];

/** Options of `FileResponse.from_path`. */
export interface FromPathOptions extends FileResponseOptions {
  /**
   * Answers its Range header (RFC 9110 §14) with a part of the file, or with up to sixteen as `multipart/byteranges`. More,
   * or ranges that overlap, are answered with the whole file.
   */
  request?: Pick<HttpRequest, "method" | "META"> | undefined;
  /** Send Last-Modified. Default `true`. */
  last_modified?: boolean | undefined;
  /** Send an ETag made of the time of the last change and the size. Default `true`. */
  etag?: boolean | undefined;
  /** Directories one of which the file must be in, after symbolic links are followed. Default: any. */
  allowed_paths?: readonly string[] | undefined;
  /**
   * Have the server in front send the file: `"X-Sendfile"` with the path, or a function from the path to a header, such as
   * `(path) => ["X-Accel-Redirect", "/protected/" + name]` for nginx. The file is not opened then.
   */
  x_sendfile?: "X-Sendfile" | ((path: string) => SendfileHeader) | undefined;
}

/** What a response is to be made of. */
export interface OpenedPath {
  readonly path: string;
  /** The open file; `undefined` if nothing of it is sent. */
  readonly file?: DiskFile;
  readonly headers: readonly SendfileHeader[];
  /** 206 or 416; otherwise what the options say. */
  readonly status?: number;
  /** The parts to send; without them the whole. */
  readonly parts?: readonly ByteRange[];
}

/**
 * Opens the file, unless the server in front is to send it.
 * @throws Http404 if it is missing or no regular file; SuspiciousFileOperation if it is not allowed.
 */
export async function open_path(
  location: string | URL,
  options: FromPathOptions,
): Promise<OpenedPath> {
  const path = resolve(typeof location === "string" ? location : fileURLToPath(location));
  if (path.includes("\0")) throw new Http404(`There is no file ${repr(path)}.`);
  const real_path =
    options.allowed_paths === undefined ? path : await allowed(path, options.allowed_paths);
  const { x_sendfile } = options;
  if (x_sendfile !== undefined) {
    const header: SendfileHeader =
      x_sendfile === "X-Sendfile" ? [x_sendfile, real_path] : x_sendfile(real_path);
    return { path, headers: [header] };
  }
  const file = await found(path, open_file_async(real_path));
  try {
    return opened(path, file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

function opened(path: string, file: DiskFile, options: FromPathOptions): OpenedPath {
  const stat = fstatSync(file.fileno());
  if (!stat.isFile()) throw new Http404(`${repr(path)} is not a file.`);
  const headers: SendfileHeader[] = [];
  const etag = `"${Math.floor(stat.mtimeMs).toString(16)}-${stat.size.toString(16)}"`;
  const last_modified = http_date(Math.floor(stat.mtimeMs / 1000));
  if (options.etag ?? true) headers.push(["ETag", etag]);
  if (options.last_modified ?? true) headers.push(["Last-Modified", last_modified]);
  if (options.request === undefined || (options.status ?? 200) !== 200)
    return { path, file, headers };
  headers.push(["Accept-Ranges", "bytes"]);
  const parts = requested_ranges(options.request, stat.size, headers);
  if (parts === undefined) return { path, file, headers };
  if (parts === "unsatisfiable") {
    file.close();
    headers.push(["Content-Range", `bytes */${stat.size}`], ["Content-Length", "0"]);
    return { path, headers, status: 416 };
  }
  const [first] = parts;
  if (first !== undefined && parts.length === 1)
    headers.push(["Content-Range", content_range(first, stat.size)]);
  return { path, file, headers, status: 206, parts };
}

const MISSING: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ENAMETOOLONG",
  "ELOOP",
  "ENXIO",
]);

/** @throws Http404 for an error that says there is no such file; any other error as it is. */
async function found<T>(path: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && "code" in error && MISSING.has(error.code))
      throw new Http404(`There is no file ${repr(path)}.`, { cause: error });
    throw error;
  }
}

/** The path without symbolic links, in one of the directories. */
async function allowed(path: string, directories: readonly string[]): Promise<string> {
  const real_path = await found(path, realpath(path));
  for (const directory of directories) {
    const root = await realpath(directory);
    if (real_path.startsWith(root.endsWith(sep) ? root : root + sep)) return real_path;
  }
  throw new SuspiciousFileOperation(`${repr(path)} is in none of the directories allowed.`);
}
