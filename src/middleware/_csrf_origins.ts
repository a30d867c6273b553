/** Where a request may come from: the Origin (RFC 6454) and the Referer of requests that change something. @module */
import { settings } from "../conf/index.ts";
import { DisallowedHost, Exception, ValueError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { type SplitResult, urlsplit, urlunsplit } from "../utils/_urlsplit.ts";
import { is_same_domain } from "../utils/http.ts";
import {
  REASON_BAD_REFERER,
  REASON_INSECURE_REFERER,
  REASON_MALFORMED_REFERER,
  REASON_NO_REFERER,
} from "./_csrf_reasons.ts";

/** A request that fails the check. */
export class RejectRequest extends Exception {
  /** Why, for the failure view. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** `CSRF_TRUSTED_ORIGINS`, taken apart. */
export interface TrustedOrigins {
  /** The setting these were read from. */
  readonly source: readonly string[];
  /** Hosts with their ports; a dot in front stands for all below. */
  readonly hosts: readonly string[];
  /** The origins without `*`. */
  readonly exact: ReadonlySet<string>;
  /** By scheme, the hosts of those with `*`. */
  readonly subdomains: Readonly<Record<string, readonly string[]>>;
}

/** Reads `CSRF_TRUSTED_ORIGINS`: `https://*.example.com` stands for every subdomain and the domain itself. */
export function read_trusted_origins(source: readonly string[]): TrustedOrigins {
  const subdomains = Object.create(null) as Record<string, string[]>; // an object without prototype is a record
  for (const origin of source) {
    if (!origin.includes("*")) continue;
    const { scheme } = urlsplit(origin);
    (subdomains[scheme] ??= []).push(host_of(origin));
  }
  return {
    source,
    hosts: source.map(host_of),
    exact: new Set(source.filter((origin) => !origin.includes("*"))),
    subdomains,
  };
}

function host_of(origin: string): string {
  return urlsplit(origin).netloc.replace(/^\*+/, "");
}

/** Whether the Origin header names this host or a trusted one. */
export function is_origin_trusted(
  request: HttpRequest,
  origin: string,
  trusted: TrustedOrigins,
): boolean {
  const host = host_if_allowed(request);
  if (host !== undefined && origin === `${request.is_secure() ? "https" : "http"}://${host}`)
    return true;
  if (trusted.exact.has(origin)) return true;
  const parts = split_if_url(origin);
  if (parts === undefined) return false;
  const hosts = trusted.subdomains[parts.scheme] ?? [];
  return hosts.some((pattern) => is_same_domain(parts.netloc, pattern));
}

function host_if_allowed(request: HttpRequest): string | undefined {
  try {
    return request.get_host();
  } catch (error) {
    if (error instanceof DisallowedHost) return undefined;
    throw error;
  }
}

function split_if_url(text: string): SplitResult | undefined {
  try {
    return urlsplit(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/**
 * For a request by HTTPS without an Origin: the Referer must be by HTTPS and of this host or a trusted one. Somebody in
 * between could set cookies over plain HTTP, and so forge a token.
 * @throws RejectRequest if it is not.
 */
export function check_referer(request: HttpRequest, trusted: TrustedOrigins): void {
  const header = request._meta_value("HTTP_REFERER");
  if (header === undefined) throw new RejectRequest(REASON_NO_REFERER);
  const referer = split_if_url(header);
  if (referer === undefined || referer.scheme === "" || referer.netloc === "")
    throw new RejectRequest(REASON_MALFORMED_REFERER);
  if (referer.scheme !== "https") throw new RejectRequest(REASON_INSECURE_REFERER);
  if (trusted.hosts.some((pattern) => is_same_domain(referer.netloc, pattern))) return;
  const good = good_referer(request);
  if (good === undefined || !is_same_domain(referer.netloc, good))
    throw new RejectRequest(REASON_BAD_REFERER.replace("%s", () => urlunsplit(referer)));
}

/** The domain of the cookie with this port, else the host of the request, if it is allowed. */
function good_referer(request: HttpRequest): string | undefined {
  const domain = settings.CSRF_USE_SESSIONS
    ? settings.SESSION_COOKIE_DOMAIN
    : settings.CSRF_COOKIE_DOMAIN;
  if (domain === null) return host_if_allowed(request);
  const port = request.get_port();
  return port === "443" || port === "80" ? domain : `${domain}:${port}`;
}
