/** The objects of an OpenAPI document (spec.openapis.org/oas/v3.1.1 and v3.2.0), as far as this layer writes them. @module */
import type { JSONSchema } from "../schema.ts";

/** The place of components in a document. */
export const SCHEMAS = "#/components/schemas/";

/** A version of OpenAPI that can be written. */
export type OpenAPIVersion = "3.1.1" | "3.2.0";

/** Fields that any object of a document may have besides its own. */
export interface Extensible {
  [extension: `x-${string}`]: unknown;
}

/** What the API is. */
export interface InfoObject extends Extensible {
  title: string;
  version: string;
  description?: string;
}

/** A content in one media type. */
export interface MediaTypeObject extends Extensible {
  schema?: JSONSchema;
  /** The schema of one item of a stream; since OpenAPI 3.2. */
  itemSchema?: JSONSchema;
  example?: unknown;
  examples?: Record<string, object>;
  encoding?: Record<string, object>;
}

/** A header of a response. */
export interface HeaderObject extends Extensible {
  description?: string;
  required?: boolean;
  deprecated?: boolean;
  example?: unknown;
  schema?: JSONSchema;
}

/** A parameter of an operation. */
export interface ParameterObject extends Extensible {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  description?: string;
  required: boolean;
  deprecated?: boolean;
  schema: JSONSchema;
  example?: unknown;
}

/** The content of a request. */
export interface RequestBodyObject extends Extensible {
  description?: string;
  required?: boolean;
  content: Record<string, MediaTypeObject>;
}

/** An answer of one status. */
export interface ResponseObject extends Extensible {
  description: string;
  headers?: Record<string, HeaderObject>;
  content?: Record<string, MediaTypeObject>;
  links?: object;
}

/** What one method of a path does. */
export interface OperationObject extends Extensible {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  deprecated: boolean;
  parameters?: ParameterObject[];
  requestBody?: RequestBodyObject;
  responses: Record<string, ResponseObject>;
  security?: Record<string, readonly string[]>[];
}

/** The methods that a path has fields for in OpenAPI 3.1. */
export const PATH_METHODS = [
  "get",
  "post",
  "put",
  "patch",
  "delete",
  "head",
  "options",
  "trace",
] as const;

/** One of them. */
export type PathMethod = (typeof PATH_METHODS)[number];

/** The operations of one path. */
export type PathItemObject = Extensible & {
  [Method in PathMethod]?: OperationObject;
} & {
  summary?: string;
  description?: string;
  parameters?: ParameterObject[];
  /** Other methods; since OpenAPI 3.2. */
  additionalOperations?: Record<string, OperationObject>;
};

/** What other objects refer to. */
export interface ComponentsObject extends Extensible {
  schemas?: Record<string, JSONSchema>;
  responses?: Record<string, object>;
  parameters?: Record<string, object>;
  examples?: Record<string, object>;
  requestBodies?: Record<string, object>;
  headers?: Record<string, object>;
  securitySchemes?: Record<string, object>;
  links?: Record<string, object>;
  callbacks?: Record<string, object>;
  pathItems?: Record<string, object>;
}

/** An OpenAPI document. */
export interface OpenAPIDocument extends Extensible {
  /** `"3.1.1"` or `"3.2.0"`. */
  openapi: string;
  info: InfoObject;
  servers?: readonly object[];
  /** By paths with their prefix: `/api/users/{id}/`. */
  paths: Record<string, PathItemObject>;
  components?: ComponentsObject;
  security?: Record<string, readonly string[]>[];
  tags?: ({ name: string; description?: string } & Extensible)[];
  externalDocs?: { url: string; description?: string };
  webhooks?: Record<string, object>;
}
