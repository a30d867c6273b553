/** How the error pages show a value: whatever it is, in little time and without running its code. @module */
import { inspect } from "node:util";

/** Longer texts are cut here, as in Django. */
export const MAX_LENGTH = 4096;

/** The text of a value: no getter runs, no proxy is asked, cycles end, and what is long is cut. */
export function display(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, {
      breakLength: 100,
      depth: 4,
      getters: false,
      maxArrayLength: 100,
      maxStringLength: MAX_LENGTH,
      showProxy: true,
    });
  } catch {
    text = "<a value that cannot be shown>";
  }
  return cut(without_passwords(text));
}

/** The text, cut if it is long. */
export function cut(text: string): string {
  return text.length <= MAX_LENGTH
    ? text
    : `${text.slice(0, MAX_LENGTH)}… <${text.length} characters>`;
}

// The password of `redis://name:password@host`
function without_passwords(text: string): string {
  return text.replace(/(:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}@/g, "$1****@");
}

/** What `read` gives, or `fallback` if it throws: for the parts of what a program threw. */
export function attempt<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}
