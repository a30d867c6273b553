/** Errors that are an answer: thrown anywhere in an endpoint, sent as JSON (docs/api.md, "Errors"). @module */
import { Exception, ValueError } from "../core/exceptions.ts";
import { reason_phrase } from "../http/_status.ts";
import { repr } from "../utils/_python.ts";

/** One thing that is wrong, as the client is told. */
export interface ErrorDetail {
  /** What is wrong, in words. */
  readonly msg: string;
  /** The kind of fault, in a short word for programs. */
  readonly type?: string | undefined;
  /** Where it is in the request or the response: `["query", "page"]`. */
  readonly loc?: readonly (string | number)[] | undefined;
}

/** Options of `HTTPException` and its subclasses. */
export interface HTTPExceptionOptions extends ErrorOptions {
  /** From 200 to 599. Default: the class's, which for `HTTPException` itself is 500. */
  status?: number | undefined;
  /** Headers of the answer; objects such as `CacheControlHeader` are turned into text. */
  headers?: Readonly<Record<string, unknown>> | undefined;
  /** Any data, sent beside `detail`. */
  extra?: unknown;
  /** The type of the details that have none. Default for a text: the class's name, as in `not_found`. */
  type?: string | undefined;
}

const NO_OPTIONS: HTTPExceptionOptions = {};

/** An answer with the status and details of an error. */
export class HTTPException extends Exception {
  /** The status of the answer; a subclass has its own on the prototype. */
  declare status_code: number;
  /** What is wrong, one entry for each fault. */
  readonly detail: readonly ErrorDetail[];
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, unknown>> | undefined;
  /** What is sent beside `detail`. */
  readonly extra: unknown;

  static {
    this.prototype.status_code = 500;
  }

  /**
   * @param detail A text, or a list of faults. Default: the reason phrase of the status.
   * @throws ValueError for a status that no final response has.
   */
  constructor(
    detail?: string | readonly ErrorDetail[],
    options: HTTPExceptionOptions = NO_OPTIONS,
  ) {
    const { status } = options;
    const status_code =
      status === undefined ? new.target.prototype.status_code : checked_status(status);
    super(message_of(detail ?? reason_phrase(status_code)), options);
    if (status !== undefined) this.status_code = status;
    this.detail = details(this, detail, options.type);
    this.headers = options.headers;
    this.extra = options.extra;
  }
}

function message_of(detail: string | readonly ErrorDetail[]): string {
  return typeof detail === "string" ? detail : detail.map(({ msg }) => msg).join("; ");
}

function checked_status(status: number): number {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new ValueError(
    `The status of an HTTPException is an integer from 200 to 599: ${repr(status)} is not.`,
  );
}

function details(
  error: HTTPException,
  detail: string | readonly ErrorDetail[] | undefined,
  type: string | undefined,
): readonly ErrorDetail[] {
  if (detail === undefined || typeof detail === "string") {
    return [{ msg: error.message, type: type ?? type_of(error) }];
  }
  return type === undefined ? detail : detail.map((fault) => ({ type, ...fault }));
}

/** The name of the class in snake case; of the base class, which says nothing, the reason phrase. */
function type_of(error: HTTPException): string {
  const words =
    error.constructor === HTTPException
      ? reason_phrase(error.status_code).replaceAll("'", "").replaceAll(/[ -]/g, "_")
      : error.name
          .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
          .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2");
  return words.toLowerCase();
}

/** 400: the request cannot be understood. */
export class BadRequest extends HTTPException {
  static {
    this.prototype.status_code = 400;
  }
}

/** 401: who asks must say who they are; `WWW-Authenticate` in the headers says how (RFC 9110 §15.5.2). */
export class Unauthorized extends HTTPException {
  static {
    this.prototype.status_code = 401;
  }
}

/** 403: whoever asks, the answer is no. */
export class Forbidden extends HTTPException {
  static {
    this.prototype.status_code = 403;
  }
}

/** 404: there is no such thing. */
export class NotFound extends HTTPException {
  static {
    this.prototype.status_code = 404;
  }
}

/** 405: the URL exists, but not for this method; `Allow` in the headers lists those it has. */
export class MethodNotAllowed extends HTTPException {
  static {
    this.prototype.status_code = 405;
  }
}

/** 406: none of the formats there are is one that the client takes. */
export class NotAcceptable extends HTTPException {
  static {
    this.prototype.status_code = 406;
  }
}

/** 409: the request does not go together with what there is. */
export class Conflict extends HTTPException {
  static {
    this.prototype.status_code = 409;
  }
}

/** 410: there was something, and it will not come back. */
export class Gone extends HTTPException {
  static {
    this.prototype.status_code = 410;
  }
}

/** 415: the body is in a format that nobody here reads. */
export class UnsupportedMediaType extends HTTPException {
  static {
    this.prototype.status_code = 415;
  }
}

/** 422: the request was read, and what it says cannot be. */
export class UnprocessableEntity extends HTTPException {
  static {
    this.prototype.status_code = 422;
  }
}

/** 429: too many requests; `Retry-After` in the headers says how long to wait. */
export class TooManyRequests extends HTTPException {
  static {
    this.prototype.status_code = 429;
  }
}

/** 500: something went wrong here. */
export class InternalServerError extends HTTPException {
  static {
    this.prototype.status_code = 500;
  }
}

/** 501: nothing here can do that. */
export class NotImplemented extends HTTPException {
  static {
    this.prototype.status_code = 501;
  }
}

/** 502: the server behind this one gave no proper answer. */
export class BadGateway extends HTTPException {
  static {
    this.prototype.status_code = 502;
  }
}

/** 503: not now; `Retry-After` in the headers may say when. */
export class ServiceUnavailable extends HTTPException {
  static {
    this.prototype.status_code = 503;
  }
}

/** 504: the server behind this one gave no answer in time. */
export class GatewayTimeout extends HTTPException {
  static {
    this.prototype.status_code = 504;
  }
}

/** 422: parts of the request do not fit their schemas; `detail` has one entry for each fault. An endpoint's has no stack. */
export class RequestValidationError extends UnprocessableEntity {}

/** What an endpoint answers does not fit its model: the client learns no more, the log has the faults. */
export class ResponseValidationError extends HTTPException {
  /** What does not fit, and where. */
  readonly validation_errors: readonly ErrorDetail[];

  constructor(validation_errors: readonly ErrorDetail[], options: HTTPExceptionOptions = {}) {
    super("Response validation error", { type: "response_validation", ...options });
    this.validation_errors = validation_errors;
  }
}
