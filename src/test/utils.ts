/** Helpers for tests (Django docs: Testing tools). @module */
import { override, restore, type Saved, settings } from "../conf/index.ts";
import { RuntimeError } from "../core/exceptions.ts";
import { outbox } from "../core/mail/_outbox.ts";
import { EmailBackend } from "../core/mail/backends/locmem.ts";
import { mailers } from "../core/mail/handler.ts";
import { get_script_prefix, set_script_prefix } from "../urls/base.ts";
import { freeze } from "../utils/_clock.ts";
import { template_rendered } from "./signals.ts";

export { ContextList, type TemplateContext } from "./_context_list.ts";
export {
  type ListChange,
  modify_settings,
  override_settings,
  type SettingsOverride,
} from "./_settings.ts";

/** Stops the framework's clock at `t` seconds since the epoch; `undefined` lets it run again. */
export function freeze_time(t: number | undefined): void {
  freeze(t);
}

/** Puts another script prefix in force between `enable` and `disable`. */
export function override_script_prefix(prefix: string): { enable(): void; disable(): void } {
  let before: string | undefined;
  return {
    enable() {
      before = get_script_prefix();
      set_script_prefix(prefix);
    },
    disable() {
      if (before !== undefined) set_script_prefix(before);
      before = undefined;
    },
  };
}

interface Environment {
  readonly hosts: Saved;
  readonly debug: Saved;
  readonly mail: Saved;
  /** The setting that says what mailers there are. */
  readonly mail_setting: "MAILERS" | "EMAIL_BACKEND";
}

let environment: Environment | undefined;
const listening = (): void => undefined;

/** What makes every mailer put its mails into `outbox`. */
function mail_to_memory(): Pick<Environment, "mail" | "mail_setting"> {
  outbox.length = 0;
  if (!mailers._is_configured)
    return { mail: override("EMAIL_BACKEND", EmailBackend), mail_setting: "EMAIL_BACKEND" };
  const in_memory = Object.fromEntries(
    Array.from(mailers, (alias) => [alias, { BACKEND: EmailBackend }]),
  );
  return { mail: override("MAILERS", in_memory), mail_setting: "MAILERS" };
}

/**
 * Prepares the process for tests: `testserver` is an allowed host, DEBUG is off (or as `debug` says), mail goes to `outbox`
 * of `nuages/core/mail`, and rendering tells the test client which templates and contexts it used.
 * @throws RuntimeError if it ran already without `teardown_test_environment`.
 */
export function setup_test_environment(options: { debug?: boolean | null | undefined } = {}): void {
  if (environment !== undefined) {
    throw new RuntimeError(
      "The test environment is set up already; call teardown_test_environment() first.",
    );
  }
  environment = {
    hosts: override("ALLOWED_HOSTS", [...settings.ALLOWED_HOSTS, "testserver"]),
    debug: override("DEBUG", options.debug ?? false),
    ...mail_to_memory(),
  };
  template_rendered.connect(listening);
}

/** Undoes `setup_test_environment`. */
export function teardown_test_environment(): void {
  if (environment === undefined) return;
  restore("ALLOWED_HOSTS", environment.hosts);
  restore("DEBUG", environment.debug);
  restore(environment.mail_setting, environment.mail);
  outbox.length = 0;
  template_rendered.disconnect(listening);
  environment = undefined;
}
