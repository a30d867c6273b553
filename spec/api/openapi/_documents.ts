/** Documents of small APIs, for specs. @module */
import {
  API,
  type APIOptions,
  type OpenAPIDocument,
  type OperationObject,
  type ParameterObject,
  type ResponseObject,
} from "nuages/api";
import { path } from "nuages/urls";
import { with_settings } from "../../support/settings.ts";
import { checked } from "./_checked.ts";

/** The document of an API below `/api/`, whose structure was checked. */
export function document_of(api: API): OpenAPIDocument {
  const ROOT_URLCONF = [path("api/", api.urls)];
  return checked(with_settings({ ROOT_URLCONF }, () => api.openapi()));
}

/** The document of an API to which `fill` adds endpoints. */
export function documented(fill: (api: API) => void, options: APIOptions = {}): OpenAPIDocument {
  const api = new API(options);
  fill(api);
  return document_of(api);
}

/** The operation of an API with one endpoint. */
export function only_operation(
  fill: (api: API) => void,
  options: APIOptions = {},
): OperationObject {
  const operations = Object.values(documented(fill, options).paths).flatMap((item) =>
    Object.values(item as Record<string, OperationObject>),
  );
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    throw new Error(`${operations.length} operations`);
  return operation;
}

/** One operation of a document. */
export function operation_of(
  document: OpenAPIDocument,
  method: "get" | "post" | "put" | "patch" | "delete" | "head" | "options",
  at: string,
): OperationObject {
  const operation = document.paths[at]?.[method];
  if (operation === undefined)
    throw new Error(`${method} ${at} is none of ${Object.keys(document.paths).join(", ")}`);
  return operation;
}

/** The response of a status. */
export function response_of(operation: OperationObject, status: number): ResponseObject {
  const response = operation.responses[status];
  if (response === undefined) throw new Error(`${status}: ${Object.keys(operation.responses)}`);
  return response;
}

/** The parameters by place and name: `query page`. */
export function parameters_of({
  parameters = [],
}: OperationObject): Record<string, ParameterObject> {
  return Object.fromEntries(parameters.map((each) => [`${each.in} ${each.name}`, each]));
}

/** A component. */
export function component(document: OpenAPIDocument, name: string): Record<string, unknown> {
  const schema = document.components?.schemas?.[name];
  if (schema === undefined)
    throw new Error(`${name}: ${Object.keys(document.components?.schemas ?? {}).join(", ")}`);
  return schema;
}
