/** `FORCE_SCRIPT_NAME`, kept at hand: it is asked for with every request. @module */
import { on_change, settings } from "../../conf/index.ts";

let forced: string | null | undefined;
on_change(["FORCE_SCRIPT_NAME"], () => (forced = undefined));

/** The setting without slashes at its end; `null` if it is not set. */
export function forced_script_name(): string | null {
  if (forced === undefined) forced = settings.FORCE_SCRIPT_NAME?.replace(/\/+$/, "") ?? null;
  return forced;
}
