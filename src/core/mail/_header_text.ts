/** Header fields of a mail as they are written: one line of ASCII, folded (RFC 5322 §2.2.3, RFC 2047). @module */
import { repr } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";

// RFC 5322 §3.6.8, without what Python's parser would not read back
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The name of a header field. @throws ValueError if it is none. */
export function header_name(name: string): string {
  if (NAME.test(name)) return name;
  throw new ValueError(`${repr(name)} is no name of a header field.`);
}

// Python's idea of a line break, which is what a careless reader of mail may share
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const LINE_BREAK = /[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/;

/** The text, which has no line break: one would begin a header field of the sender's choice. @throws ValueError */
export function single_line(name: string, value: string): string {
  if (!LINE_BREAK.test(value)) return value;
  throw new ValueError(`The mail header ${name} is one line: ${repr(value)} has several.`);
}

const PRINTABLE = /^[\t -~]*$/;
const LONGEST_WORD = 900; // RFC 5322 §2.1.1: a line has at most 998

/** Free text in ASCII: as it is, or in encoded words. @throws ValueError for several lines. */
export function header_text(name: string, value: string): string {
  const line = single_line(name, value);
  const plain =
    PRINTABLE.test(line) &&
    !line.includes("=?") &&
    line.split(/[\t ]/).every((word) => word.length <= LONGEST_WORD);
  return plain ? line : encoded_words(line);
}

// RFC 2047 §5 (3): what may stand in a name too
const Q_SAFE = /[A-Za-z0-9!*+\-/]/;
const WORD_ROOM = 48; // with `=?utf-8?q?` and `?=` a word fits on the line of a long field name

/** The text in encoded words, each with whole characters (RFC 2047 §2). */
export function encoded_words(text: string): string {
  const characters = Array.from(text);
  const q = characters.map(q_encoded);
  const q_length = q.reduce((length, piece) => length + piece.length, 0);
  const b_length = Math.ceil(Buffer.byteLength(text) / 3) * 4;
  if (q_length - b_length >= 5) return b_words(characters); // the first is easier to read
  return chunks(q, (piece) => piece.length, WORD_ROOM)
    .map((chunk) => `=?utf-8?q?${chunk.join("")}?=`)
    .join(" ");
}

function q_encoded(character: string): string {
  if (character === " ") return "_";
  if (Q_SAFE.test(character)) return character;
  return Array.from(Buffer.from(character), hex).join("");
}

/** `=` and the byte in two digits. */
export function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function b_words(characters: readonly string[]): string {
  return chunks(characters, (character) => Buffer.byteLength(character), (WORD_ROOM * 3) / 4)
    .map((chunk) => `=?utf-8?b?${Buffer.from(chunk.join("")).toString("base64")}?=`)
    .join(" ");
}

function chunks(
  pieces: readonly string[],
  size: (piece: string) => number,
  room: number,
): string[][] {
  const all: string[][] = [];
  let current: string[] = [];
  let filled = 0;
  for (const piece of pieces) {
    if (filled + size(piece) > room && current.length > 0) {
      all.push(current);
      [current, filled] = [[], 0];
    }
    current.push(piece);
    filled += size(piece);
  }
  if (current.length > 0) all.push(current);
  return all;
}

const LINE_ROOM = 78; // RFC 5322 §2.1.1

/** The field with its name, broken before white space where a line gets too long. */
export function folded(name: string, value: string, linesep: string): string {
  let text = "";
  let line = `${name}: `;
  for (const piece of value.match(/[\t ]*[^\t ]+|[\t ]+$/g) ?? []) {
    const can_break = text !== "" || line.length > name.length + 2;
    if (can_break && /^[\t ]+[^\t ]/.test(piece) && line.length + piece.length > LINE_ROOM) {
      text += line + linesep;
      line = piece;
    } else line += piece;
  }
  return text + line;
}
