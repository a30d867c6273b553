/** A large file, to see a download stop and go on. @module */
import { once } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileResponse, type HttpRequest } from "nuages/http";

const MEBIBYTE = 1024 * 1024;
const SIZE = 64 * MEBIBYTE;

let made: Promise<string> | undefined;

/** Writes the file into the temporary directory; it goes when the demo ends. */
async function make(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "nuages-demo-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "sky.bin");
  const file = createWriteStream(path);
  for (let written = 0; written < SIZE; written += MEBIBYTE) {
    const block = Buffer.alloc(MEBIBYTE, `block ${written / MEBIBYTE}\n`);
    if (!file.write(block)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return path;
}

/** Given the request, the response answers `Range`; with a date of change, the client knows that it is still the same file. */
export async function large(request: HttpRequest): Promise<FileResponse> {
  made ??= make();
  return FileResponse.from_path(await made, { as_attachment: true, last_modified: true, request });
}
