/** OpenAPI: the document of an API, its page, and where they are served (docs/api.md, "OpenAPI"). @module */
export { document_endpoints, type DocumentEndpoint } from "./_endpoints.ts";
export type {
  ComponentsObject,
  Extensible,
  HeaderObject,
  InfoObject,
  MediaTypeObject,
  OpenAPIDocument,
  OpenAPIVersion,
  OperationObject,
  ParameterObject,
  PathItemObject,
  PathMethod,
  RequestBodyObject,
  ResponseObject,
} from "./_objects.ts";
export type {
  DocumentedAPI,
  DocumentedOperation,
  DocumentedRoute,
  OpenAPIOptions,
} from "./_types.ts";
export { build_document } from "./document.ts";
