/** Writing a file while its next bytes are still coming. @module */
import type { Maybe } from "../../utils/_promise.ts";
import type { DiskFile } from "./_disk.ts";

/** How many bytes are written together: a call for each piece from the network costs more than the disk. */
const BATCH = 256 * 1024;
/** Pieces below this size are put together: each costs more memory than it brings. */
const SMALL = 1024;

/** Writes to a file in batches. At most two are in memory: one is filled while the other is written. */
export class WriteBehind {
  readonly #file: DiskFile;
  #pieces: Uint8Array[] = [];
  #size = 0;
  // Where small pieces go, and how much of it they fill.
  #block: Buffer | undefined;
  #filled = 0;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: DiskFile) {
    this.#file = file;
  }

  /** Takes the next bytes, which must not change any more. A promise if the disk cannot keep up. */
  write(bytes: Uint8Array): Maybe<void> {
    this.#check();
    this.#size += bytes.length;
    if (bytes.length < SMALL) {
      this.#add_to_block(bytes);
    } else {
      this.#end_block();
      this.#pieces.push(bytes);
    }
    if (this.#size < BATCH) return undefined;
    return this.#writing === undefined ? this.#start() : this.#writing.then(() => this.#start());
  }

  #add_to_block(bytes: Uint8Array): void {
    if (this.#block === undefined || this.#filled + bytes.length > this.#block.length) {
      this.#end_block();
      this.#block = Buffer.allocUnsafe(16 * SMALL);
    }
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  #end_block(): void {
    if (this.#block !== undefined) this.#pieces.push(this.#block.subarray(0, this.#filled));
    this.#block = undefined;
    this.#filled = 0;
  }

  #start(): void {
    this.#check();
    this.#end_block();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    this.#writing = this.#file.awritev(pieces).then(
      () => {
        this.#writing = undefined;
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#failure = { error };
      },
    );
  }

  /** Waits until everything is in the file. @throws what went wrong in writing. */
  async finish(): Promise<void> {
    await this.#writing;
    if (this.#size > 0) this.#start();
    await this.#writing;
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
