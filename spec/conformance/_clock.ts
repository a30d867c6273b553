/** The clock of a case, frozen while the case names a time. @module */
import { exported_function } from "./_modules.ts";

/** Stops the framework's clock at these seconds since the epoch; `undefined` lets it run again. */
export function set_clock(seconds: number | undefined): void {
  exported_function("test/utils:freeze_time")(seconds);
}
