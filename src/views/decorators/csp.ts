/** Decorators about the Content-Security-Policy (Django docs: CSP, "Decorators"). @module */
import { repr } from "../../utils/_python.ts";
import type { Policy } from "../../utils/csp.ts";
import { type ViewDecorator, with_response } from "../../utils/_wrap_view.ts";

/** Takes this policy in place of `SECURE_CSP`, as a whole; `{}` sends none. @throws TypeError for what is no policy. */
export function csp_override(config: Policy): ViewDecorator {
  check(config);
  return (view_func) =>
    with_response(view_func, (response) => {
      response._csp_config = config;
    });
}

/** Takes this policy in place of `SECURE_CSP_REPORT_ONLY`. @throws TypeError for what is no policy. */
export function csp_report_only_override(config: Policy): ViewDecorator {
  check(config);
  return (view_func) =>
    with_response(view_func, (response) => {
      response._csp_ro_config = config;
    });
}

function check(config: unknown): void {
  const is_mapping = typeof config === "object" && config !== null && !(Symbol.iterator in config);
  if (!is_mapping && !(config instanceof Map))
    throw new TypeError(
      `A policy is an object from directives to their words: ${repr(config)} is none.`,
    );
}
