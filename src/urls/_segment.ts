/** One segment of a path, the text between two slashes: whether a converter accepts it, and what it makes of it. @module */
import { parse_regex } from "../utils/_regex_parser.ts";
import { keeps_to_segment } from "../utils/_regex_tree.ts";
import { PythonPattern } from "../utils/regex_helper.ts";
import { type Converter, IntConverter } from "./converters.ts";

/** Whether the converter accepts the whole of `path` from `start` to `end`. */
export type SegmentTest = (path: string, start: number, end: number) => boolean;

const tests = new Map<string, SegmentTest | undefined>([
  ["[0-9]+", is_number],
  ["[-a-zA-Z0-9_]+", is_slug],
  ["[^/]+", (_path, start, end) => end > start],
]);

/**
 * The test for a converter's expression. `undefined` if it may match a slash, or depends on what is around it: then only
 * the expression of the whole route can tell.
 */
export function segment_test(regex: string): SegmentTest | undefined {
  let test = tests.get(regex);
  if (test === undefined && !tests.has(regex)) {
    test = make_test(regex);
    tests.set(regex, test);
  }
  return test;
}

function make_test(regex: string): SegmentTest | undefined {
  try {
    if (!keeps_to_segment(parse_regex(regex).root)) return undefined;
    const { source } = new PythonPattern(regex).regexp;
    const whole = new RegExp(`(?:${source})(?=/|$)`, "uy");
    return (path, start) => {
      whole.lastIndex = start;
      return whole.test(path);
    };
  } catch {
    return undefined; // matching the route will say what is wrong with it
  }
}

function is_number(path: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const code = path.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return end > start;
}

function is_slug(path: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const code = path.charCodeAt(index);
    const is_letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!is_letter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x5f)
      return false;
  }
  return end > start;
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
