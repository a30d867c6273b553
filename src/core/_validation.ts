/** `ValidationError`: what is wrong with data, as one message, several, or some for each field. @module */
import { isDeepStrictEqual } from "node:util";
import { percent_format } from "../utils/_percent.ts";
import { define_repr, repr, str } from "../utils/_python.ts";
import { AttributeError, Exception } from "./_builtins.ts";

/** The key under which a `ValidationError` keeps messages that belong to no field. */
export const NON_FIELD_ERRORS = "__all__";

/** What a `ValidationError` is made of: a text, another error, a list of either, or an object of them by field. */
export type ValidationMessage =
  | string
  | { toString(): string }
  | ValidationError
  | readonly ValidationMessage[]
  | { readonly [field: string]: ValidationMessage };

/** Errors by the name of their field. */
export type ErrorDict = Record<string, ValidationError[]>;

/** Options of the `ValidationError` constructor. */
export interface ValidationErrorOptions {
  /** A short name for programs: `"invalid"`. */
  code?: string | null | undefined;
  /** Values for the `%(name)s` of the message; they are filled in when it is read. */
  params?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Data that is not valid (Django docs: Form and field validation, "Raising ValidationError"). Iterating gives the texts,
 * or, if it was made of an object, pairs of a field and its texts.
 */
export class ValidationError extends Exception {
  static {
    define_repr(this.prototype, (error) => `ValidationError(${error.toString()})`);
  }

  /** The name of a single error; of several, `null`. */
  readonly code: string | null;
  /** The values for a single message; of several, `null`. */
  readonly params: Readonly<Record<string, unknown>> | null;
  /** The errors by field, if it was made of an object. */
  readonly error_dict?: ErrorDict;
  /** The single errors; a single one is its own list. Absent if it was made of an object. */
  readonly error_list?: ValidationError[];

  constructor(message: ValidationMessage, options: ValidationErrorOptions = {}) {
    const { parts, code, params } = unwrap(message, options);
    super(is_single(parts) ? str(parts) : "");
    this.code = null;
    this.params = null;
    if (is_single(parts)) {
      this.code = code ?? null;
      this.params = params ?? null;
      this.error_list = [this];
      return;
    }
    if (Array.isArray(parts))
      this.error_list = (parts as readonly ValidationMessage[]).flatMap(errors_in);
    else this.error_dict = errors_by_field(parts as Readonly<Record<string, ValidationMessage>>); // the only form left
    this.message = this.toString(); // so that a log says what is wrong; Django has no message here
  }

  /**
   * The texts by field: an object without a prototype.
   * @throws AttributeError unless the error was made of an object.
   */
  get message_dict(): Record<string, string[]> {
    if (this.error_dict === undefined)
      throw new AttributeError("This ValidationError has no fields; read its messages.");
    const dict = Object.create(null) as Record<string, string[]>;
    for (const [field, errors] of Object.entries(this.error_dict))
      dict[field] = errors.map(text_of);
    return dict;
  }

  /** All texts, with their values filled in. */
  get messages(): string[] {
    const errors = this.error_list ?? Object.values(this.error_dict ?? {}).flat();
    return errors.map(text_of);
  }

  /** Adds the errors to those of each field in `error_dict`, or of `NON_FIELD_ERRORS`, and gives `error_dict` back. */
  update_error_dict(error_dict: ErrorDict): ErrorDict {
    const own = this.error_dict ?? { [NON_FIELD_ERRORS]: this.error_list ?? [] };
    for (const [field, errors] of Object.entries(own)) (error_dict[field] ??= []).push(...errors);
    return error_dict;
  }

  /** Whether the other has the same messages, codes and values, in any order. */
  equals(other: unknown): boolean {
    return other instanceof ValidationError && isDeepStrictEqual(canonical(this), canonical(other));
  }

  override toString(): string {
    return repr(this.error_dict === undefined ? this.messages : this.message_dict);
  }

  *[Symbol.iterator](): IterableIterator<string | [field: string, messages: string[]]> {
    if (this.error_dict === undefined) yield* this.messages;
    else yield* Object.entries(this.message_dict);
  }
}

/** What another error was made of; anything else as it is. */
function unwrap(
  message: ValidationMessage,
  options: ValidationErrorOptions,
): ValidationErrorOptions & { readonly parts: ValidationMessage } {
  if (!(message instanceof ValidationError)) return { parts: message, ...options };
  if (message.error_dict !== undefined) return { parts: message.error_dict };
  const [only] = message.error_list ?? [];
  if (only !== message) return { parts: message.error_list ?? [] };
  return { parts: message.message, code: message.code, params: message.params };
}

function is_single(parts: ValidationMessage): boolean {
  if (typeof parts !== "object") return true;
  if (Array.isArray(parts)) return false;
  const prototype: unknown = Object.getPrototypeOf(parts);
  return prototype !== Object.prototype && prototype !== null;
}

function as_error(message: ValidationMessage): ValidationError {
  return message instanceof ValidationError ? message : new ValidationError(message);
}

/** The single errors in a part of a list. */
function errors_in(message: ValidationMessage): ValidationError[] {
  const error = as_error(message);
  return error.error_list ?? Object.values(error.error_dict ?? {}).flat();
}

function errors_by_field(parts: Readonly<Record<string, ValidationMessage>>): ErrorDict {
  const dict = Object.create(null) as ErrorDict;
  for (const [field, message] of Object.entries(parts)) {
    const { error_list } = as_error(message);
    if (error_list === undefined)
      throw new AttributeError(`The errors of the field ${repr(field)} have fields of their own.`);
    dict[field] = error_list;
  }
  return dict;
}

function text_of(error: ValidationError): string {
  const { message, params } = error;
  return params === null || Object.keys(params).length === 0
    ? message
    : percent_format(message, params);
}

function canonical(error: ValidationError): unknown {
  const of_list = (errors: readonly ValidationError[]): unknown =>
    errors
      .map(({ message, code, params }) => ({ message, code, params }))
      .toSorted((a, b) => (a.message < b.message ? -1 : Number(a.message > b.message)));
  if (error.error_list !== undefined) return of_list(error.error_list);
  return Object.fromEntries(
    Object.entries(error.error_dict ?? {}).map(([field, errors]) => [field, of_list(errors)]),
  );
}
