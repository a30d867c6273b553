/** A mailer for development: mails are printed. @module */
import type { EmailMessage } from "../message.ts";
import { BaseEmailBackend, type EmailBackendOptions } from "./base.ts";

/** Where mails are written. */
export interface MailStream {
  write(text: string): unknown;
}

/** Options of the console mailer. */
export interface ConsoleOptions extends EmailBackendOptions {
  /** Default: standard output. */
  stream?: MailStream | null | undefined;
}

/** The line below a mail. */
export const RULE: string = "-".repeat(79);

/** Prints mails, with a line below each. */
export class EmailBackend extends BaseEmailBackend {
  /** Where mails are printed. */
  readonly stream: MailStream;

  constructor(options: ConsoleOptions = {}) {
    const { stream, ...rest } = options;
    super(rest);
    this.stream = stream ?? process.stdout;
  }

  /** Prints one mail. */
  async write_message(message: EmailMessage): Promise<void> {
    this.stream.write(`${message.message().as_string()}\n${RULE}\n`);
  }

  override async send_messages(email_messages: readonly EmailMessage[]): Promise<number> {
    for (const message of email_messages) await this.write_message(message);
    return email_messages.length;
  }
}
