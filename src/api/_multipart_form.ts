/** A form that was taken apart, written as a multipart body again (RFC 7578). @module */
import { randomUUID } from "node:crypto";
import type { UploadedFile } from "../core/files/uploadedfile.ts";
import type { Form } from "../http/_body.ts";

/** A boundary that no file has: it is not the client's, which may stand in what was decoded. */
export function new_boundary(): string {
  return `nuages-${randomUUID()}`;
}

/** The fields, then the files, each read in pieces when it is its turn; no more than one piece is held. */
export async function* write_form(
  [fields, files]: Form,
  boundary: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const [name, values] of fields.lists())
    for (const value of values)
      yield Buffer.from(`${head(boundary, [["name", name]])}\r\n\r\n${value}\r\n`);
  for (const [name, list] of files.lists()) {
    for (const file of list) {
      yield Buffer.from(file_head(boundary, name, file));
      for await (const chunk of file.chunks()) if (chunk.length > 0) yield chunk;
      yield LINE_END;
    }
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

const LINE_END = Buffer.from("\r\n");

function head(boundary: string, parameters: readonly (readonly [string, string])[]): string {
  const texts = parameters.map(([name, value]) => `; ${name}="${quoted(value)}"`);
  return `--${boundary}\r\nContent-Disposition: form-data${texts.join("")}`;
}

function file_head(boundary: string, name: string, file: UploadedFile): string {
  const charset = file.charset === null ? "" : `; charset="${quoted(file.charset.toString())}"`;
  const type = `${file.content_type || "application/octet-stream"}${charset}`;
  const parameters = [["name", name] as const, ["filename", file.name ?? ""] as const];
  return `${head(boundary, parameters)}\r\nContent-Type: ${type.replaceAll(/[\r\n]/g, " ")}\r\n\r\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\r": "%0D", "\n": "%0A", '"': "%22" };

/** As browsers write it (HTML, "Multipart form data"). */
function quoted(value: string): string {
  return value.replaceAll(/[\r\n"]/g, (character) => ESCAPES[character] ?? character);
}
