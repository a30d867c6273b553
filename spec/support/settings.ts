/** Settings that are in force while something runs. @module */
import type { Settings } from "nuages/conf";
import { override_settings } from "nuages/test";

/** What `fn` gives with these settings in force, to the end of its promise if it gives one. */
export function with_settings<T>(settings: Partial<Settings>, fn: () => T): T {
  return override_settings(settings)(fn)();
}
