/** Password hashes in the forms Django stores them (Django docs: Password management in Django). @module */
import { on_change, provide_default, settings } from "../../conf/index.ts";
import { ImproperlyConfigured, ValueError } from "../../core/exceptions.ts";
import { repr } from "../../utils/_python.ts";
import { type BytesOrText, get_random_string } from "../../utils/crypto.ts";
import { BasePasswordHasher } from "./_hasher_base.ts";
import { PBKDF2PasswordHasher, PBKDF2SHA1PasswordHasher } from "./_pbkdf2_hasher.ts";
import { ScryptPasswordHasher } from "./_scrypt_hasher.ts";

export {
  BasePasswordHasher,
  type Decoded,
  mask_hash,
  type MaskHashOptions,
  must_update_salt,
} from "./_hasher_base.ts";
export { MD5PasswordHasher, type Md5Parts } from "./_md5_hasher.ts";
export {
  type Pbkdf2EncodeOptions,
  type Pbkdf2Parts,
  PBKDF2PasswordHasher,
  PBKDF2SHA1PasswordHasher,
} from "./_pbkdf2_hasher.ts";
export {
  type ScryptEncodeOptions,
  ScryptPasswordHasher,
  type ScryptParts,
} from "./_scrypt_hasher.ts";

/** What the hash of a password begins with that nothing matches. */
export const UNUSABLE_PASSWORD_PREFIX = "!";
/** How many random characters follow it. */
export const UNUSABLE_PASSWORD_SUFFIX_LENGTH = 40;

provide_default("PASSWORD_HASHERS", [
  PBKDF2PasswordHasher,
  PBKDF2SHA1PasswordHasher,
  ScryptPasswordHasher,
]);

let hashers: BasePasswordHasher[] | undefined;
let by_algorithm: Map<string, BasePasswordHasher> | undefined;
on_change(["PASSWORD_HASHERS"], () => {
  hashers = undefined;
  by_algorithm = undefined;
});

function make_hasher(hasher_class: unknown): BasePasswordHasher {
  const hasher: unknown =
    typeof hasher_class === "function" ? Reflect.construct(hasher_class, []) : undefined;
  if (!(hasher instanceof BasePasswordHasher))
    throw new ImproperlyConfigured(
      `PASSWORD_HASHERS has ${repr(hasher_class)}, which is no subclass of BasePasswordHasher.`,
    );
  if (!hasher.algorithm)
    throw new ImproperlyConfigured(`${hasher.constructor.name} does not say its algorithm.`);
  return hasher;
}

/**
 * One hasher of each class in `PASSWORD_HASHERS`.
 * @throws ImproperlyConfigured for what is no hasher, or does not say its algorithm.
 */
export function get_hashers(): BasePasswordHasher[] {
  return (hashers ??= settings.PASSWORD_HASHERS.map(make_hasher));
}

/** The hashers by what their hashes begin with. */
export function get_hashers_by_algorithm(): ReadonlyMap<string, BasePasswordHasher> {
  return (by_algorithm ??= new Map(
    get_hashers().map((hasher) => [hasher.algorithm ?? "", hasher] as const),
  ));
}

/**
 * The hasher of that name; by default the first. A hasher comes back as it is.
 * @throws ValueError if `PASSWORD_HASHERS` has none of that name.
 */
export function get_hasher(algorithm: string | BasePasswordHasher = "default"): BasePasswordHasher {
  if (typeof algorithm !== "string") return algorithm;
  const hasher =
    algorithm === "default" ? get_hashers()[0] : get_hashers_by_algorithm().get(algorithm);
  if (hasher === undefined)
    throw new ValueError(
      `No hasher is called ${repr(algorithm)}. If passwords were hashed so, add its class to PASSWORD_HASHERS.`,
    );
  return hasher;
}

/** The name of the algorithm, also of hashes from before Django wrote it. */
function algorithm_of(encoded: string): string {
  if (encoded.length === 32 && !encoded.includes("$")) return "unsalted_md5";
  if (encoded.length === 37 && encoded.startsWith("md5$$")) return "unsalted_md5";
  if (encoded.length === 46 && encoded.startsWith("sha1$$")) return "unsalted_sha1";
  return encoded.split("$", 1)[0] ?? "";
}

/**
 * The hasher that made the hash.
 * @throws ValueError if it is none, or that hasher is not in `PASSWORD_HASHERS`.
 */
export function identify_hasher(encoded: string): BasePasswordHasher {
  return get_hasher(algorithm_of(encoded));
}

/** Whether a password can match: false only for what `make_password(null)` made. */
export function is_password_usable(encoded: string | null | undefined): boolean {
  return encoded === null || encoded === undefined || !encoded.startsWith(UNUSABLE_PASSWORD_PREFIX);
}

/** Options of `make_password`. */
export interface MakePasswordOptions {
  /** Default: a new random one. */
  salt?: string | null | undefined;
  /** A hasher or the name of one. Default: the first of `PASSWORD_HASHERS`. */
  hasher?: string | BasePasswordHasher | undefined;
}

/**
 * The hash to store for a password; for `null` one that no password matches.
 * @throws TypeError for a password that is neither text nor bytes; ValueError for an unknown hasher, or a salt with a `$`.
 */
export async function make_password(
  password: BytesOrText | null | undefined,
  options: MakePasswordOptions = {},
): Promise<string> {
  if (password === null || password === undefined)
    return UNUSABLE_PASSWORD_PREFIX + get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH);
  if (typeof password !== "string" && !(password instanceof Uint8Array))
    throw new TypeError(`A password is text or bytes, not a ${typeof password}.`);
  const hasher = get_hasher(options.hasher);
  return hasher.encode(password, options.salt || hasher.salt());
}

/** Options of `verify_password`. */
export interface VerifyPasswordOptions {
  /** The hasher that new hashes are made with, or its name. Default: the first of `PASSWORD_HASHERS`. */
  preferred?: string | BasePasswordHasher | undefined;
}

/** The hasher of a hash that can be verified. */
function readable_hasher(encoded: string): BasePasswordHasher | undefined {
  try {
    const hasher = identify_hasher(encoded);
    const { salt } = hasher.decode(encoded);
    return salt === "" ? undefined : hasher; // nothing is hashed without a salt
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/**
 * Whether it is the password of the hash, and whether the hash should be made anew. A hash that nothing matches
 * costs the time of one that something does.
 */
export async function verify_password(
  password: BytesOrText | null | undefined,
  encoded: string,
  options: VerifyPasswordOptions = {},
): Promise<[is_correct: boolean, must_update: boolean]> {
  const preferred = get_hasher(options.preferred);
  const hasher = readable_hasher(encoded);
  if (password === null || password === undefined || hasher === undefined) {
    await make_password(get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH));
    return [false, false];
  }
  const hasher_changed = hasher.algorithm !== preferred.algorithm;
  const must_update = hasher_changed || preferred.must_update(encoded);
  const is_correct = await hasher.verify(password, encoded);
  if (!is_correct && !hasher_changed && must_update) await hasher.harden_runtime(password, encoded);
  return [is_correct, must_update];
}

/** Options of `check_password`. */
export interface CheckPasswordOptions extends VerifyPasswordOptions {
  /** Called with the right password when its hash should be made anew. */
  setter?: ((password: BytesOrText) => unknown) | null | undefined;
}

/** Whether it is the password of the hash. */
export async function check_password(
  password: BytesOrText | null | undefined,
  encoded: string,
  options: CheckPasswordOptions = {},
): Promise<boolean> {
  const { setter, ...rest } = options;
  const [is_correct, must_update] = await verify_password(password, encoded, rest);
  const renew = is_correct && must_update && password !== null && password !== undefined;
  if (setter && renew) await setter(password);
  return is_correct;
}

/** The same as `check_password`, under the name of Django's coroutine. */
export const acheck_password: typeof check_password = check_password;
