/** Headers and cookies of responses, as the document describes them. @module */
import { put } from "../_schema_walk.ts";
import type { CookieSpec, HeaderSpec } from "../spec.ts";
import type { HeaderObject } from "./_objects.ts";

/** Headers by name. */
export type NamedHeaders = readonly (readonly [name: string, spec: HeaderSpec])[];
/** Cookies by key. */
export type NamedCookies = readonly (readonly [key: string, spec: string | CookieSpec])[];

/** The header objects: of two of one name, the last counts. All cookies are one `Set-Cookie`. */
export function headers_of(
  headers: NamedHeaders,
  cookies: NamedCookies,
): Record<string, HeaderObject> {
  const all = new Map<string, readonly [string, HeaderObject]>();
  for (const [name, spec] of headers) all.set(name.toLowerCase(), [name, header(spec)]);
  if (cookies.length > 0) all.set("set-cookie", ["Set-Cookie", set_cookie(new Map(cookies))]);
  const named: Record<string, HeaderObject> = {};
  for (const [name, object] of all.values()) put(named, name, object);
  return named;
}

function header({ description, required, deprecated, example, schema }: HeaderSpec): HeaderObject {
  return {
    ...(description !== undefined && { description }),
    ...(required === true && { required }),
    ...(deprecated === true && { deprecated }),
    ...(example !== undefined && { example }),
    schema: schema === undefined ? { type: "string" } : { ...schema },
  };
}

/** RFC 6265 §3: each cookie has a header of its own, and a document can name that but once. */
function set_cookie(cookies: ReadonlyMap<string, string | CookieSpec>): HeaderObject {
  const lines = [...cookies].map(([key, spec]) => {
    const description = typeof spec === "string" ? undefined : spec.description;
    return description === undefined ? key : `${key}: ${description}`;
  });
  return { description: lines.join("\n"), schema: { type: "string" } };
}
