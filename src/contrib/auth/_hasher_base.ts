/** `BasePasswordHasher`: what every way of hashing passwords has (Django docs: Password management). @module */
import { NotImplementedError, ValueError } from "../../core/exceptions.ts";
import { type BytesOrText, get_random_string, RANDOM_STRING_CHARS } from "../../utils/crypto.ts";
import { force_str } from "../../utils/encoding.ts";

const BITS_PER_CHARACTER = Math.log2(RANDOM_STRING_CHARS.length);

/** Options of `mask_hash`. */
export interface MaskHashOptions {
  /** How many characters to leave. Default 6. */
  show?: number | undefined;
  /** What stands for each of the others. Default `*`. */
  char?: string | undefined;
}

/** A hash or salt to be shown to people: only the first characters are left. */
export function mask_hash(hash: string, options: MaskHashOptions = {}): string {
  const { show = 6, char = "*" } = options;
  return hash.slice(0, show) + char.repeat(Math.max(0, hash.length - show));
}

/** Whether a salt is too short to hold that many bits. */
export function must_update_salt(salt: string, expected_entropy: number): boolean {
  return salt.length * BITS_PER_CHARACTER < expected_entropy;
}

/** The parts of a stored hash, by name. */
export type Decoded = Readonly<Record<string, string | number>>;

/**
 * A way of hashing passwords. A subclass says its `algorithm` and supplies `encode`, `decode`, `verify` and
 * `safe_summary`. What takes time gives a promise and works off the event loop.
 */
export class BasePasswordHasher {
  /** What a stored hash begins with, up to the first `$`. */
  declare algorithm: string | null;
  /** How many random bits a salt has; a stored salt with fewer makes `must_update` true. Default 128. */
  declare salt_entropy: number;
  static {
    this.prototype.algorithm = null;
    this.prototype.salt_entropy = 128;
  }

  /** A new random salt of letters and digits. */
  salt(): string {
    return get_random_string(Math.ceil(this.salt_entropy / BITS_PER_CHARACTER));
  }

  /** Whether it is the password that was hashed. Takes the same time wherever the hashes differ. */
  async verify(_password: BytesOrText, _encoded: string): Promise<boolean> {
    throw missing(this, "verify");
  }

  /** The text to store: `algorithm$…$salt$hash`. */
  async encode(_password: BytesOrText, _salt: BytesOrText): Promise<string> {
    throw missing(this, "encode");
  }

  /**
   * The parts of a stored hash.
   * @throws ValueError for text that this hasher did not write.
   */
  decode(_encoded: string): Decoded {
    throw missing(this, "decode");
  }

  /** The parts of a stored hash that people may see, the others masked. */
  safe_summary(_encoded: string): Decoded {
    throw missing(this, "safe_summary");
  }

  /** Whether the hash was made with other parameters than those of now, and the password should be hashed again. */
  must_update(_encoded: string): boolean {
    return false;
  }

  /** Spends the time that the stored hash, made with less work, has saved. Does nothing unless a subclass does. */
  async harden_runtime(_password: BytesOrText, _encoded: string): Promise<void> {}

  /** @throws TypeError without a password, ValueError without a salt or for one with a `$`. @internal */
  _check_encode_args(password: unknown, salt: unknown): void {
    if (password === null || password === undefined)
      throw new TypeError("There is no password to hash.");
    const text = salt === null || salt === undefined ? "" : force_str(salt);
    if (text === "" || text.includes("$"))
      throw new ValueError("A salt has at least one character and no $.");
  }

  /** The parts between the `$` signs, of which the last may hold more. @throws ValueError @internal */
  _split(encoded: string, parts: number): string[] {
    const found = encoded.split("$");
    const split = [...found.slice(0, parts - 1), found.slice(parts - 1).join("$")];
    if (found.length < parts || split[0] !== this.algorithm)
      throw new ValueError(`This is no hash that ${this.constructor.name} wrote.`);
    return split;
  }
}

function missing(hasher: BasePasswordHasher, method: string): NotImplementedError {
  return new NotImplementedError(`${hasher.constructor.name} must define ${method}().`);
}
