/** What has come of a body: chunks, and few of them even if the client sends single bytes. @module */

/** A chunk costs some hundred bytes beside its own: one that has less than this is worth a copy. */
export const SMALL = 4096;
/** So many small ones one after another are no accident. */
export const FEW = 16;
const MANY = 1024;

/** Chunks in the order in which they came. One that comes alone, or is not small, is never copied before it is joined. */
export class Chunks {
  /** Their bytes. */
  size = 0;
  #list: Buffer[] = [];
  // How many small ones are at the end of the list.
  #small = 0;

  /** Whether there is less than a chunk of the usual size. */
  get is_small(): boolean {
    return this.size < SMALL;
  }

  add(chunk: Buffer): void {
    this.size += chunk.length;
    this.#list.push(chunk);
    this.#small = chunk.length < SMALL ? this.#small + 1 : 0;
    if (this.#small < MANY) return;
    this.#list.push(Buffer.concat(this.#list.splice(-MANY)));
    this.#small = 0;
  }

  /** All of them in one; they are still here. */
  joined(): Buffer {
    const [only] = this.#list;
    return this.#list.length === 1 && only !== undefined
      ? only
      : Buffer.concat(this.#list, this.size);
  }

  /** Takes the first one away, or all if they are more than a few and small together; `undefined` if there is none. */
  take(): Buffer | undefined {
    if (this.#list.length < FEW || !this.is_small) {
      const chunk = this.#list.shift();
      this.size -= chunk?.length ?? 0;
      this.#small = Math.min(this.#small, this.#list.length);
      return chunk;
    }
    const all = this.joined();
    this.#list = [];
    this.#small = this.size = 0;
    return all;
  }
}
