/** Django's exceptions, and the Python built-ins that Django documents. @module */
import { Exception } from "./_builtins.ts";

export {
  AttributeError,
  CookieError,
  Exception,
  FileNotFoundError,
  ImportError,
  IndexError,
  KeyError,
  LookupError,
  NotImplementedError,
  OSError,
  PermissionError,
  RuntimeError,
  UnicodeDecodeError,
  UnicodeEncodeError,
  UnicodeError,
  ValueError,
} from "./_builtins.ts";
export {
  NON_FIELD_ERRORS,
  ValidationError,
  type ErrorDict,
  type ValidationErrorOptions,
  type ValidationMessage,
} from "./_validation.ts";

/** The object of a query does not exist. */
export class ObjectDoesNotExist extends Exception {
  declare silent_variable_failure: boolean;
  static {
    this.prototype.silent_variable_failure = true; // a template prints nothing instead of failing
  }
}
/** More than one object where one was asked for. */
export class MultipleObjectsReturned extends Exception {}

/** The client sent what no honest client sends; answered with 400 and logged as `django.security.<class>`. */
export class SuspiciousOperation extends Exception {}
/** A multipart form whose shape is an attack. */
export class SuspiciousMultipartForm extends SuspiciousOperation {}
/** A path that leaves its directory. */
export class SuspiciousFileOperation extends SuspiciousOperation {}
/** A Host header that `ALLOWED_HOSTS` does not list. */
export class DisallowedHost extends SuspiciousOperation {}
/** A redirect to a scheme that is not allowed, or too long a target. */
export class DisallowedRedirect extends SuspiciousOperation {}
/** More fields than `DATA_UPLOAD_MAX_NUMBER_FIELDS`. */
export class TooManyFieldsSent extends SuspiciousOperation {}
/** More files than `DATA_UPLOAD_MAX_NUMBER_FILES`. */
export class TooManyFilesSent extends SuspiciousOperation {}
/** A body, files not counted, over `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes. */
export class RequestDataTooBig extends SuspiciousOperation {}

/** The client closed the connection while the request was being read. */
export class RequestAborted extends Exception {}
/** A request that cannot be understood; answered with 400. The text is logged, never shown. */
export class BadRequest extends Exception {}
/** The user may not do this; answered with 403. */
export class PermissionDenied extends Exception {}
/** A view that a URLconf names does not exist. */
export class ViewDoesNotExist extends Exception {}
/** Thrown by the constructor of a middleware that is not to be used. */
export class MiddlewareNotUsed extends Exception {}
/** A setting, or the way something was set up, is wrong. */
export class ImproperlyConfigured extends Exception {}
/** A synchronous accessor was called where only the asynchronous one can work. */
export class SynchronousOnlyOperation extends Exception {}
