/** The OpenAPI document of an API (docs/api.md, "OpenAPI"). @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import { repr } from "../../utils/_python.ts";
import { ResponseKind } from "../_kinds.ts";
import { Models } from "../_models.ts";
import { api_setting } from "../_settings.ts";
import { mount_of, type Template, template_of_route } from "./_mount.ts";
import {
  type InfoObject,
  type OpenAPIDocument,
  type OpenAPIVersion,
  type OperationObject,
  PATH_METHODS,
  type PathItemObject,
} from "./_objects.ts";
import { given_id, operation_object } from "./_operation_object.ts";
import type { DocumentedAPI, DocumentedOperation } from "./_types.ts";
import { Components, type Use } from "./components.ts";

/** One method of one path. */
interface Documented {
  readonly template: Template;
  /** Below the API. */
  readonly route: string;
  readonly method: string;
  readonly operation: DocumentedOperation;
  /** Whether other methods of the route have the same name, or id. */
  readonly shares_name: boolean;
}

const VERSIONS: readonly OpenAPIVersion[] = ["3.1.1", "3.2.0"];
/** The methods that have a field in a path item. */
const FIELDS: ReadonlySet<string> = new Set(PATH_METHODS.map((name) => name.toUpperCase()));

/** @throws ImproperlyConfigured for a version that cannot be written. */
function document_version(api: DocumentedAPI): OpenAPIVersion {
  const version = api.openapi_options?.version ?? api_setting("OPENAPI_VERSION");
  if (!VERSIONS.includes(version))
    throw new ImproperlyConfigured(
      `OpenAPI documents are written in version ${VERSIONS.join(" or ")}, not ${repr(version)}.`,
    );
  return version;
}

/**
 * The document. Schemas whose library has no JSON Schema for them are `{}`, and told in the log.
 * @throws ImproperlyConfigured for two operations, or two different schemas, with one id.
 */
export function build_document(api: DocumentedAPI): OpenAPIDocument {
  const version = document_version(api);
  const documented = [...all_documented(api)];
  const components = new Components(documented.flatMap(({ operation }) => uses_of(operation)));
  const paths: Record<string, PathItemObject> = {};
  const ids = new Map<string, string>();
  for (const { template, operation, ...place } of documented) {
    const { method } = place;
    if (!FIELDS.has(method) && version === "3.1.1") continue; // it has no place for them
    const item = (paths[template.path] ??= {});
    const { parameters } = template;
    const object = operation_object(operation, { components, version, parameters, ...place });
    const label = `${method} ${template.path}`;
    check_id(ids, object.operationId, label);
    add(item, method, object);
  }
  const { servers } = api;
  return {
    openapi: version,
    info: info_of(api),
    ...(servers.length > 0 && { servers }),
    paths,
    ...(Object.keys(components.used).length > 0 && { components: { schemas: components.used } }),
  };
}

function info_of({ title, version, description }: DocumentedAPI): InfoObject {
  return { title, version, ...(description !== undefined && { description }) };
}

/** In the order of the routes; of two operations that a document cannot tell apart, the first. */
function* all_documented(api: DocumentedAPI): Generator<Documented> {
  const mount = mount_of(api);
  const seen = new Set<string>();
  for (const { route, operations } of api._entries()) {
    const { path, parameters } = template_of_route(route);
    const template = {
      path: mount.path + path,
      parameters: [...mount.parameters, ...parameters],
    };
    const shown = operations.filter(({ effective }) => effective.include_in_schema);
    const names = shown.flatMap(({ spec, methods }) => methods.map(() => given_id(spec)));
    for (const operation of shown) {
      const name = given_id(operation.spec);
      const shares_name = names.filter((other) => other === name).length > 1;
      for (const method of operation.methods) {
        const key = `${method} ${template.path}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield { template, route, method, operation, shares_name };
      }
    }
  }
}

/** All schemas of an operation. */
function uses_of({ spec, label }: DocumentedOperation): Use[] {
  const { path, query, headers, cookies, body, form } = spec;
  const models = (new Models(spec, label).all ?? []).map(({ model }) =>
    model instanceof ResponseKind ? model.describe().item : (model ?? undefined),
  );
  return [path, query, headers, cookies, body, form, ...models].flatMap((schema) =>
    schema === undefined ? [] : [{ schema, label }],
  );
}

function check_id(ids: Map<string, string>, id: string, label: string): void {
  const other = ids.get(id);
  if (other !== undefined)
    throw new ImproperlyConfigured(
      `The operations ${other} and ${label} have both the id ${repr(id)}. Give one of them an operation_id.`,
    );
  ids.set(id, label);
}

function add(item: PathItemObject, method: string, operation: OperationObject): void {
  if (FIELDS.has(method)) Object.assign(item, { [method.toLowerCase()]: operation });
  else (item.additionalOperations ??= {})[method] = operation;
}
