/** Cookies of responses that are not Django's, as they were written there (RFC 6265 §5.2). @module */
import { unquote } from "../http/_cookie_text.ts";
import { is_attribute, Morsel, type MorselTextOptions } from "../http/_morsel.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { error_text } from "../utils/_error_text.ts";
import { log } from "../utils/_logger.ts";

/** A cookie as somebody else has written it. */
class ForeignCookie extends Morsel {
  /** Attributes that a `Morsel` does not have, such as `; Partitioned`. */
  readonly #others: string;

  /** @throws CookieError for what no `Morsel` can be. */
  constructor(line: string) {
    super();
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    const value = pair.slice(equals + 1).trim();
    this._assign(pair.slice(0, Math.max(equals, 0)).trim(), unquote(value), value);
    let others = "";
    for (const attribute of attributes) {
      const [name = "", ...rest] = attribute.split("=");
      const key = name.trim().toLowerCase();
      if (FLAGS.has(key)) this.set(key, true);
      else if (is_attribute(key)) this.set(key, rest.join("=").trim());
      else if (key !== "") others += `; ${attribute.trim()}`;
    }
    this.#others = others;
  }

  override OutputString(options: MorselTextOptions = {}): string {
    return super.OutputString(options) + this.#others;
  }
}

const FLAGS: ReadonlySet<string> = new Set(["secure", "httponly"]);

/** Sets the cookie of a Set-Cookie header. One that we could not write is left out, and logged. */
export function take_cookie(response: HttpResponseBase, line: string): void {
  try {
    const cookie = new ForeignCookie(line);
    response.cookies.set(cookie.key, cookie);
  } catch (error) {
    const message = `A cookie was left out of a foreign response: ${error_text(error)}`;
    log("nuages.api", "warning", message, { error });
  }
}
