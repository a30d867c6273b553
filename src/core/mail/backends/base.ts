/** `BaseEmailBackend`: what takes mails, and does with them what its class is for. @module */
import { define_repr, repr } from "../../../utils/_python.ts";
import { NotImplementedError } from "../../exceptions.ts";
import { InvalidMailer } from "../exceptions.ts";
import type { EmailMessage } from "../message.ts";

/** What a mailer is made with: the `OPTIONS` of its entry in `MAILERS`. */
export interface EmailBackendOptions {
  /** The alias in `MAILERS`; absent: the mailer is made of the settings `EMAIL_…`. */
  alias?: string | null | undefined;
  [option: string]: unknown;
}

/** A mailer. A subclass has `send_messages`, and gives options that it does not know to `super`. */
export abstract class BaseEmailBackend {
  static {
    // without its options: a password is among them
    define_repr(this.prototype, (mailer) => `<${mailer.constructor.name}: ${repr(mailer.alias)}>`);
  }

  /** The alias in `MAILERS`; `null`: the mailer is made of the settings `EMAIL_…`. */
  readonly alias: string | null;

  /** @throws InvalidMailer for an option that no class on the way knew. */
  constructor(options: EmailBackendOptions = {}) {
    const { alias, ...unknown } = options;
    this.alias = alias ?? null;
    const names = Object.keys(unknown);
    if (names.length > 0)
      throw new InvalidMailer(`There is no option ${names.join(", ")}.`, { alias });
  }

  /** Opens a connection, if the mailer has one. Gives whether it is a new one. */
  async open(): Promise<boolean> {
    return false;
  }

  /** Closes what `open` opened. */
  async close(): Promise<void> {}

  /** Sends mails; gives how many. */
  async send_messages(_email_messages: readonly EmailMessage[]): Promise<number> {
    throw new NotImplementedError(`${this.constructor.name} has no send_messages().`);
  }
}
