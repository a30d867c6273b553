/** The answers of an operation: those it declares, and the errors that follow from the declaration. @module */
import { reason_phrase } from "../../http/_status.ts";
import { ResponseKind } from "../_kinds.ts";
import { is_success, Models, type StatusModel } from "../_models.ts";
import type { JSONSchema } from "../schema.ts";
import type { Model } from "../spec.ts";
import { headers_of, type NamedCookies, type NamedHeaders } from "./_headers.ts";
import { kind_content } from "./_kind_content.ts";
import type { MediaTypeObject, OpenAPIVersion, ResponseObject } from "./_objects.ts";
import type { DocumentedOperation } from "./_types.ts";
import type { Components } from "./components.ts";

/** What the responses of a document are made with. */
export interface ResponseContext {
  readonly components: Components;
  readonly version: OpenAPIVersion;
}

/** A model whose status is known; `undefined`: nothing is declared. */
interface Answer extends Omit<StatusModel, "model" | "status"> {
  readonly status: number;
  readonly model: Model | undefined;
}

/** The response objects by status. */
export function responses_of(
  operation: DocumentedOperation,
  context: ResponseContext,
): Record<string, ResponseObject> {
  const responses: Record<string, ResponseObject> = {};
  const answers = answers_of(operation);
  for (const answer of answers) {
    const object = response_of(answer, operation, context);
    const { status, openapi } = answer;
    // a response object is what it is declared to take, and to give
    responses[status] = (openapi?.({ ...object }) ?? object) as ResponseObject;
  }
  for (const [status, description] of errors_of(operation, answers)) {
    responses[status] ??= {
      description,
      content: { "application/json": { schema: context.components.error("ErrorModel") } },
    };
  }
  return responses;
}

function answers_of(operation: DocumentedOperation): readonly Answer[] {
  const { spec, label } = operation;
  const models = new Models(spec, label);
  const [first] = models.all ?? [];
  if (models.all === undefined)
    return default_statuses(operation, undefined).map((status) => ({ status, model: undefined }));
  return models.all.map((entry) => {
    const [fixed] = default_statuses(operation, first?.model);
    return { ...entry, status: entry.status ?? fixed ?? 200 };
  });
}

/** What a success has for a status, if the declaration does not say it. */
function default_statuses(
  { spec, methods }: DocumentedOperation,
  model: Model | undefined,
): readonly number[] {
  if (spec.status !== undefined) return [spec.status];
  if (model === null) return [204];
  if (model instanceof ResponseKind) return [model.status];
  if (methods.length > 1) return [200];
  if (methods[0] === "DELETE" && model === undefined) return [200, 204]; // by what is returned
  return [methods[0] === "POST" ? 201 : 200];
}

function response_of(
  answer: Answer,
  operation: DocumentedOperation,
  context: ResponseContext,
): ResponseObject {
  const { model, status } = answer;
  const kind = model instanceof ResponseKind ? model.describe() : undefined;
  const layer = is_success(status) ? operation.effective : undefined;
  const own_headers: NamedHeaders = [
    ...Object.entries(kind?.headers ?? {}),
    ...Object.entries(answer.headers ?? {}),
  ];
  const cookies: NamedCookies = [...(layer?.cookies ?? []), ...Object.entries(kind?.cookies ?? {})];
  const headers = headers_of([...(layer?.headers ?? []), ...own_headers], cookies);
  const content = content_of(answer, operation, context);
  return {
    description: answer.description ?? kind?.description ?? reason_phrase(status),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(content !== undefined && { content }),
    ...(kind?.links !== undefined && { links: kind.links }),
  };
}

function content_of(
  { model, status }: Answer,
  { spec, effective, label }: DocumentedOperation,
  { components, version }: ResponseContext,
): Record<string, MediaTypeObject> | undefined {
  const where = `The response ${status} of ${label}`;
  if (model === null || has_no_content(status, model)) return undefined;
  if (model instanceof ResponseKind) return kind_content(model, { components, version, where });
  const schema = model === undefined ? {} : components.schema(model, "output", where);
  if (spec.content_type !== undefined) return { [spec.content_type]: { schema } };
  return Object.fromEntries(
    effective.renderers.map(({ content_type, data }) => [
      content_type,
      { schema: data || model === undefined ? schema : TEXT },
    ]),
  );
}

/** What a format makes of data that it cannot show as they are. */
const TEXT: JSONSchema = { type: "string" };

/** RFC 9110 §6.4.1; and a redirect has no content unless it is declared. */
function has_no_content(status: number, model: Model | undefined): boolean {
  const is_redirect = status >= 300 && status < 400;
  return status === 204 || status === 304 || (is_redirect && model === undefined);
}

/** The errors that the layer itself answers with, each with what it says. */
function* errors_of(
  { spec, effective }: DocumentedOperation,
  answers: readonly Answer[],
): Generator<readonly [status: number, description: string]> {
  const has_body = spec.body !== undefined || spec.form !== undefined;
  const { path, query, headers, cookies, response, content_type } = spec;
  if (has_body) yield [400, "The content of the request cannot be read."];
  if (response !== undefined || content_type !== undefined || effective.declares_renderers)
    yield [406, "The Accept header allows none of the media types of the response."];
  if (has_body) yield [415, "The Content-Type of the request is not supported."];
  if (has_body || [path, query, headers, cookies].some((part) => part !== undefined))
    yield [422, "The request is not as declared."];
  if (effective.validate_responses && answers.some(({ model }) => (model ?? null) !== null))
    yield [effective.response_error_status, "The response is not as declared."];
}
