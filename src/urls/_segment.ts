/** One segment of a path, the text between two slashes: whether a converter accepts it, and what it makes of it. @module */
import { parse_regex } from "../utils/_regex_parser.ts";
import { keeps_to_segment } from "../utils/_regex_tree.ts";
import { PythonPattern } from "../utils/regex_helper.ts";
import { type Converter, IntConverter } from "./converters.ts";

/** Where the segment that begins at `start` ends, if the converter accepts it; else -1. */
export type SegmentScan = (path: string, start: number) => number;

const scans = new Map<string, SegmentScan | undefined>([
  ["[0-9]+", end_of_number],
  ["[-a-zA-Z0-9_]+", end_of_slug],
  ["[^/]+", end_of_text],
]);

/**
 * The scan for a converter's expression. `undefined` if it may match a slash, or depends on what is around it: then only
 * the expression of the whole route can tell.
 */
export function segment_scan(regex: string): SegmentScan | undefined {
  let scan = scans.get(regex);
  if (scan === undefined && !scans.has(regex)) {
    scan = make_scan(regex);
    scans.set(regex, scan);
  }
  return scan;
}

function make_scan(regex: string): SegmentScan | undefined {
  try {
    if (!keeps_to_segment(parse_regex(regex).root)) return undefined;
    const { source } = new PythonPattern(regex).regexp;
    const whole = new RegExp(`(?:${source})(?=/|$)`, "uy");
    return (path, start) => {
      whole.lastIndex = start;
      return whole.test(path) ? whole.lastIndex : -1;
    };
  } catch {
    return undefined; // matching the route will say what is wrong with it
  }
}

/** The code of `/`. */
export const SLASH = 0x2f;

/** Where the next slash is, or else the end of the path. Segments are short: a loop costs less than `indexOf`. */
export function end_of_segment(path: string, start: number): number {
  let end = start;
  while (end < path.length && path.charCodeAt(end) !== SLASH) end += 1;
  return end;
}

/** `end`, if a segment that is not empty ends there. */
function if_end(path: string, start: number, end: number): number {
  return end > start && (end === path.length || path.charCodeAt(end) === SLASH) ? end : -1;
}

function end_of_text(path: string, start: number): number {
  return if_end(path, start, end_of_segment(path, start));
}

function end_of_number(path: string, start: number): number {
  let end = start;
  for (; end < path.length; end += 1) {
    const code = path.charCodeAt(end);
    if (code < 0x30 || code > 0x39) break;
  }
  return if_end(path, start, end);
}

function end_of_slug(path: string, start: number): number {
  let end = start;
  for (; end < path.length; end += 1) {
    const code = path.charCodeAt(end);
    const is_letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!is_letter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x5f) break;
  }
  return if_end(path, start, end);
}

/** What the converter makes of `path` from `start` to `end`. It throws what the converter throws. */
export type SegmentReader = (path: string, start: number, end: number) => unknown;

/** The reader for a converter. */
export function segment_reader(converter: Converter): SegmentReader {
  const read: SegmentReader = (path, start, end) => converter.to_python(path.slice(start, end));
  if (converter.to_python !== IntConverter.prototype.to_python) return read;
  return (path, start, end) => read_digits(path, start, end) ?? read(path, start, end);
}

// A number of so many digits is exact at each step.
const EXACT_DIGITS = 15;

/** The number that these digits make, without a text for them; `undefined` for anything else, or more of them. */
function read_digits(path: string, start: number, end: number): number | undefined {
  if (end - start > EXACT_DIGITS || end === start) return undefined;
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = path.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
