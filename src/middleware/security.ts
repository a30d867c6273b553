/** HTTPS, and the headers that make browsers careful (Django docs: "Security middleware"). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { type HttpResponseBase, HttpResponsePermanentRedirect } from "../http/response.ts";
import { type GetResponse, MiddlewareMixin } from "../utils/deprecation.ts";
import { strip } from "../utils/_whitespace.ts";

/**
 * Redirects to HTTPS if `SECURE_SSL_REDIRECT` says so, and adds headers that the response does not have. The settings
 * are read once, when the middleware is made.
 */
export class SecurityMiddleware extends MiddlewareMixin {
  /** Seconds of `Strict-Transport-Security`; 0: no such header. */
  sts_seconds: number;
  sts_include_subdomains: boolean;
  sts_preload: boolean;
  content_type_nosniff: boolean;
  redirect: boolean;
  /** Where to redirect to; `null`: to the host of the request. */
  redirect_host: string | null;
  /** Patterns of paths, without the slash in front, that are not redirected. */
  redirect_exempt: readonly RegExp[];
  referrer_policy: string | readonly string[] | null;
  cross_origin_opener_policy: string | null;

  constructor(get_response: GetResponse) {
    super(get_response);
    this.sts_seconds = settings.SECURE_HSTS_SECONDS;
    this.sts_include_subdomains = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS;
    this.sts_preload = settings.SECURE_HSTS_PRELOAD;
    this.content_type_nosniff = settings.SECURE_CONTENT_TYPE_NOSNIFF;
    this.redirect = settings.SECURE_SSL_REDIRECT;
    this.redirect_host = settings.SECURE_SSL_HOST;
    this.redirect_exempt = settings.SECURE_REDIRECT_EXEMPT.map((pattern) => new RegExp(pattern));
    this.referrer_policy = settings.SECURE_REFERRER_POLICY;
    this.cross_origin_opener_policy = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY;
  }

  override process_request(request: HttpRequest): HttpResponseBase | undefined {
    if (!this.redirect || request.is_secure() || this.#is_exempt(request.path)) return undefined;
    const host = this.redirect_host || request.get_host();
    return new HttpResponsePermanentRedirect(`https://${host}${request.get_full_path()}`);
  }

  #is_exempt(path: string): boolean {
    const bare = path.replace(/^\/+/, "");
    return this.redirect_exempt.some((pattern) => bare.search(pattern) >= 0);
  }

  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (this.sts_seconds && request.is_secure())
      response.setdefault("Strict-Transport-Security", this.#transport_security());
    if (this.content_type_nosniff) response.setdefault("X-Content-Type-Options", "nosniff");
    const { referrer_policy, cross_origin_opener_policy } = this;
    if (referrer_policy !== null && referrer_policy.length > 0)
      response.setdefault("Referrer-Policy", joined(referrer_policy));
    if (cross_origin_opener_policy)
      response.setdefault("Cross-Origin-Opener-Policy", cross_origin_opener_policy);
    return response;
  }

  /** RFC 6797 §6.1. */
  #transport_security(): string {
    const subdomains = this.sts_include_subdomains ? "; includeSubDomains" : "";
    return `max-age=${this.sts_seconds}${subdomains}${this.sts_preload ? "; preload" : ""}`;
  }
}

/** Several policies, of which a browser takes the last that it knows. */
function joined(policies: string | readonly string[]): string {
  if (typeof policies !== "string") return policies.join(",");
  return policies.includes(",") ? policies.split(",").map(strip).join(",") : strip(policies);
}
