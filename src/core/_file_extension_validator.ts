/** `FileExtensionValidator`: how the name of a file may end. @module */
import { suffix_of } from "../utils/_pathlib.ts";
import { invalid } from "./_regex_validator.ts";
import type { ValidationMessage } from "./_validation.ts";
import { Validator } from "./_validator.ts";

/** Options of the `FileExtensionValidator` constructor. */
export interface FileExtensionValidatorOptions {
  /** The extensions without their dot, in any case. Default: all. */
  allowed_extensions?: Iterable<string> | null | undefined;
  /** What the error says; it may have `%(extension)s`, `%(allowed_extensions)s` and `%(value)s`. */
  message?: ValidationMessage | null | undefined;
  /** The error's code. Default `"invalid_extension"`. */
  code?: string | null | undefined;
}

/** Refuses files by the extension of their `name`. It says nothing of what is in them: a client may name a file anything. */
export class FileExtensionValidator extends Validator {
  /** What the error says. */
  declare message: ValidationMessage;
  /** The error's code. */
  declare code: string;
  /** The extensions in lower case; `null`: all. */
  readonly allowed_extensions: readonly string[] | null;

  static {
    this.prototype.message =
      "Files with the extension “%(extension)s” are not taken; those with one of these are: %(allowed_extensions)s.";
    this.prototype.code = "invalid_extension";
  }

  constructor(options: FileExtensionValidatorOptions = {}) {
    super();
    const { allowed_extensions, message, code } = options;
    this.allowed_extensions = allowed_extensions
      ? Array.from(allowed_extensions, (extension) => extension.toLowerCase())
      : null;
    if (message !== undefined && message !== null) this.message = message;
    if (code !== undefined && code !== null) this.code = code;
  }

  override call(value: unknown): void {
    if (this.allowed_extensions === null) return;
    const extension = suffix_of(name_of(value)).slice(1).toLowerCase();
    if (this.allowed_extensions.includes(extension)) return;
    throw invalid(this, value, {
      extension,
      allowed_extensions: this.allowed_extensions.join(", "),
    });
  }
}

/** The name of a file; `""` if it has none. */
function name_of(file: unknown): string {
  if (typeof file !== "object" || file === null || !("name" in file)) return "";
  return typeof file.name === "string" ? file.name : "";
}
