/** Header values that are lists: tokens, directives, ETags. @module */
import { ValueError } from "../core/exceptions.ts";
import { strip } from "./_whitespace.ts";

/** Options of `split_header_value`. */
export interface SplitHeaderValueOptions {
  /** What separates the parts. Default `,`. */
  sep?: string | undefined;
}

/**
 * The parts of a value, trimmed, without empty ones. It knows nothing of quotes: for lists of tokens, as in `Vary`.
 * @throws ValueError for an empty separator.
 */
export function* split_header_value(
  value: string,
  options: SplitHeaderValueOptions = {},
): IterableIterator<string> {
  const { sep = "," } = options;
  if (sep === "") throw new ValueError("The separator is empty; the usual one is ','.");
  for (const part of value.split(sep)) {
    const stripped = strip(part);
    if (stripped !== "") yield stripped;
  }
}

/** The names of directives in lower case, without their values: `max-age` of `Max-Age=0`. */
export function* split_directive_names(value: string): IterableIterator<string> {
  for (const part of split_header_value(value)) {
    const [name = ""] = part.split("=", 1);
    yield strip(name).toLowerCase();
  }
}

/** A whole ETag: quoted, with `W/` before it if it is weak (RFC 9110 §8.8.3). */
export const ETAG_MATCH: RegExp = /^((?:W\/)?"[^"]*")$/;

/**
 * The ETags of an `If-Match` or `If-None-Match` header with their quotes, `["*"]` for any. What is no ETag is left out;
 * one that contains a comma is lost.
 */
export function parse_etags(etag_str: string): string[] {
  if (strip(etag_str) === "*") return ["*"];
  return Array.from(split_header_value(etag_str)).filter((etag) => ETAG_MATCH.test(etag));
}

/** The ETag in quotes: as it is if it is a whole one. */
export function quote_etag(etag_str: string): string {
  return ETAG_MATCH.test(etag_str) ? etag_str : `"${etag_str}"`;
}
