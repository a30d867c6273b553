/** What changed with Django 4.0. @module */
import { settings } from "../../../conf/index.ts";
import { repr } from "../../../utils/_python.ts";
import { type CheckMessage, Error } from "../messages.ts";

/** `4_0.E001`. `settings.configure` refuses such an origin, too; `override_settings` does not. */
export function check_csrf_trusted_origins(): CheckMessage[] {
  return settings.CSRF_TRUSTED_ORIGINS.filter((origin) => !origin.includes("://")).map(
    (origin) =>
      new Error(`CSRF_TRUSTED_ORIGINS holds ${repr(origin)}, which has no scheme.`, {
        hint: "Write https:// before it, say.",
        id: "4_0.E001",
      }),
  );
}
