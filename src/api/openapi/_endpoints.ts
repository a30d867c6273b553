/** The URLs of a document, of its page, and of the page's stylesheet. @module */
import { createHash } from "node:crypto";
import type { HttpRequest } from "../../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../../http/response.ts";
import type { AnyView } from "../../urls/_types.ts";
import { quote } from "../../utils/_quote.ts";
import { get_conditional_response } from "../../utils/cache.ts";
import { escape } from "../../utils/html.ts";
import { require_safe } from "../../views/decorators/http.ts";
import { api_version } from "../_settings.ts";
import { encode_json } from "../encoders.ts";
import { mount_of } from "./_mount.ts";
import type { DocumentedAPI } from "./_types.ts";
import { type DocsPage, docs_stylesheet, type PageLinks, render_docs } from "./docs.ts";

/** A URL that an API has besides those of its endpoints. */
export interface DocumentEndpoint {
  readonly route: string;
  readonly view: AnyView;
  /** For `reverse()`. */
  readonly name: string;
}

/** `default-src 'none'`: the page runs nothing and loads nothing but its stylesheet, and the icon of the site. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** What a URL may hold besides letters and digits (RFC 3986 §2), but for what would end a word of a command. */
const URL_CHARACTERS = "~:/?#[]@!$&()*+,;=%{}";

/** The document, the page unless `docs` is `null`, and its stylesheet. */
export function document_endpoints(api: DocumentedAPI): readonly DocumentEndpoint[] {
  const { path = "openapi.json", docs = "docs/" } = api.openapi_options ?? {};
  const document: DocumentEndpoint = { route: path, view: document_view(api), name: "openapi" };
  if (docs === null) return [document];
  const style = docs === "" || docs.endsWith("/") ? `${docs}style.css` : `${docs}.css`;
  const up = "../".repeat(docs.split("/").length - 1);
  const links = { document: up + path, stylesheet: up + style };
  return [
    document,
    { route: docs, view: page_view(api, links), name: "docs" },
    { route: style, view: style_view(), name: "docs-style" },
  ];
}

/** What was made for the last few places at which an API is mounted; a place may depend on the language. */
class Memory<T> {
  static readonly #LIMIT = 32;
  readonly #api: DocumentedAPI;
  readonly #made = new Map<string, T>();

  constructor(api: DocumentedAPI) {
    this.#api = api;
  }

  get(make: (api: DocumentedAPI) => T): T {
    const key = `${api_version()} ${mount_of(this.#api).path}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      made = make(this.#api);
      if (this.#made.size >= Memory.#LIMIT) this.#made.clear();
      this.#made.set(key, made);
    }
    return made;
  }

  /** Forgets what could not be made. */
  clear(): void {
    this.#made.clear();
  }
}

function document_view(api: DocumentedAPI): AnyView {
  const memory = new Memory<Content>(api);
  return require_safe(function openapi(request: HttpRequest): HttpResponseBase {
    const json = (each: DocumentedAPI): string => encode_json(each.openapi(), []);
    return answer(
      request,
      memory.get((each) => content_of(json(each), "application/json")),
    );
  });
}

function page_view(api: DocumentedAPI, links: PageLinks): AnyView {
  const memory = new Memory<Promise<DocsPage>>(api);
  let last: { page: DocsPage; origin: string; content: Content } | undefined;
  return require_safe(async function docs(request: HttpRequest): Promise<HttpResponseBase> {
    let page: DocsPage;
    try {
      page = await memory.get((each) =>
        Promise.resolve().then(() => render_docs(each.openapi(), links)),
      );
    } catch (error) {
      memory.clear();
      throw error;
    }
    const origin = escape(origin_of(api, request)).toString();
    if (last?.page !== page || last.origin !== origin)
      last = { page, origin, content: content_of(page.html(origin), "text/html; charset=utf-8") };
    const response = answer(request, last.content);
    response.set("Content-Security-Policy", POLICY);
    return response;
  });
}

function style_view(): AnyView {
  let style: Content | undefined;
  return require_safe(async function docs_style(request: HttpRequest): Promise<HttpResponseBase> {
    style ??= content_of(await docs_stylesheet(), "text/css; charset=utf-8");
    return answer(request, style);
  });
}

/** What stands before the paths: the first server if it says a host, else the host of the request. */
function origin_of({ servers }: DocumentedAPI, request: HttpRequest): string {
  const [server]: readonly { readonly url?: unknown }[] = servers;
  const own = `${request.scheme}://${request.get_host()}`;
  if (typeof server?.url !== "string") return own;
  const url = quote(server.url.replace(/\/+$/, ""), URL_CHARACTERS);
  return /^https?:/i.test(url) ? url : own + url;
}

/** What is sent, and the tag of its bytes. */
interface Content {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly type: string;
}

function content_of(content: string | Uint8Array, type: string): Content {
  const bytes = Buffer.from(content);
  return { bytes, type, etag: `"${createHash("sha256").update(bytes).digest("base64url")}"` };
}

/** RFC 9110 §13: a client asks whether it has the newest, and is told so without the content. */
function answer(request: HttpRequest, { bytes, etag, type }: Content): HttpResponseBase {
  const headers = { "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", ETag: etag };
  const response = new HttpResponse(bytes, { content_type: type, headers });
  return get_conditional_response(request, { etag, response }) ?? response;
}
