/** What the document needs of an API: nothing here imports the classes that register endpoints. @module */
import type { Effective } from "../layers.ts";
import type { Spec } from "../spec.ts";
import type { OpenAPIDocument, OpenAPIVersion } from "./_objects.ts";

/** The option `openapi` of an API. */
export interface OpenAPIOptions {
  /** The version of OpenAPI. Default: `OPENAPI_VERSION` of the `API` setting. */
  version?: OpenAPIVersion | undefined;
  /** The route of the document, below that of the API. Default `"openapi.json"`. */
  path?: string | undefined;
  /** The route of the page; `null`: there is none. Default `"docs/"`. */
  docs?: string | null | undefined;
}

/** An endpoint of a route. */
export interface DocumentedOperation {
  readonly spec: Spec;
  readonly effective: Effective;
  /** In upper case. */
  readonly methods: readonly string[];
  /** How messages call it. */
  readonly label: string;
}

/** A route with its endpoints. */
export interface DocumentedRoute {
  /** Below that of the API: `users/<int:id>/`. */
  readonly route: string;
  readonly operations: readonly DocumentedOperation[];
}

/** What is documented. */
export interface DocumentedAPI {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly servers: readonly object[];
  /** `null`: neither the document nor the page is served. */
  readonly openapi_options: OpenAPIOptions | null;
  /** @internal */
  _entries(): readonly DocumentedRoute[];
  /** The document; a subclass may change it. */
  openapi(): OpenAPIDocument;
}
