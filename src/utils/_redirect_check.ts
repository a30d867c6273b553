/** Which URLs it is safe to send a browser to. @module */
import { urlsplit_or_none } from "./_urlsplit.ts";
import { is_longer } from "./_utf8.ts";
import { strip } from "./_whitespace.ts";

/** The longest URL, in characters, that `url_has_allowed_host_and_scheme` looks at. */
export const MAX_URL_LENGTH = 2048;
/** The longest target of a redirect, in characters, unless the response is told another `max_length`. */
export const MAX_URL_REDIRECT_LENGTH = 16384;
/** The delimiters that separate the parts of a URL (RFC 3986 §2.2). */
export const RFC3986_GENDELIMS = ":/?#[]@";
/** The delimiters within a part of a URL (RFC 3986 §2.2). */
export const RFC3986_SUBDELIMS = "!$&'()*+,;=";

/** Whether the host is the pattern or, if that begins with a dot, that domain or one below it. Only the pattern is lower-cased. */
export function is_same_domain(host: string, pattern: string | null | undefined): boolean {
  const wanted = (pattern ?? "").toLowerCase();
  if (!wanted.startsWith(".")) return wanted !== "" && wanted === host;
  return host.endsWith(wanted) || host === wanted.slice(1);
}

/** The URL with `//` at its start made `/%2F`, so that no browser takes what follows for a host. */
export function escape_leading_slashes(url: string): string {
  return url.startsWith("//") ? `/%2F${url.slice(2)}` : url;
}

/** Options of `url_has_allowed_host_and_scheme`. */
export interface UrlHasAllowedHostAndSchemeOptions {
  /** Whether `http` is refused. Default `false`. */
  require_https?: boolean | undefined;
}

/**
 * Whether a redirect to the URL stays on these hosts, over HTTP or HTTPS; a path stays. It is judged as it stands, not
 * repaired as `new URL` does: browsers repair in more than one way. Pass its path through `iri_to_uri` all the same.
 * @param allowed_hosts Hosts, with their port if they have one; a text is one host.
 */
export function url_has_allowed_host_and_scheme(
  url: string | null | undefined,
  allowed_hosts: Iterable<string> | string | null | undefined,
  options: UrlHasAllowedHostAndSchemeOptions = {},
): boolean {
  const trimmed = strip(url ?? "");
  if (trimmed === "" || is_longer(trimmed, MAX_URL_LENGTH)) return false;
  const hosts = new Set(typeof allowed_hosts === "string" ? [allowed_hosts] : allowed_hosts);
  const schemes = options.require_https === true ? ["https"] : ["http", "https"];
  // browsers take `\` for `/`, but it may also be part of a user name: both readings must be safe
  return (
    is_allowed(trimmed, hosts, schemes) && is_allowed(trimmed.replaceAll("\\", "/"), hosts, schemes)
  );
}

function is_allowed(url: string, hosts: ReadonlySet<string>, schemes: readonly string[]): boolean {
  if (url.startsWith("///")) return false; // a browser goes to the host after any number of slashes
  const parts = urlsplit_or_none(url);
  if (parts === undefined) return false;
  const { netloc, scheme } = parts;
  if (netloc === "" && scheme !== "") return false; // http:///host: to a browser, a host
  if (/^\p{C}/u.test(url)) return false; // browsers skip control characters
  if (netloc !== "" && !hosts.has(netloc)) return false;
  return netloc === "" || schemes.includes(scheme === "" ? "http" : scheme);
}
