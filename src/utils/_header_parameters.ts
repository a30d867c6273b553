/** Parameters of headers such as `Content-Type` (RFC 9110 §5.6.6), with the continuations and charsets of RFC 2231. @module */
import { BadRequest, LookupError, ValueError } from "../core/exceptions.ts";
import { decode, is_known } from "./_codecs.ts";
import { repr } from "./_python.ts";
import { unquote_latin1 } from "./_quote.ts";
import { is_longer } from "./_utf8.ts";
import { strip } from "./_whitespace.ts";

/** The longest header, in characters, that is taken apart. */
export const MAX_HEADER_LENGTH = 10_000;

/** Options of `parse_header_parameters`. */
export interface ParseHeaderParametersOptions {
  /** The longest header allowed, in characters; `null` for any. Default `MAX_HEADER_LENGTH`. */
  max_length?: number | null | undefined;
}

/** Parameters by name: a plain object without a prototype. */
export type HeaderParameters = Record<string, string>;

type Parameter = readonly [name: string, value: string];

/** A piece of a parameter sent in several (RFC 2231 §3): `n*1*=…` is number 1, percent-encoded. */
interface Segment {
  readonly number: number | undefined;
  readonly value: string;
  readonly encoded: boolean;
}

/**
 * The value of a header in lower case, and its parameters; the last of equal names counts, and one of RFC 2231 (`n*=`)
 * more than a plain one.
 * @throws ValueError above `max_length`, and for a charset that does not exist. BadRequest for `n*` beside `n*0`, whose
 * order nothing tells.
 */
export function parse_header_parameters(
  line: string | null | undefined,
  options: ParseHeaderParametersOptions = {},
): [value: string, parameters: HeaderParameters] {
  const parameters = Object.create(null) as HeaderParameters;
  if (line === null || line === undefined || line === "") return ["", parameters];
  const max_length = options.max_length === undefined ? MAX_HEADER_LENGTH : options.max_length;
  if (max_length !== null && is_longer(line, max_length))
    throw new ValueError(`The header is over ${max_length} characters long (max_length).`);
  if (!line.includes(";")) return [strip(line).toLowerCase(), parameters];

  const [first = ["", ""], ...rest] = split_parameters(line);
  const continued = new Map<string, Segment[]>();
  for (const [name, raw] of rest) {
    const value = unquote(raw);
    const segment = RFC2231_NAME.exec(name);
    if (segment !== null) add_segment(continued, segment, name, value);
    else if (name !== "") parameters[name] = value;
  }
  for (const [name, segments] of continued) parameters[name] = join_segments(name, segments);
  return [first[0].toLowerCase(), parameters];
}

const QUOTE = 34;
const BACKSLASH = 92;
const SEMICOLON = 59;

/** Splits at every semicolon outside quotes. A quote after a backslash does not count, whatever is before the backslash. */
function split_parameters(line: string): Parameter[] {
  const parameters: Parameter[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at++) {
    const code = at === line.length ? SEMICOLON : line.charCodeAt(at);
    if (code === QUOTE && (at === start || line.charCodeAt(at - 1) !== BACKSLASH)) quoted = !quoted;
    if (code !== SEMICOLON || (quoted && at < line.length)) continue;
    parameters.push(split_parameter(line.slice(start, at)));
    start = at + 1;
  }
  return parameters;
}

function split_parameter(text: string): Parameter {
  const at = text.indexOf("=");
  if (at < 0) return [strip(text), ""];
  return [strip(text.slice(0, at)).toLowerCase(), strip(text.slice(at + 1))];
}

/** Without one pair of quotes, or of angle brackets, around it. */
function unquote(text: string): string {
  if (text.length < 2) return text;
  if (text.startsWith('"') && text.endsWith('"'))
    return text.slice(1, -1).replaceAll("\\\\", "\\").replaceAll('\\"', '"');
  return text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1) : text;
}

const RFC2231_NAME = /^([A-Za-z0-9_]+)\*(?:([0-9]+)\*?)?$/;

function add_segment(
  continued: Map<string, Segment[]>,
  found: RegExpExecArray,
  full_name: string,
  value: string,
): void {
  const [, name = "", digits] = found;
  const segments = continued.get(name) ?? [];
  segments.push({
    number: digits === undefined ? undefined : Number(digits),
    value,
    encoded: full_name.endsWith("*"),
  });
  continued.set(name, segments);
}

function in_order(name: string, segments: readonly Segment[]): readonly Segment[] {
  const numbered = segments.filter((segment) => segment.number !== undefined);
  if (numbered.length !== 0 && numbered.length !== segments.length)
    throw new BadRequest(
      `The parameter ${repr(name)} comes both whole and in pieces: their order is unknown.`,
    );
  return segments.toSorted(
    (a, b) =>
      (a.number ?? 0) - (b.number ?? 0) ||
      compare(a.value, b.value) ||
      Number(a.encoded) - Number(b.encoded),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function join_segments(name: string, segments: readonly Segment[]): string {
  let value = "";
  let extended = false;
  for (const segment of in_order(name, segments)) {
    value += segment.encoded ? unquote_latin1(segment.value) : segment.value;
    extended ||= segment.encoded;
  }
  return extended ? decode_extended(value) : value;
}

/** `charset'language'value` (RFC 2231 §4), in which each character is a byte. */
function decode_extended(text: string): string {
  const first = text.indexOf("'");
  const second = first < 0 ? -1 : text.indexOf("'", first + 1);
  const charset = second < 0 ? "us-ascii" : text.slice(0, first);
  const value = unquote(`"${text.slice(second + 1)}"`);
  if (charset !== "" && !is_known(charset))
    throw new ValueError(
      `There is no charset ${repr(charset)}, which a parameter of the header is in.`,
    );
  try {
    return decode(raw_bytes(value), charset, "replace");
  } catch (error) {
    if (error instanceof LookupError) return unquote(value); // no charset is given, or a codec that is not for text
    throw error;
  }
}

/** The characters as bytes; one above 255 is written `\uXXXX`. */
function raw_bytes(text: string): Buffer {
  const latin1 = text.replace(/[^\0-\xff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
  return Buffer.from(latin1, "latin1");
}
