/** What a function can be called with. @module */

/**
 * Whether a function can do with so many arguments. One that asks for fewer can: JavaScript drops the rest. A class cannot
 * be called at all.
 */
export function takes(candidate: Function, count: number): boolean {
  const is_class = /^class\b/.test(Function.prototype.toString.call(candidate));
  return !is_class && candidate.length <= count;
}
