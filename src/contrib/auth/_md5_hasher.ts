/** Passwords hashed with salted MD5: for tests, where hashing must take no time. @module */
import { createHash } from "node:crypto";
import { type BytesOrText, constant_time_compare } from "../../utils/crypto.ts";
import { force_bytes, force_str } from "../../utils/encoding.ts";
import { BasePasswordHasher, mask_hash, must_update_salt } from "./_hasher_base.ts";

/** The parts of a salted MD5 hash. */
export interface Md5Parts {
  readonly algorithm: string;
  readonly hash: string;
  readonly salt: string;
  readonly [part: string]: string;
}

/** Salted MD5: `md5$<salt>$<hex>`. Protects nothing. */
export class MD5PasswordHasher extends BasePasswordHasher {
  static {
    this.prototype.algorithm = "md5";
  }

  override async encode(password: BytesOrText, salt: BytesOrText): Promise<string> {
    this._check_encode_args(password, salt);
    const digest = createHash("md5").update(force_bytes(salt)).update(force_bytes(password));
    return `${this.algorithm}$${force_str(salt)}$${digest.digest("hex")}`;
  }

  override decode(encoded: string): Md5Parts {
    const [algorithm = "", salt = "", hash = ""] = this._split(encoded, 3);
    return { algorithm, hash, salt };
  }

  override async verify(password: BytesOrText, encoded: string): Promise<boolean> {
    const { salt } = this.decode(encoded);
    return constant_time_compare(encoded, await this.encode(password, salt));
  }

  override safe_summary(encoded: string): Md5Parts {
    const { algorithm, hash, salt } = this.decode(encoded);
    return { algorithm, salt: mask_hash(salt, { show: 2 }), hash: mask_hash(hash) };
  }

  override must_update(encoded: string): boolean {
    return must_update_salt(this.decode(encoded).salt, this.salt_entropy);
  }
}
