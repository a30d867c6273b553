/** The check of template engines (Django docs: System check framework, "Templates"). @module */
import { engines } from "../../template/utils.ts";
import type { CheckMessage } from "./messages.ts";

/** An engine that checks itself. */
interface CheckedEngine {
  check(): Iterable<CheckMessage>;
}

/** Makes the engines of `TEMPLATES`, and asks those that have a method `check`. */
export function check_templates(): CheckMessage[] {
  return engines.all().flatMap((engine) => (has_check(engine) ? [...engine.check()] : []));
}

function has_check(engine: object): engine is CheckedEngine {
  return "check" in engine && typeof engine.check === "function";
}
