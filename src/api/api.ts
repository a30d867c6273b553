/** `API`: the outermost router, mounted in a URLconf, with its OpenAPI document (docs/api.md, "Declaring and mounting"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { RoutePattern, URLPattern } from "../urls/resolvers.ts";
import type { Included } from "../urls/_types.ts";
import { repr } from "../utils/_python.ts";
import { check_keys, LAYER_KEYS } from "./_keys.ts";
import { remember_api } from "./_mounts.ts";
import { type RouteEntry, route_entries, url_patterns } from "./_routes.ts";
import {
  build_document,
  document_endpoints,
  type OpenAPIDocument,
  type OpenAPIOptions,
} from "./openapi/index.ts";
import { Router } from "./router.ts";
import type { Layer } from "./spec.ts";

/** Options of the `API` constructor. */
export interface APIOptions extends Layer {
  /** What the document calls the API. Default `"API"`. */
  title?: string | undefined;
  /** The version of the API itself. Default `"1.0.0"`. */
  version?: string | undefined;
  /** A text for the document, in Markdown. */
  description?: string | undefined;
  /** The `servers` of the document. Default: none, which is the host that serves it. */
  servers?: readonly object[] | undefined;
  /** The instance namespace of its URL names; two APIs in one site need two. Default `"api"`. */
  namespace?: string | undefined;
  /** How the document is served; `null`: not at all. */
  openapi?: OpenAPIOptions | null | undefined;
}

const OPTIONS = [
  "title",
  "version",
  "description",
  "servers",
  "namespace",
  "openapi",
  ...LAYER_KEYS,
];

/**
 * Endpoints of one site: `path("api/", api.urls)`. All options but those of the document and `namespace` are a layer
 * around its endpoints.
 */
export class API extends Router {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly servers: readonly object[];
  readonly namespace: string;
  /** How the document is served; `null`: not at all. */
  readonly openapi_options: OpenAPIOptions | null;
  #route_entries: readonly RouteEntry[] | undefined;
  #urls: Included | undefined;

  /** @throws ImproperlyConfigured for a key that is none of these options. */
  constructor(options: APIOptions = {}) {
    check_keys(options, OPTIONS, "An API");
    const { title, version, description, servers, namespace, openapi, ...layer } = options;
    super(layer);
    this.title = title ?? "API";
    this.version = version ?? "1.0.0";
    this.description = description;
    this.servers = servers ?? [];
    this.namespace = namespace ?? "api";
    this.openapi_options = openapi === undefined ? {} : openapi;
  }

  /**
   * What `include()` gives, for `path()`: the patterns, the application namespace `"api"`, and the namespace. With the
   * first reading all is registered that there will be.
   * @throws ImproperlyConfigured for two handlers of one method of a route.
   */
  get urls(): Included {
    this.#urls ??= this.#build();
    return this.#urls;
  }

  #build(): Included {
    const entries = this._entries();
    const own = url_patterns(entries, this);
    const patterns = [...this.#document_patterns(entries), ...own];
    remember_api(patterns, this);
    return [patterns, "api", this.namespace];
  }

  // Before the others: a route such as <path:rest> is not to hide them.
  #document_patterns(entries: readonly RouteEntry[]): URLPattern[] {
    if (this.openapi_options === null) return [];
    return document_endpoints(this).map(({ route, view, name }) => {
      if (entries.some((entry) => entry.route === route))
        throw new ImproperlyConfigured(
          `The route ${repr(route)} is taken by the OpenAPI document, or its page. Put them elsewhere with ` +
            "openapi: { path, docs }, or leave them out with openapi: null.",
        );
      const pattern = new RoutePattern(route, { name, is_endpoint: true });
      return new URLPattern(pattern, view, { name });
    });
  }

  /** All routes, in the order of their first registration. Nothing can be registered any more. @internal */
  _entries(): readonly RouteEntry[] {
    if (this.#route_entries === undefined) {
      this.#route_entries = route_entries(this);
      this._close();
    }
    return this.#route_entries;
  }

  /** The OpenAPI document, which subclasses may change. */
  openapi(): OpenAPIDocument {
    return build_document(this);
  }
}
