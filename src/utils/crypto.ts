/** Keyed hashes, random strings, comparison in constant time (Django's `django.utils.crypto`). @module */
import {
  createHash,
  createHmac,
  pbkdf2 as pbkdf2_in_pool,
  randomFillSync,
  timingSafeEqual,
} from "node:crypto";
import { settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { as_buffer } from "./_codecs.ts";
import { repr } from "./_python.ts";
import { force_bytes } from "./encoding.ts";

/** The name of a hash algorithm that is not one of Python's `hashlib`. */
export class InvalidAlgorithm extends ValueError {}

/** A secret, a salt or what is signed: text counts as its UTF-8 bytes. */
export type BytesOrText = string | Uint8Array;

/** Python's names of hash algorithms with OpenSSL's. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ["md5", "md5"],
  ["sha1", "sha1"],
  ["sha224", "sha224"],
  ["sha256", "sha256"],
  ["sha384", "sha384"],
  ["sha512", "sha512"],
  ["sha3_224", "sha3-224"],
  ["sha3_256", "sha3-256"],
  ["sha3_384", "sha3-384"],
  ["sha3_512", "sha3-512"],
  ["blake2b", "blake2b512"],
  ["blake2s", "blake2s256"],
]);

function openssl_name(algorithm: string): string {
  const name = ALGORITHMS.get(algorithm);
  if (name === undefined)
    throw new InvalidAlgorithm(
      `There is no hash algorithm ${repr(algorithm)}; use one of ${[...ALGORITHMS.keys()].join(", ")}.`,
    );
  return name;
}

// Deriving a key costs as much as signing with it, and a site has few salts and secrets.
const MAX_KEYS = 256;
const derived_keys = new Map<string, Buffer>();

/** A key with what it was derived from. */
interface DerivedKey {
  readonly salt: BytesOrText;
  readonly secret: BytesOrText;
  readonly algorithm: string;
  readonly key: Buffer;
}

// Mostly the same key is asked for again: that of sessions.
let last: DerivedKey | undefined;

/** Text that differs for text and for bytes of the same look. */
function as_text(value: BytesOrText): string {
  return typeof value === "string" ? `t${value}` : `b${as_buffer(value).toString("latin1")}`;
}

/** The key that `salted_hmac` signs with: the digest of the salt followed by the secret. @internal */
export function derived_key(key_salt: BytesOrText, secret: BytesOrText, algorithm: string): Buffer {
  if (last?.salt === key_salt && last.secret === secret && last.algorithm === algorithm)
    return last.key;
  const key = find_key(key_salt, secret, algorithm);
  // Bytes may change in place.
  if (typeof key_salt === "string" && typeof secret === "string")
    last = { salt: key_salt, secret, algorithm, key };
  return key;
}

function find_key(key_salt: BytesOrText, secret: BytesOrText, algorithm: string): Buffer {
  const id = `${algorithm}:${key_salt.length}:${as_text(key_salt)}${as_text(secret)}`;
  const known = derived_keys.get(id);
  if (known !== undefined) return known;
  const key = createHash(openssl_name(algorithm))
    .update(force_bytes(key_salt))
    .update(force_bytes(secret))
    .digest();
  if (derived_keys.size >= MAX_KEYS) derived_keys.clear();
  derived_keys.set(id, key);
  return key;
}

/** A finished keyed hash; unlike Node's it may be read more than once. */
export class HMAC {
  readonly #digest: Buffer;

  constructor(digest: Buffer) {
    this.#digest = digest;
  }

  /** The bytes, in a `Buffer` of the caller's own. */
  digest(): Buffer {
    return Buffer.from(this.#digest);
  }

  /** The bytes in lower-case hexadecimal digits. */
  hexdigest(): string {
    return this.#digest.toString("hex");
  }
}

/** Options of `salted_hmac`. */
export interface SaltedHmacOptions {
  /** Default `settings.SECRET_KEY`. */
  secret?: BytesOrText | null | undefined;
  /** A name of Python's `hashlib`. Default `sha1`, which Django keeps until 2028: name one. */
  algorithm?: string | null | undefined;
}

/**
 * The HMAC of `value` under a key made of the salt and the secret. Every use needs a salt of its own.
 * @throws InvalidAlgorithm for a name `hashlib` does not have.
 */
export function salted_hmac(
  key_salt: BytesOrText,
  value: unknown,
  options: SaltedHmacOptions = {},
): HMAC {
  const algorithm = options.algorithm ?? "sha1";
  const key = derived_key(key_salt, options.secret ?? settings.SECRET_KEY, algorithm);
  return new HMAC(createHmac(openssl_name(algorithm), key).update(force_bytes(value)).digest());
}

/** The default alphabet of `get_random_string`: lower case, upper case, digits. */
export const RANDOM_STRING_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// Random numbers are made in stock: one call of the generator costs more than a token takes.
const stock = new Uint32Array(1024);
let used = stock.length;

/** 31 random bits. */
function random_number(): number {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const value = stock[used] ?? 0;
  stock[used++] = 0; // what has become a secret stays nowhere else
  return value >>> 1;
}

/** Options of `get_random_string`. */
export interface RandomStringOptions {
  /** The characters to choose from. Default `RANDOM_STRING_CHARS`. */
  allowed_chars?: string | undefined;
}

/**
 * Text of `length` characters, each chosen uniformly by a cryptographic generator.
 * @throws ValueError if there is nothing to choose from.
 */
export function get_random_string(length: number, options: RandomStringOptions = {}): string {
  const alphabet =
    options.allowed_chars === undefined ? ALPHABET : Array.from(options.allowed_chars);
  const size = alphabet.length;
  if (size === 0 && length > 0)
    throw new ValueError("allowed_chars is empty: there is no character to choose.");
  const fair = 2 ** 31 - (2 ** 31 % size); // numbers from here on would favour the first characters
  let text = "";
  for (let count = 0; count < length;) {
    const number = random_number();
    if (number >= fair) continue;
    text += alphabet[number % size] ?? "";
    count++;
  }
  return text;
}

const ALPHABET: readonly string[] = Array.from(RANDOM_STRING_CHARS);

/**
 * Whether two texts or bytes are equal, in a time that says nothing about where they differ.
 * Their lengths are no secret. Text counts as its UTF-8 bytes, anything else as its text.
 */
export function constant_time_compare(val1: unknown, val2: unknown): boolean {
  const left = force_bytes(val1);
  const right = force_bytes(val2);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Options of `pbkdf2`. */
export interface Pbkdf2Options {
  /** How many bytes to make. Default, and for 0: as many as the digest has. */
  dklen?: number | undefined;
  /** A name of Python's `hashlib`. Default `sha256`. */
  digest?: string | null | undefined;
}

/**
 * PBKDF2 with HMAC (RFC 8018 §5.2), computed in the thread pool: the event loop goes on.
 * @throws ValueError for fewer than one iteration; InvalidAlgorithm for an unknown digest.
 */
export async function pbkdf2(
  password: BytesOrText,
  salt: BytesOrText,
  iterations: number,
  options: Pbkdf2Options = {},
): Promise<Buffer> {
  const digest = openssl_name(options.digest ?? "sha256");
  if (!(iterations >= 1))
    throw new ValueError(`PBKDF2 needs at least one iteration, not ${iterations}.`);
  const length = options.dklen || createHash(digest).digest().length;
  return new Promise((resolve, reject) => {
    pbkdf2_in_pool(
      force_bytes(password),
      force_bytes(salt),
      iterations,
      length,
      digest,
      (error, hash) => {
        if (error === null) resolve(hash);
        else reject(error);
      },
    );
  });
}
