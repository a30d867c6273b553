/** Redirects: a Location, checked before it is sent. @module */
import { DisallowedRedirect } from "../core/exceptions.ts";
import { urlsplit } from "../utils/_urlsplit.ts";
import { repr, str } from "../utils/_python.ts";
import { iri_to_uri } from "../utils/encoding.ts";
import { MAX_URL_REDIRECT_LENGTH } from "../utils/http.ts";
import type { HttpResponseOptions } from "./_base.ts";
import { HttpResponse } from "./_http_response.ts";

/** Options of a redirect. */
export interface HttpResponseRedirectOptions extends HttpResponseOptions {
  /** Ask the browser to repeat method and body at the new URL: 307 or 308 instead of 302 or 301. Default `false`. */
  preserve_request?: boolean | undefined;
  /** The longest Location allowed, in characters as sent. Default 16384; `null`: no limit. */
  max_length?: number | null | undefined;
  /** A body for clients that do not follow. Default empty. */
  content?: unknown;
}

/** What both redirects have. */
export class HttpResponseRedirectBase extends HttpResponse {
  /** Schemes a URL may have; one without a scheme is always allowed. A subclass may have its own list. */
  static allowed_schemes: readonly string[] = ["http", "https", "ftp"];
  /** The status with `preserve_request`. */
  declare status_code_preserve_request: number;

  /**
   * @param redirect_to Absolute or relative; it is percent-encoded where it must be, and stays relative if it is. Any host
   * is allowed: what a visitor sent is first judged by `url_has_allowed_host_and_scheme`.
   * @throws DisallowedRedirect for another scheme, or a Location over `max_length`.
   * @throws ValueError if it is no URL.
   */
  constructor(redirect_to: unknown, options: HttpResponseRedirectOptions = {}) {
    super(options.content ?? "", options);
    const target = str(redirect_to);
    const { max_length = MAX_URL_REDIRECT_LENGTH } = options;
    this.set("Location", limited(target, max_length));
    if (options.preserve_request) this.status_code = this.status_code_preserve_request;
    const { allowed_schemes } = this.constructor as typeof HttpResponseRedirectBase; // made by `new`
    const { scheme } = urlsplit(target);
    if (scheme !== "" && !allowed_schemes.includes(scheme))
      throw new DisallowedRedirect(
        `A redirect goes to ${allowed_schemes.join(", ")} or a relative URL, not to ${repr(`${scheme}:`)}.`,
      );
  }

  /** The Location as it is now. @throws KeyError if it was deleted. */
  get url(): string {
    return this.getitem("Location");
  }

  override toString(): string {
    return `<${this.constructor.name} ${this._repr_status()}, url="${this.url}">`;
  }
}

/** The URL as it is sent, of at most `max_length` characters: first of all, so that a huge one costs nothing. */
function limited(target: string, max_length: number | null): string {
  if (max_length === null) return iri_to_uri(target);
  // encoding never makes a URL shorter
  const location = target.length > max_length ? target : iri_to_uri(target);
  if (location.length > max_length)
    throw new DisallowedRedirect(
      `A redirect of more than ${max_length} characters is refused; max_length allows longer ones.`,
    );
  return location;
}

/** 302, or 307 with `preserve_request`. */
export class HttpResponseRedirect extends HttpResponseRedirectBase {
  static {
    this.prototype.status_code = 302;
    this.prototype.status_code_preserve_request = 307;
  }
}

/** 301, or 308 with `preserve_request`. */
export class HttpResponsePermanentRedirect extends HttpResponseRedirectBase {
  static {
    this.prototype.status_code = 301;
    this.prototype.status_code_preserve_request = 308;
  }
}
