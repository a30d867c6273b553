/** Text to bytes and back in any charset Python knows by name, with Python's treatment of what does not fit. @module */
import { isAscii } from "node:buffer";
import { LookupError } from "../core/exceptions.ts";
import { decode_errors, encode_errors } from "./_codec_errors.ts";
import { find_codec } from "./_codec_names.ts";
import { EastAsian } from "./_codec_east_asian.ts";
import { SingleByte } from "./_codec_single_byte.ts";
import { UNICODE_CODECS, type Codec } from "./_codec_unicode.ts";
import { repr } from "./_python.ts";

// Names come from clients too (a charset parameter): the cache holds what exists, never what was asked for in vain.
const by_name = new Map<string, Codec>();
const by_spelling = new Map<string, Codec>();
const MAX_SPELLINGS = 500;

function make(name: string, kind: "unicode" | "single_byte" | "multi_byte"): Codec {
  const unicode = UNICODE_CODECS.get(name);
  if (unicode !== undefined) return unicode;
  return kind === "single_byte" ? new SingleByte(name) : new EastAsian(name);
}

/**
 * The charset of that name, in any of Python's spellings.
 * @throws LookupError if there is none, or it is not for text (`base64`).
 */
export function lookup(encoding: string): Codec {
  const known = by_spelling.get(encoding);
  if (known !== undefined) return known;
  const found = find_codec(encoding);
  if (found === undefined)
    throw new LookupError(`There is no charset ${repr(encoding)}; 'utf-8' is the usual one.`);
  if (found.kind === "binary")
    throw new LookupError(`${repr(encoding)} is not a charset for text; 'utf-8' is the usual one.`);
  const codec = by_name.get(found.name) ?? make(found.name, found.kind);
  by_name.set(found.name, codec);
  if (by_spelling.size < MAX_SPELLINGS) by_spelling.set(encoding, codec);
  return codec;
}

/** Whether Python knows a codec of that name, be it for text or not. */
export function is_known(encoding: string): boolean {
  return find_codec(encoding) !== undefined;
}

/** The same bytes as a `Buffer`; nothing is copied. */
export function as_buffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The text in bytes.
 * @param errors `strict` (default), `replace`, `ignore` or `backslashreplace`.
 * @throws LookupError for an unknown charset; UnicodeDecodeError for bytes that are not text in it.
 */
export function decode(bytes: Uint8Array, encoding = "utf-8", errors = "strict"): string {
  const buffer = as_buffer(bytes);
  if (encoding === "utf-8") {
    if (errors === "replace") return buffer.toString();
    if (isAscii(buffer)) return buffer.toString("latin1");
  }
  return lookup(encoding).decode(buffer, decode_errors(errors));
}

/**
 * Text as bytes.
 * @param errors `strict` (default), `replace`, `ignore`, `backslashreplace` or `xmlcharrefreplace`.
 * @throws LookupError for an unknown charset; UnicodeEncodeError for text it cannot express, lone surrogates included.
 */
export function encode(text: string, encoding = "utf-8", errors = "strict"): Buffer {
  return lookup(encoding).encode(text, encode_errors(errors));
}
