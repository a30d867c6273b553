/** Files as responses: `send_file()` makes them, `file()` declares them (docs/api.md, "Files"). @module */
import { ImproperlyConfigured, ValueError } from "../core/exceptions.ts";
import type { BackgroundWork } from "../http/_background.ts";
import { type HeadersInit, ResponseHeaders } from "../http/_headers.ts";
import { MediaType } from "../http/_media_type.ts";
import type { HttpRequest } from "../http/request.ts";
import { FileResponse, type HttpResponseBase } from "../http/response.ts";
import { http_date } from "../utils/http.ts";
import { repr } from "../utils/_python.ts";
import { finish_file } from "./_file_conditions.ts";
import { type KindDocument, ResponseKind } from "./_kinds.ts";
import { type OpenFile, open_for_sending } from "./_open_file.ts";
import { type ErrorDetail, ResponseValidationError } from "./exceptions.ts";
import { Offer } from "./negotiation.ts";
import type { JSONSchema } from "./schema.ts";
import type { CookieSpec, HeaderSpec } from "./spec.ts";

/** Options of `send_file`. */
export interface SendFileOptions {
  /** Whether the browser is to save the file rather than show it. Default `false`. */
  as_attachment?: boolean | undefined;
  /** The name to send instead of the path's last part. */
  filename?: string | undefined;
  /** Default: by the name, else `application/octet-stream`. */
  content_type?: string | undefined;
  /** Default 200. Ranges are only answered for that one. */
  status?: number | undefined;
  /** Headers to set; they win over those made of the file, but for Content-Length. */
  headers?: HeadersInit;
  /**
   * A file up to this size is read at once, a longer one streamed in pieces of it; in bytes. Default 65536, and longer
   * pieces where a door sends the file by itself.
   */
  chunk_size?: number | undefined;
  /** What to do when the file has been sent. */
  background?: BackgroundWork | undefined;
}

/** Options of `send_file` in a view that is no endpoint. */
export interface SendFileViewOptions extends SendFileOptions {
  /** Has its conditions and its range answered. Endpoints need not give it. */
  request: HttpRequest;
}

const CHUNK = 65_536;

/**
 * A response that sends a file. An endpoint answers the conditions (RFC 9110 §13) and the range (§14) of its request
 * with it; in a plain view `request` has the same done at once, and then the result may be a 304 or 412. The file is
 * open until the response is sent: what is not returned must be closed.
 * @param path Of the file; with the setting `API`, only one inside its `ALLOWED_FILE_PATHS`.
 * @throws FileNotFoundError; PermissionError; ValueError for what is no regular file.
 */
export async function send_file(
  path: string | URL,
  options: SendFileViewOptions,
): Promise<HttpResponseBase>;
export async function send_file(
  path: string | URL,
  options?: SendFileOptions & { request?: undefined },
): Promise<FileResponse>;
export async function send_file(
  path: string | URL,
  options: SendFileOptions & { request?: HttpRequest | undefined } = {},
): Promise<HttpResponseBase> {
  const { chunk_size = CHUNK, request } = options;
  if (!Number.isSafeInteger(chunk_size) || chunk_size < 1)
    throw new ValueError(`chunk_size is a number of bytes, 1 or more: ${repr(chunk_size)} is not.`);
  const opened = await open_for_sending(path);
  let response: FileResponse;
  try {
    response = response_of(opened, options);
  } catch (error) {
    opened.file.close();
    throw error;
  }
  if (options.chunk_size !== undefined) response._read_by(chunk_size);
  response._for_request = (asking) => finish_file(response, asking, chunk_size);
  return request === undefined ? response : response._for_request(request);
}

function response_of(opened: OpenFile, options: SendFileOptions): FileResponse {
  const headers = new ResponseHeaders(options.headers);
  const content_type = options.content_type ?? headers.get("Content-Type");
  if (options.content_type === undefined) headers.delete("Content-Type");
  const response = new FileResponse(opened.file, {
    as_attachment: options.as_attachment,
    filename: options.filename || opened.name,
    content_type,
    status: options.status,
    headers,
  });
  for (const [name, value] of headers.items()) response.set(name, value);
  response._take_parts([{ start: 0, length: opened.size }]); // the length that the ETag tells of
  response.setdefault("ETag", `"${opened.changed.toString(16)}-${opened.size.toString(16)}"`);
  response.setdefault("Last-Modified", http_date(Number(opened.changed / 1_000_000_000n)));
  if (options.background !== undefined) response.background = options.background;
  response._has_status = options.status !== undefined;
  return response;
}

/** Options of `file`. */
export interface FileOptions {
  /** The media type or types that the file may have. Default: any. */
  content_type?: string | readonly string[] | undefined;
  /** Whether the response must have a Content-Disposition. Default `false`. */
  as_attachment?: boolean | undefined;
  /** The status of what `send_file` makes without one. Default 200. */
  status?: number | undefined;
  /** Headers in the document. A response must have those that are `required`. */
  headers?: Readonly<Record<string, HeaderSpec>> | undefined;
  /** Cookies in the document. */
  cookies?: Readonly<Record<string, CookieSpec>> | undefined;
  /** What the document says of the response. Default: the phrase of the status. */
  description?: string | undefined;
  /** The link objects of the document. */
  links?: Readonly<Record<string, object>> | undefined;
  /** The schema in the document. Default `{ type: "string", format: "binary" }`. */
  schema?: JSONSchema | undefined;
}

/** Declares that an endpoint answers with a file: the `response` of its spec. */
export function file(options: FileOptions = {}): FileKind {
  return new FileKind(options);
}

/** What `file()` makes. */
export class FileKind extends ResponseKind<FileResponse> {
  override readonly content_types: readonly string[];
  override readonly status: number;
  readonly #options: FileOptions;
  /** The headers without which a response is not as declared. */
  readonly required_headers: readonly string[];

  /** @throws ImproperlyConfigured for a media type or a status that no file can have. */
  constructor(options: FileOptions = {}) {
    super();
    const { content_type = [], status = 200, headers = {} } = options;
    this.#options = options;
    this.content_types = typeof content_type === "string" ? [content_type] : [...content_type];
    this.status = status;
    this.required_headers = [
      "Content-Length",
      ...(options.as_attachment === true ? ["Content-Disposition"] : []),
      ...Object.keys(headers).filter((name) => headers[name]?.required === true),
    ];
    for (const type of this.content_types) check_type(type);
    if (!Number.isInteger(status) || status < 200 || status > 599 || status === 204)
      throw new ImproperlyConfigured(
        `A file cannot have the status ${repr(status)}: give one from 200 to 599, but 204.`,
      );
  }

  /** The value, if it is a `FileResponse`; one that `send_file` made without a status gets that of the declaration. */
  override to_response(value: unknown): FileResponse | undefined {
    if (!(value instanceof FileResponse)) return undefined;
    if (value._has_status === false) value.status_code = this.status;
    return value;
  }

  /** @throws ResponseValidationError for another type, or a missing header. */
  override check(response: HttpResponseBase): void {
    const faults = [...this.#faults(response)];
    if (faults.length > 0) throw new ResponseValidationError(faults);
  }

  *#faults(response: HttpResponseBase): Generator<ErrorDetail, void, undefined> {
    if (!(response instanceof FileResponse)) {
      const msg = `A file was declared, and the response is a ${response.constructor.name}. Return what send_file() gives.`;
      yield { msg, type: "file_type" };
      return;
    }
    const type = response.get("Content-Type", "");
    const types = this.content_types;
    if (types.length > 0 && !types.some((declared) => new MediaType(type).match(declared))) {
      const msg = `The Content-Type ${repr(type)} is not among those declared: ${types.join(", ")}.`;
      yield { msg, type: "content_type", loc: ["headers", "Content-Type"] };
    }
    for (const name of this.required_headers) {
      if (response.has(name)) continue;
      yield { msg: `The header ${name} is missing.`, type: "missing", loc: ["headers", name] };
    }
  }

  /** A declared type was negotiated before; one that was not is known only now. @throws NotAcceptable */
  override check_accepted(request: HttpRequest, response: HttpResponseBase): void {
    if (this.content_types.length > 0 || !(response instanceof FileResponse)) return;
    const content_type = response.get("Content-Type", "application/octet-stream");
    new Offer([{ content_type, renderer: undefined }], true).choose(request);
  }

  override describe(): KindDocument {
    const { description, schema, headers, cookies, links } = this.#options;
    const promised = this.required_headers.map((name): [string, HeaderSpec] => [
      name,
      { ...headers?.[name], required: true },
    ]);
    return {
      format: "file",
      description,
      schema,
      headers: { ...headers, ...Object.fromEntries(promised) },
      cookies,
      links,
    };
  }
}

function check_type(type: string): void {
  if (new MediaType(type).sub_type === "")
    throw new ImproperlyConfigured(
      `The content_type of file() is a media type such as "application/pdf": ${repr(type)} is none.`,
    );
}
