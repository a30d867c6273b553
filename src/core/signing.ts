/** Signed text and signed data, in the form Django writes them (Django docs: Cryptographic signing). @module */
import { sign as hmac_sha256 } from "cookie-signature";
import { deflateSync, inflateSync } from "node:zlib";
import { on_change, provide_default, settings } from "../conf/index.ts";
import { time } from "../utils/_clock.ts";
import { as_buffer, encode } from "../utils/_codecs.ts";
import { dumps as json_dumps, loads as json_loads } from "../utils/_json.ts";
import { repr, str } from "../utils/_python.ts";
import { LONE_SURROGATE } from "../utils/_utf8.ts";
import {
  type BytesOrText,
  constant_time_compare,
  derived_key,
  salted_hmac,
} from "../utils/crypto.ts";
import { Exception, IndexError, ValueError } from "./exceptions.ts";

/** The signature is missing, is not that of the text, or what was signed cannot be read. */
export class BadSignature extends Exception {}
/** The signature is right and older than `max_age`. */
export class SignatureExpired extends BadSignature {}

/** The digits of `b62_encode`: upper case before lower case. */
export const BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A whole number in base 62: how a timestamp is written. */
export function b62_encode(s: number): string {
  let rest = Math.abs(s);
  let digits = "";
  do {
    digits = BASE62_ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return s < 0 ? `-${digits}` : digits;
}

/**
 * The number that `b62_encode` wrote.
 * @throws ValueError for another character, IndexError for no character.
 */
export function b62_decode(s: string): number {
  if (s === "") throw new IndexError("A number in base 62 has at least one digit.");
  const digits = s.startsWith("-") ? s.slice(1) : s;
  let value = 0;
  for (const digit of digits) {
    const worth = BASE62_ALPHABET.indexOf(digit);
    if (worth < 0) throw new ValueError(`${repr(s)} is not a number in base 62.`);
    value = value * 62 + worth;
  }
  return digits === s ? value : 0 - value; // and not -0
}

/** Base64 with `-` and `_`, without padding, as bytes. */
export function b64_encode(s: Uint8Array): Buffer {
  return Buffer.from(as_buffer(s).toString("base64url"), "latin1");
}

/**
 * The bytes that `b64_encode` wrote. As in Python, what is no digit is skipped.
 * @throws ValueError for a number of digits that no bytes have.
 */
export function b64_decode(s: Uint8Array): Buffer {
  return from_base64(as_buffer(s).toString("latin1"));
}

function from_base64(text: string): Buffer {
  const digits = text.replace(/[^A-Za-z0-9+/\-_]/g, "");
  if (digits.length % 4 === 1)
    throw new ValueError(`No bytes have ${digits.length} digits in base64: a digit is missing.`);
  return Buffer.from(digits, "base64url");
}

/** Options of `base64_hmac`. */
export interface Base64HmacOptions {
  /** A name of Python's `hashlib`. Default `sha1`, which Django keeps until 2028: name one. */
  algorithm?: string | null | undefined;
}

/** The `salted_hmac` of `value` in the base64 of `b64_encode`: the signature of every signer. */
export function base64_hmac(
  salt: string,
  value: BytesOrText,
  key: BytesOrText,
  options: Base64HmacOptions = {},
): string {
  if (options.algorithm !== "sha256" || typeof value !== "string")
    return salted_hmac(salt, value, { ...options, secret: key })
      .digest()
      .toString("base64url");
  if (LONE_SURROGATE.test(value)) encode(value); // throws: Node would sign U+FFFD, and so the same for many texts
  const signed = hmac_sha256(value, derived_key(salt, key, "sha256"));
  return signed.slice(value.length + 1).replace(/[+/]/g, url_safe);
}

function url_safe(digit: string): string {
  return digit === "+" ? "-" : "_";
}

/** Turns data into bytes and back. */
export interface Serializer {
  /** The bytes to sign. */
  dumps(obj: unknown): Uint8Array;
  /** The data again. */
  loads(data: Uint8Array): unknown;
}
/** A class of serializers: what the option `serializer` takes. */
export type SerializerClass = new () => Serializer;

/** JSON without spaces and in ASCII alone, whatever the data. */
export class JSONSerializer implements Serializer {
  dumps(obj: unknown): Buffer {
    return Buffer.from(json_dumps(obj, { separators: [",", ":"] }), "latin1");
  }

  loads(data: Uint8Array): unknown {
    return json_loads(as_buffer(data).toString("latin1"));
  }
}

/** Options of the signers. */
export interface SignerOptions {
  /** Default `settings.SECRET_KEY`; so for an empty one. */
  key?: BytesOrText | null | undefined;
  /** What stands between value and signature. Default `:`. */
  sep?: string | undefined;
  /** Keeps the signatures of one use from being valid in another. Default, and for "": Django's path of the class. */
  salt?: string | null | undefined;
  /** A name of Python's `hashlib`. Default `sha256`. */
  algorithm?: string | null | undefined;
  /** Keys that verify and do not sign, tried in order. Default `settings.SECRET_KEY_FALLBACKS`. */
  fallback_keys?: Iterable<BytesOrText> | null | undefined;
}

/** Options of `Signer.signature`. */
export interface SignatureOptions {
  /** Default: the signer's. */
  key?: BytesOrText | null | undefined;
}

/** Options of `unsign` where signatures carry their time. */
export interface UnsignOptions {
  /** How old the signature may be, in seconds. Default: any age. */
  max_age?: number | null | undefined;
}

/** Options of `sign_object`. */
export interface SignObjectOptions {
  /** Default `JSONSerializer`. */
  serializer?: SerializerClass | undefined;
  /** Compress with zlib if that makes it shorter. Default `false`. */
  compress?: boolean | undefined;
}

/** Options of `unsign_object`. */
export interface UnsignObjectOptions extends UnsignOptions {
  /** Default `JSONSerializer`. */
  serializer?: SerializerClass | undefined;
}

// Python: "^[A-z0-9-_=]*$", whose $ also matches before a final newline
const UNSAFE_SEPARATOR = /^[A-z0-9\-_=]*\n?$/;

/** What a compressed value may unpack to, in bytes. Only who has the key can make one, and still it is bounded. */
const MAX_UNPACKED = 10 * 1024 * 1024;

function not_empty(value: BytesOrText | null | undefined): value is BytesOrText {
  return value !== undefined && value !== null && value.length > 0;
}

function list_of(keys: Iterable<BytesOrText>): readonly BytesOrText[] {
  return Array.isArray(keys) ? (keys as BytesOrText[]) : [...keys]; // the type of its items is the iterable's
}

/** Appends a signature to text and takes it off again once it has been verified. */
export class Signer {
  key: BytesOrText;
  fallback_keys: readonly BytesOrText[];
  sep: string;
  salt: string;
  algorithm: string;
  /** The salt without the option: Django's path of the class. A subclass has no such path and inherits this one. @internal */
  declare _default_salt: string;
  static {
    this.prototype._default_salt = "django.core.signing.Signer";
  }

  /** @throws ValueError for a separator that may be part of a signature. */
  constructor(options: SignerOptions = {}) {
    const { key, fallback_keys, sep = ":" } = options;
    this.key = not_empty(key) ? key : settings.SECRET_KEY;
    this.fallback_keys = list_of(fallback_keys ?? settings.SECRET_KEY_FALLBACKS);
    this.sep = sep;
    this.salt = options.salt || this._default_salt;
    this.algorithm = options.algorithm || "sha256";
    if (UNSAFE_SEPARATOR.test(sep))
      throw new ValueError(
        `The separator ${repr(sep)} cannot be told from a signature; take one with a character beyond letters, digits, "-", "_" and "=".`,
      );
  }

  /** The signature alone. */
  signature(value: BytesOrText, options: SignatureOptions = {}): string {
    const key = not_empty(options.key) ? options.key : this.key;
    return base64_hmac(`${this.salt}signer`, value, key, this);
  }

  /** `value:signature`. What is not text is signed as its text. */
  sign(value: unknown): string {
    const text = str(value);
    return text + this.sep + this.signature(value instanceof Uint8Array ? value : text);
  }

  /**
   * The value in front of the last separator.
   * @throws BadSignature if the signature is another one, or missing.
   */
  unsign(signed_value: string, options: UnsignOptions = {}): string {
    if (options.max_age !== undefined && options.max_age !== null)
      throw new TypeError("This signer writes no time: for max_age use a TimestampSigner.");
    return this.#verified(signed_value);
  }

  #verified(signed_value: string): string {
    if (typeof signed_value !== "string")
      throw new TypeError(`Only text can be unsigned, not ${repr(signed_value)}.`);
    const end = signed_value.lastIndexOf(this.sep);
    if (end < 0) throw new BadSignature(`There is no ${repr(this.sep)} in what should be signed.`);
    const value = signed_value.slice(0, end);
    const signature = signed_value.slice(end + this.sep.length);
    if (constant_time_compare(signature, this.signature(value))) return value;
    for (const key of this.fallback_keys)
      if (constant_time_compare(signature, this.signature(value, { key }))) return value;
    throw new BadSignature("The signature is not that of the text.");
  }

  /** Data as signed text: base64 of the serialized form, with a `.` in front where that is compressed. */
  sign_object(obj: unknown, options: SignObjectOptions = {}): string {
    const { serializer = JSONSerializer, compress = false } = options;
    const data = as_buffer(new serializer().dumps(obj));
    if (compress) {
      const compressed = deflateSync(data);
      if (compressed.length < data.length - 1)
        return this.sign(`.${compressed.toString("base64url")}`);
    }
    return this.sign(data.toString("base64url"));
  }

  /**
   * The data that `sign_object` signed.
   * @throws BadSignature also for what is signed and cannot be read; the reason is its `cause`.
   */
  unsign_object(signed_obj: string, options: UnsignObjectOptions = {}): unknown {
    const { serializer = JSONSerializer, ...rest } = options;
    const text = this.unsign(signed_obj, rest);
    try {
      return new serializer().loads(unpack(text));
    } catch (cause) {
      if (!is_unreadable(cause)) throw cause;
      throw new BadSignature("The signature is right, but what is signed cannot be read.", {
        cause,
      });
    }
  }
}

function unpack(text: string): Buffer {
  if (!text.startsWith(".")) return from_base64(text);
  return inflateSync(from_base64(text.slice(1)), { maxOutputLength: MAX_UNPACKED });
}

/** Whether the error says that the data is not base64, not zlib's, too long unpacked, or not what the serializer wrote. */
function is_unreadable(error: unknown): boolean {
  if (error instanceof ValueError || error instanceof SyntaxError) return true;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string")
    return false;
  return error.code.startsWith("Z_") || error.code === "ERR_BUFFER_TOO_LARGE";
}

/** A `Signer` that also writes when it signed: `value:timestamp:signature`. */
export class TimestampSigner extends Signer {
  static {
    this.prototype._default_salt = "django.core.signing.TimestampSigner";
  }

  /** The time now, in whole seconds, as it is written. */
  timestamp(): string {
    return b62_encode(Math.floor(time()));
  }

  override sign(value: unknown): string {
    return super.sign(str(value) + this.sep + this.timestamp());
  }

  /**
   * The value without time and signature. A time in the future passes.
   * @throws SignatureExpired if it was signed more than `max_age` seconds ago.
   */
  override unsign(value: string, options: UnsignOptions = {}): string {
    const max_age = options.max_age ?? Infinity;
    if (typeof max_age !== "number" || Number.isNaN(max_age))
      // or nothing would ever be too old
      throw new TypeError(`max_age is a number of seconds, not ${repr(max_age)}.`);
    const result = super.unsign(value);
    const end = result.lastIndexOf(this.sep);
    if (end < 0) throw new BadSignature("What is signed holds no time.");
    const signed_at = this.#time_in(result.slice(end + this.sep.length));
    const age = time() - signed_at;
    if (age > max_age)
      throw new SignatureExpired(
        `It was signed ${age} seconds ago; ${max_age} are allowed (max_age).`,
      );
    return result.slice(0, end);
  }

  #time_in(text: string): number {
    try {
      return b62_decode(text);
    } catch (cause) {
      throw new BadSignature("What is signed holds no readable time.", { cause });
    }
  }
}

/** Options of `dumps`. */
export interface DumpsOptions extends SignObjectOptions {
  /** Default `settings.SECRET_KEY`. */
  key?: BytesOrText | null | undefined;
  /** Default `django.core.signing`. */
  salt?: string | undefined;
}

/** Options of `loads`. */
export interface LoadsOptions extends UnsignObjectOptions {
  /** Default `settings.SECRET_KEY`. */
  key?: BytesOrText | null | undefined;
  /** Default `django.core.signing`. */
  salt?: string | undefined;
  /** Default `settings.SECRET_KEY_FALLBACKS`. */
  fallback_keys?: Iterable<BytesOrText> | null | undefined;
}

/** Data as URL-safe text with time and signature; anybody can read it, nobody can change it. */
export function dumps(obj: unknown, options: DumpsOptions = {}): string {
  const { key, salt = "django.core.signing", ...rest } = options;
  return new TimestampSigner({ key, salt }).sign_object(obj, rest);
}

/**
 * The data that `dumps` signed.
 * @throws BadSignature if it was changed or cannot be read; SignatureExpired if it is older than `max_age`.
 */
export function loads(s: string, options: LoadsOptions = {}): unknown {
  const { key, salt = "django.core.signing", fallback_keys, ...rest } = options;
  return new TimestampSigner({ key, salt, fallback_keys }).unsign_object(s, rest);
}

interface CookieKeys {
  readonly key: Buffer;
  readonly fallback_keys: Buffer[];
}

let cookie_keys: CookieKeys | undefined;
on_change(["SECRET_KEY", "SECRET_KEY_FALLBACKS"], () => {
  cookie_keys = undefined;
});

function cookie_key(secret: BytesOrText): Buffer {
  const prefix = encode("django.http.cookies");
  return Buffer.concat([prefix, typeof secret === "string" ? encode(secret) : secret]);
}

function make_cookie_keys(): CookieKeys {
  return {
    key: cookie_key(settings.SECRET_KEY),
    fallback_keys: settings.SECRET_KEY_FALLBACKS.map(cookie_key),
  };
}

/** Options of `get_cookie_signer`. */
export interface CookieSignerOptions {
  /** Default `django.core.signing.get_cookie_signer`. */
  salt?: string | undefined;
}

/** The `SIGNING_BACKEND` with the keys of cookies, which are not those of other uses. */
export function get_cookie_signer(options: CookieSignerOptions = {}): Signer {
  const { key, fallback_keys } = (cookie_keys ??= make_cookie_keys());
  const { salt = "django.core.signing.get_cookie_signer" } = options;
  return new settings.SIGNING_BACKEND({ key, fallback_keys, salt });
}

provide_default("SIGNING_BACKEND", TimestampSigner);
