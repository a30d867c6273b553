/** Typed endpoints: declared once for the compiler, validation, negotiation and the document (docs/api.md). @module */
export { handler400, handler403, handler404, handler500 } from "./_error_handlers.ts";
export type { ApiSettings } from "./_settings.ts";
export type { FetchApp } from "./_foreign.ts";
export type { ResponseKind } from "./_kinds.ts";
export { API, type APIOptions } from "./api.ts";
export { BackgroundTask, BackgroundTasks, type BackgroundTasksOptions } from "./background.ts";
export { ContentType } from "./content_type.ts";
export { Controller, type ControllerClass } from "./controller.ts";
export { no_compress } from "./decorators.ts";
export type { TypeEncoder } from "./encoders.ts";
export { endpoint, type Endpoint, type EndpointDecorator } from "./endpoint.ts";
export {
  BadGateway,
  BadRequest,
  Conflict,
  type ErrorDetail,
  Forbidden,
  GatewayTimeout,
  Gone,
  HTTPException,
  type HTTPExceptionOptions,
  InternalServerError,
  MethodNotAllowed,
  NotAcceptable,
  NotFound,
  NotImplemented,
  RequestValidationError,
  ResponseValidationError,
  ServiceUnavailable,
  TooManyRequests,
  Unauthorized,
  UnprocessableEntity,
  UnsupportedMediaType,
} from "./exceptions.ts";
export {
  file,
  type FileKind,
  type FileOptions,
  send_file,
  type SendFileOptions,
  type SendFileViewOptions,
} from "./files.ts";
export {
  CacheControlHeader,
  type CacheControlHeaderOptions,
  ETag,
  type ETagOptions,
} from "./headers.ts";
export type {
  OpenAPIDocument,
  OpenAPIOptions,
  OperationObject,
  ParameterObject,
  ResponseObject,
} from "./openapi/index.ts";
export * from "./pagination.ts";
export { JSONParser, MessagePackParser, Parser, TextParser } from "./parsers.ts";
export {
  JSONRenderer,
  MessagePackRenderer,
  type RenderContext,
  Renderer,
  TemplateRenderer,
  TextRenderer,
} from "./renderers.ts";
export {
  HTML,
  NodeApp,
  type NodeListener,
  PlainText,
  Redirect,
  type RedirectOptions,
  Reply,
  type ReplyClass,
  type ReplyCookie,
  type ReplyDataOptions,
  type ReplyOptions,
} from "./responses.ts";
export { Router, type RouterViewOptions, type Verb } from "./router.ts";
export type { JSONSchema, Schema, SchemaInput, SchemaOutput } from "./schema.ts";
export type {
  AfterRequest,
  Args,
  CookieSpec,
  CsrfPolicy,
  ExceptionHandler,
  Handler,
  HeaderSpec,
  Kwargs,
  Layer,
  Model,
  ModelEntry,
  ModelMap,
  PlainResponse,
  ResponseSpec,
  Returns,
  Spec,
  ViewDecorator,
} from "./spec.ts";
export { HTTPStatus } from "./status.ts";
export {
  EventStream,
  type EventStreamOptions,
  jsonl,
  ServerSentEvent,
  type ServerSentEventOptions,
  sse,
  Stream,
  type StreamSource,
} from "./streaming.ts";
