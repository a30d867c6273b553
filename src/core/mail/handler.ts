/** `mailers`: the mailers of `MAILERS` by alias (Django docs: Sending email, "Mailers"). @module */
import type { MailerSettings } from "../../conf/global_settings.ts";
import { provide_default, settings } from "../../conf/index.ts";
import type { BaseEmailBackend, EmailBackendOptions } from "./backends/base.ts";
import { EmailBackend } from "./backends/smtp.ts";
import { InvalidMailer, MailerDoesNotExist } from "./exceptions.ts";

/** The alias of the mailer that is used where none is named. */
export const DEFAULT_MAILER_ALIAS = "default";

/** What `BACKEND` is. */
export type EmailBackendClass = new (options: EmailBackendOptions) => BaseEmailBackend;

/** The mailers by alias: a new one at each look-up. Iterating gives the aliases. */
export class MailersHandler {
  /** What `MAILERS` is; empty without it. */
  get settings(): Readonly<Record<string, MailerSettings>> {
    return this._is_configured ? settings.MAILERS : {};
  }

  /** Whether there is the setting. @internal */
  get _is_configured(): boolean {
    return "MAILERS" in settings;
  }

  /**
   * A mailer of that alias. Without `MAILERS` there is `default`, made of the settings `EMAIL_BACKEND`, `EMAIL_HOST` and so
   * on.
   * @throws MailerDoesNotExist if there is no such alias; InvalidMailer if its entry is wrong.
   */
  getitem(alias: string): BaseEmailBackend {
    return this.create_connection(alias);
  }

  /** As `getitem`, and the default value if there is no such alias. */
  get<D = undefined>(alias: string, default_value?: D): BaseEmailBackend | D {
    try {
      return this.getitem(alias);
    } catch (error) {
      if (error instanceof MailerDoesNotExist) return default_value as D; // undefined where D is
      throw error;
    }
  }

  /** Whether `MAILERS` has such an alias. */
  has(alias: string): boolean {
    return Object.hasOwn(this.settings, alias);
  }

  /** The mailer `default`. */
  get default(): BaseEmailBackend {
    return this.getitem(DEFAULT_MAILER_ALIAS);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return Object.keys(this.settings).values();
  }

  /** A new mailer of this alias; see `getitem`. */
  create_connection(alias: string): BaseEmailBackend {
    if (!this._is_configured && alias === DEFAULT_MAILER_ALIAS)
      return new (checked_class(settings.EMAIL_BACKEND, null))({});
    if (!this.has(alias)) throw new MailerDoesNotExist({ alias });
    const { BACKEND, OPTIONS = {} } = this.settings[alias] ?? {};
    if (Object.hasOwn(OPTIONS, "alias"))
      throw new InvalidMailer("OPTIONS has an alias already: leave it out.", { alias });
    return new (checked_class(BACKEND ?? EmailBackend, alias))({ ...OPTIONS, alias });
  }
}

function checked_class(backend: unknown, alias: string | null): EmailBackendClass {
  if (typeof backend === "function") return backend as EmailBackendClass; // one that is none fails at its first use
  throw new InvalidMailer(
    'BACKEND is no class of mailers: give one like EmailBackend of "nuages/core/mail/backends/smtp".',
    { alias },
  );
}

provide_default("EMAIL_BACKEND", EmailBackend);

/** The mailers of `settings.MAILERS`. */
export const mailers: MailersHandler = new MailersHandler();

/** The mailer of that alias, or the default one. */
export function mailer_for(using: string | null | undefined): BaseEmailBackend {
  return using === undefined || using === null ? mailers.default : mailers.getitem(using);
}
