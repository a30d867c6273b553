/** Errors that nobody looks into. @module */

/**
 * An error without a stack, which would cost a fifth of a refused request: for what is wrong with the request, and not
 * with the program.
 */
export function stackless<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
