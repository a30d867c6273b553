/** `CurrentSiteMiddleware`: which site a request is for. @module */
import type { HttpRequest } from "../../http/request.ts";
import { MiddlewareMixin } from "../../utils/deprecation.ts";
import { get_current_site } from "./_current_site.ts";

/** Sets `request.site`. */
export class CurrentSiteMiddleware extends MiddlewareMixin {
  /** @throws DisallowedHost for a host that is not allowed. */
  override process_request(request: HttpRequest): undefined {
    request.site = get_current_site(request);
  }
}
