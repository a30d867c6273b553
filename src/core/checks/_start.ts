/** The checks at the start of a server. @module */
import { log } from "../../utils/_logger.ts";
import { check_error, report } from "./_report.ts";
import { WARNING } from "./messages.ts";
import { run_checks } from "./registry.ts";

/**
 * Runs the checks, but for those of deployment, and logs what they find: to `nuages.checks`, one record each.
 * @throws SystemCheckError if something is found that is an error, or worse.
 */
export function check_at_start(): void {
  const messages = run_checks().filter((message) => !message.is_silenced());
  const found = report(messages);
  if (found.is_failure) throw check_error(found);
  for (const { level, id, msg, hint } of messages) {
    const text = [id && `(${id})`, msg, hint].filter(Boolean).join(" ");
    log("nuages.checks", level >= WARNING ? "warning" : "info", text);
  }
}
