/** The charsets of one byte a character: iconv-lite's tables, made Python's where they differ. @module */
import iconv from "iconv-lite";
import type { DecodeErrors, EncodeErrors } from "./_codec_errors.ts";
import type { Codec } from "./_codec_unicode.ts";

const UNDEFINED = 0xfffd;

// Characters that Python's tables give otherwise than iconv-lite: [first byte, characters of it and those after].
const DIFFERENCES: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  cp1255: [[0xca, "\ufffd"]],
  mac_croatian: [
    [0xbd, "\u03a9"],
    [0xd8, "\uf8ff"],
    [0xdb, "\u20ac"],
  ],
  mac_cyrillic: [
    [0xa2, "\u0490"],
    [0xb6, "\u0491"],
    [0xff, "\u20ac"],
  ],
  mac_greek: [
    [0x9c, "\u20ac"],
    [0xaf, "\u00b7"],
    [0xff, "\u00ad"],
  ],
  mac_iceland: [
    [0xbd, "\u03a9"],
    [0xdb, "\u20ac"],
    [0xf0, "\uf8ff"],
  ],
  mac_roman: [
    [0xbd, "\u03a9"],
    [0xdb, "\u20ac"],
    [0xf0, "\uf8ff"],
  ],
  mac_turkish: [
    [0xbd, "\u03a9"],
    [0xf0, "\uf8ff"],
    [0xf5, "\uf8a0"],
  ],
  tis_620: [[0x80, String.fromCharCode(...Array.from({ length: 0x20 }, (_, i) => 0x80 + i))]],
};

/** One byte, one character. */
export class SingleByte implements Codec {
  readonly name: string;
  readonly #units: Uint16Array;
  readonly #bytes: Map<number, number>;

  constructor(name: string) {
    this.name = name;
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const characters = iconv.decode(all, name);
    this.#units = Uint16Array.from(all, (byte) => characters.charCodeAt(byte));
    for (const [first, text] of DIFFERENCES[name] ?? []) {
      for (let i = 0; i < text.length; i++) this.#units[first + i] = text.charCodeAt(i);
    }
    this.#bytes = new Map(Array.from(this.#units, (unit, byte) => [unit, byte]));
    this.#bytes.delete(UNDEFINED);
  }

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    let text = "";
    let run: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const unit = this.#units[bytes[at] ?? 0] ?? UNDEFINED;
      if (unit !== UNDEFINED && run.length < 4096) {
        run.push(unit);
        continue;
      }
      text += String.fromCharCode(...run);
      run = [];
      if (unit === UNDEFINED) text += on_error(this.name, bytes, at, at + 1);
      else run.push(unit);
    }
    return text + String.fromCharCode(...run);
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    const bytes: number[] = [];
    let at = 0;
    for (const character of text) {
      const byte = character.length === 1 ? this.#bytes.get(character.charCodeAt(0)) : undefined;
      if (byte !== undefined) bytes.push(byte);
      else for (const unit of on_error(this.name, character, at)) bytes.push(unit.charCodeAt(0));
      at += character.length;
    }
    return Buffer.from(bytes);
  }
}
