/** The options that the response classes of this layer share. @module */
import type { HttpResponseOptions } from "../http/_base.ts";
import type { BackgroundWork } from "../http/_background.ts";
import type { CookieOptions } from "../http/_response_cookies.ts";
import { type HttpResponseBase, ResponseHeaders } from "../http/response.ts";
import { is_plain } from "../utils/_mapping.ts";
import { with_charset } from "./_content_types.ts";

/** A cookie in the options of a response: its value, and what `set_cookie` takes. */
export interface ReplyCookie extends CookieOptions {
  /** Turned into text. Default `""`. */
  value?: unknown;
}

/** Headers of a response: an object, a `Map`, or those of another response, of the Fetch standard too. */
export type ReplyHeaders =
  | Readonly<Record<string, unknown>>
  | ReadonlyMap<string, unknown>
  | ResponseHeaders
  | Headers;

/** What the responses of this layer take. */
export interface ReplyOptions<S extends number | undefined = number | undefined> {
  /** Default: the one that the endpoint declares, or that follows from its method; 200 outside of endpoints. */
  status?: S | undefined;
  /** Headers to set; objects such as `ETag` are turned into text. */
  headers?: ReplyHeaders | undefined;
  /** Cookies to set. */
  cookies?: Readonly<Record<string, string | ReplyCookie>> | undefined;
  /** The media type; `text/*` without a charset gets the one of the site. */
  content_type?: string | undefined;
  /** Work to begin when the response has been sent: a `BackgroundTask`. */
  background?: BackgroundWork | undefined;
}

/** Sets what is no option of `HttpResponse`. */
export function apply_options(response: HttpResponseBase, options: ReplyOptions): void {
  const { cookies, background } = options;
  if (background !== undefined) response.background = background;
  if (cookies === undefined) return;
  for (const [key, cookie] of Object.entries(cookies)) {
    if (typeof cookie === "string") response.set_cookie(key, cookie);
    else response.set_cookie(key, cookie.value, cookie);
  }
}

/** Whether the options say the media type, be it among the headers. */
export function says_type({ content_type, headers }: ReplyOptions): boolean {
  return content_type !== undefined || (headers !== undefined && names_type(headers));
}

/** The options of `HttpResponse`, with this media type if they say none; one among the headers wins over both. */
export function typed_options(options: ReplyOptions, default_type: string): HttpResponseOptions {
  const { status, headers, content_type } = options;
  const is_named = headers !== undefined && names_type(headers);
  const type = is_named ? content_type : with_charset(content_type ?? default_type);
  return { status, headers, content_type: type };
}

function names_type(headers: ReplyHeaders): boolean {
  if (!is_plain(headers)) return new ResponseHeaders(headers).has("Content-Type");
  return Object.keys(headers).some(
    (name) => name.length === 12 && name.toLowerCase() === "content-type",
  );
}
