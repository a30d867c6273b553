/** Passwords hashed with PBKDF2, Django's default. @module */
import { ValueError } from "../../core/exceptions.ts";
import { parse_int } from "../../utils/_number.ts";
import { type BytesOrText, constant_time_compare, pbkdf2 } from "../../utils/crypto.ts";
import { force_str } from "../../utils/encoding.ts";
import { in_turn } from "./_hash_queue.ts";
import { BasePasswordHasher, mask_hash, must_update_salt } from "./_hasher_base.ts";

/** Options of `PBKDF2PasswordHasher.encode`. */
export interface Pbkdf2EncodeOptions {
  /** Default: the hasher's `iterations`. */
  iterations?: number | null | undefined;
}

/** The parts of a PBKDF2 hash. */
export interface Pbkdf2Parts {
  readonly algorithm: string;
  readonly hash: string;
  readonly iterations: number;
  readonly salt: string;
  readonly [part: string]: string | number;
}

// A stored hash that asks for more would keep a thread busy for seconds at every login.
const MAX_ITERATIONS = 10_000_000;

/** Whether a stored hash may have so many; 0 stands for the hasher's own. */
function is_feasible(iterations: number): boolean {
  return iterations >= 0 && iterations <= MAX_ITERATIONS;
}

/**
 * PBKDF2 with HMAC-SHA256: `pbkdf2_sha256$<iterations>$<salt>$<base64>`. Beside a live Django of another version,
 * use a subclass with its `iterations`, or each side rewrites the other's hashes.
 */
export class PBKDF2PasswordHasher extends BasePasswordHasher {
  /** 1,500,000 as in Django 6.1; 6.0 has 1,200,000, 5.2 has 1,000,000. */
  declare iterations: number;
  /** A name of Python's `hashlib`. */
  declare digest: string;
  static {
    this.prototype.algorithm = "pbkdf2_sha256";
    this.prototype.iterations = 1_500_000;
    this.prototype.digest = "sha256";
  }

  override async encode(
    password: BytesOrText,
    salt: BytesOrText,
    options: Pbkdf2EncodeOptions = {},
  ): Promise<string> {
    this._check_encode_args(password, salt);
    const iterations = options.iterations || this.iterations;
    const { digest } = this;
    const hash = await in_turn(() => pbkdf2(password, salt, iterations, { digest }));
    return `${this.algorithm}$${iterations}$${force_str(salt)}$${hash.toString("base64")}`;
  }

  override decode(encoded: string): Pbkdf2Parts {
    const [algorithm = "", rounds = "", salt = "", hash = ""] = this._split(encoded, 4);
    const iterations = parse_int(rounds);
    if (iterations === undefined)
      throw new ValueError("The hash does not say how many iterations it has.");
    return { algorithm, hash, iterations, salt };
  }

  override async verify(password: BytesOrText, encoded: string): Promise<boolean> {
    const { iterations, salt } = this.decode(encoded);
    const feasible = is_feasible(iterations);
    // A hash that nothing matches takes as long as a new one.
    const made = await this.encode(password, salt, feasible ? { iterations } : {});
    return feasible && constant_time_compare(encoded, made);
  }

  override safe_summary(encoded: string): Pbkdf2Parts {
    const { algorithm, hash, iterations, salt } = this.decode(encoded);
    return { algorithm, iterations, salt: mask_hash(salt), hash: mask_hash(hash) };
  }

  override must_update(encoded: string): boolean {
    const { iterations, salt } = this.decode(encoded);
    return iterations !== this.iterations || must_update_salt(salt, this.salt_entropy);
  }

  override async harden_runtime(password: BytesOrText, encoded: string): Promise<void> {
    const decoded = this.decode(encoded);
    const iterations = this.iterations - decoded.iterations;
    if (iterations > 0 && is_feasible(decoded.iterations))
      await this.encode(password, decoded.salt, { iterations });
  }
}

/** PBKDF2 with HMAC-SHA1, as other software has it: `pbkdf2_sha1$…`. */
export class PBKDF2SHA1PasswordHasher extends PBKDF2PasswordHasher {
  static {
    this.prototype.algorithm = "pbkdf2_sha1";
    this.prototype.digest = "sha1";
  }
}
