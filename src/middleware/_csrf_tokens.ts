/** CSRF secrets, and the tokens that carry them masked: each differs, so that compression betrays nothing (BREACH). @module */
import { Exception } from "../core/exceptions.ts";
import { constant_time_compare, get_random_string } from "../utils/crypto.ts";
import { REASON_INCORRECT_LENGTH, REASON_INVALID_CHARACTERS } from "./_csrf_reasons.ts";

/** How long a secret is. */
export const CSRF_SECRET_LENGTH = 32;
/** How long a token is: a mask and the masked secret. */
export const CSRF_TOKEN_LENGTH = 64;
/** Masking adds positions in this order. */
export const CSRF_ALLOWED_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** Finds what no token has. */
export const invalid_token_chars_re: RegExp = /[^a-zA-Z0-9]/;

/** A secret or a token of the wrong form. */
export class InvalidTokenFormat extends Exception {
  /** What is wrong, to follow the token's name. */
  readonly reason: string;

  constructor(reason: string) {
    super(`A CSRF token ${reason}.`);
    this.reason = reason;
  }
}

const SIZE = CSRF_ALLOWED_CHARS.length;
const POSITIONS = new Uint8Array(128);
for (let at = 0; at < SIZE; at += 1) POSITIONS[CSRF_ALLOWED_CHARS.charCodeAt(at)] = at;

function position(text: string, at: number): number {
  return POSITIONS[text.charCodeAt(at)] ?? 0;
}

/** A new secret. */
export function new_secret(): string {
  return get_random_string(CSRF_SECRET_LENGTH);
}

/** A token: a new mask, and the secret moved by it. */
export function mask_secret(secret: string): string {
  const mask = get_random_string(CSRF_SECRET_LENGTH);
  let cipher = "";
  for (let at = 0; at < CSRF_SECRET_LENGTH; at += 1) {
    cipher += CSRF_ALLOWED_CHARS.charAt((position(secret, at) + position(mask, at)) % SIZE);
  }
  return mask + cipher;
}

/** The secret in a token. */
export function unmask_token(token: string): string {
  let secret = "";
  for (let at = 0; at < CSRF_SECRET_LENGTH; at += 1) {
    const moved = position(token, at + CSRF_SECRET_LENGTH) - position(token, at);
    secret += CSRF_ALLOWED_CHARS.charAt((moved + SIZE) % SIZE);
  }
  return secret;
}

/** @throws InvalidTokenFormat unless the text can be a secret or a token. */
export function check_format(token: string): void {
  if (token.length !== CSRF_TOKEN_LENGTH && token.length !== CSRF_SECRET_LENGTH)
    throw new InvalidTokenFormat(REASON_INCORRECT_LENGTH);
  if (invalid_token_chars_re.test(token)) throw new InvalidTokenFormat(REASON_INVALID_CHARACTERS);
}

/** Whether a token, masked or not, is of the secret; in a time that does not tell where they differ. */
export function is_token_of(token: string, secret: string): boolean {
  const bare = token.length === CSRF_TOKEN_LENGTH ? unmask_token(token) : token;
  return constant_time_compare(bare, secret);
}
