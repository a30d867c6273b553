/** UTF-7 (RFC 2152), which clients may still announce: Python reads it, and so do attackers. @module */
import type { DecodeErrors } from "./_codec_errors.ts";
import type { Codec } from "./_codec_unicode.ts";

const PLUS = 0x2b;
const MINUS = 0x2d;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BITS: ReadonlyMap<number, number> = new Map(
  Array.from(ALPHABET, (character, value) => [character.charCodeAt(0), value]),
);
// Not written as they are: controls but tab and line ends, `+`, `\`, `~`, and all that is not ASCII.
const NOT_DIRECT = /(?:[^\t\n\r -*,-[\]-}])+/g;

/** What is between `+` and the first character that is not base64: UTF-16 units, six bits at a time. */
class Shifted {
  text = "";
  #buffer = 0;
  #bits = 0;

  add(value: number): void {
    this.#buffer = (this.#buffer << 6) | value;
    this.#bits += 6;
    if (this.#bits < 16) return;
    this.#bits -= 16;
    this.text += String.fromCharCode((this.#buffer >> this.#bits) & 0xffff);
    this.#buffer &= (1 << this.#bits) - 1;
  }

  /** Whether nothing but zeros, too few for a base64 digit, is left over. */
  get is_whole(): boolean {
    return this.#bits < 6 && this.#buffer === 0;
  }
}

/** UTF-7 as a codec. */
export class Utf7 implements Codec {
  readonly name = "utf_7";

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      if (byte === PLUS) {
        const [decoded, next] = this.#shifted(bytes, at, on_error);
        text += decoded;
        at = next;
      } else {
        text += byte < 0x80 ? String.fromCharCode(byte) : on_error(this.name, bytes, at, at + 1);
        at += 1;
      }
    }
    return text;
  }

  /** Reads from a plus sign on; the text, and where to go on. */
  #shifted(bytes: Buffer, start: number, on_error: DecodeErrors): [text: string, next: number] {
    if (bytes[start + 1] === MINUS) return ["+", start + 2];
    const shifted = new Shifted();
    let at = start + 1;
    for (
      let value = BITS.get(bytes[at] ?? -1);
      value !== undefined;
      value = BITS.get(bytes[at] ?? -1)
    ) {
      shifted.add(value);
      at += 1;
    }
    const ended = at < bytes.length;
    const ill_formed = at === start + 1 ? ended : !shifted.is_whole;
    const ends_in_half = /[\ud800-\udbff]$/.test(shifted.text);
    if (ill_formed || (!ended && ends_in_half)) {
      const next = ended ? at + 1 : at;
      const kept = ends_in_half ? shifted.text.slice(0, -1) : shifted.text;
      return [kept + on_error(this.name, bytes, start, next), next];
    }
    // half of a pair counts only if plain ASCII follows
    const next = bytes[at] ?? PLUS;
    const text =
      ends_in_half && (next > 0x7f || next === PLUS) ? shifted.text.slice(0, -1) : shifted.text;
    return [text, next === MINUS ? at + 1 : at];
  }

  encode(text: string): Buffer {
    const encoded = text.replace(NOT_DIRECT, (run, at: number) => {
      const rest = run.replace(/^\++/, "");
      const plus_signs = "+-".repeat(run.length - rest.length);
      if (rest === "") return plus_signs;
      const next = text.charAt(at + run.length);
      const must_end = next === "" || next === "-" || ALPHABET.includes(next);
      return `${plus_signs}+${utf16_base64(rest)}${must_end ? "-" : ""}`;
    });
    return Buffer.from(encoded, "latin1");
  }
}

function utf16_base64(text: string): string {
  return Buffer.from(text, "utf16le").swap16().toString("base64").replace(/=+$/, "");
}
