/** What a body of MessagePack must be before it is decoded: as long as it claims, and not nested too deep. @module */
import { as_buffer } from "../utils/_codecs.ts";
import { MAX_DEPTH, parse_error } from "./_parse_error.ts";

// Of the heads from 0xc0 to 0xdf: the bytes of the count behind the head, and the bytes that come anyway.
const COUNT_WIDTHS = [
  0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4,
];
const FIXED_BYTES = [
  0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 0, 0, 0, 0, 0, 0, 0,
];

const FIRST_ARRAY = 0xdc;
const FIRST_MAP = 0xde;

/**
 * Walks through the heads of all values. A list of which six bytes say that it has millions of items is refused here: a
 * decoder makes room for them first.
 * @throws BadRequest for a body that ends too early, or is nested over 100 levels deep. Other faults are the decoder's.
 */
export function check_messagepack(bytes: Uint8Array): void {
  new Walk(as_buffer(bytes)).run();
}

class Walk {
  readonly #bytes: Buffer;
  #at = 0;
  // The values that must still come: on each level, and in all. Every one of them takes a byte at least.
  readonly #levels: number[] = [1];
  #expected = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  run(): void {
    const levels = this.#levels;
    for (let top = 0; top >= 0; top = levels.length - 1) {
      const left = levels[top] as number; // the last of a list that is not empty
      if (left === 0) levels.pop();
      else {
        levels[top] = left - 1;
        this.#value();
      }
    }
  }

  #value(): void {
    this.#expected--;
    const head = this.#bytes[this.#at];
    if (head === undefined) throw this.#ends_early();
    this.#at++;
    if (head < 0x80 || head >= 0xe0) return; // a small integer
    if (head < 0x90) return this.#open(2 * (head & 0x0f));
    if (head < 0xa0) return this.#open(head & 0x0f);
    if (head < 0xc0) return this.#skip(head & 0x1f); // a short text
    const kind = head - 0xc0;
    const count = this.#count(COUNT_WIDTHS[kind] as number); // both lists have all 32 heads
    if (head >= FIRST_MAP) this.#open(2 * count);
    else if (head >= FIRST_ARRAY) this.#open(count);
    else this.#skip(count + (FIXED_BYTES[kind] as number));
  }

  #count(width: number): number {
    if (width === 0) return 0;
    const at = this.#at;
    this.#skip(width);
    return this.#bytes.readUIntBE(at, width);
  }

  #skip(length: number): void {
    this.#at += length;
    if (this.#at + this.#expected > this.#bytes.length) throw this.#ends_early();
  }

  #open(values: number): void {
    if (this.#levels.length > MAX_DEPTH)
      throw parse_error(`The body is nested over ${MAX_DEPTH} levels deep (byte ${this.#at})`);
    this.#levels.push(values);
    this.#expected += values;
    this.#skip(0);
  }

  #ends_early(): Error {
    return parse_error("The body is not MessagePack: it ends early");
  }
}
