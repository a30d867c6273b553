/** The tags of message levels. @module */
import { provide_default, settings } from "../../conf/index.ts";
import { DEFAULT_TAGS } from "./constants.ts";

/** The default tags, and those of `MESSAGE_TAGS` in their place. */
export function get_level_tags(): Record<number, string> {
  const own = settings.MESSAGE_TAGS;
  return { ...DEFAULT_TAGS, ...(own instanceof Map ? Object.fromEntries(own) : own) };
}

provide_default("MESSAGE_TAGS", {});
