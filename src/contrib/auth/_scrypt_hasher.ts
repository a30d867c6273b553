/** Passwords hashed with scrypt (RFC 7914). @module */
import { scrypt as scrypt_in_pool } from "node:crypto";
import { ValueError } from "../../core/exceptions.ts";
import { parse_int } from "../../utils/_number.ts";
import { type BytesOrText, constant_time_compare } from "../../utils/crypto.ts";
import { force_bytes, force_str } from "../../utils/encoding.ts";
import { in_turn } from "./_hash_queue.ts";
import { BasePasswordHasher, mask_hash } from "./_hasher_base.ts";

/** Options of `ScryptPasswordHasher.encode`. */
export interface ScryptEncodeOptions {
  /** The work factor, a power of two. Default: the hasher's `work_factor`. */
  n?: number | null | undefined;
  /** Default: the hasher's `block_size`. */
  r?: number | null | undefined;
  /** Default: the hasher's `parallelism`. */
  p?: number | null | undefined;
}

/** The parts of a scrypt hash. */
export interface ScryptParts {
  readonly algorithm: string;
  readonly work_factor: number;
  readonly salt: string;
  readonly block_size: number;
  readonly parallelism: number;
  readonly hash: string;
  readonly [part: string]: string | number;
}

interface Parameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly maxmem: number;
}

function scrypt(password: Buffer, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    try {
      scrypt_in_pool(password, salt, 64, parameters, (error, hash) => {
        if (error === null) resolve(hash);
        else reject(error);
      });
    } catch (cause) {
      const { N, r, p } = parameters;
      const message = `scrypt cannot work with n=${N}, r=${r}, p=${p}, or has not the memory (maxmem) for it.`;
      reject(new ValueError(message, { cause }));
    }
  });
}

/** The bytes that scrypt takes, with some to spare. */
function memory_for(n: number, r: number, p: number): number {
  return 128 * r * (n + p + 4);
}

/** scrypt: `scrypt$<n>$<salt>$<r>$<p>$<base64>`. */
export class ScryptPasswordHasher extends BasePasswordHasher {
  declare block_size: number;
  /** The most memory to take, in bytes. Default 0: 32 MiB, or what the parameters of this hasher need. */
  declare maxmem: number;
  declare parallelism: number;
  declare work_factor: number;
  static {
    this.prototype.algorithm = "scrypt";
    this.prototype.block_size = 8;
    this.prototype.maxmem = 0;
    this.prototype.parallelism = 5;
    this.prototype.work_factor = 2 ** 14;
  }

  /** @throws ValueError for parameters that scrypt cannot work with, or that need more than `maxmem`. */
  override async encode(
    password: BytesOrText,
    salt: BytesOrText,
    options: ScryptEncodeOptions = {},
  ): Promise<string> {
    this._check_encode_args(password, salt);
    const N = options.n || this.work_factor;
    const r = options.r || this.block_size;
    const p = options.p || this.parallelism;
    const own_need = memory_for(this.work_factor, this.block_size, this.parallelism);
    const maxmem = this.maxmem || Math.max(32 * 1024 * 1024, own_need);
    const hash = await in_turn(() =>
      scrypt(force_bytes(password), force_bytes(salt), { N, r, p, maxmem }),
    );
    return `${this.algorithm}$${N}$${force_str(salt)}$${r}$${p}$${hash.toString("base64")}`;
  }

  override decode(encoded: string): ScryptParts {
    const [algorithm = "", n = "", salt = "", r = "", p = "", hash = ""] = this._split(encoded, 6);
    const [work_factor, block_size, parallelism] = [parse_int(n), parse_int(r), parse_int(p)];
    if (work_factor === undefined || block_size === undefined || parallelism === undefined)
      throw new ValueError("The hash does not say with which parameters it was made.");
    return { algorithm, work_factor, salt, block_size, parallelism, hash };
  }

  /** False also for a hash whose parameters scrypt cannot work with, or that need more than `maxmem`. */
  override async verify(password: BytesOrText, encoded: string): Promise<boolean> {
    const { salt, work_factor: n, block_size: r, parallelism: p } = this.decode(encoded);
    try {
      return constant_time_compare(encoded, await this.encode(password, salt, { n, r, p }));
    } catch (error) {
      if (error instanceof ValueError) return false;
      throw error;
    }
  }

  override safe_summary(encoded: string): Readonly<Record<string, string | number>> {
    const decoded = this.decode(encoded);
    return {
      algorithm: decoded.algorithm,
      "work factor": decoded.work_factor,
      "block size": decoded.block_size,
      parallelism: decoded.parallelism,
      salt: mask_hash(decoded.salt),
      hash: mask_hash(decoded.hash),
    };
  }

  override must_update(encoded: string): boolean {
    const { work_factor, block_size, parallelism } = this.decode(encoded);
    return (
      work_factor !== this.work_factor ||
      block_size !== this.block_size ||
      parallelism !== this.parallelism
    );
  }
}
