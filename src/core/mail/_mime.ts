/** A mail, or a part of one, as it is written (RFC 2045, RFC 2046, RFC 5322). @module */
import { randomInt } from "node:crypto";
import { repr } from "../../utils/_python.ts";
import { force_bytes } from "../../utils/encoding.ts";
import { quote } from "../../utils/_quote.ts";
import { ValueError } from "../exceptions.ts";
import { folded, hex, single_line } from "./_header_text.ts";

/** Options of `MimePart.as_bytes` and `as_string`. */
export interface MimeOptions {
  /** The end of a line. Default `\n`; mail servers want `\r\n`. */
  linesep?: "\n" | "\r\n" | undefined;
}

/** A part of a mail: header fields, and bytes or further parts. */
export class MimePart {
  readonly #headers: [name: string, value: string][];
  readonly #content: Buffer | readonly MimePart[];
  readonly #boundary: string | undefined;

  /** @param content Bytes whose lines end with `\n`, or parts. */
  constructor(
    headers: readonly (readonly [name: string, value: string])[],
    content: Buffer | readonly MimePart[],
    boundary?: string,
  ) {
    this.#headers = headers.map(([name, value]) => [name, value]);
    this.#content = content;
    this.#boundary = boundary;
  }

  /** The value of a header field, as it is written. */
  get(name: string, default_value?: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.#headers.find(([found]) => found.toLowerCase() === wanted)?.[1] ?? default_value;
  }

  /** The header fields, in order. */
  items(): readonly (readonly [name: string, value: string])[] {
    return this.#headers;
  }

  /** The parts; none if it is not a multipart. */
  get_payload(): readonly MimePart[] {
    return Buffer.isBuffer(this.#content) ? [] : this.#content;
  }

  /** Puts a field after those that are there. @internal */
  _add(name: string, value: string): void {
    this.#headers.push([name, value]);
  }

  /** All of it, as it is sent. */
  as_bytes(options: MimeOptions = {}): Buffer {
    const linesep = options.linesep ?? "\n";
    const fields = this.#headers.map(([name, value]) => folded(name, value, linesep) + linesep);
    return Buffer.concat([Buffer.from(fields.join("") + linesep), this.#body(linesep)]);
  }

  /** All of it as text: what is not ASCII is read as UTF-8. */
  as_string(options: MimeOptions = {}): string {
    return this.as_bytes(options).toString();
  }

  toString(): string {
    return this.as_string();
  }

  #body(linesep: "\n" | "\r\n"): Buffer {
    const content = this.#content;
    if (Buffer.isBuffer(content))
      return linesep === "\n"
        ? content
        : Buffer.from(content.toString("latin1").replaceAll("\n", linesep), "latin1");
    const between = Buffer.from(`--${this.#boundary}${linesep}`);
    const pieces = content.flatMap((part) => [
      between,
      part.as_bytes({ linesep }),
      Buffer.from(linesep),
    ]);
    return Buffer.concat([...pieces, Buffer.from(`--${this.#boundary}--${linesep}`)]);
  }
}

// RFC 6838 §4.2
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/** The type, which is one. @throws ValueError otherwise: a line break in it would begin a header field. */
export function checked_media_type(mimetype: string): string {
  if (MEDIA_TYPE.test(mimetype)) return mimetype;
  throw new ValueError(`${repr(mimetype)} is no media type: give one like text/plain.`);
}

/** The main type of `text/plain`: `text`. */
export function main_type(mimetype: string): string {
  return mimetype.slice(0, mimetype.indexOf("/"));
}

const MIME_VERSION = ["MIME-Version", "1.0"] as const;

/** Text in the encoding that leaves most of it readable. */
export function text_part(text: string, mimetype: string, charset: string): MimePart {
  const [encoding, content] = encoded_text(text, charset);
  const type = `${checked_media_type(mimetype)}; charset="${single_line("charset", charset)}"`;
  return part(type, encoding, content);
}

/** Bytes. */
export function binary_part(content: Buffer, mimetype: string): MimePart {
  return part(checked_media_type(mimetype), "base64", base64_lines(content));
}

/** A whole mail inside of another (RFC 2046 §5.2.1: never in base64). */
export function message_part(message: Buffer, mimetype: string): MimePart {
  const content = Buffer.from(
    message.toString("latin1").replace(/\r\n?/g, "\n").replace(/\n?$/, "\n"),
    "latin1",
  );
  return part(checked_media_type(mimetype), "8bit", content);
}

function part(type: string, encoding: string, content: Buffer): MimePart {
  const headers = [["Content-Type", type], ["Content-Transfer-Encoding", encoding], MIME_VERSION];
  return new MimePart(headers as [string, string][], content); // pairs, as above
}

/** Several parts: `alternative`, for the reader to choose from, or `mixed`. */
export function multipart(subtype: "alternative" | "mixed", parts: readonly MimePart[]): MimePart {
  const digits = Array.from({ length: 19 }, () => randomInt(10)).join("");
  const boundary = `===============${digits}==`;
  const type = `multipart/${subtype}; boundary="${boundary}"`;
  return new MimePart([MIME_VERSION, ["Content-Type", type]], parts, boundary);
}

/** Says that a part is a file. @throws ValueError for a name with a line break. */
export function as_attachment(attached: MimePart, filename: string | null | undefined): MimePart {
  attached._add("Content-Disposition", `attachment${filename_parameter(filename ?? "")}`);
  return attached;
}

function filename_parameter(filename: string): string {
  if (filename === "") return "";
  const name = single_line("Content-Disposition", filename);
  if (/^[ -~]*$/.test(name)) return `; filename="${name.replace(/["\\]/g, "\\$&")}"`;
  return `; filename*=utf-8''${quote(name, "")}`; // RFC 2231 §4
}

const LONGEST_LINE = 78;

type Encoded = [encoding: string, content: Buffer];

function encoded_text(text: string, charset: string): Encoded {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  const bytes = lines.map((line) => force_bytes(line, { encoding: charset, errors: "replace" }));
  const whole = Buffer.concat(bytes.flatMap((line) => [line, Buffer.from("\n")]));
  if (bytes.every((line) => line.length <= LONGEST_LINE))
    return [whole.every((byte) => byte < 0x80) ? "7bit" : "8bit", whole];
  const readable = bytes.map(quoted_printable).join("\n") + "\n";
  const base64 = base64_lines(whole);
  return readable.length > base64.length
    ? ["base64", base64]
    : ["quoted-printable", Buffer.from(readable)];
}

function base64_lines(content: Buffer): Buffer {
  return Buffer.from(content.toString("base64").replace(/.{1,76}/g, "$&\n"));
}

const QP_ROOM = 75; // RFC 2045 §6.7: 76 with the `=` that says that the line goes on

/** One line (RFC 2045 §6.7). */
function quoted_printable(line: Buffer): string {
  let text = "";
  let filled = 0;
  for (const [at, byte] of line.entries()) {
    const is_space = byte === 0x20 || byte === 0x09;
    const is_plain = (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || is_space;
    const literal = is_plain && !(is_space && at === line.length - 1);
    const piece = literal ? String.fromCharCode(byte) : hex(byte);
    if (filled + piece.length > QP_ROOM) {
      text += "=\n";
      filled = 0;
    }
    text += piece;
    filled += piece.length;
  }
  return text;
}
