/** Cookie names and values as text: what needs quotes, and what stands in them (RFC 2109, with octal escapes). @module */

const LEGAL = /^[\w!#$%&'*+\-.^`|~:]+$/;
// oxlint-disable-next-line no-control-regex -- the controls are among what is escaped
const TO_ESCAPE = /[\x00-\x1f",;\\\x7f-\xff]/g;
const ESCAPE = /\\(?:([0-3][0-7][0-7])|([^\n]))/g;

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
  if (!inner.includes("\\")) return inner;
  return inner.replace(ESCAPE, (_, octal: string | undefined, other: string | undefined) =>
    octal === undefined ? (other ?? "") : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
