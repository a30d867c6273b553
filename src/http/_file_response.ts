/** `FileResponse`, which sends a file. @module */
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { file_method } from "../core/files/utils.ts";
import { guess_type } from "../utils/_mime_types.ts";
import { content_disposition_header } from "../utils/http.ts";
import type { Maybe } from "../utils/_promise.ts";
import { bytes_of, type HttpResponseBase, type HttpResponseOptions } from "./_base.ts";
import { parts_body } from "./_byteranges.ts";
import { file_name, remaining_length } from "./_file_description.ts";
import {
  bytes_in_pieces,
  disk_source,
  type FileSource,
  PIECE,
  read_pieces,
  read_whole,
  SMALL_FILE,
} from "./_file_source.ts";
import { type FromPathOptions, open_path, type OpenedPath } from "./_open_path.ts";
import type { ByteRange } from "./_ranges.ts";
import type { HttpRequest } from "./request.ts";
import { StreamingHttpResponse, type WireSource } from "./_streaming.ts";

/** Options of `FileResponse`. */
export interface FileResponseOptions extends HttpResponseOptions {
  /** Whether the browser is to save the file rather than show it. Default `false`. */
  as_attachment?: boolean | undefined;
  /** The name to send instead of the file's own; only what follows the last slash counts. */
  filename?: string | undefined;
}

// What is compressed is sent as what it is, so that no browser unpacks it on the way to the disk.
const COMPRESSED_TYPES: ReadonlyMap<string, string> = new Map([
  ["br", "application/x-brotli"],
  ["bzip2", "application/x-bzip"],
  ["compress", "application/x-compress"],
  ["gzip", "application/gzip"],
  ["xz", "application/x-xz"],
]);

// Django's ASGI handler, too, sends larger blocks than it reads for WSGI.
const WIRE_BLOCK = 65_536;

/**
 * Sends a file and closes it (Django docs: FileResponse objects). A file is anything with Python's `read`, such as a
 * `File`; bytes; a `Blob`; what `fs.promises.open` and `fs.createReadStream` give; or another stream. Files on disk are
 * read without blocking. Anything else is streamed as by a `StreamingHttpResponse`. `from_path` opens the file itself.
 */
export class FileResponse extends StreamingHttpResponse {
  /** How much is read from a file in memory at a time, in bytes: 4096. */
  declare block_size: number;
  declare as_attachment: boolean;
  declare filename: string;
  /** The file that is sent; `null` if the content is something else. */
  declare file_to_stream: unknown;
  #guess_content_type: boolean;
  #source: FileSource | undefined;
  #bytes: Buffer | undefined;
  // How much of a file on disk is read at a time, if the response and not the door decides it.
  #piece_size: number | undefined;
  /**
   * Has the response answer the conditions and the range of a request: this response or another. Whoever knows the
   * request calls it, before the response is sent. @internal
   */
  declare _for_request?: ((request: HttpRequest) => Maybe<HttpResponseBase>) | undefined;
  /** Whether `send_file` was given a status; an endpoint may set it otherwise. @internal */
  declare _has_status?: boolean;

  static {
    this.prototype.block_size = 4096;
  }

  constructor(streaming_content: unknown = [], options: FileResponseOptions = {}) {
    super([], options);
    this.as_attachment = options.as_attachment ?? false;
    this.filename = options.filename ?? "";
    this.file_to_stream = null;
    this.#guess_content_type = options.content_type === undefined || options.content_type === null;
    this.#source = undefined;
    this.#bytes = undefined;
    this.#piece_size = undefined;
    this._set_streaming_content(streaming_content);
  }

  /**
   * Opens a file without blocking and makes a response of it.
   * @throws Http404 if there is no such file, or it is a directory or a device.
   * @throws SuspiciousFileOperation for a file outside `allowed_paths`.
   */
  static async from_path(path: string | URL, options: FromPathOptions = {}): Promise<FileResponse> {
    const opened = await open_path(path, options);
    try {
      return await this.#of_opened(opened, options);
    } catch (error) {
      opened.file?.close();
      throw error;
    }
  }

  static async #of_opened(opened: OpenedPath, options: FromPathOptions): Promise<FileResponse> {
    const response = new this(opened.file ?? [], {
      ...options,
      status: opened.status ?? options.status,
    });
    if (opened.file === undefined) response.set_headers({ name: opened.path });
    for (const [name, value] of opened.headers) response.set(name, value);
    if (opened.parts !== undefined) response._take_parts(opened.parts);
    await response._read_if_small(SMALL_FILE);
    return response;
  }

  /** How many bytes are to come of a file on disk, if the content still is one. @internal */
  get _length_on_disk(): number | undefined {
    return this.#source?.length;
  }

  /** Has a file on disk read so many bytes at a time, whatever the door would do. @internal */
  _read_by(piece_size: number): void {
    this.#piece_size = piece_size;
    if (this.#source !== undefined) this.#take_source(this.#source);
  }

  /** Sends only these parts of the file. @internal */
  _take_parts(parts: readonly ByteRange[]): void {
    const source = this.#source;
    const [part] = parts;
    if (source === undefined || part === undefined) return;
    if (parts.length === 1) {
      this.#take_source({ ...source, ...part });
      this.set("Content-Length", part.length);
      return;
    }
    const body = parts_body(source, parts, this.get("Content-Type") ?? "application/octet-stream");
    this.#source = undefined;
    this._set_async(body.chunks(), undefined);
    this.set("Content-Length", body.length);
    this.set("Content-Type", body.content_type);
  }

  #take_source(source: FileSource): void {
    this.#source = source;
    this._set_async(read_pieces(source, this.#piece_size ?? SMALL_FILE), undefined);
  }

  #take_bytes(bytes: Buffer): void {
    this.#source = undefined;
    this.#bytes = bytes;
    this._set_sync(
      bytes_in_pieces(bytes, () => this.block_size),
      undefined,
    );
  }

  /** Reads a file on disk whole and closes it, unless it is longer than this. @internal */
  async _read_if_small(limit: number): Promise<void> {
    const source = this.#source;
    if (source === undefined || source.length > limit) return;
    const bytes = await read_whole(source);
    this._close_resources();
    this.#take_bytes(bytes);
    this.set("Content-Length", bytes.length);
  }

  override _set_streaming_content(value: unknown): void {
    const bytes = bytes_of(value);
    this.file_to_stream = bytes !== undefined || is_file(value) ? value : null;
    this.#bytes = bytes;
    this.#source = bytes === undefined ? disk_source(value) : undefined;
    if (this.file_to_stream === null) return super._set_streaming_content(value);
    this.set_headers(value);
    if (bytes !== undefined) return this.#take_bytes(bytes);
    if (value instanceof Blob) return super._set_streaming_content(value.stream());
    if (is_stream(value)) return super._set_streaming_content(value);
    const close = file_method(value, "close");
    if (close !== undefined) this._resource_closers.push(close);
    if (this.#source !== undefined) return this.#take_source(this.#source);
    return this._set_sync(this.#blocks(value), undefined);
  }

  *#blocks(file: unknown): Generator<unknown, void, undefined> {
    const read = file_method(file, "read");
    for (;;) {
      const block = read?.(this.block_size);
      if (is_empty(block)) return;
      yield block;
    }
  }

  /**
   * Sets Content-Length, Content-Type and Content-Disposition by what the file is, its name and what is left of it. A
   * Content-Type option is kept, one among the headers is not. Called whenever the content becomes a file.
   */
  set_headers(filelike: unknown): void {
    const known = filelike === this.file_to_stream ? (this.#bytes ?? this.#source) : undefined;
    const length = known?.length ?? remaining_length(filelike, this.block_size);
    if (length !== undefined) this.set("Content-Length", length);
    const name = base_name(this.filename || file_name(filelike));
    if (this.#guess_content_type) this.set("Content-Type", content_type_of(name, filelike));
    const disposition = content_disposition_header(this.as_attachment, name);
    if (disposition !== undefined) this.set("Content-Disposition", disposition);
  }

  override _file_source(): FileSource | undefined {
    return this.#piece_size === undefined ? this.#source : undefined;
  }

  override _whole_content(): Buffer | undefined {
    return this.#bytes;
  }

  override _wire_source(): WireSource {
    this.block_size = WIRE_BLOCK;
    return super._wire_source();
  }

  override _wire_chunks(): Iterable<Buffer> | AsyncIterable<Buffer> {
    if (this.#bytes !== undefined) return [this.#bytes];
    if (this.#source !== undefined) return read_pieces(this.#source, this.#piece_size ?? PIECE);
    this.block_size = WIRE_BLOCK;
    return super._wire_chunks();
  }
}

function is_file(value: unknown): boolean {
  return is_stream(value) || value instanceof Blob || file_method(value, "read") !== undefined;
}

function is_stream(value: unknown): value is Readable | ReadableStream {
  return value instanceof Readable || value instanceof ReadableStream;
}

function is_empty(block: unknown): boolean {
  return (typeof block !== "string" && !(block instanceof Uint8Array)) || block.length === 0;
}

function base_name(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function content_type_of(name: string, file: unknown): string {
  const { type, encoding } = guess_type(name);
  const guessed = encoding === undefined ? type : COMPRESSED_TYPES.get(encoding);
  return guessed ?? ((file instanceof Blob && file.type) || "application/octet-stream");
}
