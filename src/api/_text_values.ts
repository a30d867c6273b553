/** Text as numbers and booleans, strictly: `undefined` for what is none. @module */

const INTEGER = /^-?\d+$/;
// Digits stand in one place only, so that a long text is not tried in all ways of dividing it.
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A whole number that JavaScript holds exactly. */
export function to_integer(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = Number(text) + 0; // no -0
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A finite number. */
export function to_number(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text) + 0;
  return Number.isFinite(value) ? value : undefined;
}

const BOOLEANS = new Map<string, boolean>();
for (const word of "true 1 on yes t y".split(" ")) BOOLEANS.set(word, true);
for (const word of "false 0 off no f n".split(" ")) BOOLEANS.set(word, false);

const LONGEST_WORD = "false".length;

export function to_boolean(text: string): boolean | undefined {
  return text.length > LONGEST_WORD ? undefined : BOOLEANS.get(text.toLowerCase());
}
