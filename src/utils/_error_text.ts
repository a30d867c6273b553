/** The text of whatever was thrown, for logs. Anything can be thrown, and reading it may throw again. @module */
import { str } from "./_python.ts";

/** Its text, or what is left to say if it cannot be read. */
export function error_text(error: unknown): string {
  try {
    return str(error);
  } catch {
    return UNREADABLE;
  }
}

/** Its stack if it has one; its text otherwise. */
export function error_stack(error: unknown): string {
  try {
    const stack = error instanceof Error ? error.stack : undefined;
    return stack === undefined ? str(error) : String(stack);
  } catch {
    return UNREADABLE;
  }
}

const UNREADABLE = "<something that cannot be read was thrown>";

/** Whether one may ask what kind of error it is: a `Proxy` can answer even that with an error. */
export function is_readable(error: unknown): boolean {
  try {
    void (error instanceof Error);
    return true;
  } catch {
    return false;
  }
}
