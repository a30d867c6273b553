/** Mail in specs: all mailers put it into `outbox`. @module */
import { afterEach, beforeEach } from "mocha";
import type { Settings } from "nuages/conf";
import { outbox } from "nuages/core/mail";
import { EmailBackend } from "nuages/core/mail/backends/locmem";
import { override_settings } from "nuages/test";

/** Settings with which mail goes to `outbox`. */
export const IN_MEMORY: Partial<Settings> = { MAILERS: { default: { BACKEND: EmailBackend } } };

/** Sends mail to `outbox`, which is empty before each spec of this `describe`. */
export function mail_in_memory(more: Partial<Settings> = {}): void {
  const overridden = override_settings({ ...IN_MEMORY, ...more });
  beforeEach(() => {
    outbox.length = 0;
    overridden.enable();
  });
  afterEach(() => overridden.disable());
}
