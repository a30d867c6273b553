/** What to do with text or bytes that a charset cannot express: the `errors` of Python's codecs. @module */
import { LookupError, UnicodeDecodeError, UnicodeEncodeError } from "../core/exceptions.ts";
import { repr } from "./_python.ts";

/** Gives the text that stands for bytes which are no character, or throws. */
export type DecodeErrors = (
  encoding: string,
  bytes: Uint8Array,
  start: number,
  end: number,
) => string;

/** Gives the text to write instead of a character that the charset lacks, or throws. */
export type EncodeErrors = (encoding: string, character: string, at: number) => string;

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

const DECODE: ReadonlyMap<string, DecodeErrors> = new Map<string, DecodeErrors>([
  [
    "strict",
    (encoding, bytes, start, end) => {
      const found = Array.from(bytes.subarray(start, end), (byte) => `0x${hex(byte, 2)}`).join(" ");
      throw new UnicodeDecodeError(
        `The bytes are not ${encoding}: ${found} at position ${start} is no character.`,
      );
    },
  ],
  ["replace", () => "\ufffd"],
  ["ignore", () => ""],
  [
    "backslashreplace",
    (_encoding, bytes, start, end) =>
      Array.from(bytes.subarray(start, end), (byte) => `\\x${hex(byte, 2)}`).join(""),
  ],
]);

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

const ENCODE: ReadonlyMap<string, EncodeErrors> = new Map<string, EncodeErrors>([
  [
    "strict",
    (encoding, character, at) => {
      throw new UnicodeEncodeError(
        `The text cannot be written as ${encoding}: it has ${escaped(character)} at position ${at}.`,
      );
    },
  ],
  ["replace", () => "?"],
  ["ignore", () => ""],
  ["backslashreplace", (_encoding, character) => escaped(character)],
  ["xmlcharrefreplace", (_encoding, character) => `&#${character.codePointAt(0) ?? 0};`],
]);

function unknown_handler(errors: string): never {
  throw new LookupError(
    `There is no error handler ${repr(errors)}; use 'strict', 'replace' or 'ignore'.`,
  );
}

/** @throws LookupError when it is called, not before, if the name is unknown: as in Python. */
export function decode_errors(errors: string): DecodeErrors {
  return DECODE.get(errors) ?? (() => unknown_handler(errors));
}

/** @throws LookupError when it is called, not before, if the name is unknown: as in Python. */
export function encode_errors(errors: string): EncodeErrors {
  return ENCODE.get(errors) ?? (() => unknown_handler(errors));
}
