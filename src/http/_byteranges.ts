/** Several parts of a file in one body: `multipart/byteranges` (RFC 9110 §14.6). @module */
import { randomBytes } from "node:crypto";
import { type FileSource, read_pieces, SMALL_FILE } from "./_file_source.ts";
import type { ByteRange } from "./_ranges.ts";

/** A body of several parts. */
export interface PartsBody {
  readonly content_type: string;
  /** Of the whole body, in bytes. */
  readonly length: number;
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

/** `bytes 0-99/1234`: the value of Content-Range. */
export function content_range({ start, length }: ByteRange, size: number): string {
  return `bytes ${start}-${start + length - 1}/${size}`;
}

/**
 * These parts of a file, in this order.
 * @param source The whole file.
 * @param type Its media type.
 */
export function parts_body(
  source: FileSource,
  ranges: readonly ByteRange[],
  type: string,
): PartsBody {
  const boundary = randomBytes(16).toString("hex");
  const parts = ranges.map((range) => ({
    range,
    head: Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${content_range(range, source.length)}\r\n\r\n`,
      "latin1",
    ),
  }));
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, "latin1");
  return {
    content_type: `multipart/byteranges; boundary=${boundary}`,
    length: parts.reduce((sum, { range, head }) => sum + head.length + range.length, end.length),
    async *chunks() {
      for (const { range, head } of parts) {
        yield head;
        yield* read_pieces({ file: source.file, ...range }, SMALL_FILE);
      }
      yield end;
    },
  };
}
