/** The headers that tell caches what they may keep: Cache-Control, Expires and Vary (RFC 9111, RFC 9110 §12.5.5). @module */
import { settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { time } from "./_clock.ts";
import { parse_int } from "./_number.ts";
import { repr, str } from "./_python.ts";
import { strip } from "./_whitespace.ts";
import { http_date, split_header_value } from "./http.ts";

/** Directives of Cache-Control: `true` stands for the name alone; in names, an underscore is a hyphen. */
export interface CacheControl {
  max_age?: number | undefined;
  s_maxage?: number | undefined;
  /** `true`, or the fields it is about. */
  no_cache?: boolean | string | undefined;
  private?: boolean | string | undefined;
  public?: boolean | undefined;
  no_store?: boolean | undefined;
  no_transform?: boolean | undefined;
  must_revalidate?: boolean | undefined;
  proxy_revalidate?: boolean | undefined;
  immutable?: boolean | undefined;
  stale_while_revalidate?: number | undefined;
  stale_if_error?: number | undefined;
  [directive: string]: unknown;
}

/** Of a directive, its value; `true` if it has none. `no-cache` may be there several times. */
type Value = unknown;

/**
 * Adds directives. `max_age` never grows: the smaller one counts. `private` takes the place of `public`, and the other
 * way round.
 * @throws ValueError if the `max-age` to compare with is no number.
 */
export function patch_cache_control(
  response: HttpResponseBase,
  directives: CacheControl = {},
): void {
  const all = new Map<string, Value[]>();
  const put = (name: string, value: Value): void => {
    const known = name === "no-cache" ? (all.get(name) ?? []) : [];
    all.set(name, known.includes(value) ? known : [...known, value]);
  };
  for (const [name, value] of read_directives(response)) put(name, value);
  const given = Object.entries(directives).filter(([, value]) => value !== undefined);
  if ("private" in directives || "public" in directives) {
    if (all.has("private") && directives.public !== undefined) all.delete("private");
    else if (all.has("public") && directives.private !== undefined) all.delete("public");
  }
  const age = all.get("max-age")?.[0];
  for (const [key, value] of given) {
    put(key.replaceAll("_", "-"), key === "max_age" ? smaller(age, value) : value);
  }
  response.headers.set("Cache-Control", Array.from(all, write_directive).join(", "));
}

function* read_directives(response: HttpResponseBase): Generator<[string, Value]> {
  for (const part of split_header_value(response.headers.get("Cache-Control", ""))) {
    const equals = part.indexOf("=");
    if (equals < 0) yield [part.toLowerCase(), true];
    else yield [strip(part.slice(0, equals)).toLowerCase(), part.slice(equals + 1)];
  }
}

function write_directive([name, values]: [string, Value[]]): string {
  if (values.includes(true)) return name; // bare, it says more than any list of fields
  return values.map((value) => `${name}=${str(value)}`).join(", ");
}

function smaller(old: unknown, given: unknown): unknown {
  if (old === undefined) return given;
  const age = to_age(old);
  if (age === undefined)
    throw new ValueError(`The response's max-age, ${repr(old)}, is no number.`);
  return Number(given) < age ? given : age;
}

function to_age(value: unknown): number | undefined {
  return value === true ? 1 : parse_int(str(value)); // Python's int(True)
}

/** The `max-age` of Cache-Control in seconds, if it is there and a whole number. */
export function get_max_age(response: HttpResponseBase): number | undefined {
  let age: unknown;
  for (const part of split_header_value(response.headers.get("Cache-Control", ""))) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    if (name.toLowerCase() === "max-age") age = equals < 0 ? true : part.slice(equals + 1);
  }
  return age === undefined ? undefined : to_age(age);
}

/** Options of `patch_response_headers`. */
export interface PatchResponseHeadersOptions {
  /** In seconds; below 0 it counts as 0. Default `CACHE_MIDDLEWARE_SECONDS`. */
  cache_timeout?: number | null | undefined;
}

/** Sets Expires, unless it is set, and the `max-age` of Cache-Control. */
export function patch_response_headers(
  response: HttpResponseBase,
  options: PatchResponseHeadersOptions = {},
): void {
  const max_age = Math.max(0, options.cache_timeout ?? settings.CACHE_MIDDLEWARE_SECONDS);
  if (!response.has_header("Expires")) response.headers.set("Expires", http_date(time() + max_age));
  patch_cache_control(response, { max_age });
}

/** Says that no cache may keep the response. */
export function add_never_cache_headers(response: HttpResponseBase): void {
  patch_response_headers(response, { cache_timeout: -1 });
  patch_cache_control(response, {
    no_cache: true,
    no_store: true,
    must_revalidate: true,
    private: true,
  });
}

/** Adds header names to Vary; old ones keep their place. With `*` among them, Vary is `*`. */
export function patch_vary_headers(response: HttpResponseBase, newheaders: Iterable<string>): void {
  const old = response.get("Vary");
  const added: string[] = [];
  for (const name of newheaders) added.push(strip(name));
  if (old === undefined || old === "") {
    response.set("Vary", joined(added));
    return;
  }
  if (added.length === 1 && old === added[0] && !old.includes(",")) return; // two that want Cookie, say
  const names = [...split_header_value(old)];
  const known = new Set(names.map((name) => name.toLowerCase()));
  for (const name of added) if (!known.has(name.toLowerCase())) names.push(name);
  response.set("Vary", joined(names));
}

function joined(names: readonly string[]): string {
  return names.includes("*") ? "*" : names.join(", ");
}

/** Whether Vary names the header. */
export function has_vary_header(response: HttpResponseBase, header_query: string): boolean {
  const vary = response.headers.get("Vary");
  if (vary === undefined) return false;
  const wanted = strip(header_query.toLowerCase());
  return [...split_header_value(vary)].some((name) => name.toLowerCase() === wanted);
}
