/** CSRF secrets, and the tokens that carry them masked: each differs, so that compression betrays nothing (BREACH). @module */
import { randomFillSync } from "node:crypto";
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
const CODES = Buffer.from(CSRF_ALLOWED_CHARS, "latin1");
const POSITIONS = new Uint8Array(128);
for (const [at, code] of CODES.entries()) POSITIONS[code] = at;

function position(text: string, at: number): number {
  return POSITIONS[text.charCodeAt(at)] ?? 0;
}

// Random bytes are made in stock: one call of the generator costs more than a token takes.
const stock = new Uint8Array(4096);
let used = stock.length;
// Bytes from here on would favour the first characters.
const FAIR = 256 - (256 % SIZE);

function random_position(): number {
  for (;;) {
    if (used === stock.length) {
      randomFillSync(stock);
      used = 0;
    }
    const byte = stock[used] ?? 0;
    stock[used++] = 0; // what has become a secret stays nowhere else
    if (byte < FAIR) return byte % SIZE;
  }
}

/** A new secret. */
export function new_secret(): string {
  return get_random_string(CSRF_SECRET_LENGTH);
}

const token = Buffer.alloc(CSRF_TOKEN_LENGTH);

/** A token: a new mask, and the secret moved by it. */
export function mask_secret(secret: string): string {
  for (let at = 0; at < CSRF_SECRET_LENGTH; at += 1) {
    const mask = random_position();
    token[at] = CODES[mask] ?? 0;
    token[at + CSRF_SECRET_LENGTH] = CODES[(position(secret, at) + mask) % SIZE] ?? 0;
  }
  return token.toString("latin1");
}

/** The secret in a token. */
export function unmask_token(masked: string): string {
  let secret = "";
  for (let at = 0; at < CSRF_SECRET_LENGTH; at += 1) {
    const moved = position(masked, at + CSRF_SECRET_LENGTH) - position(masked, at);
    secret += CSRF_ALLOWED_CHARS.charAt((moved + SIZE) % SIZE);
  }
  return secret;
}

/** @throws InvalidTokenFormat unless the text can be a secret or a token. */
export function check_format(text: string): void {
  if (text.length !== CSRF_TOKEN_LENGTH && text.length !== CSRF_SECRET_LENGTH)
    throw new InvalidTokenFormat(REASON_INCORRECT_LENGTH);
  if (invalid_token_chars_re.test(text)) throw new InvalidTokenFormat(REASON_INVALID_CHARACTERS);
}

/** Whether a token, masked or not, is of the secret; in a time that does not tell where they differ. */
export function is_token_of(text: string, secret: string): boolean {
  const bare = text.length === CSRF_TOKEN_LENGTH ? unmask_token(text) : text;
  return constant_time_compare(bare, secret);
}
