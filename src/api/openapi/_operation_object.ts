/** What one method of a path does, as the document has it. @module */
import type { Spec } from "../spec.ts";
import type { PathParameter } from "./_mount.ts";
import type { OperationObject } from "./_objects.ts";
import { parameters_of, request_body } from "./_requests.ts";
import { type ResponseContext, responses_of } from "./_responses.ts";
import type { DocumentedOperation } from "./_types.ts";

/** Where an operation stands. */
export interface OperationContext extends ResponseContext {
  /** Of all parameters of the path, those before the API too. */
  readonly parameters: readonly PathParameter[];
  /** Below the API. */
  readonly route: string;
  readonly method: string;
  /** Whether other methods of the route have the same name, or id. */
  readonly shares_name: boolean;
}

/** What the endpoint is called; `undefined` if nobody said. */
export function given_id({ operation_id, name }: Spec): string | undefined {
  return operation_id ?? name;
}

/** The operation object. */
export function operation_object(
  operation: DocumentedOperation,
  context: OperationContext,
): OperationObject {
  const { spec, effective } = operation;
  const { summary, description } = spec;
  const { tags, security, deprecated } = effective;
  const parameters = parameters_of(operation, context.parameters, context.components);
  const requestBody = request_body(operation, context.components);
  return {
    operationId: id_of(operation, context),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags.length > 0 && { tags: [...tags] }),
    deprecated,
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody !== undefined && { requestBody }),
    responses: responses_of(operation, context),
    ...(security.length > 0 && { security: [...security] }),
  };
}

/** What the spec says, else the method and the words of the route. Of a shared name, the method is a part. */
function id_of({ spec }: DocumentedOperation, context: OperationContext): string {
  const { route, method, shares_name } = context;
  const given = given_id(spec);
  const verb = method.toLowerCase();
  if (given !== undefined) return shares_name ? `${verb}_${given}` : given;
  const path = route.replaceAll(/<(?:[^>:]+:)?([^>]+)>/g, "$1");
  return [verb, ...path.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "")].join("_");
}
