/** What `response` may declare besides a schema: a file or a stream. @module */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { TypeEncoder } from "./encoders.ts";
import type { Schema } from "./schema.ts";
import type { CookieSpec, HeaderSpec } from "./spec.ts";

/** What the document says of a response kind. */
export interface KindDocument {
  /** Server-sent events of items, one JSON line for each item, or bytes. */
  readonly format: "events" | "lines" | "file";
  /** Default: the phrase of the status. */
  readonly description?: string | undefined;
  /** The schema of one item of a stream. */
  readonly item?: Schema | undefined;
  /** The JSON Schema of the content of a file. Default `{ type: "string", format: "binary" }`. */
  readonly schema?: object | undefined;
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, HeaderSpec>> | undefined;
  /** Cookies of the response. */
  readonly cookies?: Readonly<Record<string, string | CookieSpec>> | undefined;
  /** The `links` of the response object, as they are. */
  readonly links?: object | undefined;
}

/** A response that is no data: `file()`, `sse()` and `jsonl()` make these. */
export abstract class ResponseKind<Value = unknown> {
  /** What a handler may return; a type only. @internal */
  declare readonly _value: Value;
  /** The media types it may have, for `Accept`; empty: any. */
  abstract readonly content_types: readonly string[];
  /** The status of success. */
  abstract readonly status: number;

  /**
   * The response for what the handler returned, or `undefined` for a value that is none of this kind.
   * @param validates Whether items are checked against the schema.
   * @param type_encoders How instances of classes become data, the nearest layer's first. Default: none but the built-in.
   */
  abstract to_response(
    value: unknown,
    validates: boolean,
    type_encoders?: readonly TypeEncoder[],
  ): HttpResponseBase | undefined;

  /** @throws ResponseValidationError for a response that is not as declared. */
  abstract check(response: HttpResponseBase): void;

  /**
   * What could not be asked before there was a response: whether the client takes its type. Here it is always taken.
   * @throws NotAcceptable
   */
  check_accepted(_request: HttpRequest, _response: HttpResponseBase): void {}

  /** What the document says of it. */
  abstract describe(): KindDocument;
}
