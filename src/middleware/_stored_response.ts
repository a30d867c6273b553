/** A response as the page cache keeps it: plain data, so that any cache can. @module */
import { SimpleCookie } from "../http/cookie.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";

/** What is kept of a response. What class it was of is not: it comes back as an `HttpResponse`. */
export interface StoredResponse {
  status: number;
  reason: string;
  headers: [name: string, value: string][];
  cookies: string[];
  content: Uint8Array;
}

/** The data of a response. */
export function store_response(response: HttpResponse): StoredResponse {
  const cookies = response._has_cookies
    ? Array.from(response.cookies.values(), (morsel) => morsel.OutputString())
    : [];
  return {
    status: response.status_code,
    reason: response.reason_phrase,
    headers: [...response.items()],
    cookies,
    content: response.content,
  };
}

/** The response again; `undefined` if the cache gave something else. */
export function restore_response(stored: unknown): HttpResponseBase | undefined {
  if (!is_stored(stored)) return undefined;
  const { status, reason, headers, cookies, content } = stored;
  const response = new HttpResponse(content, { status, reason, headers });
  if (!headers.some(([name]) => name.toLowerCase() === "content-type"))
    response.delete("Content-Type");
  if (cookies.length > 0) {
    const jar = new SimpleCookie();
    for (const cookie of cookies) jar.load(cookie);
    response.cookies = jar;
  }
  return response;
}

function is_stored(value: unknown): value is StoredResponse {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    value.content instanceof Uint8Array &&
    "headers" in value &&
    Array.isArray(value.headers)
  );
}
