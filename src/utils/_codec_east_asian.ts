/** The charsets of East Asia, one to four bytes a character: iconv-lite's tables, made Python's where they differ. @module */
import iconv from "iconv-lite";
import type { DecodeErrors, EncodeErrors } from "./_codec_errors.ts";
import type { Codec } from "./_codec_unicode.ts";

/** How Python's charset differs from a table of iconv-lite. Codes are of two bytes. */
interface Variant {
  /** The table. Default: the one of the same name. */
  readonly table?: string;
  /** Characters of one byte, from that byte on. */
  readonly single?: readonly (readonly [byte: number, characters: string])[];
  /** Which second bytes there are, in order; for `patches` that go over several rows. */
  readonly trails?: readonly number[];
  /** Characters that are written with a code that is read as another, or with the higher one of two. */
  readonly writes?: readonly (readonly [character: string, code: number])[];
  /** Other characters, from that code on. */
  readonly patches?: readonly (readonly [code: number, characters: string])[];
  /** Codes that the table has and Python has not. */
  readonly refuses?: (code: number, character: string) => boolean;
  /** The byte that begins a character of more than two bytes, and their number; the second byte may have a say. */
  readonly long?: (lead: number, second: number) => number | undefined;
}

function between(code: number, first: number, last: number): boolean {
  return code >= first && code <= last;
}

function characters(...ranges: readonly (readonly [first: number, last: number])[]): string {
  let text = "";
  for (const [first, last] of ranges)
    for (let code = first; code <= last; code++) text += String.fromCharCode(code);
  return text;
}

/** Both bytes in the upper half: the plain double-byte sets of Korea and China. */
function is_upper(code: number): boolean {
  return code >> 8 >= 0xa1 && (code & 0xff) >= 0xa1;
}

// The punctuation of Big5 as Unicode's own mapping has it; iconv-lite has Microsoft's.
const BIG5_PUNCTUATION = [
  [0xa145, "\u2022"],
  [0xa14e, "\uff64"],
  [0xa1c2, "\u203e"],
  [0xa1e3, "\u223c"],
  [0xa1f2, "\u2641\u2609"],
  [0xa241, "\uff0f\uff3c"],
  [0xa244, "\u00a5"],
  [0xa246, "\u00a2\u00a3"],
] as const;

// The kana, Cyrillic and numbers that ETEN added to Big5.
const BIG5_ETEN = [
  0xc6a1,
  "\u30fe\u309d\u309e\u3005" +
    characters([0x3041, 0x3093], [0x30a1, 0x30f6], [0x414, 0x415]) +
    "\u0401" +
    characters([0x416, 0x41c], [0x423, 0x435]) +
    "\u0451" +
    characters([0x436, 0x44f], [0x2460, 0x2469], [0x2474, 0x247d]),
] as const;

function numbers(...ranges: readonly (readonly [first: number, last: number])[]): number[] {
  return Array.from(characters(...ranges), (character) => character.charCodeAt(0));
}

const BIG5_TRAILS = numbers([0x40, 0x7e], [0xa1, 0xfe]);
const SHIFT_JIS_TRAILS = numbers([0x40, 0x7e], [0x80, 0xfc]);

// What Japanese keyboards have instead of the backslash and the tilde.
const JAPANESE_ASCII = [
  ["\u00a5", 0x5c],
  ["\u203e", 0x7e],
] as const;

// Ten and thirty are there twice.
const BIG5_TWICE = [
  ["\u5341", 0xa451],
  ["\u5345", 0xa4ca],
] as const;

const VARIANTS: Readonly<Record<string, Variant>> = {
  big5: {
    table: "cp950",
    trails: BIG5_TRAILS,
    patches: [...BIG5_PUNCTUATION, BIG5_ETEN],
    writes: [...BIG5_TWICE, ["\uff0f", 0xa241], ["\uff3c", 0xa242]],
    refuses: (code) => code >= 0xf9d6 || code === 0xa3e1,
  },
  big5hkscs: {
    patches: BIG5_PUNCTUATION,
    refuses: (code) => between(code, 0x877a, 0x87df) || between(code, 0xa3c0, 0xa3e1),
  },
  cp932: {
    single: [
      [0x80, "\x80"],
      [0xa0, "\uf8f0"],
      [0xfd, "\uf8f1\uf8f2\uf8f3"],
    ],
    trails: SHIFT_JIS_TRAILS,
    patches: [[0xf940, characters([0xe69c, 0xe757])]],
    writes: [
      ["\u301c", 0x8160],
      ["\u2016", 0x8161],
      ["\u2212", 0x817c],
      ["\u00a2", 0x8191],
      ["\u00a3", 0x8192],
      ["\u00ac", 0x81ca],
    ],
  },
  cp950: {
    trails: BIG5_TRAILS,
    patches: [BIG5_ETEN],
    writes: [
      ...BIG5_TWICE,
      ["\u2022", 0xa145],
      ["\uff64", 0xa14e],
      ["\u203e", 0xa1c2],
      ["\u223c", 0xa1e3],
      ["\u2641", 0xa1f2],
      ["\u2609", 0xa1f3],
      ["\u00a5", 0xa244],
      ["\u00a2", 0xa246],
      ["\u00a3", 0xa247],
    ],
  },
  euc_jp: {
    patches: [
      [0xa1c1, "\u301c\u2016"],
      [0xa1dd, "\u2212"],
      [0xa1f1, "\u00a2\u00a3"],
      [0xa2cc, "\u00ac"],
    ],
    writes: JAPANESE_ASCII,
    refuses: (code) => code >> 8 === 0xad || code >= 0xf9a1,
    long: (lead) => (lead === 0x8f ? 3 : undefined),
  },
  euc_kr: { refuses: (code) => !is_upper(code) || code === 0xa4d4 },
  gb18030: {
    patches: [
      [0xa3a0, "\ue5e5"],
      [0xa8bc, "\ue7c7"],
    ],
    long: (_lead, second) => (second >= 0x30 && second <= 0x39 ? 4 : undefined),
  },
  gb2312: {
    patches: [
      [0xa1a4, "\u30fb"],
      [0xa1aa, "\u2015"],
    ],
    refuses: (code) =>
      !is_upper(code) ||
      code > 0xf7fe ||
      between(code, 0xa2a1, 0xa2aa) ||
      between(code, 0xa6e0, 0xa6f5) ||
      between(code, 0xa8bb, 0xa8c0),
  },
  gbk: {
    refuses: (code, character) =>
      between(character.charCodeAt(0), 0xe000, 0xf8ff) ||
      code >= 0xfe50 ||
      between(code, 0xa989, 0xa995) ||
      [0xa2e3, 0xa3a0, 0xa8bc, 0xa8bf].includes(code),
  },
  shift_jis: {
    patches: [
      [0x8160, "\u301c\u2016"],
      [0x817c, "\u2212"],
      [0x8191, "\u00a2\u00a3"],
      [0x81ca, "\u00ac"],
    ],
    writes: JAPANESE_ASCII,
    refuses: (code) => {
      const lead = code >> 8;
      return lead === 0x87 || lead === 0xed || lead === 0xee || lead >= 0xf0;
    },
  },
};

const NO_VARIANT: Variant = {};
const NEWLINE = 0x0a;

/** The characters of all codes of two bytes, read from iconv-lite in one go: each code on a line of its own. */
function read_pairs(table: string): Map<number, string> {
  const codes: number[] = [];
  for (let code = 0x8100; code <= 0xffff; code++) if ((code & 0xff) > 0x20) codes.push(code);
  const bytes = Buffer.alloc(codes.length * 3, NEWLINE);
  for (const [index, code] of codes.entries()) bytes.writeUInt16BE(code, index * 3);
  const lines = iconv.decode(bytes, table).split("\n");
  const pairs = new Map<number, string>();
  for (const [index, code] of codes.entries()) {
    const text = lines[index] ?? "";
    if (!text.includes("\ufffd") && text !== "") pairs.set(code, text);
  }
  return pairs;
}

/** A charset of East Asia, under Python's name. */
export class EastAsian implements Codec {
  readonly name: string;
  readonly #table: string;
  readonly #long: (lead: number, second: number) => number | undefined;
  readonly #has_long: boolean;
  readonly #singles = new Map<number, string>();
  readonly #pairs: Map<number, string>;
  readonly #codes = new Map<string, number>();

  constructor(name: string) {
    const variant = VARIANTS[name] ?? NO_VARIANT;
    this.name = name;
    this.#table = variant.table ?? name;
    this.#long = variant.long ?? ((): undefined => undefined);
    this.#pairs = read_pairs(this.#table);
    this.#read_singles(variant);
    for (const [code, text] of this.#pairs) {
      const refused = this.#singles.has(code >> 8) || variant.refuses?.(code, text) === true;
      if (refused) this.#pairs.delete(code);
    }
    for (const [first, texts] of variant.patches ?? [])
      this.#patch(first, texts, variant.trails ?? []);
    // of two codes for a character the lower one is written
    for (const [byte, text] of this.#singles) this.#codes.set(text, byte);
    for (const [code, text] of this.#pairs) if (!this.#codes.has(text)) this.#codes.set(text, code);
    for (const [text, code] of variant.writes ?? []) this.#codes.set(text, code);
    this.#has_long = variant.long !== undefined;
  }

  /** The half-width katakana of Japan, and what the variant adds. */
  #read_singles({ single = [] }: Variant): void {
    if (this.name === "cp932" || this.name === "shift_jis")
      for (let byte = 0xa1; byte <= 0xdf; byte++)
        this.#singles.set(byte, String.fromCharCode(0xff61 + byte - 0xa1));
    for (const [first, texts] of single)
      for (const [index, text] of Array.from(texts).entries())
        this.#singles.set(first + index, text);
  }

  #patch(first: number, texts: string, trails: readonly number[]): void {
    let code = first;
    for (const text of texts) {
      this.#pairs.set(code, text);
      const trail = trails.indexOf(code & 0xff);
      if (trail < 0) code += 1;
      else if (trail + 1 < trails.length) code = (code & 0xff00) + (trails[trail + 1] ?? 0);
      else code = (code & 0xff00) + 0x100 + (trails[0] ?? 0);
    }
  }

  decode(bytes: Buffer, on_error: DecodeErrors): string {
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x80) {
        text += String.fromCharCode(byte);
        at++;
        continue;
      }
      const [character, length] = this.#character(bytes, at);
      text += character ?? on_error(this.name, bytes, at, at + length);
      at += length;
    }
    return text;
  }

  /** The character at that place. An error takes one byte, so that the next may begin a character; the end, all of it. */
  #character(bytes: Buffer, at: number): [character: string | undefined, length: number] {
    const lead = bytes[at] ?? 0;
    const single = this.#singles.get(lead);
    if (single !== undefined) return [single, 1];
    const second = bytes[at + 1] ?? 0;
    const length = at + 1 < bytes.length ? this.#long(lead, second) : undefined;
    if (length === undefined) {
      const pair = this.#pairs.get(lead * 256 + second);
      return pair === undefined ? [undefined, 1] : [pair, 2];
    }
    if (lead === 0x80 || lead === 0xff) return [undefined, 1];
    if (at + length > bytes.length) return [undefined, bytes.length - at];
    const text = iconv.decode(bytes.subarray(at, at + length), this.#table);
    const whole = !text.includes("\ufffd") && Array.from(text).length === 1;
    return whole ? [text, length] : [undefined, 1];
  }

  encode(text: string, on_error: EncodeErrors): Buffer {
    const bytes: number[] = [];
    let at = 0;
    for (const character of text) {
      this.#write(character, bytes, () => on_error(this.name, character, at));
      at += character.length;
    }
    return Buffer.from(bytes);
  }

  #write(character: string, bytes: number[], substitute: () => string): void {
    const code =
      character.charCodeAt(0) < 0x80 ? character.charCodeAt(0) : this.#codes.get(character);
    if (code !== undefined) {
      if (code > 0xff) bytes.push(code >> 8, code & 0xff);
      else bytes.push(code);
      return;
    }
    const long = this.#has_long ? iconv.encode(character, this.#table) : undefined;
    if (long !== undefined && long.length > 2) bytes.push(...long);
    else bytes.push(...Buffer.from(substitute(), "latin1"));
  }
}
