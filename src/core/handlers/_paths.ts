/** What both doors make of a request's path and headers. @module */
import type { Dict } from "../../http/request.ts";
import { repercent_broken_unicode } from "../../utils/encoding.ts";

/** The headers as CGI names them. A name with an underscore is dropped: it would pass for one with a hyphen. */
export function add_headers(meta: Dict<unknown>, raw: readonly string[]): void {
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string; // names at even places, values at odd ones
    if (name.includes("_")) continue;
    const key = cgi_name(name);
    const value = raw[i + 1] as string;
    const before = meta[key];
    meta[key] =
      before === undefined
        ? value
        : `${before as string}${key === "HTTP_COOKIE" ? "; " : ","}${value}`;
  }
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
