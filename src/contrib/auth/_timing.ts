/** Passwords of users that do not exist take as long as those of users that do. @module */
import type { AuthUser } from "./_types.ts";
import { make_password } from "./hashers.ts";

/** Whether it is the user's password; without a user `undefined`, after as much work. */
export async function check_password_with_timing_attack_mitigation(
  user: AuthUser | null | undefined,
  password: string,
): Promise<boolean | undefined> {
  if (user === null || user === undefined) {
    await make_password(password);
    return undefined;
  }
  if (user.acheck_password !== undefined) return user.acheck_password(password);
  return user.check_password?.(password) ?? false;
}

/** The same, under the name of Django's coroutine. */
export const acheck_password_with_timing_attack_mitigation: typeof check_password_with_timing_attack_mitigation =
  check_password_with_timing_attack_mitigation;
