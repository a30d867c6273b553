/** `HttpHeaders`: the headers of a request under their usual names, read from META (PEP 3333). @module */
import { CaseInsensitiveMapping } from "../utils/datastructures.ts";

/** A plain object without a prototype: any key is only a key. */
export type Dict<T> = Record<string, T>;

/** What META holds: the headers as `HTTP_…`, and what the server says of the connection. It has no prototype. */
export interface Meta {
  [name: string]: unknown;
  [header: `HTTP_${string}`]: string | undefined;
  /** The media type of the body, with its parameters. */
  CONTENT_TYPE?: string | undefined;
  /** The length of the body as the client announced it. */
  CONTENT_LENGTH?: string | undefined;
  /** In upper case. */
  REQUEST_METHOD?: string | undefined;
  /** The part of the path that led to the application. */
  SCRIPT_NAME?: string | undefined;
  /** The part of the path that the application's URLs are about. */
  PATH_INFO?: string | undefined;
  /** Without the `?`. */
  QUERY_STRING?: string | undefined;
  /** The address of the client, or of the last proxy. */
  REMOTE_ADDR?: string | undefined;
  /** The name or address that the server has for itself. */
  SERVER_NAME?: string | undefined;
  /** As text. */
  SERVER_PORT?: string | undefined;
  /** `HTTP/1.1`, say. */
  SERVER_PROTOCOL?: string | undefined;
}

type Pairs<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>;

function pairs<T>(data: Pairs<T>): Iterable<readonly [string, T]> {
  return data instanceof Map ? data : Object.entries(data);
}

/** A read-only mapping. Names are compared without case, and an underscore counts as a hyphen. */
export class HttpHeaders extends CaseInsensitiveMapping<string> {
  /** The mark of a header in META. */
  static readonly HTTP_PREFIX = "HTTP_";
  /** The two headers that CGI, and so META, leaves without the prefix. */
  static readonly UNPREFIXED_HEADERS: ReadonlySet<string> = new Set([
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
  ]);

  /** @param environ META; keys that are not headers are passed over. */
  constructor(environ: Pairs<unknown>) {
    super(read_headers(environ));
  }

  override getitem(name: string): string {
    return super.getitem(name.replaceAll("_", "-"));
  }

  override get(name: string): string | undefined;
  override get<D>(name: string, default_value: D): string | D;
  override get<D>(name: string, default_value?: D): string | D | undefined {
    return super.get(name.replaceAll("_", "-"), default_value);
  }

  override has(name: string): boolean {
    return super.has(name.replaceAll("_", "-"));
  }

  /** `HTTP_USER_AGENT` to `User-Agent`; `undefined` for a META key that is no header. Case matters. */
  static parse_header_name(header: string): string | undefined {
    if (header.startsWith(HttpHeaders.HTTP_PREFIX)) return title(header.slice(5));
    return HttpHeaders.UNPREFIXED_HEADERS.has(header) ? title(header) : undefined;
  }

  /** `User-Agent` to `HTTP_USER_AGENT`, the key in META. */
  static to_wsgi_name(header: string): string {
    const name = HttpHeaders.to_asgi_name(header);
    return HttpHeaders.UNPREFIXED_HEADERS.has(name) ? name : `${HttpHeaders.HTTP_PREFIX}${name}`;
  }

  /** `User-Agent` to `USER_AGENT`. */
  static to_asgi_name(header: string): string {
    return header.replaceAll("-", "_").toUpperCase();
  }

  /** Every name as `to_wsgi_name` makes it. Of two that become one, the later counts. */
  static to_wsgi_names<T>(headers: Pairs<T>): Record<string, T> {
    return rename(headers, HttpHeaders.to_wsgi_name);
  }

  /** Every name as `to_asgi_name` makes it. */
  static to_asgi_names<T>(headers: Pairs<T>): Record<string, T> {
    return rename(headers, HttpHeaders.to_asgi_name);
  }
}

function rename<T>(headers: Pairs<T>, convert: (name: string) => string): Record<string, T> {
  const renamed = Object.create(null) as Record<string, T>; // an object without prototype is a record
  for (const [name, value] of pairs(headers)) renamed[convert(name)] = value;
  return renamed;
}

function read_headers(environ: Pairs<unknown>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [key, value] of pairs(environ)) {
    const name = HttpHeaders.parse_header_name(key);
    if (name !== undefined && name !== "") headers.set(name, value as string); // a header of META is text
  }
  return headers;
}

const titles = new Map<string, string>();

/** Title case as Python has it: upper case after anything that is not a letter. The usual names are remembered. */
function title(name: string): string {
  const known = titles.get(name);
  if (known !== undefined) return known;
  const titled = name
    .replaceAll("_", "-")
    .toLowerCase()
    .replace(/(?<!\p{Cased})\p{Cased}/gu, (letter) => letter.toUpperCase());
  if (titles.size < 500) titles.set(name, titled); // the client chooses the names
  return titled;
}
