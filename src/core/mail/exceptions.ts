/** What is wrong with an entry of `MAILERS` (Django docs: Sending email). @module */
import { repr } from "../../utils/_python.ts";
import { ImproperlyConfigured } from "../exceptions.ts";

/** Options of `InvalidMailer`. */
export interface InvalidMailerOptions extends ErrorOptions {
  /** The entry of `MAILERS` that is meant; it is put before the message. */
  alias?: string | null | undefined;
}

/** An entry of `MAILERS` cannot be used as it is. */
export class InvalidMailer extends ImproperlyConfigured {
  constructor(message: string, options: InvalidMailerOptions = {}) {
    const { alias, ...rest } = options;
    super(alias === undefined || alias === null ? message : `MAILERS[${repr(alias)}]: ${message}`, {
      ...rest,
    });
  }
}

/** `MAILERS` has no entry of that name. In Python it is a `KeyError` too. */
export class MailerDoesNotExist extends InvalidMailer {
  constructor(options: { alias: string }) {
    super(`There is no mailer ${repr(options.alias)}: give MAILERS an entry of that name.`);
  }
}
