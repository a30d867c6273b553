/** Django's exceptions, and the Python built-ins that Django documents. @module */

/** Root of the errors defined here. An error's name is its class's, as in Python. */
export class Exception extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** A key or an index that is not there, or an unknown charset (Python built-in). */
export class LookupError extends Exception {}
/** A missing key; the message is the key (Python built-in). */
export class KeyError extends LookupError {}
/** A position outside a sequence (Python built-in). */
export class IndexError extends LookupError {}
/** A value of the right type that cannot be used (Python built-in). */
export class ValueError extends Exception {}
/** An attribute that does not exist or may not be set (Python built-in). */
export class AttributeError extends Exception {}
/** An input/output operation that failed (Python built-in). */
export class OSError extends Exception {}
/** Something done at a time it cannot be done (Python built-in). */
export class RuntimeError extends Exception {}
/** A method that a subclass must supply (Python built-in). */
export class NotImplementedError extends RuntimeError {}
/** Text that is not valid Unicode in some charset (Python built-in). */
export class UnicodeError extends ValueError {}
/** Bytes that are not text in the charset (Python built-in). */
export class UnicodeDecodeError extends UnicodeError {}
/** Text that the charset cannot express (Python built-in). */
export class UnicodeEncodeError extends UnicodeError {}
/** A cookie name or attribute that may not be sent (Python's `http.cookies`). */
export class CookieError extends Exception {}

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

/** The key under which a `ValidationError` keeps messages that belong to no field. */
export const NON_FIELD_ERRORS = "__all__";
