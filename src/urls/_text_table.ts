/** What URL patterns keep by their texts. @module */

/** So many texts of one length are compared one by one; more are hashed. */
const FEW = 8;

/** The texts of one length with their values; when they are no longer few, in `hashed` alone. */
interface Bucket<T> {
  readonly texts: string[];
  readonly values: T[];
  hashed: Map<string, T> | undefined;
}

/**
 * Values by text. The text of a request is new each time: to compare it with the few of its length costs an engine less than
 * to make it a string of its own, and to hash that.
 */
export class TextTable<T> {
  readonly #by_length: (Bucket<T> | undefined)[] = [];

  /** The value, or `undefined`. */
  get(text: string): T | undefined {
    const bucket = this.#by_length[text.length];
    if (bucket === undefined) return undefined;
    const { texts, values, hashed } = bucket;
    if (hashed !== undefined) return hashed.get(text);
    for (let i = 0; i < texts.length; i++) if (texts[i] === text) return values[i];
    return undefined;
  }

  /** The value of a part of a text. It is compared where it stands: an engine takes longer to cut it out. */
  get_part(text: string, start: number, end: number): T | undefined {
    const bucket = this.#by_length[end - start];
    if (bucket === undefined) return undefined;
    const { texts, values, hashed } = bucket;
    if (hashed !== undefined) return hashed.get(text.slice(start, end));
    for (let i = 0; i < texts.length; i++)
      if (is_at(text, start, texts[i] as string)) return values[i]; // below the length
    return undefined;
  }

  /** Adds the value of a text that is not there yet. */
  add(text: string, value: T): void {
    const bucket = (this.#by_length[text.length] ??= { texts: [], values: [], hashed: undefined });
    const { texts, values } = bucket;
    if (bucket.hashed !== undefined) {
      bucket.hashed.set(text, value);
      return;
    }
    texts.push(text);
    values.push(value);
    if (texts.length > FEW)
      bucket.hashed = new Map(texts.map((known, i) => [known, values[i] as T])); // as many values as texts
  }

  /** The value; made and added, if the text is new. */
  get_or_add(text: string, make: () => T): T {
    const known = this.get(text);
    if (known !== undefined) return known;
    const made = make();
    this.add(text, made);
    return made;
  }
}

/** Whether `part` stands in the text at `start`. */
function is_at(text: string, start: number, part: string): boolean {
  for (let i = 0; i < part.length; i++)
    if (text.charCodeAt(start + i) !== part.charCodeAt(i)) return false;
  return true;
}
