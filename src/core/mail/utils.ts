/** The name of this machine, as mail tells it. @module */
import { hostname } from "node:os";
import { punycode } from "../../utils/encoding.ts";

/** The name of this machine, asked for once. */
export class CachedDnsName {
  #fqdn: string | undefined;

  /** The name, in ASCII. */
  get_fqdn(): string {
    this.#fqdn ??= punycode(hostname().replace(/[^\p{L}\p{N}.-]/gu, "") || "localhost");
    return this.#fqdn;
  }

  toString(): string {
    return this.get_fqdn();
  }
}

/** The name of this machine: what stands behind the `@` of a Message-ID. */
export const DNS_NAME: CachedDnsName = new CachedDnsName();
