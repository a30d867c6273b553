/** Clickjacking protection: every response says who may show it in a frame (Django docs: Clickjacking). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";

/** Sets `X-Frame-Options` (RFC 7034), unless the view did or is `xframe_options_exempt`. */
export class XFrameOptionsMiddleware extends MiddlewareMixin {
  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (response.has_header("X-Frame-Options") || response.xframe_options_exempt) return response;
    response.set("X-Frame-Options", this.get_xframe_options_value(request, response));
    return response;
  }

  /** The value to send, in upper case. Override it to decide per request. */
  get_xframe_options_value(_request: HttpRequest, _response: HttpResponseBase): string {
    return settings.X_FRAME_OPTIONS.toUpperCase();
  }
}
