/** Text as JSON writes it. @module */

const TO_ESCAPE = /[^ !#-[\]-~]/;
// oxlint-disable-next-line no-control-regex -- the controls are among what JSON escapes
const HAS_SPECIAL = /["\\\x00-\x1f]/;
const SPECIAL = new RegExp(HAS_SPECIAL, "g");

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);
const SHORT = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\b", "\\b"],
  ["\f", "\\f"],
]);

function escape(code: number): string {
  return `\\u${HEX[code >> 8] ?? ""}${HEX[code & 0xff] ?? ""}`;
}

const ASCII: readonly string[] = Array.from(
  { length: 128 },
  (_, code) => SHORT.get(String.fromCharCode(code)) ?? escape(code),
);

/** As Python's `ensure_ascii`: everything but printable ASCII is escaped, a pair of surrogates as two escapes. */
function quote_ascii(text: string): string {
  if (!TO_ESCAPE.test(text)) return `"${text}"`;
  let out = '"';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c) continue;
    out += text.slice(start, i) + (ASCII[code] ?? escape(code));
    start = i + 1;
  }
  return `${out}${text.slice(start)}"`;
}

function quote_unicode(text: string): string {
  if (!HAS_SPECIAL.test(text)) return `"${text}"`;
  return `"${text.replace(SPECIAL, (character) => ASCII[character.charCodeAt(0)] ?? "")}"`;
}

/** Text in quotes, with what must be escaped; without `ensure_ascii` only quotes, backslashes and controls. */
export function quote(text: string, ensure_ascii: boolean): string {
  return ensure_ascii ? quote_ascii(text) : quote_unicode(text);
}

// The names of what a site sends are few and come again and again, as do the separators it chooses.
const MAX_NAMES = 1000;
const MAX_LENGTH = 64;
const MAX_TABLES = 16;

/** The names of members as they are written: quoted, and with the separator behind them. */
export class MemberNames {
  readonly #ensure_ascii: boolean;
  readonly #separator: string;
  readonly #known = new Map<string, string>();

  constructor(ensure_ascii: boolean, separator: string) {
    this.#ensure_ascii = ensure_ascii;
    this.#separator = separator;
  }

  /** One string, not the sum of two: what is written with it is put together sooner. */
  written(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const text = [quote(name, this.#ensure_ascii), this.#separator].join("");
    if (name.length <= MAX_LENGTH) {
      if (this.#known.size >= MAX_NAMES) this.#known.clear();
      this.#known.set(name, text);
    }
    return text;
  }
}

const ascii_tables = new Map<string, MemberNames>();
const unicode_tables = new Map<string, MemberNames>();

/** The names for these options of an encoder. */
export function member_names(ensure_ascii: boolean, separator: string): MemberNames {
  const tables = ensure_ascii ? ascii_tables : unicode_tables;
  const known = tables.get(separator);
  if (known !== undefined) return known;
  const names = new MemberNames(ensure_ascii, separator);
  if (tables.size < MAX_TABLES) tables.set(separator, names);
  return names;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Orders texts by code point, as Python does; `<` puts U+E000 to U+FFFF behind the characters above them. */
export function compare_text(left: string, right: string): number {
  if (!SURROGATE.test(left + right)) return left < right ? -1 : Number(left > right);
  const others = Array.from(right, code_point);
  for (const [i, code] of Array.from(left, code_point).entries()) {
    const other = others[i];
    if (code !== other) return code - (other ?? -1);
  }
  return left.length - right.length;
}

function code_point(character: string): number {
  return character.codePointAt(0) ?? 0;
}
