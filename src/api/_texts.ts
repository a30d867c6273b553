/** The items of a source as text, each written when it is asked for. @module */
import { is_promise, type Maybe } from "../utils/_promise.ts";
import type { OpenSource } from "./_sources.ts";

/** The text to send for an item; empty: nothing is sent. */
export type WriteItem = (item: unknown) => Maybe<string>;

/** A text, or the end. */
export type TextStep = IteratorResult<string, undefined>;

/** The end of the texts. */
export const NO_MORE: TextStep = Object.freeze({ value: undefined, done: true });

/**
 * Reads a source item by item. It can be ended while an item is awaited, which a generator around the source could not;
 * what the source throws after that is nobody's business.
 */
export class Texts implements AsyncIterableIterator<string> {
  readonly #source: OpenSource;
  readonly #write: WriteItem;

  constructor(source: OpenSource, write: WriteItem) {
    this.#source = source;
    this.#write = write;
  }

  async next(): Promise<TextStep> {
    const source = this.#source;
    try {
      while (!source.is_over) {
        const step = await source.iterator.next();
        if (source.is_over) return NO_MORE;
        if (step.done === true) break;
        const text = this.#write(step.value);
        const value = is_promise(text) ? await text : text;
        if (value !== "" && !source.is_over) return { value, done: false };
      }
    } catch (error) {
      if (source.is_over) return NO_MORE;
      await quietly_ended(source);
      throw error;
    }
    source.finish();
    return NO_MORE;
  }

  /** Ends the source. @throws what its `finally` throws. */
  async return(): Promise<TextStep> {
    await this.#source.end();
    return NO_MORE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The error that ended the reading is what counts, not what the source makes of it. */
async function quietly_ended(source: OpenSource): Promise<void> {
  try {
    await source.end();
  } catch {
    // as when a `for … of` is left by an error
  }
}
