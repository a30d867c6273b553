/** Range requests (RFC 9110 §14): which parts of a file are wanted. @module */
import type { HttpRequest } from "./request.ts";

/** A stretch of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** More ranges than these are answered with the whole file: many small ones cost more than it. */
const MAX_RANGES = 16;

// more than fifteen digits are no file's length
const ONE_RANGE = /^[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/;
const LONGEST = "bytes=".length + MAX_RANGES * 34;

/**
 * The parts that the request wants, in its order: `undefined` for the whole. So are overlapping or many ranges answered, as
 * the RFC allows (§14.2).
 * @param headers What the response says: If-Range is compared with its ETag or Last-Modified.
 */
export function requested_ranges(
  request: Pick<HttpRequest, "method" | "META">,
  size: number,
  headers: readonly (readonly [string, string])[],
): readonly ByteRange[] | "unsatisfiable" | undefined {
  const { HTTP_RANGE, HTTP_IF_RANGE } = request.META;
  if (request.method !== "GET" || typeof HTTP_RANGE !== "string") return undefined;
  const ranges = parse_ranges(HTTP_RANGE, size);
  if (ranges === undefined || HTTP_IF_RANGE === undefined) return ranges;
  return headers.some(([name, value]) => is_validator(name) && value === HTTP_IF_RANGE)
    ? ranges
    : undefined;
}

/** RFC 9110 §13.1.5: a strong ETag or a date, and an exact match. Ours is strong. */
function is_validator(name: string): boolean {
  return name === "ETag" || name === "Last-Modified";
}

/** The ranges of a file of that size; `undefined` if the header is none of bytes, or asks for too much. */
function parse_ranges(
  header: string,
  size: number,
): readonly ByteRange[] | "unsatisfiable" | undefined {
  const [, list] = (header.length <= LONGEST && /^bytes[ \t]*=(.*)$/i.exec(header)) || [];
  if (list === undefined) return undefined;
  const ranges: ByteRange[] = [];
  let is_empty = true;
  for (const item of list.split(",")) {
    if (item.trim() === "") continue; // RFC 9110 §5.6.1: an empty element of a list is none
    const range = parse_range(item, size);
    if (range === undefined) return undefined;
    is_empty = false;
    if (range !== "unsatisfiable") ranges.push(range);
  }
  if (is_empty || ranges.length > MAX_RANGES || overlap(ranges)) return undefined;
  return ranges.length === 0 ? "unsatisfiable" : ranges;
}

function parse_range(item: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = ONE_RANGE.exec(item) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return suffix(Number(last), size);
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined; // not a range at all
  return start >= size ? "unsatisfiable" : { start, length: end - start + 1 };
}

function suffix(length: number, size: number): ByteRange | "unsatisfiable" {
  if (length === 0 || size === 0) return "unsatisfiable";
  const wanted = Math.min(length, size);
  return { start: size - wanted, length: wanted };
}

function overlap(ranges: readonly ByteRange[]): boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  return sorted.some(({ start }, i) => {
    const before = sorted[i - 1];
    return before !== undefined && start < before.start + before.length;
  });
}
