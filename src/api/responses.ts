/** The responses of typed endpoints, beside Django's own (docs/api.md, "Responses"). @module */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ValueError } from "../core/exceptions.ts";
import type { HttpResponseOptions } from "../http/_base.ts";
import { HttpResponse, HttpResponseBase, HttpResponseRedirect } from "../http/response.ts";
import type { Pairs } from "../utils/_mapping.ts";
import { repr, str } from "../utils/_python.ts";
import type { MultiValueDict } from "../utils/datastructures.ts";
import { urlencode } from "../utils/http.ts";
import type { SafeString } from "../utils/safestring.ts";
import { apply_options, type ReplyOptions, says_type, typed_options } from "./_reply_options.ts";
import { ContentType } from "./content_type.ts";

export { Reply, type ReplyClass, type ReplyDataOptions } from "./_reply.ts";
export type { ReplyCookie, ReplyHeaders, ReplyOptions } from "./_reply_options.ts";

const NO_OPTIONS: ReplyOptions = {};

/** What both classes of text have. */
class TextResponse extends HttpResponse {
  /** Whether a status was given; else it is the endpoint's to say. @internal */
  readonly _has_status: boolean;
  /** Whether a content type was given; else it is the endpoint's to say. @internal */
  readonly _has_type: boolean;

  constructor(text: string | SafeString, options: ReplyOptions, default_type: string) {
    super(str(text), typed_options(options, default_type));
    this._has_status = options.status !== undefined;
    this._has_type = says_type(options);
    apply_options(this, options);
  }
}

/** A text: `text/plain` in the charset of the site, unless the options say otherwise. */
export class PlainText extends TextResponse {
  constructor(text: string | SafeString, options: ReplyOptions = NO_OPTIONS) {
    super(text, options, ContentType.TEXT);
  }
}

/** A page: `text/html` in the charset of the site, unless the options say otherwise. The text is sent as it is. */
export class HTML extends TextResponse {
  constructor(text: string | SafeString, options: ReplyOptions = NO_OPTIONS) {
    super(text, options, ContentType.HTML);
  }
}

/** Options of `Redirect`. */
export interface RedirectOptions extends ReplyOptions {
  /** Parameters to add to the query string of the URL, form-encoded; a list gives one for each of its items. */
  query_params?: Pairs<unknown> | MultiValueDict<unknown> | undefined;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a `Redirect` may have this status. @internal */
export function is_redirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** A redirect with any of the five statuses; without one, the endpoint's if it is one of them, else 302. */
export class Redirect extends HttpResponseRedirect {
  /** Whether a status was given; else it is the endpoint's to say. @internal */
  readonly _has_status: boolean;

  /**
   * @param url Absolute or relative; an IRI becomes a URI.
   * @throws ValueError for another status than 301, 302, 303, 307 and 308; DisallowedRedirect for another scheme than
   * those of `allowed_schemes`; TypeError for a parameter that is `null`.
   */
  constructor(url: string | URL, options: RedirectOptions = NO_OPTIONS) {
    const { status, headers, content_type, query_params } = options;
    if (status !== undefined && !is_redirect(status))
      throw new ValueError(
        `The status of a Redirect is 301, 302, 303, 307 or 308: ${repr(status)} is not.`,
      );
    const given: HttpResponseOptions = { status, headers, content_type };
    super(
      query_params === undefined
        ? url
        : with_query(str(url), urlencode(query_params, { doseq: true })),
      given,
    );
    this._has_status = status !== undefined;
    apply_options(this, options);
  }
}

/** The URL with more of a query, before the fragment if it has one. */
function with_query(url: string, query: string): string {
  if (query === "") return url;
  const hash = url.indexOf("#");
  const target = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? "" : url.slice(hash);
  const separator = !target.includes("?") ? "?" : /[?&]$/.test(target) ? "" : "&";
  return target + separator + query + fragment;
}

/** What `node:http` calls for a request: a listener, or an application of Express and the like. */
export type NodeListener = (req: IncomingMessage, res: ServerResponse) => unknown;

/**
 * Has a listener of `node:http` answer the request itself. Headers and cookies of this response are on `res` by then. Where
 * there is no `node:http` connection, as under the Fetch door, it is an empty 501.
 */
export class NodeApp extends HttpResponseBase {
  static {
    this.prototype.status_code = 501;
  }

  constructor(listener: NodeListener) {
    super();
    this.delete("Content-Type"); // the listener's to say
    this._take_over = (req, res) => listener(req, res);
  }
}
