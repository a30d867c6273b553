/** gzip (RFC 1952): whole, or piece by piece so that each item can be sent at once. @module */
import { randomInt } from "node:crypto";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";

const deflate = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);

/** Options of the compressing functions. */
export interface CompressOptions {
  /**
   * Puts a file name of a random length below this into the header, so that the length of the answer does not tell an
   * observer what it holds (the BREACH attack). Default: none.
   */
  max_random_bytes?: number | null | undefined;
}

const LEVEL = 6;
const HAS_NAME = 0x08; // RFC 1952 §2.3.1, FNAME
const WINDOW = 32768; // how far back deflate can refer

function header(max_random_bytes: number | null | undefined): Buffer {
  // no time, no extra flags, unknown system: the same bytes everywhere
  const fixed = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  if (!max_random_bytes) return fixed;
  fixed[3] = HAS_NAME;
  return Buffer.concat([fixed, Buffer.alloc(randomInt(max_random_bytes), "a"), Buffer.alloc(1)]);
}

/** The checksum and the length, which end a gzip stream. */
class Trailer {
  #crc = 0;
  #size = 0;

  add(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return; // zlib may take an empty buffer for the start of a new checksum
    this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.byteLength;
  }

  bytes(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
    return trailer;
  }
}

/** The bytes, compressed at level 6. */
export function compress_string(s: Uint8Array, options: CompressOptions = {}): Buffer {
  const trailer = new Trailer();
  trailer.add(s);
  return Buffer.concat([
    header(options.max_random_bytes),
    deflateRawSync(s, { level: LEVEL }),
    trailer.bytes(),
  ]);
}

/** As `compress_string`; the work is done off the event loop. @internal */
export async function acompress_string(
  s: Uint8Array,
  options: CompressOptions = {},
): Promise<Buffer> {
  const trailer = new Trailer();
  trailer.add(s);
  const compressed = await deflate(s, { level: LEVEL });
  return Buffer.concat([header(options.max_random_bytes), compressed, trailer.bytes()]);
}

/**
 * Compresses item by item: first the header, before any item is asked for, then each item in one piece that can be
 * read at once, last the trailer.
 */
export function* compress_sequence(
  sequence: Iterable<Uint8Array>,
  options: CompressOptions = {},
): Generator<Buffer, void, undefined> {
  const trailer = new Trailer();
  yield header(options.max_random_bytes);
  let before: Uint8Array = new Uint8Array();
  for (const item of sequence) {
    trailer.add(item);
    const piece = deflateRawSync(item, after(before));
    before = last_bytes(before, item);
    yield piece;
  }
  yield Buffer.concat([deflateRawSync(new Uint8Array()), trailer.bytes()]);
}

/** As `compress_sequence`; the work is done off the event loop. */
export async function* acompress_sequence(
  sequence: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CompressOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const trailer = new Trailer();
  yield header(options.max_random_bytes);
  let before: Uint8Array = new Uint8Array();
  for await (const item of sequence) {
    trailer.add(item);
    const piece = await deflate(item, after(before));
    before = last_bytes(before, item);
    yield piece;
  }
  yield Buffer.concat([deflateRawSync(new Uint8Array()), trailer.bytes()]);
}

/** One call per item, each told what went before: the pieces make one stream, as if one compressor had made it. */
function after(before: Uint8Array): ZlibOptions {
  const options = { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH };
  return before.byteLength > 0 ? { ...options, dictionary: before } : options;
}

function last_bytes(before: Uint8Array, item: Uint8Array): Uint8Array {
  if (item.byteLength >= WINDOW) return item.subarray(item.byteLength - WINDOW);
  return Buffer.concat([before, item]).subarray(-WINDOW);
}
