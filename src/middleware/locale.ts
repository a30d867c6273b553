/** The language of a request (Django docs: "Locale middleware"). @module */
import { settings } from "../conf/index.ts";
import { is_language_prefix_patterns_used } from "../conf/urls/i18n.ts";
import type { HttpRequest } from "../http/request.ts";
import { type HttpResponseBase, HttpResponseRedirect } from "../http/response.ts";
import { get_script_prefix, is_valid_path } from "../urls/base.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import * as translation from "../utils/translation.ts";
import type { RedirectClass } from "./common.ts";

/**
 * Chooses the language: that of the path (`i18n_patterns`), else the cookie's, else the best of Accept-Language, else
 * `LANGUAGE_CODE`. Sets `request.LANGUAGE_CODE` and Content-Language.
 */
export class LocaleMiddleware extends MiddlewareMixin {
  declare response_redirect_class: RedirectClass;

  static {
    this.prototype.response_redirect_class = HttpResponseRedirect;
  }

  override process_request(request: HttpRequest): undefined {
    const [used, prefixed_default] = prefixes(request);
    let language = translation.get_language_from_request(request, { check_path: used });
    if (used && !prefixed_default && !translation.get_language_from_path(request.path_info))
      language = settings.LANGUAGE_CODE;
    translation.activate(language);
    request.LANGUAGE_CODE = translation.get_language() ?? settings.LANGUAGE_CODE;
  }

  override process_response(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const language = translation.get_language() ?? settings.LANGUAGE_CODE;
    const from_path = translation.get_language_from_path(request.path_info);
    const [used, prefixed_default] = prefixes(request);
    if (response.status_code === 404 && !from_path && used && prefixed_default) {
      const redirect = this.#to_language(request, language);
      if (redirect !== undefined) return redirect;
    }
    if (!(used && from_path)) patch_vary_headers(response, ["Accept-Language"]);
    response.setdefault("Content-Language", language);
    return response;
  }

  /** The redirect to the path with the language before it, if the site has such a URL. */
  #to_language(request: HttpRequest, language: string): HttpResponseBase | undefined {
    const path = `/${language}${request.path_info}`;
    const urlconf = request.urlconf ?? settings.ROOT_URLCONF;
    const force_append_slash = !is_valid_path(path, { urlconf });
    if (force_append_slash) {
      if (!settings.APPEND_SLASH || path.endsWith("/") || !is_valid_path(`${path}/`, { urlconf }))
        return undefined;
    }
    const prefix = get_script_prefix();
    const location = request
      .get_full_path({ force_append_slash })
      .replace(prefix, () => `${prefix}${language}/`);
    const redirect = new this.response_redirect_class(location);
    patch_vary_headers(redirect, ["Accept-Language", "Cookie"]);
    return redirect;
  }
}

/** Whether the URLconf has `i18n_patterns`, and whether these prefix the default language too. */
function prefixes(request: HttpRequest): readonly [used: boolean, prefixed_default: boolean] {
  return is_language_prefix_patterns_used(request.urlconf ?? settings.ROOT_URLCONF);
}
