/** What both doors make of a request's path and headers. @module */
import type { Dict } from "../../http/request.ts";
import { repercent_broken_unicode } from "../../utils/encoding.ts";

/** Adds the headers as CGI names them. */
export function add_headers(meta: Dict<unknown>, raw: readonly string[]): void {
  for (let i = 0; i < raw.length; i += 2) add_header(meta, raw[i] as string, raw[i + 1] as string); // names and values in turn
}

/** Adds one header as CGI names it. A name with an underscore is dropped: it would pass for one with a hyphen. */
export function add_header(meta: Dict<unknown>, name: string, value: string): void {
  if (name.includes("_")) return;
  const key = cgi_name(name);
  const before = meta[key];
  meta[key] =
    before === undefined
      ? value
      : `${before as string}${key === "HTTP_COOKIE" ? "; " : ","}${value}`;
}

// These two have no HTTP_ in front.
const HEADER = /^HTTP_(?!CONTENT_(?:TYPE|LENGTH)$)[A-Z0-9_]+$/;

const fields = new Map<string, string>();

/** The header that a key of META stands for, in lower case; `undefined` if it is none. */
export function header_of(key: string): string | undefined {
  const known = fields.get(key);
  if (known !== undefined) return known;
  if (!HEADER.test(key)) return undefined;
  const field = key.slice(5).toLowerCase().replaceAll("_", "-");
  if (fields.size < 256) fields.set(key, field); // a program asks for few, over and over
  return field;
}

const cgi_names = new Map<string, string>();

function cgi_name(name: string): string {
  const known = cgi_names.get(name);
  if (known !== undefined) return known;
  const upper = name.toUpperCase().replaceAll("-", "_");
  const key = upper === "CONTENT_TYPE" || upper === "CONTENT_LENGTH" ? upper : `HTTP_${upper}`;
  if (cgi_names.size < 256) cgi_names.set(name, key); // clients choose the names: the memory must have an end
  return key;
}

/** The path as text: percent-decoded once; bytes that are not UTF-8 keep their percent-encoding. */
export function decode_path(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return repercent_broken_unicode(Buffer.from(bytes, "latin1")).toString();
  }
}

/** Whether the path is the mount point, or below it. */
export function is_under(path: string, mount_point: string): boolean {
  const prefix = mount_point.endsWith("/") ? mount_point : `${mount_point}/`;
  return path === mount_point || path.startsWith(prefix);
}
