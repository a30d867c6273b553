/** Bodies for requests made in memory: `FakePayload`, and forms encoded as browsers do. @module */
import { AssertionError } from "node:assert";
import { lookup as type_by_name } from "mime-types";
import { settings } from "../conf/index.ts";
import { AttributeError, ValueError } from "../core/exceptions.ts";
import type { ByteStream } from "../http/_body.ts";
import { as_buffer } from "../utils/_codecs.ts";
import { repr } from "../utils/_python.ts";
import { is_iterable, mapping_items } from "../utils/_mapping.ts";
import { force_bytes } from "../utils/encoding.ts";

/** What separates the parts of the forms made here. */
export const BOUNDARY = "BoUnDaRyStRiNg";
/** The type of the forms made here. */
export const MULTIPART_CONTENT: string = `multipart/form-data; boundary=${BOUNDARY}`;

const LINE_FEED = 0x0a;

/** A body as it comes from the network: it cannot be rewound, nor read beyond its end, so that no test relies on either. */
export class FakePayload implements ByteStream {
  #content: Buffer[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  /** Whether reading has begun; writing is over then. */
  read_started = false;

  constructor(initial_bytes?: string | Uint8Array | null) {
    if (initial_bytes !== undefined && initial_bytes !== null) this.write(initial_bytes);
  }

  /** How many bytes are left. */
  get size(): number {
    return this.#content.reduce((size, part) => size + part.length, this.#bytes.length);
  }

  /** @throws AssertionError for more than is there. */
  read(size?: number | null): Buffer {
    return this.#take(size, () => this.#bytes.length);
  }

  /** The next line. @throws AssertionError for more than is there. */
  readline(size?: number | null): Buffer {
    return this.#take(size, () => {
      const end = this.#bytes.indexOf(LINE_FEED);
      return end < 0 ? this.#bytes.length : end + 1;
    });
  }

  #take(size: number | null | undefined, all: () => number): Buffer {
    this.#start();
    const wanted = size === undefined || size === null || size < 0 ? this.#bytes.length : size;
    if (wanted > this.#bytes.length) {
      throw new AssertionError({
        message: `${wanted} bytes were asked of a body that has ${this.#bytes.length} left. Over a network this would wait for ever.`,
      });
    }
    const end = Math.min(wanted, all());
    const taken = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    return taken;
  }

  #start(): void {
    if (this.read_started) return;
    this.read_started = true;
    this.#bytes = Buffer.concat(this.#content);
    this.#content = [];
  }

  /** @throws ValueError once reading has begun. */
  write(b: string | Uint8Array): void {
    if (this.read_started) throw new ValueError("This payload is being read; write it before.");
    this.#content.push(force_bytes(b));
  }
}

/** What `encode_file` reads: a `File`, an open file, or anything like it. */
interface FileLike {
  read(): string | Uint8Array;
  name?: unknown;
  content_type?: unknown;
}

function is_file(value: unknown): value is FileLike {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<FileLike>).read === "function"
  );
}

function to_bytes(value: unknown): Buffer {
  return force_bytes(value, { encoding: settings.DEFAULT_CHARSET });
}

/** A form as `multipart/form-data` (RFC 7578). A list gives one part for each item, a file is sent with its name. */
export function encode_multipart(boundary: string, data: object): Buffer {
  const lines: Buffer[] = [];
  for (const [key, value] of pairs_of(data)) {
    if (value === null || value === undefined) {
      throw new TypeError(`The form field ${repr(key)} is ${value}. Give it "" or leave it out.`);
    }
    for (const item of items_of(value))
      lines.push(
        ...(is_file(item) ? encode_file(boundary, key, item) : field(boundary, key, item)),
      );
  }
  lines.push(to_bytes(`--${boundary}--`), Buffer.alloc(0));
  return join_lines(lines);
}

function pairs_of(data: object): Iterable<readonly [string, unknown]> {
  const items = mapping_items(data);
  if (items === undefined)
    throw new AttributeError(`${repr(data)} is no form: an object of fields was wanted.`);
  return items as Iterable<readonly [string, unknown]>; // names of fields are text
}

/** One value, or those of a list; of a mapping, its keys, as Python iterates. */
function items_of(value: unknown): Iterable<unknown> {
  if (typeof value === "string" || is_file(value)) return [value];
  const pairs = mapping_items(value);
  if (pairs !== undefined) return Array.from(pairs, ([key]) => key);
  return is_iterable(value) ? value : [value];
}

function field(boundary: string, key: string, value: unknown): Buffer[] {
  return [
    to_bytes(`--${boundary}`),
    to_bytes(`Content-Disposition: form-data; name="${key}"`),
    Buffer.alloc(0),
    to_bytes(value),
  ];
}

/** The lines of one part that holds a file. Its type is the file's own, else guessed from the name. */
export function encode_file(boundary: string, key: string, file: FileLike): Buffer[] {
  const filename =
    typeof file.name === "string" ? file.name.slice(file.name.lastIndexOf("/") + 1) : "";
  return [
    to_bytes(`--${boundary}`),
    to_bytes(`Content-Disposition: form-data; name="${key}"; filename="${filename || key}"`),
    to_bytes(`Content-Type: ${type_of(file, filename)}`),
    Buffer.alloc(0),
    to_bytes(file.read()),
  ];
}

function type_of(file: FileLike, filename: string): unknown {
  const guessed = filename === "" ? false : type_by_name(filename);
  const type = "content_type" in file ? file.content_type : guessed;
  return type === null || type === undefined || type === false ? "application/octet-stream" : type;
}

function join_lines(lines: readonly Buffer[]): Buffer {
  const crlf = Buffer.from("\r\n");
  return Buffer.concat(
    lines.flatMap((line, i) => (i === 0 ? [as_buffer(line)] : [crlf, as_buffer(line)])),
  );
}
