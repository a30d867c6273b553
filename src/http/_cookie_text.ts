/** Cookie names and values as text: what needs quotes, and what stands in them (RFC 2109, with octal escapes). @module */

const LEGAL = /^[\w!#$%&'*+\-.^`|~:]+$/;
// oxlint-disable-next-line no-control-regex -- the controls are among what is escaped
const TO_ESCAPE = /[\x00-\x1f",;\\\x7f-\xff]/g;

/** Whether the text may be a cookie's name, and a value without quotes. */
export function is_legal(text: string): boolean {
  return LEGAL.test(text);
}

function escape(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** A value as it is sent. Characters above U+00FF have no escape and stay. */
export function quote(value: string): string {
  return is_legal(value) ? value : `"${value.replace(TO_ESCAPE, escape)}"`;
}

/** The value that `quote` wrote; text that is not in quotes comes back as it is. */
export function unquote(text: string): string {
  const last = text.length - 1;
  if (last < 1 || text.charCodeAt(0) !== 0x22 || text.charCodeAt(last) !== 0x22) return text;
  const inner = text.slice(1, last);
  return inner.includes("\\") ? unescape(inner) : inner;
}

/** With each escape replaced: `\101` by the character of that code, `\x` by `x`. A backslash before a line feed stays. */
function unescape(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf("\\"); at >= 0 && at < text.length - 1;) {
    const code = octal_at(text, at + 1);
    const next = text.charAt(at + 1);
    if (code === undefined && next === "\n") {
      at = text.indexOf("\\", at + 1);
      continue;
    }
    if (at > from) parts.push(text.slice(from, at));
    parts.push(code === undefined ? next : String.fromCharCode(code));
    from = at + (code === undefined ? 2 : 4);
    at = text.indexOf("\\", from);
  }
  return parts.join("") + text.slice(from);
}

/** The number that three octal digits stand for, up to 0o377; `undefined` if there are none. */
function octal_at(text: string, at: number): number | undefined {
  const [first, second, third] = [
    digit_at(text, at),
    digit_at(text, at + 1),
    digit_at(text, at + 2),
  ];
  const is_octal = first <= 3 && second <= 7 && third <= 7;
  return is_octal ? first * 64 + second * 8 + third : undefined;
}

/** The digit there; a number above all digits for anything else. */
function digit_at(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : 10;
}
