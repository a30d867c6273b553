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

/** Whether the text is written as it is: printable ASCII without quotes and backslashes. */
export function is_written_as_is(text: string): boolean {
  return !TO_ESCAPE.test(text);
}

/** As Python's `ensure_ascii`: everything but printable ASCII is escaped, a pair of surrogates as two escapes. */
function quote_ascii(text: string): string {
  if (is_written_as_is(text)) return `"${text}"`;
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

/** Text by text. An object without prototype: engines read one faster than a `Map`. */
type Texts<T> = Record<string, T | undefined>;

function no_texts<T>(): Texts<T> {
  return Object.create(null) as Texts<T>; // an object without prototype is one of texts
}

/** The names of members as they are written: quoted, and with the separator behind them. */
export class MemberNames {
  readonly #ensure_ascii: boolean;
  readonly #separator: string;
  #known: Texts<string> = no_texts();
  #size = 0;

  constructor(ensure_ascii: boolean, separator: string) {
    this.#ensure_ascii = ensure_ascii;
    this.#separator = separator;
  }

  /** One string, not the sum of two: what is written with it is put together sooner. */
  written(name: string): string {
    return this.#known[name] ?? this.#write(name);
  }

  #write(name: string): string {
    const text = [quote(name, this.#ensure_ascii), this.#separator].join("");
    if (name.length > MAX_LENGTH) return text;
    if (++this.#size > MAX_NAMES) {
      this.#known = no_texts();
      this.#size = 1;
    }
    this.#known[name] = text;
    return text;
  }
}

const ascii_tables = no_texts<MemberNames>();
const unicode_tables = no_texts<MemberNames>();
let tables_size = 0;

/** The names for these options of an encoder. */
export function member_names(ensure_ascii: boolean, separator: string): MemberNames {
  const tables = ensure_ascii ? ascii_tables : unicode_tables;
  const known = tables[separator];
  if (known !== undefined) return known;
  const names = new MemberNames(ensure_ascii, separator);
  if (tables_size++ < MAX_TABLES) tables[separator] = names;
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
