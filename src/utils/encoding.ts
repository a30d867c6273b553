/** Text and bytes, URIs and IRIs (Django docs: Unicode data, "Useful utility functions"). @module */
import { domainToASCII } from "node:url";
import { UnicodeDecodeError, UnicodeEncodeError } from "../core/exceptions.ts";
import { as_buffer, decode, encode } from "./_codecs.ts";
import { is_lazy } from "./_lazy.ts";
import { repr, str } from "./_python.ts";
import { quote, quote_file_path, quote_iri, quote_path } from "./_quote.ts";
import { next_invalid } from "./_utf8.ts";

/** Bytes that `force_str` was given are not text in the charset; the message shows them. */
export class DjangoUnicodeDecodeError extends UnicodeDecodeError {}

/** Options of `force_str`, `force_bytes` and their `smart_` forms. */
export interface ForceOptions {
  /** The charset of the bytes. Default `utf-8`. */
  encoding?: string | undefined;
  /** Whether `null`, numbers and dates come back as they are. Default `false`. */
  strings_only?: boolean | undefined;
  /** What to do with what does not fit the charset: `strict` (default) throws, `replace` or `ignore`. */
  errors?: string | undefined;
}

/** Options without `strings_only`: what comes back is converted for certain. */
export type ForceAllOptions = ForceOptions & { strings_only?: false | undefined };

/** Text, or what has one: a `SafeString`, a lazy text, a `URL`. */
export type Stringlike = string | { toString(): string };

/** The bytes of a `Uint8Array`, an `ArrayBuffer` or a view of one; nothing is copied. */
function bytes_of(value: unknown): Buffer | undefined {
  if (value instanceof Uint8Array) return as_buffer(value);
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Whether `strings_only` leaves the value as it is: `null`, a boolean, a number, a date. */
export function is_protected_type(obj: unknown): boolean {
  if (obj === null || obj === undefined || obj instanceof Date) return true;
  return typeof obj === "number" || typeof obj === "boolean" || typeof obj === "bigint";
}

/**
 * The value as text: bytes are decoded, anything else gives its `str`.
 * @throws DjangoUnicodeDecodeError for bytes that are not text in the charset; LookupError for an unknown charset.
 */
export function force_str(s: unknown, options?: ForceAllOptions): string;
export function force_str(s: unknown, options?: ForceOptions): unknown;
export function force_str(s: unknown, options: ForceOptions = {}): unknown {
  if (typeof s === "string") return s;
  if (options.strings_only === true && is_protected_type(s)) return s;
  const bytes = bytes_of(s);
  if (bytes === undefined) return str(s);
  try {
    return decode(bytes, options.encoding, options.errors);
  } catch (error) {
    if (!(error instanceof UnicodeDecodeError)) throw error;
    throw new DjangoUnicodeDecodeError(`${error.message} The bytes are ${repr(bytes)}.`, {
      cause: error,
    });
  }
}

/** As `force_str`, but a lazy text stays lazy. */
export function smart_str(s: unknown, options?: ForceOptions): unknown {
  return is_lazy(s) ? s : force_str(s, options);
}

/**
 * The value as bytes. Bytes are taken to be UTF-8 and encoded anew for another charset.
 * @throws UnicodeEncodeError for text that the charset cannot express; LookupError for an unknown charset.
 */
export function force_bytes(s: unknown, options?: ForceAllOptions): Buffer;
export function force_bytes(s: unknown, options?: ForceOptions): unknown;
export function force_bytes(s: unknown, options: ForceOptions = {}): unknown {
  const { encoding = "utf-8", errors = "strict" } = options;
  if (s instanceof Uint8Array) {
    return encoding === "utf-8"
      ? as_buffer(s)
      : encode(decode(s, "utf-8", errors), encoding, errors);
  }
  if (options.strings_only === true && is_protected_type(s)) return s;
  const viewed = bytes_of(s);
  return viewed === undefined ? encode(str(s), encoding, errors) : Buffer.from(viewed);
}

/** As `force_bytes`, but a lazy text stays lazy. */
export function smart_bytes(s: unknown, options?: ForceOptions): unknown {
  return is_lazy(s) ? s : force_bytes(s, options);
}

/**
 * A part of a URL with what is not ASCII percent-encoded (RFC 3987 §3.1). A `%` is left alone, so that doing it twice
 * changes nothing; a host name is percent-encoded too, not punycoded.
 */
export function iri_to_uri(iri: Stringlike | Uint8Array): string;
export function iri_to_uri(iri: Stringlike | Uint8Array | null | undefined): string | undefined;
export function iri_to_uri(iri: Stringlike | Uint8Array | null | undefined): string | undefined {
  if (iri === null || iri === undefined) return undefined;
  return quote_iri(iri instanceof Uint8Array ? iri : iri.toString());
}

// What uri_to_iri decodes: letters, `-._~` (but no digits: as in Django), and every byte that is not ASCII.
const DECODABLE =
  /%(?:2[dDeE]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE]|[89a-fA-F][0-9a-fA-F])/g;

/**
 * A URI with its escapes decoded as far as that does not change its meaning (RFC 3987 §3.2): `%2F` stays, and so do
 * bytes that are not UTF-8.
 */
export function uri_to_iri(uri: Stringlike | Uint8Array): string;
export function uri_to_iri(uri: Stringlike | Uint8Array | null | undefined): string | undefined;
export function uri_to_iri(uri: Stringlike | Uint8Array | null | undefined): string | undefined {
  if (uri === null || uri === undefined) return undefined;
  const decoded = force_bytes(uri)
    .toString("latin1")
    .replace(DECODABLE, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
  return repercent_broken_unicode(Buffer.from(decoded, "latin1")).toString();
}

/** The path of a URL, percent-encoded. A `%` is escaped too: doing it twice changes the path. */
export function escape_uri_path(path: string): string {
  return quote_path(path);
}

/** The bytes with those that are no UTF-8 percent-encoded, in upper case (RFC 3987 §3.2, step 3). */
export function repercent_broken_unicode(path: Uint8Array): Buffer {
  const bytes = as_buffer(path);
  let bad = next_invalid(bytes, 0);
  if (bad === undefined) return bytes;
  const target = Buffer.allocUnsafe(bytes.length * 3);
  let at = 0;
  let done = 0;
  for (; bad !== undefined; bad = next_invalid(bytes, done)) {
    at += bytes.copy(target, at, done, bad.start);
    at += target.write(quote(bytes.subarray(bad.start, bad.end)), at, "latin1");
    done = bad.end;
  }
  at += bytes.copy(target, at, done);
  return target.subarray(0, at);
}

/** The path of a file as part of a URL; `\` becomes `/`. */
export function filepath_to_uri(path: string): string;
export function filepath_to_uri(path: string | null | undefined): string | undefined;
export function filepath_to_uri(path: string | null | undefined): string | undefined {
  if (path === null || path === undefined) return undefined;
  return quote_file_path(str(path).replaceAll("\\", "/"));
}

/** IDNA 2003 maps these two before encoding, which the newer standard no longer does. */
function fold(label: string): string {
  const folded = label.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  return folded.normalize("NFKC");
}

function encode_label(label: string): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  const encoded = /^[\0-\x7f]*$/.test(label) ? label : domainToASCII(fold(label));
  if (encoded === "" || encoded.length > 63)
    throw new UnicodeEncodeError(
      `${repr(label)} is no label of a domain name: it is empty, too long or not allowed.`,
    );
  return encoded;
}

/**
 * The domain name in ASCII (RFC 3490).
 * @throws UnicodeEncodeError for an empty or too long label.
 */
export function punycode(domain: string): string {
  if (domain === "") return "";
  const labels = domain.split(/[.\u3002\uff0e\uff61]/);
  const rooted = labels.length > 1 && labels.at(-1) === "";
  if (rooted) labels.pop();
  return labels.map(encode_label).join(".") + (rooted ? "." : "");
}
