/** Functions in templates. @module */

/** A function that a template may meet. One with `alters_data` is never called there (Django docs: "Variables and lookups"). */
export type Callable = ((...args: unknown[]) => unknown) & {
  readonly alters_data?: boolean | undefined;
};

/** Whether it can only be called with `new`. */
export function is_class(value: Callable): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** A function where a value is wanted: called if it needs no arguments and changes nothing, as in Django's language. */
export function call_plain(value: Callable): unknown {
  if (value.alters_data === true || value.length > 0 || is_class(value)) return undefined;
  return value();
}
