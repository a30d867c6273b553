/** Helpers of commands. @module */
import { get_random_string } from "../../utils/crypto.ts";

/** A value for `SECRET_KEY`: 50 random characters, about 282 bits. */
export function get_random_secret_key(): string {
  return get_random_string(50, {
    allowed_chars: "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)",
  });
}
