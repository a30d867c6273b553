/** Bodies as text and as JSON, and the place where they stop being that. @module */
import { next_invalid } from "../utils/_utf8.ts";
import { MAX_DEPTH, parse_error } from "./_parse_error.ts";
import type { BadRequest } from "./exceptions.ts";
import { find_fault } from "./_json_faults.ts";

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** The text without a byte order mark. @throws BadRequest with the place of bytes that are not UTF-8. */
export function decode_utf_8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch (cause) {
    const at = next_invalid(bytes, 0)?.start ?? 0;
    throw parse_error(`The body is not UTF-8 ${place_behind(bytes.subarray(0, at))}`, cause);
  }
}

/**
 * What JSON in UTF-8 says. `__proto__` is a name like any other.
 * @throws BadRequest with the place of what is not JSON, or is nested over 100 levels deep.
 */
export function parse_json(bytes: Uint8Array): unknown {
  const text = decode_utf_8(bytes);
  if (text.length > 2 * MAX_DEPTH && !has_few_brackets(text)) check_depth(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw syntax_error(text, cause);
  }
}

function syntax_error(text: string, cause: unknown): BadRequest {
  const fault = find_fault(text);
  if (fault === undefined) return parse_error("The body is not JSON", cause);
  return parse_error(
    `The body is not JSON: ${fault.problem} ${place(text.slice(0, fault.at))}`,
    cause,
  );
}

/** Whether there are not even as many brackets as levels allowed: so it is with most bodies, and finding out is cheap. */
function has_few_brackets(text: string): boolean {
  let left = MAX_DEPTH;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (--left < 0) return false;
    }
  }
  return true;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
// With this bit set, [ and { are one, and so are ] and }.
const BRACE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Reads bytes, not text: a byte of a longer character is never one of these. */
function check_depth(bytes: Uint8Array): void {
  const { length } = bytes;
  let depth = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number; // it is below the length
    if (byte === QUOTE) {
      for (at++; at < length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
      continue;
    }
    const bracket = byte | BRACE_BIT;
    if (bracket === CLOSING) depth--;
    else if (bracket === OPENING && ++depth > MAX_DEPTH)
      throw parse_error(
        `The body is nested over ${MAX_DEPTH} levels deep ${place_behind(bytes.subarray(0, at))}`,
      );
  }
}

function place_behind(bytes: Uint8Array): string {
  return place(UTF_8.decode(bytes));
}

/** The place behind a text: lines and characters count from 1. */
function place(before: string): string {
  let line = 1;
  let start = 0;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", start)) {
    line++;
    start = at + 1;
  }
  let column = 1;
  for (const _character of before.slice(start)) column++;
  return `(line ${line}, column ${column})`;
}
