/** Content-Security-Policy (Django docs: CSP; CSP Level 3). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { build_policy, CSP, LazyNonce, type Policy } from "../utils/csp.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { truthy } from "../utils/_python.ts";

/** The nonce of this request; `undefined` without the middleware. Using its text puts it into the header. */
export function get_nonce(request: HttpRequest): LazyNonce | undefined {
  return request.csp_nonce;
}

/**
 * Sends the policies of `SECURE_CSP` and `SECURE_CSP_REPORT_ONLY`, or those that the view's decorator gave in their place.
 * A header that the view set stays.
 */
export class ContentSecurityPolicyMiddleware extends MiddlewareMixin {
  override process_request(request: HttpRequest): undefined {
    request.csp_nonce = new LazyNonce();
  }

  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const { _csp_config, _csp_ro_config } = response;
    send(request, response, CSP.HEADER_ENFORCE, _csp_config ?? settings.SECURE_CSP);
    send(
      request,
      response,
      CSP.HEADER_REPORT_ONLY,
      _csp_ro_config ?? settings.SECURE_CSP_REPORT_ONLY,
    );
    return response;
  }
}

function send(
  request: HttpRequest,
  response: HttpResponseBase,
  header: string,
  policy: Policy,
): void {
  if (!truthy(policy) || response.has_header(header)) return;
  response.set(header, build_policy(policy, get_nonce(request)));
}
