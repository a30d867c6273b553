/** The headers of one part of a multipart form (RFC 7578 §4). @module */
import { isAscii, isUtf8 } from "node:buffer";
import { ValueError } from "../core/exceptions.ts";
import type { ContentTypeExtra } from "../core/files/uploadedfile.ts";
import { parse_int } from "../utils/_number.ts";
import { parse_header_parameters } from "../utils/http.ts";
import { MultiPartParserError } from "./_multipart_errors.ts";

/** A part that is neither a field nor a file: it does not count. */
export const RAW = "raw";
/** A part with a name and no file name. */
export const FIELD = "field";
/** A part with a name and a file name. */
export const FILE = "file";
/** What a part is. */
export type PartKind = typeof RAW | typeof FIELD | typeof FILE;

/** What the headers of a part say. */
export interface PartHeaders {
  readonly kind: PartKind;
  /** The name of the field, as the header has it; `undefined` if there is none. */
  readonly name: string | undefined;
  readonly filename: string | undefined;
  readonly content_type: string;
  readonly content_type_extra: ContentTypeExtra;
  readonly content_length: number | null;
  readonly is_base64: boolean;
}

type Header = readonly [value: string, params: Readonly<Record<string, string>>];

const WHITE_SPACE_AROUND = /^[ \t-\r]+|[ \t-\r]+$/g;

/** The part of an input without headers. */
export const RAW_PART: PartHeaders = describe(new Map());

/**
 * Reads the header block, the blank line excluded. Of two headers with one name the later counts; a line that is no header,
 * or not UTF-8, is passed over.
 * @throws MultiPartParserError if the Content-Disposition cannot be read: an upload must not vanish without a word.
 */
export function parse_part_headers(block: Buffer): PartHeaders {
  const headers = new Map<string, Header>();
  for (const line of lines_of(block)) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase().replace(/ +$/, "");
    const header = read_header(name, line.slice(colon + 1).replace(/^ +/, ""));
    if (header !== undefined) headers.set(name, header);
  }
  return describe(headers);
}

/** The lines of the block that are UTF-8. */
function lines_of(block: Buffer): string[] {
  const lines = block.toString("latin1").split("\r\n");
  if (isAscii(block)) return lines;
  return lines
    .map((line) => Buffer.from(line, "latin1"))
    .filter((line) => isUtf8(line))
    .map(String);
}

function read_header(name: string, value: string): Header | undefined {
  try {
    return parse_header_parameters(value);
  } catch (cause) {
    if (name !== "content-disposition" && cause instanceof ValueError) return undefined;
    throw new MultiPartParserError(`The ${name} of a part cannot be read.`, { cause });
  }
}

function describe(headers: ReadonlyMap<string, Header>): PartHeaders {
  const disposition = headers.get("content-disposition")?.[1];
  const [content_type, params] = headers.get("content-type") ?? ["", {}];
  return {
    kind: disposition === undefined ? RAW : disposition["filename"] ? FILE : FIELD,
    name: disposition?.["name"]?.replace(WHITE_SPACE_AROUND, ""),
    filename: disposition?.["filename"],
    content_type: content_type.trim(),
    content_type_extra: in_bytes(params),
    content_length: parse_int(headers.get("content-length")?.[0] ?? "") ?? null,
    is_base64: headers.get("content-transfer-encoding")?.[0].trim() === "base64",
  };
}

function in_bytes(params: Readonly<Record<string, string>>): ContentTypeExtra {
  const extra = Object.create(null) as ContentTypeExtra; // an object without prototype is a record
  for (const [name, value] of Object.entries(params)) extra[name] = Buffer.from(value);
  return extra;
}
