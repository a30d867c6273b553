/** What one method of a path does, as the document has it. @module */
import type { Converter } from "../../urls/converters.ts";
import { request_body } from "./_bodies.ts";
import type { OperationObject } from "./_objects.ts";
import { parameters_of } from "./_parameters.ts";
import { type ResponseContext, responses_of } from "./_responses.ts";
import type { DocumentedOperation } from "./_types.ts";

/** Where an operation stands. */
export interface OperationContext extends ResponseContext {
  /** Of all parameters of the path, those before the API too. */
  readonly converters: Readonly<Record<string, Converter>>;
  /** Below the API. */
  readonly route: string;
  readonly method: string;
}

/** The operation object. */
export function operation_object(
  operation: DocumentedOperation,
  context: OperationContext,
): OperationObject {
  const { spec, effective } = operation;
  const { summary, description } = spec;
  const { tags, security, deprecated } = effective;
  const parameters = parameters_of(operation, context.converters, context.components);
  const requestBody = request_body(operation, context.components);
  return {
    operationId: operation_id(operation, context),
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

/** What the spec says, else the method and the words of the route. With several methods, the method stands before it. */
function operation_id(
  { spec, methods }: DocumentedOperation,
  { route, method }: OperationContext,
): string {
  const given = spec.operation_id ?? spec.name;
  const name = method.toLowerCase();
  if (given !== undefined) return methods.length > 1 ? `${name}_${given}` : given;
  const path = route.replaceAll(/<(?:[^>:]+:)?([^>]+)>/g, "$1");
  return [name, ...path.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "")].join("_");
}
