/** `RedirectView`, a view that redirects (Django docs: Base views). @module */
import type { HttpRequest } from "../../http/request.ts";
import {
  type HttpResponseBase,
  HttpResponseGone,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
} from "../../http/response.ts";
import { reverse } from "../../urls/base.ts";
import { percent_format } from "../../utils/_percent.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { urlsplit } from "../../utils/_urlsplit.ts";
import { log_response } from "../../utils/log.ts";
import { split_arguments, View } from "./_view.ts";

/** Redirects every method to `url`, or to the URL of `pattern_name` with the same values; 410 if there is neither. */
export class RedirectView extends View {
  /** 301 in place of 302. Default `false`. */
  declare permanent: boolean;
  /** `%(name)s` stands for a value of the URL; a percent sign is written twice. */
  declare url: string | null;
  /** What to give to `reverse()`. */
  declare pattern_name: string | null;
  /** Take the query along. Default `false`. */
  declare query_string: boolean;
  /** The method and the body are sent again: 307 and 308. Default `false`. */
  declare preserve_request: boolean;

  static {
    this.prototype.permanent = false;
    this.prototype.url = null;
    this.prototype.pattern_name = null;
    this.prototype.query_string = false;
    this.prototype.preserve_request = false;
  }

  /** Where to redirect to; `undefined`: nowhere, which is answered with 410. */
  get_redirect_url(...args: unknown[]): string | null | undefined {
    const [positional, kwargs] = split_arguments(args);
    let url: string;
    if (this.url) url = percent_format(this.url, kwargs);
    else if (this.pattern_name) url = reverse(this.pattern_name, { args: positional, kwargs });
    else return undefined;
    const query = this.query_string ? this.request._meta_value("QUERY_STRING") : undefined;
    return query ? `${url}${urlsplit(url).query === "" ? "?" : "&"}${query}` : url;
  }

  get(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    const url = this.get_redirect_url(...args);
    if (url) {
      const { preserve_request } = this;
      return this.permanent
        ? new HttpResponsePermanentRedirect(url, { preserve_request })
        : new HttpResponseRedirect(url, { preserve_request });
    }
    const response = new HttpResponseGone();
    log_response("Gone: %s", request.path, { response, request });
    return response;
  }

  head(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }

  post(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }

  override options(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }

  delete(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }

  put(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }

  patch(request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    return this.get(request, ...args);
  }
}
