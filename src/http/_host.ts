/** The host of a request: how it is spelled, and which ones this site answers for. @module */
import { is_same_domain } from "../utils/http.ts";

/** A domain name or a bracketed IPv6 address, and a port; on lower-case text. */
export const host_validation_re: RegExp = /^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::([0-9]+))?$/;

/** Hosts a site under development answers for when `ALLOWED_HOSTS` is empty. */
export const DEVELOPMENT_HOSTS: readonly string[] = [".localhost", "127.0.0.1", "[::1]"];

/**
 * The domain in lower case without its trailing dot, and the port; both `""` when the text is no host. An IPv6
 * address keeps its brackets.
 */
export function split_domain_port(host: string): [domain: string, port: string] {
  const match = host_validation_re.exec(host.toLowerCase());
  if (match === null) return ["", ""];
  const [, domain = "", port = ""] = match;
  return [domain.endsWith(".") ? domain.slice(0, -1) : domain, port];
}

/**
 * Whether `ALLOWED_HOSTS`-like patterns cover the host: `"*"` all, `".example.com"` the domain and its subdomains,
 * any other text itself.
 * @param host In lower case and without a port, as `split_domain_port` gives it.
 */
export function validate_host(host: string, allowed_hosts: Iterable<string>): boolean {
  for (const pattern of allowed_hosts) {
    if (pattern === "*" || is_same_domain(host, pattern)) return true;
  }
  return false;
}
