/** Multipart forms, part by part. @module */
import type { UploadedFile } from "nuages/core/files/uploadedfile";
import type { QueryDict } from "nuages/http";
import { RequestFactory } from "nuages/test";
import type { MultiValueDict } from "nuages/utils/datastructures";

const rf: RequestFactory = new RequestFactory();

/** A form of which the boundary is `sep`. */
export const TYPE = "multipart/form-data; boundary=sep";

/** Text or bytes. */
export type Bytes = string | Buffer;

/** A part with these headers. */
export function part(disposition: Bytes, value: Bytes = "v", ...headers: string[]): Buffer {
  return Buffer.concat([
    Buffer.from("--sep\r\nContent-Disposition: form-data; "),
    Buffer.from(disposition),
    Buffer.from(`\r\n${headers.map((header) => `${header}\r\n`).join("")}\r\n`),
    Buffer.from(value),
    Buffer.from("\r\n"),
  ]);
}

/** The last boundary. */
export const END: Buffer = Buffer.from("--sep--\r\n");

/** A POST of a form with these parts. */
export function request_of(
  parts: Bytes[],
  content_type: string = TYPE,
): ReturnType<RequestFactory["generic"]> {
  const body = Buffer.concat([...parts.map((bytes) => Buffer.from(bytes)), END]);
  return rf.generic("POST", "/", body, { content_type });
}

/** What was read of a form. */
export interface Form {
  POST: QueryDict;
  FILES: MultiValueDict<UploadedFile>;
}

/** The fields and files of a form, with all that is known of them. */
export function summary({ POST, FILES }: Form): unknown {
  const files = [...FILES.lists()].map(([name, list]) => [
    name,
    list.map((file) => [file.name, file.size, file.content_type, String(file.read())]),
  ]);
  return { post: [...POST.lists()], files };
}
