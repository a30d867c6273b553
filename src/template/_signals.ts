/** The signal that tests listen to; `nuages/test/signals` gives it to them. @module */
import { Signal } from "../dispatch.ts";

/** A template is being rendered; sent with `template` and `context`, also for those it includes and extends. */
export const template_rendered: Signal<{
  template: unknown;
  context: Readonly<Record<string, unknown>>;
}> = new Signal();
