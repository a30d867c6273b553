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

// The names of what a site sends are few and come again and again.
const MAX_NAMES = 1000;
const MAX_LENGTH = 64;
const ascii_names = new Map<string, string>();
const unicode_names = new Map<string, string>();

/** `quote` for the name of a member. */
export function quote_name(name: string, ensure_ascii: boolean): string {
  const names = ensure_ascii ? ascii_names : unicode_names;
  const known = names.get(name);
  if (known !== undefined) return known;
  const quoted = quote(name, ensure_ascii);
  if (name.length <= MAX_LENGTH) {
    if (names.size >= MAX_NAMES) names.clear();
    names.set(name, quoted);
  }
  return quoted;
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
