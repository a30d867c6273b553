/** The signers of session data, one per salt, kept until the keys change. @module */
import { on_change } from "../../conf/index.ts";
import { TimestampSigner } from "../../core/signing.ts";

const signers = new Map<string, TimestampSigner>();
on_change(["SECRET_KEY", "SECRET_KEY_FALLBACKS"], () => signers.clear());

/** What `signing.dumps` and `signing.loads` would make for this salt. */
export function cached_signer(salt: string): TimestampSigner {
  let signer = signers.get(salt);
  if (signer === undefined) signers.set(salt, (signer = new TimestampSigner({ salt })));
  return signer;
}
