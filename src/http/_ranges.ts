/** Range requests (RFC 9110 §14): which part of a file is wanted. @module */
import type { HttpRequest } from "./request.ts";

/** A stretch of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

// one range; more than fifteen digits are no file's length
const ONE_RANGE = /^bytes[ \t]*=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;

/**
 * The part that the request wants: `undefined` for the whole. Several ranges are answered with the whole, too, as the RFC
 * allows: tiny or overlapping ones would cost more than the file.
 * @param headers What the response says: If-Range is compared with its ETag or Last-Modified.
 */
export function requested_range(
  request: Pick<HttpRequest, "method" | "META">,
  size: number,
  headers: readonly (readonly [string, string])[],
): ByteRange | "unsatisfiable" | undefined {
  const { HTTP_RANGE, HTTP_IF_RANGE } = request.META;
  if (request.method !== "GET" || typeof HTTP_RANGE !== "string") return undefined;
  const range = parse_range(HTTP_RANGE, size);
  if (range === undefined || HTTP_IF_RANGE === undefined) return range;
  return headers.some(([name, value]) => is_validator(name) && value === HTTP_IF_RANGE)
    ? range
    : undefined;
}

/** RFC 9110 §13.1.5: a strong ETag or a date, and an exact match. Ours is strong. */
function is_validator(name: string): boolean {
  return name === "ETag" || name === "Last-Modified";
}

/** One range of a file of that size; `undefined` if the header is not one range of bytes. */
export function parse_range(header: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = ONE_RANGE.exec(header) ?? [];
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
