/** Requests out of an environment as WSGI has it (PEP 3333): what the test client and `RequestFactory` make. @module */
import { settings } from "../../conf/index.ts";
import type { ByteStream } from "../../http/_body.ts";
import { type Dict, HttpRequest, type Meta } from "../../http/request.ts";
import { as_buffer, decode, encode } from "../../utils/_codecs.ts";
import { parse_int } from "../../utils/_number.ts";
import { repercent_broken_unicode } from "../../utils/encoding.ts";
import { str } from "../../utils/_python.ts";

/** META as WSGI has it. Bytes of a path stand there as latin-1 characters. */
export type Environ = Meta;

/** A request whose META is `environ` itself, and whose body can be read at once from `environ["wsgi.input"]`. */
export class EnvironRequest extends HttpRequest {
  /** The same object as META. */
  readonly environ: Environ;

  /** @throws BadRequest if the Content-Type cannot be read. */
  constructor(environ: Dict<unknown>) {
    super();
    this.environ = environ as Environ; // its headers are text: PEP 3333
    this.#start(this.environ);
  }

  #start(environ: Environ): void {
    const script_name = get_script_name(environ);
    const path_info = get_path_info(environ) || "/"; // PATH_INFO is empty at the mount point without a slash
    this._meta = environ;
    this.path_info = path_info;
    // only the first slash is shared: `//x` is another path than `/x` (RFC 3986 §3.3)
    this.path = `${script_name.replace(/\/+$/, "")}/${path_info.replace("/", "")}`;
    environ["PATH_INFO"] = path_info;
    environ["SCRIPT_NAME"] = script_name;
    this.method = str(environ.REQUEST_METHOD).toUpperCase();
    this._read_content_type();
    this._stream = new LimitedStream(input_of(environ), content_length(environ));
  }

  override _get_scheme(): string {
    return str(this.environ["wsgi.url_scheme"] ?? "http");
  }

  override _query_string(): Buffer {
    return get_bytes_from_wsgi(this.environ, "QUERY_STRING", "");
  }

  override _cookie_header(): string {
    return get_str_from_wsgi(this.environ, "HTTP_COOKIE", "");
  }

  override _content_type_header(): string {
    return this.environ.CONTENT_TYPE ?? "";
  }
}

function input_of(environ: Environ): ByteStream {
  return environ["wsgi.input"] as ByteStream; // PEP 3333 demands it
}

function content_length(environ: Environ): number {
  const length = environ.CONTENT_LENGTH;
  return length === undefined || length === null ? 0 : (parse_int(str(length)) ?? 0);
}

/** The path below the script name. Bytes that are not UTF-8 stay percent-encoded. */
export function get_path_info(environ: Environ): string {
  return decode(repercent_broken_unicode(get_bytes_from_wsgi(environ, "PATH_INFO", "/")));
}

/**
 * The path to the application: `FORCE_SCRIPT_NAME` if it is set, even to `""`; else what a rewriting server says it was
 * before (`SCRIPT_URL`, `REDIRECT_URL`), else `SCRIPT_NAME`.
 */
export function get_script_name(environ: Environ): string {
  if (settings.FORCE_SCRIPT_NAME !== null) return settings.FORCE_SCRIPT_NAME;
  const script_url = latin1(environ, "SCRIPT_URL", "") || latin1(environ, "REDIRECT_URL", "");
  if (script_url === "") return decode(get_bytes_from_wsgi(environ, "SCRIPT_NAME", ""));
  const url = script_url.replace(/\/\/+/g, "/"); // such servers squeeze the slashes of PATH_INFO
  const path_info = latin1(environ, "PATH_INFO", "");
  const script_name = url.endsWith(path_info) ? url.slice(0, url.length - path_info.length) : url;
  return decode(Buffer.from(script_name, "latin1"));
}

function latin1(environ: Environ, key: string, default_value: string): string {
  return get_bytes_from_wsgi(environ, key, default_value).toString("latin1");
}

/**
 * The bytes of a value, which stand there as latin-1 characters.
 * @throws UnicodeEncodeError for any other character.
 */
export function get_bytes_from_wsgi(environ: Environ, key: string, default_value: string): Buffer {
  const value = environ[key];
  return encode(value === undefined ? default_value : str(value), "latin-1");
}

/** A value as text, its bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function get_str_from_wsgi(environ: Environ, key: string, default_value: string): string {
  return decode(get_bytes_from_wsgi(environ, key, default_value), "utf-8", "replace");
}

/** A stream that ends after `limit` bytes, though the one beneath may go on or block. */
export class LimitedStream implements ByteStream {
  /** How many bytes may be read in all. */
  readonly limit: number;
  readonly #stream: ByteStream;
  #position = 0;
  // What was read for a line and not used, if the stream beneath has no readline().
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: ByteStream, limit: number) {
    this.#stream = stream;
    this.limit = limit;
  }

  /** At most `size` bytes; all up to the limit without a size. */
  read(size?: number | null): Buffer {
    const wanted = this.#wanted(size);
    if (wanted === 0) return Buffer.alloc(0);
    const data =
      this.#rest.length > 0 ? this.#take_rest(wanted) : as_buffer(this.#stream.read(wanted));
    this.#position += data.length;
    return data;
  }

  /** The next line with its line feed. */
  readline(size?: number | null): Buffer {
    const wanted = this.#wanted(size);
    if (wanted === 0) return Buffer.alloc(0);
    const line =
      this.#stream.readline === undefined
        ? this.#own_line(wanted)
        : as_buffer(this.#stream.readline(wanted));
    this.#position += line.length;
    return line;
  }

  #wanted(size: number | null | undefined): number {
    const left = Math.max(0, this.limit - this.#position);
    return size === null || size === undefined || size < 0 ? left : Math.min(size, left);
  }

  #own_line(wanted: number): Buffer {
    if (this.#rest.length === 0)
      this.#rest = as_buffer(this.#stream.read(this.limit - this.#position));
    const end = this.#rest.indexOf(0x0a);
    return this.#take_rest(Math.min(wanted, end < 0 ? this.#rest.length : end + 1));
  }

  #take_rest(size: number): Buffer {
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}
