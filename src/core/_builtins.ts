/** The built-in errors of Python that Django documents. @module */

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
/** A file that is not there (Python built-in). */
export class FileNotFoundError extends OSError {}
/** A file that may not be read or written (Python built-in). */
export class PermissionError extends OSError {}
/** A dotted path that leads to nothing (Python built-in). */
export class ImportError extends Exception {}
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
