/** Slashes, `www`, refused user agents, and Content-Length (Django docs: "Common" middleware). @module */
import { settings } from "../conf/index.ts";
import { PermissionDenied, RuntimeError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import {
  HttpResponse,
  type HttpResponseBase,
  HttpResponsePermanentRedirect,
  type HttpResponseRedirectBase,
} from "../http/response.ts";
import { is_valid_path } from "../urls/base.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { escape_leading_slashes } from "../utils/http.ts";

export { BrokenLinkEmailsMiddleware } from "./_broken_links.ts";

/** A class of redirects. */
export type RedirectClass = new (redirect_to: string) => HttpResponseRedirectBase;

// With these a body comes, which a redirect would lose.
const WITH_BODY: ReadonlySet<string | null> = new Set(["DELETE", "POST", "PUT", "PATCH"]);

/**
 * Refuses the user agents of `DISALLOWED_USER_AGENTS`, redirects to `www.` (`PREPEND_WWW`) and, after a 404, to the URL
 * with a slash if there is one (`APPEND_SLASH`). Checks the host of every request, whether or not anything needs it.
 */
export class CommonMiddleware extends MiddlewareMixin {
  declare response_redirect_class: RedirectClass;

  static {
    this.prototype.response_redirect_class = HttpResponsePermanentRedirect;
  }

  /**
   * @throws PermissionDenied for a refused user agent; DisallowedHost for a host that is none of the site's.
   */
  override process_request(request: HttpRequest): HttpResponseBase | undefined {
    if (settings.DISALLOWED_USER_AGENTS.length > 0) refuse_user_agents(request);
    const host = request.get_host();
    if (!settings.PREPEND_WWW || host === "" || host.startsWith("www.")) return undefined;
    const path = this.should_redirect_with_slash(request)
      ? this.get_full_path_with_slash(request)
      : request.get_full_path();
    return new this.response_redirect_class(`${request.scheme}://www.${host}${path}`);
  }

  /** Whether the path is no URL of the site, but would be with a slash, and its view wants one. */
  should_redirect_with_slash(request: HttpRequest): boolean {
    if (!settings.APPEND_SLASH || request.path_info.endsWith("/")) return false;
    const { urlconf } = request;
    if (is_valid_path(request.path_info, { urlconf })) return false;
    const match = is_valid_path(`${request.path_info}/`, { urlconf });
    if (!match) return false;
    const { should_append_slash = true } = match.func as { should_append_slash?: boolean };
    return should_append_slash;
  }

  /**
   * The path and query with a slash after the path; two slashes in front do not stay, they would name a host.
   * @throws RuntimeError with DEBUG for a method whose body the redirect would lose.
   */
  get_full_path_with_slash(request: HttpRequest): string {
    const path = escape_leading_slashes(request.get_full_path({ force_append_slash: true }));
    if (settings.DEBUG && WITH_BODY.has(request.method))
      throw new RuntimeError(
        `This ${request.method} went to a URL without a slash at the end, and a redirect would lose its body. ` +
          `Send it to ${request.get_host()}${path}, or set APPEND_SLASH to false.`,
      );
    return path;
  }

  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const redirects = response.status_code === 404 && this.should_redirect_with_slash(request);
    const answer = redirects
      ? new this.response_redirect_class(this.get_full_path_with_slash(request))
      : response;
    if (answer instanceof HttpResponse && !answer.has_header("Content-Length"))
      answer.set("Content-Length", String(answer.tell()));
    return answer;
  }
}

function refuse_user_agents(request: HttpRequest): void {
  const user_agent = request._meta_value("HTTP_USER_AGENT");
  if (user_agent === undefined) return;
  for (const pattern of settings.DISALLOWED_USER_AGENTS) {
    if (user_agent.search(pattern) >= 0)
      throw new PermissionDenied("This user agent is refused (DISALLOWED_USER_AGENTS).");
  }
}
