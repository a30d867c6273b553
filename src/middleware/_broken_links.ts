/** Telling the managers of links that lead nowhere (Django docs: "404 errors"). @module */
import { settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { mail_managers } from "../core/mail/_send.ts";
import { MailerDoesNotExist } from "../core/mail/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { urlsplit } from "../utils/_urlsplit.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { log_message } from "../utils/log.ts";

/** Writes to `MANAGERS` about each 404 that a link led to, unless DEBUG is true or `IGNORABLE_404_URLS` has the URL. */
export class BrokenLinkEmailsMiddleware extends MiddlewareMixin {
  /** The alias of the mailer; `null`: the default one. */
  declare using: string | null;

  static {
    this.prototype.using = null;
  }

  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (response.status_code !== 404 || settings.DEBUG) return response;
    const domain = request.get_host();
    const path = request.get_full_path();
    const referer = request._meta_value("HTTP_REFERER") ?? "";
    if (this.is_ignorable_request(request, path, domain, referer)) return response;
    const kind = this.is_internal_request(domain, referer) ? "INTERNAL " : "";
    const agent = request._meta_value("HTTP_USER_AGENT") ?? "<none>";
    const address = request._meta_value("REMOTE_ADDR") ?? "<none>";
    this.send_mail(
      `Broken ${kind}link on ${domain}`,
      `Referrer: ${referer}\nRequested URL: ${path}\nUser agent: ${agent}\nIP address: ${address}\n`,
    );
    return response;
  }

  /** Writes to the managers; the client does not wait for it. A mailer that is not configured: silence. */
  send_mail(subject: string, message: string): void {
    mail_managers(subject, message, { using: this.using }).catch(report);
  }

  /** Whether the link is on a page of this domain. */
  is_internal_request(domain: string, referer: string): boolean {
    return referer.startsWith(`http://${domain}/`) || referer.startsWith(`https://${domain}/`);
  }

  /** Whether nobody is to be told: no link was followed, a search engine's was, or the client invented one. */
  is_ignorable_request(
    _request: HttpRequest,
    uri: string,
    domain: string,
    referer: string,
  ): boolean {
    if (referer === "") return true;
    if (settings.APPEND_SLASH && uri.endsWith("/") && referer === uri.slice(0, -1)) return true;
    if (referer.includes("?") && !this.is_internal_request(domain, referer)) return true;
    return (
      is_of(referer, domain, uri) ||
      settings.IGNORABLE_404_URLS.some((pattern) => uri.search(pattern) >= 0)
    );
  }
}

function report(error: unknown): void {
  if (error instanceof MailerDoesNotExist) return;
  log_message("django.request", "A mail about a broken link could not be sent: %s", error, {
    level: "warning",
    exception: error,
  });
}

/** Whether the Referer names the very URL that was asked for, as bad robots do. */
function is_of(referer: string, domain: string, uri: string): boolean {
  try {
    const { netloc, path } = urlsplit(referer);
    return (netloc === "" || netloc === domain) && path === uri;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}
