/** Query strings and urlencoded forms, taken apart in one pass over their bytes. @module */
import { isUtf8 } from "node:buffer";
import { UnicodeDecodeError, ValueError } from "../core/exceptions.ts";
import { as_buffer, decode } from "./_codecs.ts";
import { unquote_latin1 } from "./_quote.ts";
import { LONE_SURROGATE } from "./_utf8.ts";

/** Names and values in turn: a flat list costs no pair for each field. */
type Fields = string[];

/**
 * The fields of a query string, as Python's `parse_qsl` reads them: `+` is a space, an escape that is none stays, bytes
 * that are no text become U+FFFD, a name without `=` has the value `""`, empty pieces are skipped.
 * @param query Bytes are text in `encoding`, or Latin-1 if they are not.
 * @param max_fields The most fields allowed, empty ones counted; `null` for any number.
 * @returns Names and values in turn.
 * @throws ValueError above `max_fields`, before anything is decoded; LookupError for an unknown charset.
 */
export function parse_fields(
  query: string | Uint8Array,
  encoding: string,
  max_fields: number | null,
): Fields {
  if (query.length === 0) return [];
  if (encoding !== "utf-8" && encoding !== "utf8" && encoding !== "UTF-8")
    return parse_charset(query, encoding, max_fields);
  check_number(query, max_fields);
  return typeof query === "string" ? parse_text(query) : parse_bytes(as_buffer(query));
}

/** The fields as pairs; see `parse_fields`. @internal */
export function parse_qsl(
  query: string | Uint8Array,
  encoding = "utf-8",
  max_fields: number | null = null,
): [name: string, value: string][] {
  const fields = parse_fields(query, encoding, max_fields);
  const pairs: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) pairs.push([fields[i] ?? "", fields[i + 1] ?? ""]);
  return pairs;
}

function check_number(query: string | Uint8Array, max_fields: number | null): void {
  if (max_fields === null || query.length < max_fields) return; // there is a field more than separators
  const next = (from: number): number =>
    typeof query === "string" ? query.indexOf("&", from) : query.indexOf(AMPERSAND, from);
  let fields = 1;
  for (let at = next(0); at >= 0; at = next(at + 1)) fields += 1;
  if (fields > max_fields)
    throw new ValueError(`There are ${fields} fields, and ${max_fields} are allowed.`);
}

// --- UTF-8 ---

const PERCENT = 37;
const AMPERSAND = 38;
const PLUS = 43;
const EQUALS = 61;
const SPACE = 32;

const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

// Fields are decoded into this, one after the other; a bigger query gets a buffer of its own.
const SCRATCH = Buffer.allocUnsafeSlow(1 << 16);

function parse_text(query: string): Fields {
  if (!query.includes("%") && !query.includes("+")) return split_plain(query);
  if (query.length <= SHORT) {
    const fields = decode_short(query);
    if (fields !== undefined) return fields;
  }
  if (query.length * 3 <= SCRATCH.length && SCRATCH.write(query) === query.length)
    return decode_fields(SCRATCH, query.length, SCRATCH); // ASCII: decoded where it stands
  if (LONE_SURROGATE.test(query)) return split_escaped(query, "utf-8");
  return parse_bytes(Buffer.from(query));
}

// Up to here decoding characters is faster than going through bytes.
const SHORT = 256;

/** `undefined` where it is not sure: if an escape is none, or no UTF-8. */
function decode_short(query: string): Fields | undefined {
  const fields = split_plain(query);
  for (let i = 0; i < fields.length; i++) {
    const text = decode_text(fields[i] ?? "");
    if (text === undefined) return undefined;
    fields[i] = text;
  }
  return fields;
}

function decode_text(text: string): string | undefined {
  let decoded = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === PLUS) {
      decoded += `${text.slice(start, i)} `;
      start = i + 1;
    } else if (code === PERCENT) {
      decoded += text.slice(start, i);
      const point = escaped_point(text, i);
      if (point < 0) return undefined;
      decoded += String.fromCodePoint(point);
      i += 3 * utf8_length(point) - 1;
      start = i + 1;
    }
  }
  return start === 0 ? text : decoded + text.slice(start);
}

/** The character of the escapes at that place; -1 if they are not the UTF-8 of one. */
function escaped_point(text: string, at: number): number {
  const first = escaped_byte(text, at);
  if (first < 0x80) return first;
  if (first < 0xc2 || first > 0xf4) return -1; // begins no character
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let point = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = text.charCodeAt(at + 3 * i) === PERCENT ? escaped_byte(text, at + 3 * i) : -1;
    if (next >> 6 !== 2) return -1; // -1 and whatever does not continue a character
    point = (point << 6) | (next & 0x3f);
  }
  // longer than need be, above Unicode, or half of a pair: no UTF-8 (RFC 3629)
  const is_valid =
    utf8_length(point) === length && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return is_valid ? point : -1;
}

function utf8_length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function escaped_byte(text: string, at: number): number {
  const high = hex_digit(text.charCodeAt(at + 1));
  const low = hex_digit(text.charCodeAt(at + 2));
  return (high | low) < 0 ? -1 : high * 16 + low;
}

/** -1 for what is none, such as the NaN behind the end of a text. */
function hex_digit(code: number): number {
  return HEX[code] ?? -1;
}

function parse_bytes(bytes: Buffer): Fields {
  const text = isUtf8(bytes) ? bytes : Buffer.from(bytes.toString("latin1"));
  const target = text.length <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(text.length);
  return decode_fields(text, text.length, target);
}

/** Nothing is escaped: names and values are slices. */
function split_plain(query: string): Fields {
  const fields: Fields = [];
  for (let start = 0; start < query.length;) {
    let end = query.indexOf("&", start);
    if (end < 0) end = query.length;
    if (end > start) {
      const equals = query.indexOf("=", start);
      if (equals < 0 || equals >= end) fields.push(query.slice(start, end), "");
      else fields.push(query.slice(start, equals), query.slice(equals + 1, end));
    }
    start = end + 1;
  }
  return fields;
}

/** @param target Takes the decoded bytes. It may be `source` itself: they are never more. */
function decode_fields(source: Buffer, length: number, target: Buffer): Fields {
  const ends: number[] = []; // of names and values in turn, complemented if they are not ASCII
  let at = 0;
  let start = 0;
  let named = false;
  let ascii = true;
  for (let i = 0; i <= length; i++) {
    const byte = i < length ? (source[i] ?? 0) : AMPERSAND;
    if (byte === AMPERSAND) {
      if (named || at > start) {
        ends.push(ascii ? at : ~at);
        if (!named) ends.push(at);
      }
      start = at;
      named = false;
      ascii = true;
    } else if (byte === EQUALS && !named) {
      ends.push(ascii ? at : ~at);
      named = true;
      ascii = true;
    } else if (byte === PLUS) {
      target[at++] = SPACE;
    } else {
      const escaped = byte === PERCENT && i + 2 < length ? hex_byte(source, i + 1) : -1;
      if (escaped >= 0) i += 2;
      const decoded = escaped >= 0 ? escaped : byte;
      if (decoded > 127) ascii = false;
      target[at++] = decoded;
    }
  }
  return texts(target, at, ends);
}

function hex_byte(bytes: Buffer, at: number): number {
  const high = hex_digit(bytes[at] ?? 0);
  const low = hex_digit(bytes[at + 1] ?? 0);
  return (high | low) < 0 ? -1 : high * 16 + low;
}

/** The texts that end at these places. Most are ASCII, and slices of one text: making each from the bytes costs more. */
function texts(bytes: Buffer, length: number, ends: readonly number[]): Fields {
  // a slice keeps its whole text in memory: not that of a big form
  const whole = length <= SCRATCH.length ? bytes.toString("latin1", 0, length) : undefined;
  const fields: Fields = [];
  let start = 0;
  for (const end of ends) {
    const stop = end < 0 ? ~end : end;
    if (end < 0) fields.push(bytes.toString("utf8", start, stop));
    else fields.push(whole?.slice(start, stop) ?? bytes.toString("latin1", start, stop));
    start = stop;
  }
  return fields;
}

// --- any other charset ---

function parse_charset(
  query: string | Uint8Array,
  encoding: string,
  max_fields: number | null,
): Fields {
  const text = typeof query === "string" ? query : text_of(query, encoding);
  check_number(text, max_fields);
  return split_escaped(text, encoding);
}

function text_of(bytes: Uint8Array, encoding: string): string {
  try {
    return decode(bytes, encoding);
  } catch (error) {
    if (!(error instanceof UnicodeDecodeError)) throw error;
    return as_buffer(bytes).toString("latin1");
  }
}

function split_escaped(query: string, encoding: string): Fields {
  return split_plain(query.replaceAll("+", " ")).map((text) => unquote(text, encoding));
}

/** Decodes each run of ASCII by itself, as Python does; other characters are text already. */
function unquote(text: string, encoding: string): string {
  if (!text.includes("%")) return text;
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  return text.replace(/[\0-\x7f]+/g, (run) =>
    decode(Buffer.from(unquote_latin1(run), "latin1"), encoding, "replace"),
  );
}
