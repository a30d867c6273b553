/** What validators say of values. @module */
import { ValidationError } from "nuages/core/exceptions";

/** A validator. */
export type Validate = (value: unknown) => void;

/** The error of a value, or `undefined` if it is valid. */
export function error_of(validate: Validate, value: unknown): ValidationError | undefined {
  try {
    validate(value);
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

/** Whether a value is valid. */
export function accepts(validate: Validate, value: unknown): boolean {
  return error_of(validate, value) === undefined;
}
