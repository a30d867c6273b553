/** Text in the form in which case does not count (Unicode, "Default Caseless Matching"). @module */

const DOTLESS = "\u0131"; // the capital I of others; its own small letter

/** Python's `str.casefold`, with small Cherokee letters: `ß` is `ss`, all sigmas are one, and a dotless `ı` stays what it is. */
export function casefold(text: string): string {
  return Array.from(text, (character) =>
    character === DOTLESS ? character : character.toLowerCase().toUpperCase().toLowerCase(),
  ).join("");
}

/** Whether two texts that people write are the same but for case: `ﬁ` is `fi`, and the Kelvin sign a K. */
export function same_but_for_case(one: string, other: string): boolean {
  return casefold(one.normalize("NFKC")) === casefold(other.normalize("NFKC"));
}
