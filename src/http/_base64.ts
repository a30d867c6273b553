/** Strict base64 (RFC 4648 §4) in the parts of a form. @module */
import { MultiPartParserError } from "./_multipart_errors.ts";

const WHOLE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const ASCII_SPACE = /[ \t-\r]+/g;

/** The bytes of a text that is base64 and nothing else; `undefined` for any other. */
export function decode_base64(text: string): Buffer | undefined {
  return text.length % 4 === 0 && WHOLE.test(text) ? Buffer.from(text, "base64") : undefined;
}

/** Decodes what comes in pieces. White space does not count. Up to three characters wait for the next piece. */
export class Base64Decoder {
  #rest = "";
  #padded = false;

  /** @throws MultiPartParserError for any other character, and for padding that is not at the end. */
  decode(piece: Buffer): Buffer {
    const text = this.#rest + piece.toString("latin1").replace(ASCII_SPACE, "");
    const aligned = text.length - (text.length % 4);
    this.#rest = text.slice(aligned);
    const bytes = decode_base64(text.slice(0, aligned));
    if (bytes === undefined || (this.#padded && text !== "")) throw refusal();
    this.#padded ||= aligned > 0 && text[aligned - 1] === "=";
    return bytes;
  }

  /** @throws MultiPartParserError if characters are left over. */
  finish(): void {
    if (this.#rest !== "") throw refusal();
  }
}

function refusal(): MultiPartParserError {
  return new MultiPartParserError("A file announced as base64 is something else.");
}
