/** ASCII, Latin-1 and the Unicode charsets, on what `Buffer` can do natively. @module */
import { isAscii, isUtf8 } from "node:buffer";
import type { DecodeErrors, EncodeErrors } from "./_codec_errors.ts";
import { Utf7 } from "./_codec_utf7.ts";
import { LONE_SURROGATE, next_invalid } from "./_utf8.ts";

/** A charset at work. */
export interface Codec {
  /** Python's name for it. */
  readonly name: string;
  decode(bytes: Buffer, on_error: DecodeErrors): string;
  encode(text: string, on_error: EncodeErrors): Buffer;
}

/** Encodes text in which some characters may be missing from the charset: `missing` finds them. */
export function encode_around(
  name: string,
  text: string,
  missing: RegExp,
  on_error: EncodeErrors,
  encode: (text: string) => Buffer,
): Buffer {
  if (!missing.test(text)) return encode(text);
  const substituted = text.replace(new RegExp(missing, "gu"), (character, at: number) =>
    on_error(name, character, at),
  );
  return encode(substituted);
}

class Ascii implements Codec {
  readonly name = "ascii";

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    if (isAscii(bytes)) return bytes.toString("latin1");
    let text = "";
    for (const [at, byte] of bytes.entries()) {
      text += byte < 0x80 ? String.fromCharCode(byte) : on_error("ascii", bytes, at, at + 1);
    }
    return text;
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    return encode_around("ascii", text, /[^\0-\x7f]/u, on_error, (t) => Buffer.from(t, "latin1"));
  }
}

class Latin1 implements Codec {
  readonly name = "latin_1";

  decode(bytes: Buffer): string {
    return bytes.toString("latin1");
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    return encode_around("latin_1", text, /[^\0-\xff]/u, on_error, (t) => Buffer.from(t, "latin1"));
  }
}

class Utf8 implements Codec {
  readonly name: string = "utf_8";

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    if (isUtf8(bytes)) return bytes.toString();
    let text = "";
    let done = 0;
    for (let bad = next_invalid(bytes, 0); bad !== undefined; bad = next_invalid(bytes, done)) {
      text +=
        bytes.toString("utf8", done, bad.start) + on_error(this.name, bytes, bad.start, bad.end);
      done = bad.end;
    }
    return text + bytes.toString("utf8", done);
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    return encode_around(this.name, text, LONE_SURROGATE, on_error, (t) => Buffer.from(t, "utf8"));
  }
}

/** UTF-8 that begins with a byte order mark. */
class Utf8WithMark extends Utf8 {
  override readonly name = "utf_8_sig";

  override decode(bytes: Buffer, on_error: DecodeErrors): string {
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return super.decode(marked ? bytes.subarray(3) : bytes, on_error);
  }

  override encode(text: string, on_error: EncodeErrors): Buffer {
    return Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), super.encode(text, on_error)]);
  }
}

/** UTF-16 and UTF-32: `order` is `undefined` where a byte order mark decides, little-endian without one. */
abstract class Wide implements Codec {
  readonly name: string;
  readonly #unit: 2 | 4;
  readonly #order: "le" | "be" | undefined;

  constructor(name: string, unit: 2 | 4, order?: "le" | "be") {
    this.name = name;
    this.#unit = unit;
    this.#order = order;
  }

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    let order = this.#order;
    let body = bytes;
    if (order === undefined && bytes.length >= this.#unit) {
      const mark = this.#unit === 2 ? bytes.readUInt16LE() : bytes.readUInt32LE();
      const swapped = this.#unit === 2 ? 0xfffe : 0xfffe0000;
      if (mark === 0xfeff || mark === swapped) body = bytes.subarray(this.#unit);
      if (mark === swapped) order = "be";
    }
    const whole = this.#whole(body, order);
    const text = this.units(order === "be" ? this.swap(body, whole) : body, whole, body, on_error);
    if (whole === body.length) return text;
    return text + on_error(this.name, body, whole, body.length);
  }

  /** How many bytes are whole units; before a byte too many, half a surrogate pair is incomplete with it. */
  #whole(bytes: Buffer, order: "le" | "be" | undefined): number {
    const whole = bytes.length - (bytes.length % this.#unit);
    if (this.#unit === 4 || whole === bytes.length || whole === 0) return whole;
    const last = order === "be" ? bytes.readUInt16BE(whole - 2) : bytes.readUInt16LE(whole - 2);
    return last >= 0xd800 && last < 0xdc00 ? whole - 2 : whole;
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    const marked = this.#order === undefined ? `\ufeff${text}` : text;
    const little = encode_around(this.name, marked, LONE_SURROGATE, on_error, (t) => this.bytes(t));
    return this.#order === "be" ? this.swap(little, little.length) : little;
  }

  protected abstract swap(bytes: Buffer, length: number): Buffer;
  protected abstract bytes(text: string): Buffer;
  protected abstract units(
    little: Buffer,
    length: number,
    original: Buffer,
    on_error: DecodeErrors,
  ): string;
}

class Utf16 extends Wide {
  protected swap(bytes: Buffer, length: number): Buffer {
    return Buffer.from(bytes.subarray(0, length)).swap16();
  }

  protected bytes(text: string): Buffer {
    return Buffer.from(text, "utf16le");
  }

  protected units(
    little: Buffer,
    length: number,
    original: Buffer,
    on_error: DecodeErrors,
  ): string {
    const text = little.toString("utf16le", 0, length);
    if (!LONE_SURROGATE.test(text)) return text;
    return text.replace(new RegExp(LONE_SURROGATE, "gu"), (_unit, at: number) =>
      on_error(this.name, original, at * 2, at * 2 + 2),
    );
  }
}

class Utf32 extends Wide {
  protected swap(bytes: Buffer, length: number): Buffer {
    return Buffer.from(bytes.subarray(0, length)).swap32();
  }

  protected bytes(text: string): Buffer {
    const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(codes.length * 4);
    for (const [index, code] of codes.entries()) bytes.writeUInt32LE(code, index * 4);
    return bytes;
  }

  protected units(
    little: Buffer,
    length: number,
    original: Buffer,
    on_error: DecodeErrors,
  ): string {
    let text = "";
    for (let at = 0; at < length; at += 4) {
      const code = little.readUInt32LE(at);
      const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      text += valid ? String.fromCodePoint(code) : on_error(this.name, original, at, at + 4);
    }
    return text;
  }
}

/** The charsets of this file, by Python's name. */
export const UNICODE_CODECS: ReadonlyMap<string, Codec> = new Map<string, Codec>(
  [
    new Ascii(),
    new Latin1(),
    new Utf7(),
    new Utf8(),
    new Utf8WithMark(),
    new Utf16("utf_16", 2),
    new Utf16("utf_16_le", 2, "le"),
    new Utf16("utf_16_be", 2, "be"),
    new Utf32("utf_32", 4),
    new Utf32("utf_32_le", 4, "le"),
    new Utf32("utf_32_be", 4, "be"),
  ].map((codec) => [codec.name, codec]),
);
